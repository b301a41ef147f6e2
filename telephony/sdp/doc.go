// Package sdp is the offer and the answer of a call (RFC 4566, RFC 3264), as far as
// telephone legs need them: audio in G.711, telephone-event at any payload type,
// real-time text (RFC 4103). It is pure and forgiving: carriers send odd bodies.
//
//	offer := sdp.Offer(sdp.Local{IP: ip, Audio: 40000, Text: 40002})
//	answer, agreed, err := sdp.Answer(offer, sdp.Local{IP: ip, Audio: 50000})
//	agreed, err = sdp.Agree(offer, answer) // at the offerer
package sdp

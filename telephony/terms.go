package telephony

import (
	"yingda/telephony/rtp"
	"yingda/telephony/sdp"
)

// terms are what the media loop needs of an agreement.
func terms(a sdp.Agreed) rtp.Terms {
	return rtp.Terms{ULaw: a.Codec == "PCMU", PT: a.PT, EventPT: a.EventPT, To: a.AudioTo,
		Send: a.WeSend, Receive: a.TheySend, TextTo: a.TextTo, T140: a.T140, Red: a.Red, Mux: a.Mux}
}

// listening are the terms of early media at the caller: we only hear.
func listening(a sdp.Agreed) rtp.Terms {
	t := terms(a)
	t.Send = false
	return t
}

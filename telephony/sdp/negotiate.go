package sdp

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Local is what our side brings to an offer or an answer.
type Local struct {
	IP        netip.Addr
	Audio     int      // RTP port
	Text      int      // RTP port of real-time text; 0 = none
	Codecs    []string // preference; empty = PCMA, PCMU
	SessionID uint64   // o= id, the same for the life of a dialog
	Version   uint64   // o= version, one more for each changed body (RFC 3264 8)
	Direction Direction
}

// Agreed is what may be sent after offer and answer.
type Agreed struct {
	Codec     string // "PCMA" or "PCMU"
	PT        uint8  // payload type to send the codec with
	EventPT   uint8  // telephone-event; 0 = not agreed
	AudioTo   netip.AddrPort
	TextTo    netip.AddrPort // invalid = no text
	T140, Red uint8          // payload types to send text with; Red 0 = no redundancy
	Mux       bool           // RTCP may come on the RTP port (RFC 5761)
	WeSend    bool           // the far end wants to receive
	TheySend  bool
}

const (
	eventPT = 101
	redPT   = 100
	t140PT  = 98
)

func (l Local) codecs() []string {
	if len(l.Codecs) == 0 {
		return []string{"PCMA", "PCMU"}
	}
	return l.Codecs
}

var ptOf = map[string]uint8{"PCMU": 0, "PCMA": 8}

// Offer describes our side: G.711, telephone-event and, with a text port, T.140 with redundancy.
func Offer(l Local) Description {
	audio := Media{Kind: "audio", Port: l.Audio, Proto: "RTP/AVP", Direction: l.Direction, PTime: 20, Mux: true}
	for _, name := range l.codecs() {
		audio.Codecs = append(audio.Codecs, Codec{PT: ptOf[name], Name: name, Rate: 8000})
	}
	audio.Codecs = append(audio.Codecs, Codec{PT: eventPT, Name: "telephone-event", Rate: 8000, FMTP: "0-15"})
	d := Description{IP: l.IP, SessionID: l.SessionID, Version: l.Version, Media: []Media{audio}}
	if l.Text > 0 {
		d.Media = append(d.Media, textMedia(l.Text, redPT, t140PT))
	}
	return d
}

func textMedia(port int, red, t140 uint8) Media {
	m := Media{Kind: "text", Port: port, Proto: "RTP/AVP"}
	if red > 0 {
		gen := strconv.Itoa(int(t140))
		m.Codecs = append(m.Codecs, Codec{PT: red, Name: "red", Rate: 1000, FMTP: gen + "/" + gen + "/" + gen})
	}
	m.Codecs = append(m.Codecs, Codec{PT: t140, Name: "t140", Rate: 1000})
	return m
}

// Answer agrees with an offer: the offer's lines in the offer's order, its payload
// types, the offerer's first codec that we have too. ErrNothingCommon otherwise.
func Answer(offer Description, l Local) (Description, Agreed, error) {
	a := Agreed{}
	d := Description{IP: l.IP, SessionID: l.SessionID, Version: l.Version}
	for _, m := range offer.Media {
		switch {
		case m.Kind == "audio" && m.Port > 0 && a.Codec == "":
			d.Media = append(d.Media, answerAudio(m, l, &a))
		case m.Kind == "text" && m.Port > 0 && l.Text > 0 && !a.TextTo.IsValid():
			d.Media = append(d.Media, answerText(m, l, &a))
		default:
			d.Media = append(d.Media, refused(m))
		}
	}
	if a.Codec == "" {
		return Description{}, Agreed{}, ErrNothingCommon
	}
	return d, a, nil
}

func refused(m Media) Media {
	return Media{Kind: m.Kind, Proto: m.Proto, Codecs: m.Codecs}
}

func answerAudio(m Media, l Local, a *Agreed) Media {
	out := Media{Kind: "audio", Port: l.Audio, Proto: m.Proto, Direction: m.Direction.Mirror(), PTime: 20, Mux: m.Mux}
	c := common(m, l.codecs())
	if c == nil {
		return refused(m)
	}
	a.audio(m, *c)
	out.Codecs = append(out.Codecs, *c)
	if e := m.ByName("telephone-event", 8000); e != nil {
		out.Codecs = append(out.Codecs, Codec{PT: e.PT, Name: "telephone-event", Rate: 8000, FMTP: "0-15"})
	}
	return out
}

func answerText(m Media, l Local, a *Agreed) Media {
	if !a.text(m) {
		return refused(m)
	}
	return textMedia(l.Text, a.Red, a.T140)
}

// common is the offerer's first codec that we speak too.
func common(m Media, ours []string) *Codec {
	for i, c := range m.Codecs {
		if c.Rate == 8000 && slices.Contains(ours, c.Name) {
			return &m.Codecs[i]
		}
	}
	return nil
}

// audio takes over what their line says: where to send, how, and whether.
func (a *Agreed) audio(theirs Media, c Codec) {
	a.Codec, a.PT, a.Mux = c.Name, c.PT, theirs.Mux
	a.AudioTo = netip.AddrPortFrom(theirs.IP, uint16(theirs.Port))
	a.WeSend, a.TheySend = theirs.Direction.Receives(), theirs.Direction.Sends()
	if e := theirs.ByName("telephone-event", 8000); e != nil {
		a.EventPT = e.PT
	}
}

func (a *Agreed) text(theirs Media) bool {
	t := theirs.ByName("t140", 1000)
	if t == nil {
		return false
	}
	a.T140 = t.PT
	a.TextTo = netip.AddrPortFrom(theirs.IP, uint16(theirs.Port))
	if r := theirs.ByName("red", 1000); r != nil && strings.Contains(r.FMTP, "/") {
		a.Red = r.PT
	}
	return true
}

// Agree reads the answer to our offer. ErrNothingCommon when the audio was refused
// or answered with codecs that we did not offer.
func Agree(offer, answer Description) (Agreed, error) {
	var a Agreed
	ours := offer.First("audio")
	theirs := answer.First("audio")
	if ours == nil || theirs == nil {
		return a, ErrNothingCommon
	}
	var names []string
	for _, c := range ours.Codecs {
		names = append(names, c.Name)
	}
	c := common(*theirs, names)
	if c == nil {
		return a, fmt.Errorf("%w: answered %v", ErrNothingCommon, theirs.Codecs)
	}
	a.audio(*theirs, *c)
	if t := answer.First("text"); t != nil && offer.First("text") != nil {
		a.text(*t)
	}
	return a, nil
}

package sdp

import (
	"errors"
	"net/netip"
	"strings"
)

// Direction of a stream as its sender wrote it (RFC 3264 5.1); empty means sendrecv.
type Direction string

const (
	SendRecv Direction = "sendrecv"
	SendOnly Direction = "sendonly"
	RecvOnly Direction = "recvonly"
	Inactive Direction = "inactive"
)

// Sends says whether whoever wrote d sends media; Receives, whether it wants any.
func (d Direction) Sends() bool    { return d == "" || d == SendRecv || d == SendOnly }
func (d Direction) Receives() bool { return d == "" || d == SendRecv || d == RecvOnly }

// Mirror is the answer that agrees with d while our own side wants both ways (RFC 3264 6.1).
func (d Direction) Mirror() Direction {
	switch d {
	case SendOnly:
		return RecvOnly
	case RecvOnly:
		return SendOnly
	case Inactive:
		return Inactive
	}
	return SendRecv
}

// Codec is one format of a media line: payload types are looked up by name, never by number.
type Codec struct {
	PT   uint8
	Name string // upper case: "PCMA", "PCMU", "TELEPHONE-EVENT", "T140", "RED"
	Rate int
	FMTP string
}

// Media is one m= line.
type Media struct {
	Kind      string // "audio", "text", "video", …
	Port      int    // 0 = refused
	Proto     string // "RTP/AVP"
	IP        netip.Addr
	Codecs    []Codec
	Direction Direction
	PTime     int // ms, 0 = not said
	Mux       bool
}

// Description is a whole body.
type Description struct {
	Origin    string // value of o=; empty = made on writing
	SessionID uint64
	Version   uint64
	IP        netip.Addr // session level c=
	Direction Direction  // session level; for media lines that say none (RFC 8866 6.7)
	Media     []Media
}

// ErrBroken means that a body is not SDP at all.
var ErrBroken = errors.New("sdp: not a session description")

// ErrNothingCommon means that both sides share no audio codec.
var ErrNothingCommon = errors.New("sdp: no common audio codec")

// First returns the first m= line of a kind that is not refused, or nil.
func (d *Description) First(kind string) *Media {
	for i := range d.Media {
		if d.Media[i].Kind == kind && d.Media[i].Port > 0 {
			return &d.Media[i]
		}
	}
	return nil
}

// ByName returns the codec of that name and clock rate, or nil.
func (m *Media) ByName(name string, rate int) *Codec {
	for i := range m.Codecs {
		if m.Codecs[i].Rate == rate && strings.EqualFold(m.Codecs[i].Name, name) {
			return &m.Codecs[i]
		}
	}
	return nil
}

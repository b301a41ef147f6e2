package sdp

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
)

// static payload types that may come without an rtpmap (RFC 3551 table 4).
var static = map[uint8]Codec{0: {0, "PCMU", 8000, ""}, 8: {8, "PCMA", 8000, ""}, 9: {9, "G722", 8000, ""}, 18: {18, "G729", 8000, ""}, 3: {3, "GSM", 8000, ""}, 13: {13, "CN", 8000, ""}}

// Parse reads a body. Lines it does not know are skipped; only a body without
// v= or with an unreadable m= line is ErrBroken.
func Parse(b []byte) (Description, error) {
	var d Description
	seen := false
	for _, raw := range bytes.Split(b, []byte("\n")) {
		line := strings.TrimRight(string(raw), "\r ")
		if len(line) < 2 || line[1] != '=' {
			continue
		}
		seen = seen || line[0] == 'v'
		if err := d.line(line[0], line[2:]); err != nil {
			return Description{}, err
		}
	}
	if !seen {
		return Description{}, ErrBroken
	}
	return d.inherit(), nil
}

func (d *Description) line(key byte, val string) error {
	switch key {
	case 'o':
		d.origin(val)
	case 'c':
		d.connection(val)
	case 'm':
		return d.media(val)
	case 'a':
		switch dir := Direction(val); {
		case len(d.Media) > 0:
			d.Media[len(d.Media)-1].attribute(val)
		case dir == SendRecv || dir == SendOnly || dir == RecvOnly || dir == Inactive:
			d.Direction = dir
		}
	}
	return nil
}

func (d *Description) origin(val string) {
	d.Origin = val
	if f := strings.Fields(val); len(f) >= 3 {
		d.SessionID, _ = strconv.ParseUint(f[1], 10, 64)
		d.Version, _ = strconv.ParseUint(f[2], 10, 64)
	}
}

func (d *Description) connection(val string) {
	f := strings.Fields(val)
	if len(f) < 3 {
		return
	}
	host, _, _ := strings.Cut(f[2], "/") // a multicast TTL may follow
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return // a host name: symmetric RTP finds the way
	}
	if n := len(d.Media); n > 0 {
		d.Media[n-1].IP = ip
		return
	}
	d.IP = ip
}

func (d *Description) media(val string) error {
	f := strings.Fields(val)
	if len(f) < 3 {
		return ErrBroken
	}
	port, _, _ := strings.Cut(f[1], "/")
	n, err := strconv.Atoi(port)
	if err != nil || n < 0 || n > 65535 {
		return ErrBroken
	}
	m := Media{Kind: strings.ToLower(f[0]), Port: n, Proto: f[2]}
	for _, s := range f[3:] {
		if pt, err := strconv.Atoi(s); err == nil && pt >= 0 && pt < 128 {
			c := static[uint8(pt)]
			c.PT = uint8(pt)
			m.Codecs = append(m.Codecs, c)
		}
	}
	d.Media = append(d.Media, m)
	return nil
}

func (m *Media) attribute(val string) {
	name, rest, _ := strings.Cut(val, ":")
	switch name {
	case "rtpmap":
		m.rtpmap(rest)
	case "fmtp":
		pt, params, _ := strings.Cut(rest, " ")
		if c := m.byPT(pt); c != nil {
			c.FMTP = strings.TrimSpace(params)
		}
	case "ptime":
		m.PTime, _ = strconv.Atoi(strings.TrimSpace(rest))
	case "rtcp-mux":
		m.Mux = true
	case "sendrecv", "sendonly", "recvonly", "inactive":
		m.Direction = Direction(name)
	}
}

func (m *Media) rtpmap(val string) {
	pt, enc, ok := strings.Cut(val, " ")
	c := m.byPT(pt)
	if !ok || c == nil {
		return
	}
	parts := strings.Split(strings.TrimSpace(enc), "/")
	c.Name, c.Rate = strings.ToUpper(parts[0]), 8000
	if len(parts) > 1 {
		c.Rate, _ = strconv.Atoi(parts[1])
	}
}

func (m *Media) byPT(s string) *Codec {
	pt, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return nil
	}
	for i := range m.Codecs {
		if int(m.Codecs[i].PT) == pt {
			return &m.Codecs[i]
		}
	}
	return nil
}

// inherit gives media lines without c= or direction the session's. 0.0.0.0 is hold in the old
// way (RFC 2543 B.5): whoever writes it wants to receive nothing.
func (d Description) inherit() Description {
	for i := range d.Media {
		m := &d.Media[i]
		if !m.IP.IsValid() {
			m.IP = d.IP
		}
		if m.Direction == "" {
			m.Direction = d.Direction
		}
		if m.IP.IsValid() && m.IP.IsUnspecified() && m.Direction.Receives() {
			m.Direction = holdOf(m.Direction)
		}
	}
	return d
}

func holdOf(d Direction) Direction {
	if d.Sends() {
		return SendOnly
	}
	return Inactive
}

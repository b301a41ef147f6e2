package sdp

import (
	"bytes"
	"fmt"
	"strings"
)

// Bytes is the body on the wire.
func (d Description) Bytes() []byte {
	var b bytes.Buffer
	kind := "IP4"
	if d.IP.Is6() {
		kind = "IP6"
	}
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", d.SessionID, d.Version, kind, d.IP, kind, d.IP)
	for _, m := range d.Media {
		m.write(&b)
	}
	return b.Bytes()
}

func (m Media) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "m=%s %d %s", m.Kind, m.Port, m.Proto)
	for _, c := range m.Codecs {
		fmt.Fprintf(b, " %d", c.PT)
	}
	if len(m.Codecs) == 0 {
		b.WriteString(" 0") // a refused line still needs one format
	}
	b.WriteString("\r\n")
	if m.Port == 0 {
		return
	}
	for _, c := range m.Codecs {
		c.write(b)
	}
	if m.PTime > 0 {
		fmt.Fprintf(b, "a=ptime:%d\r\n", m.PTime)
	}
	if m.Mux {
		b.WriteString("a=rtcp-mux\r\n")
	}
	if m.Kind == "audio" {
		fmt.Fprintf(b, "a=%s\r\n", orSendRecv(m.Direction))
	}
}

func (c Codec) write(b *bytes.Buffer) {
	name := c.Name
	if c.Name == strings.ToUpper(c.Name) && c.Name != "PCMA" && c.Name != "PCMU" {
		name = strings.ToLower(c.Name)
	}
	fmt.Fprintf(b, "a=rtpmap:%d %s/%d\r\n", c.PT, name, c.Rate)
	if c.FMTP != "" {
		fmt.Fprintf(b, "a=fmtp:%d %s\r\n", c.PT, c.FMTP)
	}
}

func orSendRecv(d Direction) Direction {
	if d == "" {
		return SendRecv
	}
	return d
}

package rtp

import (
	"math/rand/v2"
	"time"
)

// textLine is the text stream of a session: its own socket, polled every 60 ms.
type textLine struct {
	socket socket
	in     textIn
	out    textOut
	head   Header
	ready  bool
	age    int
	buf    [2048]byte
}

const textPoll = 3 // frames

// texts receives and sends what is due.
func (s *Session) texts(at time.Duration) {
	t := s.text
	if t.age++; t.age%textPoll == 0 && s.phase == live {
		s.receiveText()
	}
	if t.out.due(at, false) {
		s.sendText(false)
	}
}

func (s *Session) receiveText() {
	t := s.text
	for range 16 {
		n, ok := t.socket.recv(s.shard.buf[:])
		if !ok {
			return
		}
		h, payload, ok := parse(s.shard.buf[:n])
		if !ok {
			continue
		}
		t.socket.latch()
		s.idle = 0
		if text := s.read(h, payload); text != "" {
			s.tell(Happening{Kind: Text, At: samples(s.clock), Text: text})
		}
	}
}

func (s *Session) read(h Header, payload []byte) string {
	if h.PT == s.terms.T140 || s.terms.Red != 0 && h.PT == s.terms.Red {
		s.text.in.from(h)
	}
	switch {
	case s.terms.Red != 0 && h.PT == s.terms.Red:
		return s.text.in.red(h.Seq, payload)
	case h.PT == s.terms.T140:
		return s.text.in.plain(h.Seq, payload)
	}
	return ""
}

// sendText sends one packet if there is anything; flush does not wait for the interval.
func (s *Session) sendText(flush bool) {
	t, now := s.text, s.shard.now()
	if !s.terms.Send || !t.out.due(now, flush) {
		return
	}
	if !t.ready {
		t.head, t.ready = Header{SSRC: rand.Uint32(), Seq: uint16(rand.Uint32())}, true
	}
	ts := uint32(now / time.Millisecond) // T.140 clock: 1000 Hz
	red := s.terms.Red != 0
	payload, idle := t.out.packet(t.buf[headerSize:headerSize], now, ts, s.terms.T140, red)
	t.head.PT, t.head.TS, t.head.Marker = s.terms.T140, ts, idle
	if red {
		t.head.PT = s.terms.Red
	}
	t.head.put(t.buf[:])
	t.head.Seq++
	t.socket.send(t.buf[:headerSize+len(payload)])
}

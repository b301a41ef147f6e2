package rtp

// sequence follows the sequence numbers of one stream: what came twice, what never
// came. A number may come up to 63 late and still count as come.
type sequence struct {
	fresh     bool
	max       uint16
	seen      uint64 // bit i: max-i came
	received  int64
	expected  int64
	duplicate int64
}

// note takes a packet's number and says whether it is new.
func (s *sequence) note(seq uint16) bool {
	if s.fresh {
		s.fresh, s.max, s.seen = false, seq, 1
		s.received++
		s.expected++
		return true
	}
	switch d := int(int16(seq - s.max)); {
	case d > 0:
		s.forward(seq, d)
	case d > -64 && s.seen&(1<<-d) == 0:
		s.seen |= 1 << -d
	default:
		s.duplicate++
		return false
	}
	s.received++
	return true
}

func (s *sequence) forward(seq uint16, d int) {
	if d < 64 {
		s.seen = s.seen<<d | 1
	} else {
		s.seen = 1
	}
	if d > 3000 { // RFC 3550 A.1: the sender restarted, nothing was lost
		d = 1
	}
	s.expected += int64(d)
	s.max = seq
}

// lost is how many never came, as far as one can say now.
func (s *sequence) lost() int64 { return max(0, s.expected-s.received) }

package rtp

import (
	"time"
)

// mostTurns is how many latencies a session keeps.
const mostTurns = 64

// meter measures how long each side lets the other wait, on the session's clock.
type meter struct {
	heardEnd   int  // sample after their last voiced one
	waiting    bool // … and we have not answered it yet
	saidEnd    int  // sample after our last audible frame
	unanswered bool
	turns      []time.Duration
	replies    []time.Duration
}

func (m *meter) theyEnded(at int) { m.heardEnd, m.waiting = at, true }

// weSaid takes a frame that we send at sample at.
func (m *meter) weSaid(alaw []byte, at int) {
	if !audible(alaw) {
		return
	}
	if m.waiting {
		m.waiting = false
		m.turns = keep(m.turns, at-m.heardEnd)
	}
	m.saidEnd, m.unanswered = at+Frame, true
}

// theyBegan takes their first voiced sample; while we talk it is no reply but a barge-in.
func (m *meter) theyBegan(at int) {
	m.waiting = false // they go on: what we say next answers their next end
	if m.unanswered && at >= m.saidEnd {
		m.unanswered = false
		m.replies = keep(m.replies, at-m.saidEnd)
	}
}

func keep(list []time.Duration, n int) []time.Duration {
	if len(list) == mostTurns {
		list = list[1:]
	}
	return append(list, samples(n))
}

// audible says whether anything in a frame peaks over about −34 dB of full scale.
func audible(alaw []byte) bool {
	for _, b := range alaw {
		if (b^0x55)&0x7f >= 0x25 {
			return true
		}
	}
	return false
}

// Stats of a session.
type Stats struct {
	In, Out, Lost, Late, Duplicate int64
	Jitter, Delay                  time.Duration
	GapP50, GapP99                 time.Duration
	Turns, Replies                 []time.Duration
	FarLost                        int64 // of ours, as the far end counts (RTCP); 0 when it does not tell
	FarJitter                      time.Duration
}

func (s *Session) measure() Stats {
	return Stats{
		In: s.seq.received, Out: s.sent, Lost: s.seq.lost(), Late: s.jitter.late, Duplicate: s.seq.duplicate,
		Jitter: samples(int(s.jitter.jitter16 >> 4)), Delay: s.jitter.delay(),
		GapP50: s.gaps.quantile(0.5), GapP99: s.gaps.quantile(0.99),
		FarLost: s.report.farLost, FarJitter: s.report.farJitter,
		Turns: append([]time.Duration(nil), s.meter.turns...), Replies: append([]time.Duration(nil), s.meter.replies...),
	}
}

func (s *Session) freeze() {
	st := s.measure()
	s.stats.Store(&st)
}

// Stats as they stand; after End they stay as they were then.
func (s *Session) Stats() Stats {
	if st := s.stats.Load(); st != nil {
		return *st
	}
	got := make(chan Stats, 1)
	s.shard.do(func() { got <- s.measure() })
	st := <-got
	if last := s.stats.Load(); last != nil {
		return *last
	}
	return st
}

package rtp

import (
	"sync/atomic"
	"time"
)

// histogram counts times in buckets of 125 µs; the last bucket takes the rest.
type histogram struct {
	n     int
	count [128]uint32
}

const bucket = 125 * time.Microsecond

func (h *histogram) add(d time.Duration) {
	i := int(d / bucket)
	if d < 0 {
		i = int(-d / bucket)
	}
	h.count[min(i, len(h.count)-1)]++
	h.n++
}

// quantile is the upper edge of the bucket that holds it; 0 of nothing.
func (h *histogram) quantile(q float64) time.Duration {
	rest := int(q * float64(h.n))
	for i, c := range h.count {
		if rest -= int(c); rest < 0 {
			return time.Duration(i+1) * bucket
		}
	}
	return 0
}

// lagMeter knows how late a shard's ticks end, at the 99th percentile of the last
// one to two and a half seconds.
type lagMeter struct {
	now, before histogram
	p99         atomic.Int64
}

const lagTicks = 1250

func (m *lagMeter) add(late time.Duration) {
	m.now.add(max(0, late))
	if m.now.n%250 == 0 {
		m.p99.Store(int64(max(m.now.quantile(0.99), m.before.quantile(0.99))))
	}
	if m.now.n >= lagTicks {
		m.before, m.now = m.now, histogram{}
	}
}

package rtp

import (
	"sync/atomic"
	"time"
)

// histogram counts times: buckets of 125 µs up to 8 ms, of 1 ms up to 72 ms; the last takes the rest.
type histogram struct {
	n     int
	count [fine + coarse]uint32
}

const (
	fine   = 64
	coarse = 64
	bucket = 125 * time.Microsecond
)

// add counts d, or its amount where it is negative.
func (h *histogram) add(d time.Duration) {
	if d < 0 {
		d = -d
	}
	i := int(d / bucket)
	if i >= fine {
		i = min(fine+int((d-fine*bucket)/time.Millisecond), fine+coarse-1)
	}
	h.count[i]++
	h.n++
}

// edge is the upper end of bucket i.
func edge(i int) time.Duration {
	if i < fine {
		return time.Duration(i+1) * bucket
	}
	return fine*bucket + time.Duration(i-fine+1)*time.Millisecond
}

// quantile is the upper edge of the bucket that holds it; 0 of nothing.
func (h *histogram) quantile(q float64) time.Duration {
	return h.ranked(int(q * float64(h.n)))
}

// ranked is the upper edge of the bucket of the value that rank others do not exceed.
func (h *histogram) ranked(rank int) time.Duration {
	for i, c := range h.count {
		if rank -= int(c); rank < 0 {
			return edge(i)
		}
	}
	return 0
}

// lagMeter knows how late a shard runs its ticks, over the last one to two seconds. Ticks
// that a stall swallowed count as late as they were found.
type lagMeter struct {
	now, before histogram
	until       time.Duration
	p99, p90    atomic.Int64
}

func (m *lagMeter) add(late, at time.Duration) {
	m.now.add(max(0, late))
	if at < m.until {
		return
	}
	m.p99.Store(int64(max(m.now.quantile(0.99), m.before.quantile(0.99))))
	m.p90.Store(int64(min(m.now.quantile(0.90), m.before.quantile(0.90))))
	m.before, m.now, m.until = m.now, histogram{}, at+time.Second
}

// steady is the lag that a tenth of the ticks exceeded in both of the last two seconds: a
// hiccup, however long, does not raise it, too much work does.
func (m *lagMeter) steady() time.Duration { return time.Duration(m.p90.Load()) }

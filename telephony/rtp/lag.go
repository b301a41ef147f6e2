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

// lagMeter knows how late a shard's ticks end, at the 99th percentile of the last one
// to two seconds. Of few ticks the three latest are left out: one hiccup is no overload.
type lagMeter struct {
	now, before histogram
	until       time.Duration
	p99         atomic.Int64
}

const hiccups = 3

func (m *lagMeter) add(late, at time.Duration) {
	m.now.add(max(0, late))
	if at < m.until {
		return
	}
	m.p99.Store(int64(max(m.now.p99(), m.before.p99())))
	m.before, m.now, m.until = m.now, histogram{}, at+time.Second
}

func (h *histogram) p99() time.Duration {
	rank := min(h.n*99/100, h.n-1-hiccups)
	if rank < 0 {
		return 0
	}
	return h.ranked(rank)
}

package rtp

import (
	"testing"
	"time"
)

func TestHistogramQuantiles(t *testing.T) {
	var h histogram
	for i := range 1000 { // 0 to 20 ms
		h.add(time.Duration(i) * 20 * time.Microsecond)
	}
	h.add(-3 * time.Millisecond)
	for _, row := range []struct {
		q         float64
		low, high time.Duration
	}{{0.5, 9 * time.Millisecond, 11 * time.Millisecond}, {0.99, 19 * time.Millisecond, 21 * time.Millisecond}, {0.1, 1900 * time.Microsecond, 2300 * time.Microsecond}} {
		if got := h.quantile(row.q); got < row.low || got > row.high {
			t.Errorf("quantile %v = %v", row.q, got)
		}
	}
	if (&histogram{}).quantile(0.99) != 0 {
		t.Error("quantile of nothing")
	}
}

func TestOneHiccupIsNoOverload(t *testing.T) {
	var m lagMeter
	for i := range 60 { // a sparse shard: 50 ticks a second
		late := time.Millisecond
		if i == 30 {
			late = 300 * time.Millisecond
		}
		m.add(late, time.Duration(i)*20*time.Millisecond)
	}
	if got := time.Duration(m.p99.Load()); got > 2*time.Millisecond {
		t.Errorf("one late tick gave %v", got)
	}
	for i := range 120 {
		m.add(60*time.Millisecond, time.Duration(60+i)*20*time.Millisecond)
	}
	if got := time.Duration(m.p99.Load()); got < 50*time.Millisecond {
		t.Errorf("steady lateness gave %v", got)
	}
}

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
	at := time.Duration(0)
	run := func(n int, late time.Duration) {
		for range n {
			at += time.Millisecond
			m.add(late, at)
		}
	}
	run(1500, 100*time.Microsecond)
	run(80, 80*time.Millisecond)
	run(1500, 100*time.Microsecond)
	if m.steady() > time.Millisecond {
		t.Errorf("one stall gave a steady lag of %v", m.steady())
	}
	run(3100, 25*time.Millisecond)
	if m.steady() < 20*time.Millisecond || time.Duration(m.p99.Load()) < 20*time.Millisecond {
		t.Errorf("too much work gave %v", m.steady())
	}
}

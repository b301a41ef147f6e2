package delivery

import (
	"sync"
	"time"
)

// Gate stands before one vendor: it lets at most Rate messages a second through
// (bursts up to Burst) and closes after Trip vendor failures in a row. While it is
// closed, one message in Probe time goes through to see whether the vendor is back.
type Gate struct {
	Rate  float64 // messages a second; 0 is no limit
	Burst int     // at least 1
	Trip  int     // failures in a row that close the gate; 0 never closes it
	Probe time.Duration

	mu       sync.Mutex
	tokens   float64
	filled   time.Time
	failures int
	reopens  time.Time
}

// Enter asks to send one message now. wait is 0 where it may; else how long to
// wait before asking again.
func (g *Gate) Enter(now time.Time) (wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed() {
		if d := g.reopens.Sub(now); d > 0 {
			return d
		}
		g.reopens = now.Add(g.Probe) // this one is the probe
		return 0
	}
	return g.take(now)
}

// Done tells the gate how the vendor answered: ok where it answered at all, also
// with a refusal of this one message.
func (g *Gate) Done(now time.Time, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ok {
		g.failures = 0
		return
	}
	if g.failures++; g.closed() {
		g.reopens = now.Add(g.Probe)
	}
}

// Closed says whether the breaker is open for messages other than probes.
func (g *Gate) Closed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed()
}

func (g *Gate) closed() bool { return g.Trip > 0 && g.failures >= g.Trip }

func (g *Gate) take(now time.Time) time.Duration {
	if g.Rate <= 0 {
		return 0
	}
	burst := float64(max(1, g.Burst))
	if g.filled.IsZero() {
		g.tokens, g.filled = burst, now
	}
	g.tokens = min(burst, g.tokens+g.Rate*max(0, now.Sub(g.filled).Seconds()))
	g.filled = now
	if g.tokens < 1 {
		return time.Duration((1 - g.tokens) / g.Rate * float64(time.Second))
	}
	g.tokens--
	return 0
}

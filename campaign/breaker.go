package campaign

import (
	"context"
	"time"

	"yingda/call"
)

// Patience is how long the line is left alone when calls fail on their way.
type Patience struct {
	Lead time.Duration // before a lead is tried again whose call the line lost
	Line time.Duration // between two probes of a line that lets nothing through
}

// DefaultPatience lets a carrier's bad hour cost a campaign time and hardly a lead.
var DefaultPatience = Patience{Lead: minGap, Line: 30 * time.Second}

const (
	lineFailing = "pacing.line_failing"
	failures    = 20          // so many calls in a row that the line lost: it is not the callees
	feelEvery   = time.Second // how often the last calls are looked at
)

// breaker keeps a line that is down from eating the lead list: while nothing gets
// through, one call at a time feels whether it is up again.
type breaker struct {
	felt    time.Time // when the last calls were looked at
	failing bool
	probed  time.Time // when the last call was placed
}

func (b *breaker) placed(n int, now time.Time) {
	if n > 0 {
		b.probed = now
	}
}

// feel looks at how the last calls ended and bounds the line to a probe where it lets
// nothing through.
func (d *Dispatcher) feel(ctx context.Context, w *moment, now time.Time) error {
	b := &d.breaker
	if since := now.Sub(b.felt); since < 0 || since >= feelEvery {
		last, err := d.S.Calls.Latest(ctx, now.Add(-time.Hour), failures)
		if err != nil {
			return err
		}
		b.felt, b.failing = now, nothingGetsThrough(last, w.nodes)
	}
	if w.failing = b.failing && w.line.Max > 0; !w.failing {
		return nil
	}
	w.line.Max = min(w.line.Max, w.line.InFlight)
	if now.Sub(b.probed) >= d.S.Patience.Line {
		w.line.Max++
	}
	return nil
}

// nothingGetsThrough judges the last calls: the line lost every one, and there are enough
// of them. What was interrupted on a node that is gone, or going, says nothing about the line.
func nothingGetsThrough(last []call.Call, nodes []Media) bool {
	living := map[Fence]bool{}
	for _, n := range nodes {
		living[n.Fence] = true
	}
	for _, c := range last {
		switch {
		case c.AnsweredAt != nil:
			return false
		case c.Outcome == call.LineFailure, c.Outcome == call.NoProgress:
		case c.Outcome == call.Interrupted && c.SIPStatus == 0 && living[Fence{c.Node, c.Epoch}]:
		default:
			return false
		}
	}
	return len(last) >= failures
}

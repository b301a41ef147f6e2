package campaign

import (
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

func TestNothingGetsThrough(t *testing.T) {
	at := noon
	nodes := []Media{farNode}
	lost := call.Call{Outcome: call.LineFailure, SIPStatus: 503}
	many := func(c call.Call, n int) (out []call.Call) {
		for range n {
			out = append(out, c)
		}
		return out
	}
	for _, c := range []struct {
		name string
		last []call.Call
		want bool
	}{
		{"nothing is known", nil, false},
		{"a few failures are a carrier's hiccup", many(lost, failures-1), false},
		{"all of the last were lost by the line", many(lost, failures), true},
		{"a silent line", many(call.Call{Outcome: call.NoProgress}, failures), true},
		{"one was busy: the line reaches somebody", append(many(lost, failures-1), call.Call{Outcome: call.Busy}), false},
		{"one is being talked to", append(many(lost, failures-1), call.Call{State: call.Live, AnsweredAt: &at}), false},
		{"nothing came back at all", many(call.Call{Outcome: call.Interrupted, Node: "n", Epoch: 1}, failures), true},
		{"calls of a node that died say nothing about the line", many(call.Call{Outcome: call.Interrupted, Node: "n", Epoch: 0}, failures), false},
	} {
		if got := nothingGetsThrough(c.last, nodes); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestALineThatIsDownEatsNoList: leads wait instead of being done after one try, the line
// is probed one call at a time, and calling goes on when a probe gets through.
func TestALineThatIsDownEatsNoList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		s := open(t, database)
		c := s.campaign(s.ctx, "a", "now", 0, 300, 25)
		d := s.dispatcher(60, 0, farNode)
		n := s.node(farNode.Fence, s.all(fate{outcome: call.LineFailure, grade: "F"}))
		calls := func(n *Node) (placed int) {
			s.tick(d)
			for _, q := range s.queue.take() {
				s.perform(n, q)
				placed++
			}
			s.clock.Advance(tickEvery)
			return placed
		}
		placed := 0
		for range 50 { // ten seconds
			placed += calls(n)
		}
		if placed < failures || placed > 5*25+1 {
			t.Errorf("%d calls went over a line that is down", placed)
		}
		if got := s.leadsIn(Finished); got != 0 {
			t.Errorf("%d leads are used up", got)
		}
		if got := s.waits(c.ID); got != lineFailing {
			t.Errorf("the campaign says %q", got)
		}
		s.clock.Advance(s.Patience.Line)
		if got := calls(n) + calls(n); got != 1 {
			t.Errorf("the line is probed by %d calls", got)
		}
		if got := s.waits(c.ID); got != lineFailing {
			t.Errorf("beside the probe the campaign says %q", got)
		}
		s.clock.Advance(s.Patience.Line)
		well := s.node(farNode.Fence, s.all(fate{outcome: call.Answered, grade: "B"}))
		if got := calls(well); got != 1 {
			t.Fatalf("%d probes", got)
		}
		s.clock.Advance(time.Second)
		if got := calls(well); got < 2 {
			t.Errorf("the line is up again and %d calls are placed", got)
		}
	})
}

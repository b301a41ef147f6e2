package campaign

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/robot"
)

func (s *stage) clean(p *phone, alive map[string]int64) {
	s.t.Helper()
	j := &Janitor{S: s.Service, Handler: p, Alive: func(context.Context) (map[string]int64, error) { return alive, nil }}
	if err := j.Clean(context.Background()); err != nil {
		s.t.Error(err)
	}
}

// TestJanitor ends what a dead node left, by how far it had come; a second look, and a
// living node's calls, change nothing.
func TestJanitor(t *testing.T) {
	deaths := []string{"", "before the call row", "before the answer", "while talking"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 6, 6)
		s.tick(s.dispatcher(10, 0, farNode))
		tasks := s.queue.take()
		if len(tasks) != 6 {
			t.Fatalf("%d tasks", len(tasks))
		}
		i := -1
		p := &phone{s: s, how: func(*robot.Job) fate { i++; return fate{outcome: call.Answered, grade: "A", dies: deaths[i]} }}
		n := s.node(farNode.Fence, p)
		for _, q := range tasks[:4] {
			_ = n.Perform(s.own, q.attempt)
		}
		s.clean(p, map[string]int64{"n": 1}) // it lives
		if open := len(every[inFlight](s)); open != 5 {
			t.Fatalf("the calls of a living node were ended: %d are left of 5", open)
		}
		for range 2 {
			s.clean(p, map[string]int64{"n": 2}) // it was started again, and has another epoch
		}
		s.whole("after the janitor")
		for i, want := range []struct {
			state   LeadState
			outcome call.Outcome
		}{{Finished, call.Answered}, {Waiting, call.Interrupted}, {Waiting, call.Interrupted}, {Finished, call.Answered}, {Waiting, call.Interrupted}, {Waiting, call.Interrupted}} {
			l := every[leadRow](s)[i]
			if l.State != want.state || l.LastOutcome != string(want.outcome) || l.Tries != 1 {
				t.Errorf("lead %d: %+v, want %v", i, l, want)
			}
		}
		if got := s.look(c.ID); got.Called != 2 || got.Connected != 2 {
			t.Errorf("called %d, connected %d", got.Called, got.Connected)
		}
		for _, row := range every[call.Call](s) {
			if (row.LeadID == every[leadRow](s)[3].ID) && (!row.Interrupted || row.Grade == "") {
				t.Errorf("the call that broke off: %+v", row)
			}
		}
		if len(every[call.Call](s)) != 3 {
			t.Errorf("%d records of 3 calls", len(every[call.Call](s)))
		}
	})
}

// TestTwoJanitors and more end each attempt, and count each call, once.
func TestTwoJanitors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 12, 12)
		s.tick(s.dispatcher(20, 0, farNode))
		i := 0
		p := &phone{s: s, how: func(*robot.Job) fate { i++; return fate{outcome: call.Answered, dies: "while talking"} }}
		n := s.node(farNode.Fence, p)
		for _, q := range s.queue.take() {
			_ = n.Perform(s.own, q.attempt)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { s.clean(p, nil) })
		}
		wg.Wait()
		s.whole("after four janitors")
		rs, err := s.Calls.Rollups(s.own, time.Time{}, time.Time{}, c.ID, 0)
		sum := call.Sum(rs)
		if got := s.look(c.ID); err != nil || got.Called != 12 || got.Connected != 12 || sum.Dialled != 12 {
			t.Errorf("called %d, connected %d, in the sums %d, %v", got.Called, got.Connected, sum.Dialled, err)
		}
	})
}

// TestANodeThatWasTakenForDead comes back: its call is a fact, its lead is not called again.
func TestANodeThatWasTakenForDead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 2, 2)
		s.tick(s.dispatcher(10, 0, farNode))
		tasks := s.queue.take()
		f := &call.Finished{}
		for _, a := range every[attemptRow](s) { // both attempts go out, one call row is written late
			if err := s.advance(s.own, &a, farNode.Fence, Dialling, map[string]any{}); err != nil {
				t.Fatal(err)
			}
		}
		s.clean(s.all(fate{}), nil)
		s.whole("given back")
		a, err := s.attempt(s.own, tasks[0].attempt)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.holds(s.own, a, farNode.Fence); !errors.Is(err, errLost) {
			t.Errorf("the node may still dial: %v", err)
		}
		f.Call = call.Call{ID: db.NewID(), Node: "n", Epoch: 1, AttemptID: a.ID, LeadID: a.LeadID, CampaignID: c.ID, StartedAt: noon, Outcome: call.Answered, Grade: "A", Reason: []byte("{}")}
		if err := s.Calls.Open(s.own, &f.Call); err != nil {
			t.Fatal(err)
		}
		if err := s.Calls.Finish(s.own, f); err != nil {
			t.Fatalf("its call cannot be finished: %v", err)
		}
		s.whole("after the late call")
		ls := every[leadRow](s)
		if ls[0].State != Finished || ls[0].Grade != "A" || ls[1].State != Waiting {
			t.Errorf("%+v", ls)
		}
		if got := s.look(c.ID); got.Called != 1 || got.Connected != 1 {
			t.Errorf("called %d, connected %d", got.Called, got.Connected)
		}
	})
}

// TestChaos runs 2,000 leads over three nodes that die again and again, at any point of a
// call, and come back with another epoch, while two janitors and two dispatchers work:
// nobody is dialled twice for one attempt or more than three times in all, who was
// reached is not called again, no record is lost, and all seats are free in the end.
func TestChaos(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		leads := 2000
		if testing.Short() || d.Kind == "mysql" {
			leads = 300
		}
		chaos(t, open(t, d), leads)
	})
}

func chaos(t *testing.T, s *stage, leads int) {
	c := s.campaign(s.ctx, "chaos", "now", 0, leads, 60)
	w := &world{s: s, epochs: map[string]int64{"n1": 1, "n2": 1, "n3": 1}, nodes: map[string]*Node{}}
	w.phone = &phone{s: s, how: w.fate}
	for name := range w.epochs {
		w.nodes[name] = s.node(Fence{name, 1}, w.phone)
	}
	for round := 0; s.look(c.ID).State == Running; round++ {
		if round == 2000 {
			t.Fatal("the campaign does not end")
		}
		w.round()
		s.clock.Advance(5 * time.Second)
	}
	s.whole("after the chaos")
	w.reconcile(t, c.ID, leads)
}

// world is three nodes and what they have done.
type world struct {
	s     *stage
	phone *phone

	mu     sync.Mutex
	epochs map[string]int64
	nodes  map[string]*Node
	deaths int
}

// fate is at random; one call in twelve takes its node with it.
func (w *world) fate(*robot.Job) fate {
	outcomes := []fate{{outcome: call.Answered, grade: "A"}, {outcome: call.Answered, grade: "D"}, {outcome: call.Machine, grade: "F"}, {outcome: call.Busy, grade: "F"},
		{outcome: call.NoAnswer, grade: "F"}, {outcome: call.BadNumber, grade: "F"}, {outcome: call.LineFailure, grade: "F"}, {outcome: call.Interrupted, grade: "F"}}
	f := outcomes[rand.IntN(len(outcomes))]
	if rand.IntN(12) == 0 {
		f = fate{outcome: call.Answered, dies: []string{"before the call row", "before the answer", "while talking"}[rand.IntN(3)]}
	}
	return f
}

// round lets everybody work at once.
func (w *world) round() {
	var media []Media
	for _, n := range w.nodes {
		media = append(media, Media{n.Fence, 30})
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if err := w.s.dispatcher(80, 0, media...).Tick(db.System(context.Background(), "dispatcher")); err != nil {
				w.s.t.Error(err)
			}
		})
	}
	wg.Wait()
	tasks := make(chan queued, 512)
	for _, q := range w.s.queue.take() {
		switch rand.IntN(20) {
		case 0: // the broker loses it
		case 1: // the broker delivers it twice
			tasks <- q
			tasks <- q
		default:
			tasks <- q
		}
	}
	close(tasks)
	for range 6 {
		wg.Go(func() {
			for q := range tasks {
				n := w.node(q.node)
				if err := n.Perform(w.s.own, q.attempt); err != nil && err.Error() == "died" {
					w.kill(n)
				}
			}
		})
	}
	for range 2 {
		wg.Go(func() { w.s.clean(w.phone, w.alive()) })
	}
	wg.Wait()
	for _, n := range w.nodes {
		if err := n.Sweep(context.Background()); err != nil {
			w.s.t.Error(err)
		}
		n.Wait(context.Background())
	}
}

func (w *world) node(name string) *Node {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.nodes[name]
}

func (w *world) alive() map[string]int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]int64{}
	for name, e := range w.epochs {
		out[name] = e
	}
	return out
}

// kill takes the node away, with its epoch; the next one has the name and another epoch.
func (w *world) kill(n *Node) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.epochs[n.Fence.Node] != n.Fence.Epoch {
		return
	}
	w.deaths++
	w.epochs[n.Fence.Node]++
	w.nodes[n.Fence.Node] = w.s.node(Fence{n.Fence.Node, w.epochs[n.Fence.Node]}, w.phone)
}

// reconcile compares what was dialled with what was written down.
func (w *world) reconcile(t *testing.T, id db.ID, leads int) {
	attempts, records := map[db.ID]attemptRow{}, map[db.ID][]call.Call{}
	for _, a := range every[attemptRow](w.s) {
		attempts[a.ID] = a
	}
	calls := every[call.Call](w.s)
	for _, c := range calls {
		records[c.AttemptID] = append(records[c.AttemptID], c)
	}
	dials, reached, tries := map[db.ID]int{}, map[db.ID]int{}, map[db.ID]int{}
	for _, a := range attempts {
		if a.DialledAt != nil {
			tries[a.LeadID]++
		}
	}
	for attempt, times := range w.phone.dialed {
		if times != 1 {
			t.Errorf("one attempt was dialled %d times", times)
		}
		if len(records[attempt]) != 1 {
			t.Errorf("a dialled attempt has %d records", len(records[attempt]))
		}
		dials[attempts[attempt].LeadID]++
	}
	for _, c := range calls {
		if c.Outcome.Connected() {
			reached[c.LeadID]++
		}
	}
	connected, closed := 0, 0
	for _, l := range every[leadRow](w.s) {
		if l.State == Finished {
			closed++
		}
		if l.LastOutcome == string(call.Interrupted) && tries[l.ID] < ownTries {
			t.Errorf("a lead was given up after %d calls", tries[l.ID])
		}
		if dials[l.ID] > ownTries || tries[l.ID] > ownTries || reached[l.ID] > 1 {
			t.Errorf("a lead was dialled %d times in %d tries and reached %d times", dials[l.ID], tries[l.ID], reached[l.ID])
		}
		connected += reached[l.ID]
	}
	rs, err := w.s.Calls.Rollups(w.s.own, time.Time{}, time.Time{}, id, 0)
	sum, c := call.Sum(rs), w.s.look(id)
	if err != nil || int(sum.Dialled) != len(calls) || int(sum.Connected) != connected || int(c.Connected) != connected || int(c.Called) != leads || closed != leads {
		t.Errorf("%d of %d leads closed, %d counted as called; %d records, %d in the sums; %d reached, %d in the sums, %d in the campaign, %v",
			closed, leads, c.Called, len(calls), sum.Dialled, connected, sum.Connected, c.Connected, err)
	}
	t.Logf("%d leads, %d attempts, %d dialled, %d records, %d reached; nodes died %d times", leads, len(attempts), len(w.phone.dialed), len(calls), connected, w.deaths)
}

// TestTheDeadAreFoundAmongTheLiving however many calls the living carry.
func TestTheDeadAreFoundAmongTheLiving(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		var calls []call.Call
		var tries []attemptRow
		for i := range 5010 {
			f := Fence{"alive", 7}
			if i == 5009 {
				f = Fence{"alive", 6}
			}
			c := call.Call{ID: db.NewID(), State: call.Live, Node: f.Node, Epoch: f.Epoch, StartedAt: noon, Reason: []byte("{}"), Facts: []byte("{}")}
			calls = append(calls, c)
			tries = append(tries, attemptRow{ID: db.NewID(), LeadID: db.NewID(), TryNo: 1, State: Claimed, Node: f.Node, Epoch: f.Epoch, ClaimedAt: noon})
		}
		if err := errors.Join(s.db.In(s.own).CreateInBatches(calls, 300).Error, s.db.In(s.own).CreateInBatches(tries, 300).Error); err != nil {
			t.Fatal(err)
		}
		j := &Janitor{S: s.Service, Handler: s.all(fate{}), Alive: func(context.Context) (map[string]int64, error) { return map[string]int64{"alive": 7, "idle": 1}, nil }}
		if err := j.Clean(context.Background()); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Calls.Store.Call(s.own, calls[5009].ID); err != nil || c.State != call.Ended {
			t.Errorf("the call of a dead epoch is %s, %v", c.State, err)
		}
		if a, err := s.attempt(s.own, tries[5009].ID); err != nil || a.State != AttemptEnded {
			t.Errorf("its attempt is %s, %v", a.State, err)
		}
		if n := len(every[call.Call](s)); n != 5010 {
			t.Error(n)
		}
	})
}

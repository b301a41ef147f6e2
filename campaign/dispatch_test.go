package campaign

import (
	"context"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/robot"
)

var farNode = Media{Fence{"n", 1}, 1000}

// TestInFlightNeverExceeds whatever is narrowest: seats, plan, line, node.
func TestInFlightNeverExceeds(t *testing.T) {
	for name, c := range map[string]struct {
		leads, seats, plan, channels int
		nodes                        []Media
		want                         int
	}{
		"the leads":           {3, 20, 100, 100, []Media{farNode}, 3},
		"the seats":           {50, 7, 100, 100, []Media{farNode}, 7},
		"the tenant's plan":   {50, 20, 5, 100, []Media{farNode}, 5},
		"the line's channels": {50, 20, 100, 6, []Media{farNode}, 6},
		"the node":            {50, 20, 100, 100, []Media{{Fence{"n", 1}, 4}}, 4},
		"two nodes together":  {50, 20, 100, 100, []Media{{Fence{"n", 1}, 4}, {Fence{"m", 1}, 5}}, 9},
		"no node at all":      {50, 20, 100, 100, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, dbtest.Open(t))
			admin, _, _ := s.newTenant("x", c.plan)
			s.always = s.template(admin, "总是", "00:00", "24:00")
			s.campaign(admin, "a", "now", 0, c.leads, c.seats)
			d := s.dispatcher(c.channels, 0, c.nodes...)
			for range 4 {
				s.tick(d)
				s.clock.Advance(tickEvery)
			}
			if n := len(every[attemptRow](s)); n != c.want {
				t.Errorf("%d calls in flight, want %d", n, c.want)
			}
			if n := len(s.queue.take()); n != c.want {
				t.Errorf("%d tasks were enqueued", n)
			}
			load := map[string]int{}
			for _, a := range every[attemptRow](s) {
				load[a.Node]++
			}
			for _, n := range c.nodes {
				if load[n.Node] > n.Max {
					t.Errorf("node %s got %d calls and can carry %d", n.Node, load[n.Node], n.Max)
				}
			}
		})
	}
}

// TestCallsPerSecond: the line's rate holds over ticks.
func TestCallsPerSecond(t *testing.T) {
	s := open(t, dbtest.Open(t))
	s.campaign(s.ctx, "a", "now", 0, 60, 60)
	d := s.dispatcher(100, 10, farNode)
	for i := range 10 { // two seconds
		s.tick(d)
		if n, most := len(every[attemptRow](s)), 10+10*(i/5); n > most {
			t.Errorf("after %d ms there were %d calls", i*200, n)
		}
		s.clock.Advance(tickEvery)
	}
	if n := len(every[attemptRow](s)); n < 18 {
		t.Errorf("only %d calls in two seconds", n)
	}
}

// TestTwoTenantsShare a line that is too narrow for both.
func TestTwoTenantsShare(t *testing.T) {
	s := open(t, dbtest.Open(t))
	one := s.campaign(s.ctx, "a", "now", 0, 50, 20)
	s.campaign(s.ctx, "b", "now", 100, 50, 20)
	admin, _, _ := s.newTenant("other", 100)
	s.always = s.template(admin, "总是", "00:00", "24:00")
	three := s.campaign(admin, "c", "now", 200, 50, 20)
	s.tick(s.dispatcher(12, 0, farNode))
	of := map[db.ID]int{}
	for _, a := range every[attemptRow](s) {
		of[a.CampaignID]++
	}
	if of[one.ID] != 3 || of[three.ID] != 6 {
		t.Errorf("shares: %v", of)
	}
}

// TestTheDispatcherSaysWhyItWaits, and stops saying it when it does not wait any more.
func TestTheDispatcherSaysWhyItWaits(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "now", 0, 5, 1)
	s.tick(s.dispatcher(0, 0, farNode))
	if got := s.waits(c.ID); got != "pacing.line_down" {
		t.Errorf("without a line: %q", got)
	}
	s.tick(s.dispatcher(10, 0))
	if got := s.waits(c.ID); got != "pacing.node_full" {
		t.Errorf("without a node: %q", got)
	}
	s.Legal = Window{Range{"13:00", "21:00"}, "Asia/Shanghai"} // noon is 12:00 there
	s.tick(s.dispatcher(10, 0, farNode))
	if got := s.waits(c.ID); got != "pacing.outside_hours" {
		t.Errorf("before the legal hours: %q", got)
	}
	s.clock.Advance(time.Hour)
	d := s.dispatcher(10, 0, farNode)
	s.tick(d)
	if got := s.waits(c.ID); got != "" || len(every[attemptRow](s)) != 1 {
		t.Errorf("while it calls: %q, %d attempts", got, len(every[attemptRow](s)))
	}
	other := s.campaign(s.ctx, "b", "now", 50, 5, 1)
	if err := update[Seat](s.own, s.Store, other.rules().Seats[0], map[string]any{"enabled": false}); err != nil {
		t.Fatal(err)
	}
	s.tick(d)
	if got := s.waits(other.ID); got != "pacing.no_seat" {
		t.Errorf("with its only seat disabled: %q", got)
	}
}

// TestABrokenCampaignStopsNobodyElse: a template that is gone, or no JSON, is its own campaign's trouble.
func TestABrokenCampaignStopsNobodyElse(t *testing.T) {
	s := open(t, dbtest.Open(t))
	broken, whole := s.campaign(s.ctx, "a", "now", 0, 5, 2), s.campaign(s.ctx, "b", "now", 100, 5, 2)
	if err := update[Campaign](s.own, s.Store, broken.ID, map[string]any{"template_id": 4711}); err != nil {
		t.Fatal(err)
	}
	s.tick(s.dispatcher(10, 0, farNode))
	if as := every[attemptRow](s); len(as) != 2 || as[0].CampaignID != whole.ID {
		t.Errorf("the other campaign got %d calls", len(as))
	}
	if got := s.waits(broken.ID); got != "template.not_found" {
		t.Errorf("the broken one says %q", got)
	}
}

// TestScheduledAndDone: a campaign starts when its time has come, and completes when its
// last call is over: not before, and not while a lead waits for another try.
func TestScheduledAndDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		s := open(t, database)
		at := noon.Add(10 * time.Minute)
		dr := Draft{Name: "later", ScriptID: 1, ImportID: s.list(s.ctx, 0, 2), TemplateID: s.always.ID, Start: "later", StartAt: &at, Rules: Rules{Seats: s.seats(s.ctx, "x", 2)}}
		c, err := s.Create(s.ctx, dr)
		if err != nil {
			t.Fatal(err)
		}
		d := s.dispatcher(10, 0, farNode)
		s.tick(d)
		if got := s.look(c.ID); got.State != NotStarted {
			t.Fatalf("started %v early", 10*time.Minute)
		}
		s.clock.Advance(10 * time.Minute)
		s.tick(d)
		s.tick(d)
		if got := s.look(c.ID); got.State != Running || got.StartedAt == nil || len(s.queue.calls) != 2 {
			t.Fatalf("%+v, %d tasks", got, len(s.queue.calls))
		}
		n := s.node(farNode.Fence, s.all(fate{outcome: call.Answered, grade: "B"}))
		tasks := s.queue.take()
		s.perform(n, tasks[0])
		s.tick(d)
		if got := s.look(c.ID); got.State != Running {
			t.Fatalf("%s with a call in flight", got.State)
		}
		lost := s.node(farNode.Fence, s.all(fate{outcome: call.Interrupted, grade: "F"}))
		s.perform(lost, tasks[1])
		s.tick(d)
		if got := s.look(c.ID); got.State != Running {
			t.Fatalf("%s while a lead waits for its second try", got.State)
		}
		s.clock.Advance(ownGap)
		s.tick(d)
		for _, q := range s.queue.take() {
			s.perform(n, q)
		}
		s.tick(d)
		got := s.look(c.ID)
		if got.State != Completed || got.EndedAt == nil || got.Called != 2 || got.Connected != 2 {
			t.Errorf("%+v", got)
		}
		for _, seat := range every[Seat](s) {
			if seat.CampaignID != 0 {
				t.Errorf("seat %s is still held", seat.Number)
			}
		}
		s.whole("completed")
	})
}

func (s *stage) perform(n *Node, q queued) {
	s.t.Helper()
	if err := n.Perform(s.own, q.attempt); err != nil {
		s.t.Fatal(err)
	}
}

// TestSeatsTakenMeanwhile: a scheduled campaign whose seats another holds waits and says so.
func TestSeatsTakenMeanwhile(t *testing.T) {
	s := open(t, dbtest.Open(t))
	seats := s.seats(s.ctx, "x", 1)
	make := func(name, start string, first int) *Campaign {
		c, err := s.Create(s.ctx, Draft{Name: name, ScriptID: 1, ImportID: s.list(s.ctx, first, 2), TemplateID: s.always.ID, Start: start, Rules: Rules{Seats: seats}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	waits := make("a", "manual", 0)
	make("b", "now", 50)
	if err := update[Campaign](s.own, s.Store, waits.ID, map[string]any{"start_at": noon}); err != nil {
		t.Fatal(err)
	}
	s.tick(s.dispatcher(10, 0, farNode))
	if got := s.look(waits.ID); got.State != NotStarted || s.waits(waits.ID) != "seat.not_idle" {
		t.Errorf("%s, says %q", got.State, s.waits(waits.ID))
	}
}

// TestAPausedCampaignClaimsNothing even where the dispatcher looked just before.
func TestAPausedCampaignClaimsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 5, 5)
		if err := s.Pause(s.ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := s.claim(s.own, c, 5, farNode.Fence, s.clock.Now()); err != nil || len(got) != 0 {
			t.Errorf("%d leads were claimed, %v", len(got), err)
		}
	})
}

// TestTheBrokerIsAway: calls whose tasks are lost are run by the node's sweeper, once.
func TestTheBrokerIsAway(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "now", 0, 6, 6)
	s.queue.away = true
	s.tick(s.dispatcher(10, 0, farNode))
	p := s.all(fate{outcome: call.Answered, grade: "C"})
	n := s.node(farNode.Fence, p)
	sweep := func() {
		if err := n.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		n.Wait(context.Background())
	}
	sweep()
	if len(p.dialed) != 0 {
		t.Error("the sweeper did not wait for the tasks")
	}
	s.clock.Advance(2 * time.Second)
	sweep()
	for _, a := range every[attemptRow](s) { // the tasks come late
		if err := n.Perform(s.own, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	for id, times := range p.dialed {
		if times != 1 {
			t.Errorf("attempt %d was dialled %d times", id, times)
		}
	}
	if got := s.look(c.ID); got.Called != 6 || len(p.dialed) != 6 {
		t.Errorf("%d called, %d dialled", got.Called, len(p.dialed))
	}
	s.whole("after the sweep")
}

// TestSweepEndsWhatNobodyRuns: on a node that lives, too, a call whose row could not be
// written or whose finish gave up leaves nothing behind.
func TestSweepEndsWhatNobodyRuns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.campaign(s.ctx, "a", "now", 0, 3, 3)
		s.tick(s.dispatcher(10, 0, farNode))
		ways := []string{"before the call row", "before the answer", "while talking"}
		i := 0
		p := &phone{s: s, how: func(*robot.Job) fate { i++; return fate{outcome: call.Answered, dies: ways[i-1]} }}
		n := s.node(farNode.Fence, p)
		for _, q := range s.queue.take() {
			if err := n.Perform(s.own, q.attempt); err == nil {
				t.Error("the call's failure is silent")
			}
		}
		if err := n.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		s.whole("after the sweep")
		for i, want := range []LeadState{Waiting, Waiting, Finished} { // who talked is never called again
			if l := every[leadRow](s)[i]; l.State != want {
				t.Errorf("died %s: the lead is %s", ways[i], l.State)
			}
		}
	})
}

// TestOutsideTheHours nothing is asked of the lead list; a campaign whose last call ends
// after the hours is completed all the same.
func TestOutsideTheHours(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c, last := s.campaign(s.ctx, "a", "now", 0, 5, 1), s.campaign(s.ctx, "b", "now", 10, 1, 1)
	if err := update[leadRow](s.own, s.Store, s.leadsOf(c.ListID)[0].ID, map[string]any{"state": Finished}); err != nil {
		t.Fatal(err)
	}
	d := s.dispatcher(10, 0, farNode)
	s.tick(d)
	n := s.node(farNode.Fence, s.all(fate{outcome: call.Answered, grade: "B"}))
	for _, q := range s.queue.take() {
		s.perform(n, q)
	}
	s.clock.Advance(9 * time.Hour) // 21:00 there
	s.tick(d)
	if got := s.look(last.ID).State; got != Completed {
		t.Errorf("after its last call it is %s", got)
	}
	sys := db.System(context.Background(), "test")
	if err := s.db.In(sys).Exec("ALTER TABLE leads RENAME TO leads_away").Error; err != nil {
		t.Fatal(err)
	}
	s.tick(d)
	if got := s.waits(c.ID); got != "pacing.outside_hours" {
		t.Errorf("the closed one says %q", got)
	}
}

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

// TestSummaryKeepsTheTenantsDays: an hour of UTC belongs to the day and the hour of the
// tenant's zone, and every sum adds up to the whole.
func TestSummaryKeepsTheTenantsDays(t *testing.T) {
	xian := time.FixedZone("UTC+8", 8*3600)
	at := func(s string) time.Time { h, _ := time.Parse(time.RFC3339, s); return h }
	s := summaryOf([]call.Rollup{
		{Hour: at("2026-11-17T15:00:00Z"), Outcome: call.Answered, Grade: "A", Rounds: 2, Calls: 3, TalkMs: 90000}, // 23:00 of the 17th
		{Hour: at("2026-11-17T16:00:00Z"), Outcome: call.Busy, Grade: "F", Calls: 5},                               // 00:00 of the 18th
		{Hour: at("2026-11-18T03:00:00Z"), Outcome: call.Machine, Grade: "F", Calls: 2, TalkMs: 10000},             // 11:00
	}, xian)
	if d := s.Dials; d.Dialled != 10 || d.Connected != 5 || d.ConnectRate != 0.5 || d.TalkMs != 100000 || d.AvgTalkMs != 20000 {
		t.Errorf("%+v", d)
	}
	if len(s.Days) != 2 || s.Days[0].Day != "2026-11-17" || s.Days[0].Dialled != 3 || s.Days[1].Dialled != 7 || s.Days[1].Connected != 2 || s.Days[0].Grades["A"] != 3 {
		t.Errorf("%+v", s.Days)
	}
	if len(s.Hours) != 24 || s.Hours[23].Connected != 3 || s.Hours[0].Dialled != 5 || s.Hours[0].Connected != 0 || s.Hours[11].Dialled != 2 {
		t.Errorf("%+v", s.Hours)
	}
	if len(s.Grades) != 6 || s.Grades["A"] != 3 || s.Grades["F"] != 7 || s.Grades["B"] != 0 {
		t.Errorf("%v", s.Grades)
	}
	if empty := summaryOf(nil, xian); empty.Dials.ConnectRate != 0 || empty.Dials.AvgTalkMs != 0 || len(empty.Days) != 0 || len(empty.Hours) != 24 {
		t.Errorf("before the first call: %+v", empty)
	}
}

// TestTheCampaignsPageAddsUp while calls run and after them: leads are done, under way or
// waiting, and the funnel narrows.
func TestTheCampaignsPageAddsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 7, 4)
		dis := s.dispatcher(10, 0, farNode)
		s.tick(dis)
		fates := []fate{{outcome: call.Answered, grade: "A"}, {outcome: call.Machine, grade: "F"}, {outcome: call.NoAnswer, grade: "F"}}
		i := 0
		n := s.node(farNode.Fence, &phone{s: s, how: func(*robot.Job) fate { i++; return fates[i-1] }})
		for _, q := range s.queue.take()[:3] {
			s.perform(n, q)
		}
		s.tick(dis) // three seats go on: all leads are under way or done
		v, err := s.detail(s.ctx, *s.look(c.ID))
		if err != nil {
			t.Fatal(err)
		}
		if k := v.Counts; k.Total != 7 || k.Called != 3 || k.Active != 4 || k.Waiting != 0 || k.Connected != 2 {
			t.Errorf("%+v", k)
		}
		if f := v.Funnel; f != (Funnel{Dialled: 3, Connected: 2, Round1: 0, AB: 1}) {
			t.Errorf("%+v", f)
		}
		if v.Grades["A"] != 1 || v.Grades["F"] != 2 || v.LeadGrades["A"] != 1 || v.LeadGrades["F"] != 2 || v.Outcomes["no_answer"] != 1 || len(v.SeatList) != 4 {
			t.Errorf("%+v", v)
		}
		if v.ConnectRate < 0.66 || v.ConnectRate > 0.67 || v.Script.Name != "楼盘" || v.Template.Name != "总是" {
			t.Errorf("%+v", v.View)
		}
		for _, seat := range v.SeatList {
			if !seat.Busy || seat.State != SeatInService || seat.Campaign.Name != "a" {
				t.Errorf("%+v", seat)
			}
		}
	})
}

// TestThirtyDaysAreWhole: the first one begins at the tenant's midnight.
func TestThirtyDaysAreWhole(t *testing.T) {
	zone := time.FixedZone("UTC+8", 8*3600)
	late := time.Date(2026, 3, 1, 17, 30, 0, 0, time.UTC) // the 2nd there
	if got, want := daysBefore(late, 30, zone), time.Date(2026, 1, 31, 0, 0, 0, 0, zone); !got.Equal(want) {
		t.Errorf("from %v, want %v", got, want)
	}
}

// TestTurnaround is counted from the hang-up of a seat's last call to its next, with what
// it takes to write the call down.
func TestTurnaround(t *testing.T) {
	s := open(t, dbtest.Open(t))
	s.Calls.OnFinish(func(context.Context, *call.Finished) error { s.clock.Advance(50 * time.Millisecond); return nil })
	c := s.campaign(s.ctx, "a", "now", 0, 2, 1)
	d := s.dispatcher(10, 0, farNode)
	n := s.node(farNode.Fence, s.all(fate{outcome: call.Answered, grade: "A"}))
	for range 2 {
		s.tick(d)
		for _, q := range s.queue.take() {
			s.perform(n, q)
		}
		s.Calls.Wait(t.Context())
		s.clock.Advance(120 * time.Millisecond)
	}
	if ms, err := s.Turnarounds(s.own, c.ID); err != nil || len(ms) != 1 || ms[0] != 170 {
		t.Errorf("%v %v", ms, err)
	}
}

// TestANodeCanBeDrained: one that lets go begins nothing new and waits for what runs.
func TestANodeCanBeDrained(t *testing.T) {
	s := open(t, dbtest.Open(t))
	s.campaign(s.ctx, "a", "now", 0, 2, 2)
	s.tick(s.dispatcher(10, 0, farNode))
	tasks := s.queue.take()
	talks, hangUp := make(chan struct{}), make(chan struct{})
	p := &phone{s: s, how: func(*robot.Job) fate {
		close(talks)
		<-hangUp
		return fate{outcome: call.Answered, grade: "A"}
	}}
	life, letGo := context.WithCancel(context.Background())
	n := NewNode(life, s.Service, farNode.Fence, p, s.node(farNode.Fence, p).Line)
	go func() { _ = n.Perform(s.own, tasks[0].attempt) }()
	<-talks
	letGo()
	if err := n.Perform(s.own, tasks[1].attempt); err != nil {
		t.Fatal(err)
	}
	if a, err := s.attempt(s.own, tasks[1].attempt); err != nil || a.State != Claimed {
		t.Errorf("a call was begun after the node let go: %+v %v", a, err)
	}
	short, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if n.Wait(short); !n.runs(tasks[0].attempt) {
		t.Error("the call that runs was forgotten")
	}
	close(hangUp)
	n.Wait(t.Context())
	if n.runs(tasks[0].attempt) {
		t.Error("the node did not wait for its call")
	}
}

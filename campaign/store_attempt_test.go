package campaign

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

// TestClaimTakesNothingTwice: eight workers claim from one list; no lead, seat or number
// is given to two.
func TestClaimTakesNothingTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "抢", "now", 0, 300, 120)
		var mu sync.Mutex
		var got []attemptRow
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for range 6 {
					as, err := s.claim(s.own, c, 7, Fence{fmt.Sprint("n", w), 1}, s.clock.Now())
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					got = append(got, as...)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		rest, err := s.claim(s.own, c, 120, Fence{"n0", 1}, s.clock.Now()) // what the workers passed over while it was locked
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rest...)
		leads, seats, numbers := map[db.ID]bool{}, map[db.ID]bool{}, map[string]bool{}
		for _, a := range got {
			leads[a.LeadID], seats[a.SeatID], numbers[a.PhoneDigest] = true, true, true
		}
		if len(got) != 120 || len(leads) != 120 || len(seats) != 120 || len(numbers) != 120 {
			t.Errorf("%d attempts on %d leads, %d seats, %d numbers; want 120", len(got), len(leads), len(seats), len(numbers))
		}
		if rows := every[attemptRow](s); len(rows) != 120 || len(every[inFlight](s)) != 120 || s.leadsIn(Calling) != 120 {
			t.Errorf("the database has %d attempts, %d numbers in flight, %d leads calling", len(rows), len(every[inFlight](s)), s.leadsIn(Calling))
		}
		for _, seat := range every[Seat](s) {
			if seat.AttemptID == 0 {
				t.Errorf("seat %s is free", seat.Number)
			}
		}
	})
}

// TestANumberIsInOneCallAtATime: a number that another campaign of the tenant calls waits;
// another tenant's call of it does not matter.
func TestANumberIsInOneCallAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		one, two := s.campaign(s.ctx, "甲", "now", 0, 1, 1), s.campaign(s.ctx, "乙", "now", 0, 2, 2)
		f := Fence{"n", 1}
		first, err := s.claim(s.own, one, 1, f, s.clock.Now())
		if err != nil || len(first) != 1 {
			t.Fatal(first, err)
		}
		got, err := s.claim(s.own, two, 2, f, s.clock.Now())
		if err != nil || len(got) != 1 || got[0].PhoneDigest == first[0].PhoneDigest {
			t.Fatalf("%+v %v", got, err)
		}
		admin, own, _ := s.newTenant("other", 10)
		s.always = s.template(admin, "总是", "00:00", "24:00")
		three := s.campaign(admin, "丙", "now", 0, 1, 1)
		if other, err := s.claim(own, three, 1, f, s.clock.Now()); err != nil || len(other) != 1 {
			t.Errorf("another tenant has to wait: %v %v", other, err)
		}
		if err := s.end(s.own, first[0].ID, nil, call.Interrupted, nil, s.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if got, err = s.claim(s.own, two, 2, f, s.clock.Now()); err != nil || len(got) != 0 {
			t.Errorf("the number waits for %v, but: %v %v", numberBusy, got, err)
		}
		if got, err = s.claim(s.own, two, 2, f, s.clock.Now().Add(numberBusy)); err != nil || len(got) != 1 || got[0].PhoneDigest != first[0].PhoneDigest {
			t.Errorf("the number is free again: %v %v", got, err)
		}
	})
}

// TestAdvanceIsFenced: an attempt goes on once, under the node and epoch that claimed it.
func TestAdvanceIsFenced(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "栏", "now", 0, 1, 1)
		f := Fence{"n", 2}
		as, err := s.claim(s.own, c, 1, f, s.clock.Now())
		if err != nil || len(as) != 1 {
			t.Fatal(as, err)
		}
		for name, wrong := range map[string]Fence{"an older epoch": {"n", 1}, "a later epoch": {"n", 3}, "another node": {"m", 2}} {
			a := as[0]
			if err := s.advance(s.own, &a, wrong, Dialling, map[string]any{}); !errors.Is(err, errLost) {
				t.Errorf("%s moved it: %v", name, err)
			}
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 8 {
			wg.Go(func() {
				a := as[0]
				if err := s.advance(s.own, &a, f, Dialling, map[string]any{}); err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				} else if !errors.Is(err, errLost) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d of 8 won", won)
		}
		a := as[0]
		a.State = Dialling
		if err := s.advance(s.own, &a, f, Claimed, map[string]any{}); !errors.Is(err, errLost) {
			t.Errorf("it went back: %v", err)
		}
	})
}

// TestFinishEndsTheAttemptOnce: in the transaction that finishes the call the seat and the
// number are freed, the lead is done, and the campaign counts; a second finish changes nothing.
func TestFinishEndsTheAttemptOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "毕", "now", 0, 4, 4)
		f := Fence{"n", 1}
		as, err := s.claim(s.own, c, 4, f, s.clock.Now())
		if err != nil || len(as) != 4 {
			t.Fatal(as, err)
		}
		fates := []fate{{outcome: call.Answered, grade: "A"}, {outcome: call.Machine, grade: "F"}, {outcome: call.Busy, grade: "F"}, {outcome: call.Interrupted, grade: "F"}}
		for i, a := range as {
			n := s.node(f, s.all(fates[i]))
			for range 2 { // a task that comes twice
				if err := n.Perform(s.own, a.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, row := range every[call.Call](s) {
			if err := s.Calls.Finish(s.own, &call.Finished{Call: row}); !errors.Is(err, call.ErrFinished) {
				t.Errorf("finished twice: %v", err)
			}
		}
		if got := s.look(c.ID); got.Called != 3 || got.Connected != 2 {
			t.Errorf("called %d, connected %d; want 3 and 2", got.Called, got.Connected)
		}
		for i, want := range []struct {
			state   LeadState
			grade   string
			outcome call.Outcome
		}{{Finished, "A", call.Answered}, {Finished, "F", call.Machine}, {Finished, "F", call.Busy}, {Waiting, "", call.Interrupted}} {
			l := every[leadRow](s)[i]
			if l.State != want.state || l.Grade != want.grade || l.LastOutcome != string(want.outcome) || l.Tries != 1 || l.LastCallID == 0 {
				t.Errorf("lead %d: %+v", i, l)
			}
		}
		for _, seat := range every[Seat](s) {
			if seat.DialCount != 1 {
				t.Errorf("seat %s dialled %d times", seat.Number, seat.DialCount)
			}
		}
		s.whole("after four calls")
		soon, ever, err := s.leadsLeft(s.own, c.ListID, s.clock.Now())
		if err != nil || soon || !ever {
			t.Errorf("the interrupted lead waits: soon %v, ever %v, %v", soon, ever, err)
		}
		if soon, _, _ = s.leadsLeft(s.own, c.ListID, s.clock.Now().Add(ownGap)); !soon {
			t.Error("it is not called again")
		}
	})
}

// TestLeadsLeft tells leads of now from leads of later.
func TestLeadsLeft(t *testing.T) {
	s := open(t, dbtest.Open(t))
	list := s.list(s.ctx, 0, 2)
	look := func(soon, ever bool) {
		t.Helper()
		if gotSoon, gotEver, err := s.leadsLeft(s.own, list, s.clock.Now()); gotSoon != soon || gotEver != ever || err != nil {
			t.Errorf("soon %v, ever %v, %v", gotSoon, gotEver, err)
		}
	}
	ls := every[leadRow](s)
	look(true, true)
	for i, set := range []map[string]any{{"state": Finished}, {"next_at": s.clock.Now().Add(time.Minute)}} {
		if err := update[leadRow](s.own, s.Store, ls[i].ID, set); err != nil {
			t.Fatal(err)
		}
	}
	look(false, true)
	s.clock.Advance(time.Minute)
	look(true, true)
	if err := update[leadRow](s.own, s.Store, ls[1].ID, map[string]any{"state": Finished}); err != nil {
		t.Fatal(err)
	}
	look(false, false)
	if _, _, err := s.leadsLeft(context.Background(), list, s.clock.Now()); err == nil {
		t.Error("asked without a tenant")
	}
}

// TestACallThatEndsLateIsCounted: its attempt was given back and the lead claimed again
// before the answer was written; the person was reached all the same, and counts once as called.
func TestACallThatEndsLateIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "迟", "now", 0, 1, 2)
		f := Fence{"n", 1}
		claimed := func() attemptRow {
			as, err := s.claim(s.own, c, 1, f, s.clock.Now())
			if err != nil || len(as) != 1 {
				t.Fatal(as, err)
			}
			return as[0]
		}
		first := claimed()
		late := call.Call{ID: db.NewID(), TenantID: first.TenantID, CampaignID: c.ID, LeadID: first.LeadID, AttemptID: first.ID, Node: "n", Epoch: 1, Direction: "out", StartedAt: s.clock.Now()}
		next := s.clock.Now()
		if err := errors.Join(s.Calls.Open(s.own, &late), s.end(s.own, first.ID, nil, call.Interrupted, &next, next)); err != nil {
			t.Fatal(err)
		}
		second := claimed()
		late.Outcome, late.Grade, late.EndedAt = call.Answered, "A", &next
		if err := s.Calls.Finish(s.own, &call.Finished{Call: late}); err != nil {
			t.Fatal(err)
		}
		if err := s.node(f, s.all(fate{outcome: call.Busy, grade: "F"})).Perform(s.own, second.ID); err != nil {
			t.Fatal(err)
		}
		if got := s.look(c.ID); got.Called != 1 || got.Connected != 1 {
			t.Errorf("called %d, connected %d; want 1 and 1", got.Called, got.Connected)
		}
		s.whole("after a late call")
	})
}

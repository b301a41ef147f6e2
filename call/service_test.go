package call_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/tenant"
)

func finished(t *testing.T, s *call.Service) call.Call {
	t.Helper()
	f := started(t, s)
	if err := s.Finish(acme, f); err != nil {
		t.Fatal(err)
	}
	return f.Call
}

// person is somebody of the tenant, in the database.
func person(t *testing.T, s *call.Service, account string, r tenant.Role, enabled bool) (context.Context, db.ID) {
	t.Helper()
	u := &tenant.User{Account: account, Name: account, Role: r, Enabled: enabled}
	if err := s.People.CreateUser(acme, u); err != nil {
		t.Fatal(err)
	}
	return tenant.WithPerson(context.Background(), tenant.Person{User: u.ID, Tenant: 7, Name: account, Role: r}), u.ID
}

// TestAssignCalls gives each call to one rep, once, also when two admins give it at the
// same time; the rep sees it then and nobody else's.
func TestAssignCalls(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		a, b := finished(t, s), finished(t, s)
		rep, repID := person(t, s, "rep", tenant.Sales, true)
		_, otherID := person(t, s, "other", tenant.Sales, true)
		_, gone := person(t, s, "gone", tenant.Sales, false)
		admin, adminID := person(t, s, "admin", tenant.Admin, true)
		if _, err := s.Call(rep, a.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a rep sees a call that is nobody's: %v", err)
		}
		for who, id := range map[string]db.ID{"an admin": adminID, "a rep who has left": gone} {
			if _, _, err := s.AssignCalls(admin, []db.ID{a.ID}, id, "full"); !errs.Is(err, errs.Invalid) {
				t.Errorf("assigned to %s: %v", who, err)
			}
		}
		var told atomic.Int32
		s.Assigned = func(context.Context, call.Call, db.ID, string) error { told.Add(1); return nil }
		var wg sync.WaitGroup
		var done, refused atomic.Int32
		for i := range 6 {
			wg.Go(func() {
				to := []db.ID{repID, otherID}[i%2]
				n, no, err := s.AssignCalls(admin, []db.ID{a.ID, 4711}, to, "masked")
				done.Add(int32(n))
				refused.Add(int32(len(no)))
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 || refused.Load() != 11 || told.Load() != 1 {
			t.Errorf("done %d, refused %d, told %d", done.Load(), refused.Load(), told.Load())
		}
		if _, _, err := s.AssignCalls(admin, []db.ID{b.ID}, repID, "full"); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Call(rep, b.ID); err != nil || c.AssignedTo != repID || c.AssignedView != "full" {
			t.Errorf("%+v %v", c, err)
		}
		if p, err := s.List(rep, call.Filter{}, 0, 10, 10); err != nil || len(p.Rows) > 2 {
			t.Errorf("%d rows, %v", len(p.Rows), err)
		}
	})
}

// TestAnAssignmentThatCRMRefuses is none.
func TestAnAssignmentThatCRMRefuses(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := finished(t, s)
	admin, _ := person(t, s, "admin", tenant.Admin, true)
	_, rep := person(t, s, "rep", tenant.Sales, true)
	broken := errors.New("crm is away")
	s.Assigned = func(context.Context, call.Call, db.ID, string) error { return broken }
	if _, _, err := s.AssignCalls(admin, []db.ID{c.ID}, rep, "full"); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if got, err := s.Call(acme, c.ID); err != nil || got.AssignedTo != 0 {
		t.Errorf("half an assignment was kept: %+v %v", got, err)
	}
}

// TestAPushedCallMayBeSeen by whom it was pushed to (FEATURES A8.1), and by nobody of another tenant.
func TestAPushedCallMayBeSeen(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := finished(t, s)
	rep, repID := person(t, s, "rep", tenant.Sales, true)
	other, _ := person(t, s, "other", tenant.Sales, true)
	s.Shared = func(_ context.Context, id, user db.ID) (bool, error) { return id == c.ID && user == repID, nil }
	if got, err := s.Call(rep, c.ID); err != nil || got.ID != c.ID {
		t.Errorf("%v", err)
	}
	foreign := tenant.WithPerson(context.Background(), tenant.Person{User: repID, Tenant: 8, Role: tenant.Sales})
	for who, ctx := range map[string]context.Context{"another rep": other, "another tenant": foreign} {
		if _, err := s.Call(ctx, c.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// TestListenersStandAlone: one that panics or is slow keeps no other from hearing.
func TestListenersStandAlone(t *testing.T) {
	s := open(t, dbtest.Open(t))
	var mu sync.Mutex
	var heard []*call.Finished
	s.OnEnded(func(context.Context, *call.Finished) { panic("a bug") })
	s.OnEnded(func(context.Context, *call.Finished) { time.Sleep(50 * time.Millisecond) })
	s.OnEnded(func(ctx context.Context, f *call.Finished) {
		mu.Lock()
		defer mu.Unlock()
		if db.TenantOf(ctx) != 7 {
			t.Errorf("told with tenant %d", db.TenantOf(ctx))
		}
		heard = append(heard, f)
	})
	finished(t, s)
	s.Wait(context.Background())
	if len(heard) != 1 {
		t.Fatalf("told %d times", len(heard))
	}
	if f := heard[0]; f.Call.Grade != "A" || len(f.Transcript) != 1 || len(f.Facts.Turns) != 2 {
		t.Errorf("told %+v", f)
	}
}

// TestTheJournalKeepsItsOrder, and an answer that comes after the end changes nothing.
func TestTheJournalKeepsItsOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		f := started(t, s)
		for _, seq := range []int{3, 2, 4} {
			if err := s.Journal(acme, f.Call.ID, seq, map[string]int{"turn": seq}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Journal(acme, f.Call.ID, 2, nil); err == nil {
			t.Error("one entry was written twice")
		}
		var got []string
		if err := s.Journalled(acme, f.Call.ID, func(doc []byte) error { got = append(got, string(doc)); return nil }); err != nil {
			t.Fatal(err)
		}
		if want := `{"turn":1} {"turn":2} {"turn":3} {"turn":4}`; strings.Join(got, " ") != want {
			t.Errorf("%v", got)
		}
		stop := errors.New("enough")
		if err := s.Journalled(acme, f.Call.ID, func([]byte) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("%v", err)
		}
		if err := s.Finish(acme, f); err != nil {
			t.Fatal(err)
		}
		was := *f.Call.AnsweredAt
		late := f.Call
		if err := s.Answer(acme, &late, was.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Call(acme, f.Call.ID); err != nil || !c.AnsweredAt.Equal(was) {
			t.Errorf("answered again at %v, %v", c.AnsweredAt, err)
		}
	})
}

// TestWhoIsLive lists the calls of nodes and epochs that are not these, whatever the tenant.
func TestWhoIsLive(t *testing.T) {
	s := open(t, dbtest.Open(t))
	sys := db.System(context.Background(), "test")
	for i, c := range []call.Call{{Node: "a", Epoch: 1}, {Node: "a", Epoch: 2}, {Node: "b", Epoch: 1}} {
		c.ID, c.StartedAt = db.NewID(), time.Now().UTC()
		if err := s.Open(db.WithTenant(context.Background(), db.ID(i+1)), &c); err != nil {
			t.Fatal(err)
		}
	}
	finished(t, s)
	for _, row := range []struct {
		alive map[string]int64
		want  int
	}{{nil, 3}, {map[string]int64{"a": 2}, 2}, {map[string]int64{"a": 2, "b": 1}, 1}, {map[string]int64{"a": 3, "b": 2, "c": 1}, 3}} {
		if cs, err := s.LiveBeside(sys, row.alive); err != nil || len(cs) != row.want {
			t.Errorf("beside %v: %d calls, %v", row.alive, len(cs), err)
		}
	}
}

// TestATranscriptComesBackWhole, whatever was said.
func TestATranscriptComesBackWhole(t *testing.T) {
	s := open(t, dbtest.Open(t))
	f := started(t, s)
	f.Transcript = nil
	for i := range 300 {
		f.Transcript = append(f.Transcript, call.Turn{Who: "callee", Text: fmt.Sprintf("第%d句 “引号” \u0000 🏠 %s", i, strings.Repeat("多", i)), AtMs: int64(i),
			Hits: []call.Hit{{Class: "price", Keyword: "多少钱", From: 1, To: 4}}})
	}
	if err := s.Finish(acme, f); err != nil {
		t.Fatal(err)
	}
	got, err := s.Transcript(acme, f.Call.ID)
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(f.Transcript)
	if err != nil || string(a) != string(b) {
		t.Errorf("%d turns of %d, %v", len(got), len(f.Transcript), err)
	}
	if turns, err := s.Transcript(acme, 4711); err != nil || turns == nil || len(turns) != 0 {
		t.Errorf("a call without one: %v %v", turns, err)
	}
	if turns, err := s.Transcript(db.WithTenant(context.Background(), 8), f.Call.ID); err != nil || len(turns) != 0 {
		t.Errorf("another tenant reads it: %v %v", turns, err)
	}
}

// TestQuantiles of nothing are zero; of one, itself.
func TestQuantiles(t *testing.T) {
	hundred := make([]int64, 100)
	for i := range hundred {
		hundred[i] = int64(100 - i)
	}
	for _, c := range []struct {
		ms   []int64
		want call.Quantiles
	}{{nil, call.Quantiles{}}, {[]int64{7}, call.Quantiles{P50: 7, P95: 7, N: 1}}, {hundred, call.Quantiles{P50: 51, P95: 96, N: 100}}} {
		if got := call.QuantilesOf(c.ms); got != c.want {
			t.Errorf("%d values: %+v", len(c.ms), got)
		}
	}
	if hundred[0] != 100 {
		t.Error("the caller's values were sorted")
	}
}

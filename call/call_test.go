package call_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

var acme = db.WithTenant(context.Background(), 7)

func open(t *testing.T, d *db.DB) *call.Service {
	t.Helper()
	v, err := tenant.NewVault(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return call.NewService(call.NewStore(d), v, tenant.NewService(tenant.NewStore(d), v, time.Hour), nil)
}

func started(t *testing.T, s *call.Service) *call.Finished {
	t.Helper()
	at := time.Now().UTC().Add(-time.Minute).Truncate(time.Millisecond)
	c := call.Call{ID: db.NewID(), Node: "n1", Epoch: 1, Direction: "out", CampaignID: 5, SeatID: 6, Name: "王先生", StartedAt: at, Outcome: call.Answered}
	if err := s.Open(acme, &c); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(acme, &c, at.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := s.Journal(acme, c.ID, 1, map[string]int{"turn": 1}); err != nil {
		t.Fatal(err)
	}
	c.Grade, c.Rounds, c.Reason = "A", 2, json.RawMessage(`{"key":"grade.rule.keyword"}`)
	return &call.Finished{Call: c, Transcript: []call.Turn{{Who: "callee", Text: "多少钱一平"}}, Facts: call.Facts{Turns: []int64{700, 800}}}
}

func TestFinishIsOneTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		f := started(t, s)
		broken := errors.New("a hook broke")
		fail := true
		var told atomic.Int32
		s.OnFinish(func(context.Context, *call.Finished) error {
			if fail {
				return broken
			}
			return nil
		})
		s.OnEnded(func(context.Context, *call.Finished) { told.Add(1) })
		if err := s.Finish(acme, f); !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		if c, err := s.Call(acme, f.Call.ID); err != nil || c.State != call.Live || c.Grade != "" {
			t.Fatalf("half a finish was kept: %+v %v", c, err)
		}
		n := 0
		if err := s.Journalled(acme, f.Call.ID, func([]byte) error { n++; return nil }); err != nil || n != 1 {
			t.Fatalf("the journal went away: %d %v", n, err)
		}
		fail = false
		if err := s.Finish(acme, f); err != nil {
			t.Fatal(err)
		}
		s.Wait(context.Background())
		c, err := s.Call(acme, f.Call.ID)
		if err != nil || c.State != call.Ended || c.Grade != "A" || c.TalkMs < 58000 || told.Load() != 1 {
			t.Fatalf("%+v %v told %d", c, err, told.Load())
		}
		if turns, err := s.Transcript(acme, c.ID); err != nil || len(turns) != 1 || turns[0].Text != "多少钱一平" {
			t.Fatalf("%+v %v", turns, err)
		}
	})
}

func TestFinishHappensOnceUnderTheFence(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		f := started(t, s)
		stale := *f
		stale.Call.Epoch = 0
		if err := s.Finish(acme, &stale); !errors.Is(err, call.ErrFinished) {
			t.Fatalf("a stale epoch finished the call: %v", err)
		}
		var wg sync.WaitGroup
		var done, refused atomic.Int32
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				mine := *f
				switch err := s.Finish(acme, &mine); {
				case err == nil:
					done.Add(1)
				case errors.Is(err, call.ErrFinished):
					refused.Add(1)
				default:
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		rs, err := s.Rollups(acme, time.Time{}, time.Time{}, 5, 0)
		if err != nil || done.Load() != 1 || refused.Load() != 7 || len(rs) != 1 || rs[0].Calls != 1 {
			t.Fatalf("done %d refused %d rollups %+v %v", done.Load(), refused.Load(), rs, err)
		}
	})
}

func TestRollupsCountEveryCallOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		var fs []*call.Finished
		for range 24 {
			fs = append(fs, started(t, s))
		}
		var wg sync.WaitGroup
		for _, f := range fs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if err := s.Finish(acme, f); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		rs, err := s.Rollups(acme, time.Time{}, time.Time{}, 0, 0)
		if got := call.Sum(rs); err != nil || got.Dialled != 24 || got.Connected != 24 || got.Grades["A"] != 24 || got.Rounds[2] != 24 || got.ConnectRate() != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		if rs, _ = s.Rollups(db.WithTenant(context.Background(), 8), time.Time{}, time.Time{}, 0, 0); len(rs) != 0 {
			t.Fatal("another tenant sees the sums")
		}
	})
}

func TestListFilters(t *testing.T) {
	s := open(t, dbtest.Open(t))
	f := started(t, s)
	if err := s.Finish(acme, f); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		f    call.Filter
		want int
	}{
		"everything":       {call.Filter{}, 1},
		"its grade":        {call.Filter{Grades: []string{"A", "B"}}, 1},
		"another grade":    {call.Filter{Grades: []string{"F"}}, 0},
		"part of the name": {call.Filter{Text: "王"}, 1},
		"a wildcard":       {call.Filter{Text: "%"}, 0},
		"too short":        {call.Filter{MinMs: 90000}, 0},
		"assigned":         {call.Filter{Assigned: "yes"}, 0},
		"before it":        {call.Filter{To: time.Now().Add(-time.Hour)}, 0},
	} {
		p, err := s.List(acme, c.f, 0, 10, 100)
		if err != nil || len(p.Rows) != c.want || p.Total != c.want {
			t.Errorf("%s: %d rows of %d, %v", name, len(p.Rows), p.Total, err)
		}
	}
	if _, err := s.Call(db.WithTenant(context.Background(), 8), f.Call.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("another tenant's call: %v", err)
	}
}

func TestARecordingIsNamedByTheTenantsClock(t *testing.T) {
	c := call.Call{StartedAt: time.Date(2026, 11, 18, 17, 30, 5, 0, time.UTC), PhoneLast4: "5678"}
	if got := c.FileName(time.FixedZone("UTC+8", 8*3600)); got != "20261119-013005-5678.wav" {
		t.Error(got)
	}
}

package campaign

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

// TestNothingWalksTheHistory: what is asked on every page or at every tick goes through an
// index that narrows and has the order, on a list that is half done, without statistics.
func TestNothingWalksTheHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 4000, 2)
		s.campaign(s.ctx, "b", "now", 5000, 4000, 2)
		sys := db.System(context.Background(), "test")
		if err := s.db.In(sys).Exec("UPDATE leads SET state = 'done', grade = 'F' WHERE row_no < 2000").Error; err != nil {
			t.Fatal(err)
		}
		s.history(c.ID, 3000)
		plan := s.plans(sys)
		own := db.WithTenant(context.Background(), s.tenant)
		for _, q := range []struct {
			what string
			ask  func(ctx context.Context) error
			uses string
		}{
			{"the next leads", func(ctx context.Context) error { _, err := s.waiting(ctx, c.ListID, 20, noon); return err }, "leads_waiting"},
			{"the head of the list", func(ctx context.Context) error { _, err := s.heads(ctx, c.ListID, 20, noon); return err }, "leads_waiting"},
			{"whether leads are left", func(ctx context.Context) error { _, _, err := s.leadsLeft(ctx, c.ListID, noon); return err }, "leads_waiting"},
			{"a page of leads", func(ctx context.Context) error {
				_, err := s.Leads(ctx, c.ListID, LeadFilter{}, 0, 50, 50)
				return err
			}, "leads_list"},
			{"the grades of a list", func(ctx context.Context) error { _, err := s.gradesPerLead(ctx, c.ListID); return err }, "leads_grade"},
			{"the last turnarounds", func(ctx context.Context) error { _, err := s.Turnarounds(ctx, c.ID); return err }, "attempts_campaign"},
			{"calls by last digits", func(ctx context.Context) error {
				_, err := s.Calls.List(ctx, call.Filter{Text: "1234"}, 0, 50, 50)
				return err
			}, "calls_last4"},
			{"calls of a seat", func(ctx context.Context) error {
				_, err := s.Calls.List(ctx, call.Filter{Seat: 7}, 0, 50, 50)
				return err
			}, "calls_seat"},
		} {
			for _, p := range plan(own, q.ask) {
				if strings.Contains(p, "COVERING") && !strings.Contains(p, "SCAN") { // only counted, to a bound
					continue
				}
				if !strings.Contains(p, q.uses) || strings.Contains(p, "TEMP B-TREE FOR ORDER") || strings.Contains(p, "filesort") {
					t.Errorf("%s: %s, want %s", q.what, p, q.uses)
				}
			}
		}
	})
}

// history makes n calls with their attempts, spread over 20 seats.
func (s *stage) history(campaign db.ID, n int) {
	s.t.Helper()
	var cs []call.Call
	var as []attemptRow
	for i := range n {
		cs = append(cs, call.Call{ID: db.NewID(), State: call.Ended, StartedAt: noon, SeatID: db.ID(i % 20), PhoneLast4: fmt.Sprintf("%04d", i), Reason: []byte("{}"), Facts: []byte("{}"), CampaignID: campaign})
		as = append(as, attemptRow{ID: db.NewID(), LeadID: db.NewID(), TryNo: 1, State: AttemptEnded, ClaimedAt: noon, CampaignID: campaign, TurnaroundMs: int64(i % 3)})
	}
	if err := s.db.In(s.own).CreateInBatches(cs, 300).Error; err != nil {
		s.t.Fatal(err)
	}
	if err := s.db.In(s.own).CreateInBatches(as, 300).Error; err != nil {
		s.t.Fatal(err)
	}
}

// plans returns what tells how the database answers each question of an act.
func (s *stage) plans(sys context.Context) func(ctx context.Context, act func(context.Context) error) []string {
	if s.db.Kind == "mysql" { // the server does it by itself, some time later
		if err := s.db.In(sys).Exec("ANALYZE TABLE leads, calls, attempts").Error; err != nil {
			s.t.Fatal(err)
		}
	}
	var said []string
	listen := func(q *gorm.DB) {
		said = append(said, q.Dialector.Explain(q.Statement.SQL.String(), q.Statement.Vars...))
	}
	if err := s.db.Callback().Query().After("gorm:query").Register("test:said", listen); err != nil {
		s.t.Fatal(err)
	}
	explain := map[string]string{"mysql": "EXPLAIN ", "sqlite": "EXPLAIN QUERY PLAN "}[s.db.Kind]
	return func(ctx context.Context, act func(context.Context) error) (plans []string) {
		said = nil
		if err := act(ctx); err != nil {
			s.t.Error(err)
		}
		for _, sql := range said {
			var rows []map[string]any
			if err := s.db.In(sys).Raw(explain + strings.TrimSuffix(sql, " FOR UPDATE SKIP LOCKED")).Scan(&rows).Error; err != nil {
				s.t.Error(err)
			}
			for _, r := range rows {
				plans = append(plans, fmt.Sprint(r["detail"], r["key"], " ", r["Extra"]))
			}
		}
		return plans
	}
}

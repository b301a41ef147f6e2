package call

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"yingda/platform/db"
)

// Rollup is the sum of an hour's calls of one kind; dashboards read only these, so
// their cost does not grow with history (DESIGN mechanism 8).
type Rollup struct {
	ID         db.ID
	TenantID   db.ID
	Hour       time.Time // UTC, of the call's start
	CampaignID db.ID
	SeatID     db.ID
	Outcome    Outcome
	Grade      string
	Rounds     int // 0, 1, 2, 3 (three and more)
	Calls      int64
	TalkMs     int64
	DurationMs int64
}

// rollupOf is the sum that one call adds: the same code counts a call when it ends
// and when sums are rebuilt.
func rollupOf(c *Call) Rollup {
	return Rollup{Hour: c.StartedAt.UTC().Truncate(time.Hour), CampaignID: c.CampaignID, SeatID: c.SeatID, Outcome: c.Outcome, Grade: c.Grade,
		Rounds: min(c.Rounds, 3), Calls: 1, TalkMs: c.TalkMs, DurationMs: c.DurationMs}
}

// count adds a call to its sum.
func (s *Store) count(ctx context.Context, c *Call) error {
	r := rollupOf(c)
	r.ID = db.NewID()
	on := conflictOnKey
	on.DoUpdates = clause.Assignments(map[string]any{
		"calls": gorm.Expr("rollups.calls + 1"), "talk_ms": gorm.Expr("rollups.talk_ms + ?", r.TalkMs), "duration_ms": gorm.Expr("rollups.duration_ms + ?", r.DurationMs),
	})
	return s.db.In(ctx).Clauses(on).Create(&r).Error
}

// Rollups returns the sums of a span of time, of one campaign or seat where given.
func (s *Store) Rollups(ctx context.Context, from, to time.Time, campaign, seat db.ID) ([]Rollup, error) {
	q := s.db.In(ctx)
	if !from.IsZero() {
		q = q.Where("hour >= ?", from.UTC())
	}
	if !to.IsZero() {
		q = q.Where("hour < ?", to.UTC())
	}
	if campaign != 0 {
		q = q.Where("campaign_id = ?", campaign)
	}
	if seat != 0 {
		q = q.Where("seat_id = ?", seat)
	}
	var rs []Rollup
	err := q.Find(&rs).Error
	return rs, err
}

// Totals is what rollups add up to.
type Totals struct {
	Dialled, Connected, TalkMs int64
	Grades                     map[string]int64
	Outcomes                   map[Outcome]int64
	Rounds                     [4]int64 // of connected calls: 0, 1, 2, 3+
}

// Add counts one sum in.
func (t *Totals) Add(r Rollup) {
	if t.Grades == nil { // the zero Totals
		t.Grades, t.Outcomes = map[string]int64{}, map[Outcome]int64{}
	}
	t.Dialled += r.Calls
	t.Grades[r.Grade] += r.Calls
	t.Outcomes[r.Outcome] += r.Calls
	if r.Outcome.Connected() {
		t.Connected += r.Calls
		t.TalkMs += r.TalkMs
		t.Rounds[min(r.Rounds, 3)] += r.Calls
	}
}

// ConnectRate is connected ÷ dialled (接通率), 0 before the first call.
func (t Totals) ConnectRate() float64 {
	if t.Dialled == 0 {
		return 0
	}
	return float64(t.Connected) / float64(t.Dialled)
}

// Sum adds rollups up.
func Sum(rs []Rollup) (t Totals) {
	t.Grades, t.Outcomes = map[string]int64{}, map[Outcome]int64{}
	for _, r := range rs {
		t.Add(r)
	}
	return t
}

// SumsOf adds up the calls of several campaigns at once, in the database.
func (s *Store) SumsOf(ctx context.Context, campaigns []db.ID) (map[db.ID]Totals, error) {
	return s.sums(ctx, "campaign_id", campaigns)
}

// SumsOfSeats adds up the calls of several robot seats at once.
func (s *Store) SumsOfSeats(ctx context.Context, seats []db.ID) (map[db.ID]Totals, error) {
	return s.sums(ctx, "seat_id", seats)
}

func (s *Store) sums(ctx context.Context, column string, ids []db.ID) (map[db.ID]Totals, error) {
	var rs []struct {
		Rollup
		Whose db.ID
	}
	err := s.db.In(ctx).Model(&Rollup{}).Where(column+" IN ?", ids).
		Select(column + " AS whose, outcome, grade, rounds, SUM(calls) AS calls, SUM(talk_ms) AS talk_ms, SUM(duration_ms) AS duration_ms").
		Group(column + ", outcome, grade, rounds").Scan(&rs).Error
	out := map[db.ID]Totals{}
	for _, r := range rs {
		t := out[r.Whose]
		t.Add(r.Rollup)
		out[r.Whose] = t
	}
	return out, err
}

// LiveOf lists calls of a campaign that are under way, the longest first.
func (s *Store) LiveOf(ctx context.Context, campaign db.ID, limit int) ([]Call, error) {
	var cs []Call
	err := s.db.In(ctx).Where("state = ? AND campaign_id = ?", Live, campaign).Order("id").Limit(limit).Find(&cs).Error
	return cs, err
}

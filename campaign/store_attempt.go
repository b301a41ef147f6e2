package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
)

// Fence is who may move an attempt: a node in one of its epochs.
type Fence struct {
	Node  string
	Epoch int64
}

// errLost says that an attempt is not this fence's any more, or has gone on meanwhile.
var errLost = errs.New(errs.Conflict, "attempt.lost")

// numberBusy is how long a lead waits whose number is in another call of the tenant.
const numberBusy = 30 * time.Second

// claim takes up to n waiting leads of a campaign for a node, one free seat and one
// attempt row each. Two workers never get the same lead, seat or number: leads and
// seats are taken by compare-and-set, numbers by the unique row in in_flights.
func (s *Store) claim(ctx context.Context, c *Campaign, n int, f Fence, now time.Time) ([]attemptRow, error) {
	var got []attemptRow
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		got = nil
		if runs, err := s.runs(ctx, c.ID); err != nil || !runs {
			return err
		}
		seats, err := s.freeSeatsOf(ctx, c.ID, n, now)
		if err != nil || len(seats) == 0 {
			return err
		}
		leads, err := s.waiting(ctx, c.ListID, len(seats)+8, now)
		if err != nil {
			return err
		}
		for _, l := range leads {
			if len(got) == len(seats) {
				return nil
			}
			a, err := s.claimOne(ctx, c, l, seats[len(got)], f, now)
			if err != nil {
				return err
			}
			if a != nil {
				got = append(got, *a)
			}
		}
		return nil
	})
	return got, err
}

// runs says whether the campaign runs now: it may have been paused since the dispatcher looked.
func (s *Store) runs(ctx context.Context, id db.ID) (bool, error) {
	var n int64
	err := s.db.In(ctx).Model(&Campaign{}).Where("id = ? AND state = ?", id, Running).Count(&n).Error
	return n > 0, err
}

// locked reads rows for update and passes over those another worker holds; SQLite has
// one writer and needs neither.
func (s *Store) locked(ctx context.Context) *gorm.DB {
	q := s.db.In(ctx)
	if s.db.Kind == "mysql" {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	return q
}

func (s *Store) freeSeatsOf(ctx context.Context, campaign db.ID, n int, now time.Time) ([]Seat, error) {
	var ss []Seat
	err := s.locked(ctx).Where("campaign_id = ? AND attempt_id = 0 AND enabled = ? AND (valid_until IS NULL OR valid_until > ?)", campaign, true, now).
		Order("id").Limit(n).Find(&ss).Error
	return ss, err
}

func (s *Store) waiting(ctx context.Context, list db.ID, n int, now time.Time) ([]leadRow, error) {
	var ls []leadRow
	err := s.inLine(s.locked(ctx), list).Where("next_at IS NULL OR next_at <= ?", now).Limit(n).Find(&ls).Error
	return ls, err
}

// inLine narrows to the waiting leads of a list in the order of calling. MySQL is told by
// which index: of a list that is half done it would rather walk the half, at every tick.
func (s *Store) inLine(q *gorm.DB, list db.ID) *gorm.DB {
	return s.by(q, "leads_waiting").Where("list_id = ? AND state = ?", list, Waiting).Order("id")
}

// claimOne returns nil where the number is in another call right now; the lead then waits a little.
func (s *Store) claimOne(ctx context.Context, c *Campaign, l leadRow, seat Seat, f Fence, now time.Time) (*attemptRow, error) {
	a := attemptRow{ID: db.NewID(), CampaignID: c.ID, LeadID: l.ID, TryNo: l.Tries + 1, State: Claimed, Node: f.Node, Epoch: f.Epoch,
		SeatID: seat.ID, PhoneDigest: l.PhoneDigest, ClaimedAt: now}
	mine, err := s.takeNumber(ctx, a, now)
	if err != nil {
		return nil, err
	}
	if !mine {
		later := now.Add(numberBusy)
		return nil, update[leadRow](ctx, s, l.ID, map[string]any{"next_at": later})
	}
	took := s.db.In(ctx).Model(&leadRow{}).Where("id = ? AND state = ?", l.ID, Waiting).Updates(map[string]any{"state": Calling, "tries": a.TryNo, "updated_at": now})
	if took.Error != nil || took.RowsAffected == 0 {
		return nil, errors.Join(took.Error, s.freeNumber(ctx, a.ID))
	}
	took = s.db.In(ctx).Model(&Seat{}).Where("id = ? AND attempt_id = 0", seat.ID).Update("attempt_id", a.ID)
	if took.Error != nil || took.RowsAffected == 0 {
		return nil, errors.Join(took.Error, errLost)
	}
	return &a, s.db.In(ctx).Create(&a).Error
}

// takeNumber holds the number for an attempt; false where another attempt of the tenant
// has it. It asks who holds it and does not count rows: MySQL tells a row that it found
// in place as affected.
func (s *Store) takeNumber(ctx context.Context, a attemptRow, now time.Time) (bool, error) {
	row := inFlight{ID: db.NewID(), PhoneDigest: a.PhoneDigest, AttemptID: a.ID, CreatedAt: now}
	if err := s.db.In(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return false, err
	}
	var held inFlight
	err := s.db.In(ctx).Where("phone_digest = ?", a.PhoneDigest).First(&held).Error
	return held.AttemptID == a.ID, err
}

func (s *Store) freeNumber(ctx context.Context, attempt db.ID) error {
	return s.db.In(ctx).Where("attempt_id = ?", attempt).Delete(&inFlight{}).Error
}

// Attempt returns one attempt.
func (s *Store) attempt(ctx context.Context, id db.ID) (*attemptRow, error) {
	var a attemptRow
	err := s.db.In(ctx).First(&a, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "attempt.not_found")
	}
	return &a, err
}

// advance moves an attempt under its fence; errLost where it is not the fence's any
// more or does not stand where it was. That is what makes a task that runs twice harmless.
func (s *Store) advance(ctx context.Context, a *attemptRow, f Fence, next AttemptState, set map[string]any) error {
	if !a.State.CanGo(next) {
		return errLost
	}
	set["state"] = next
	res := s.db.In(ctx).Model(&attemptRow{}).Where("id = ? AND state = ? AND node = ? AND epoch = ?", a.ID, a.State, f.Node, f.Epoch).Updates(set)
	if res.Error == nil && res.RowsAffected == 0 {
		return errLost
	}
	if res.Error == nil {
		a.State = next
	}
	return res.Error
}

// holds says, with errLost where it does not, that the fence still has the attempt: asked
// when the call's row is there for the janitor to see, and before anybody is dialled.
func (s *Store) holds(ctx context.Context, a *attemptRow, f Fence) error {
	now, err := s.attempt(ctx, a.ID)
	if err != nil {
		return err
	}
	if now.State != Dialling || now.Node != f.Node || now.Epoch != f.Epoch {
		return errLost
	}
	return nil
}

// end closes an attempt with what came of it, inside the transaction that finishes its
// call: the lead is done, or waits until next; the seat and the number are free, the campaign counts.
func (s *Store) end(ctx context.Context, id db.ID, c *call.Call, outcome call.Outcome, next *time.Time, now time.Time) error {
	a, err := s.attempt(ctx, id)
	if err != nil {
		return fmt.Errorf("end attempt %d: %w", id, err)
	}
	set := map[string]any{"state": AttemptEnded, "outcome": outcome, "ended_at": now}
	lead := map[string]any{"state": Finished, "last_outcome": outcome, "updated_at": now}
	if c != nil {
		set["grade"], lead["last_call_id"] = c.Grade, c.ID
		if outcome.Connected() || c.Grade == "F" {
			lead["grade"] = c.Grade
		}
	}
	if next != nil {
		lead["state"], lead["next_at"] = Waiting, *next
		delete(lead, "grade")
	}
	res := s.db.In(ctx).Model(&attemptRow{}).Where("id = ? AND state <> ?", id, AttemptEnded).Updates(set)
	if res.Error != nil || res.RowsAffected == 0 {
		return errors.Join(res.Error, errOver(res))
	}
	if err := update[leadRow](ctx, s, a.LeadID, lead); err != nil {
		return err
	}
	if err := s.freeNumber(ctx, id); err != nil {
		return err
	}
	if err := s.db.In(ctx).Model(&Seat{}).Where("id = ? AND attempt_id = ?", a.SeatID, id).
		Updates(map[string]any{"attempt_id": 0, "dial_count": gorm.Expr("dial_count + ?", dialled(a))}).Error; err != nil {
		return err
	}
	return s.countCall(ctx, a, outcome, next != nil)
}

// endLate takes what came of a call whose attempt the janitor gave back before the call
// ended (its node was taken for dead and was not): the call stays a fact and is counted as
// one, and a lead that was reached after all is not called again. One that was claimed
// again meanwhile is counted as called by that attempt.
func (s *Store) endLate(ctx context.Context, a *attemptRow, c *call.Call, now time.Time) error {
	if cause := CauseOf(c.Outcome); cause != Reached && cause != Final {
		return nil
	}
	set := map[string]any{"state": Finished, "last_outcome": c.Outcome, "last_call_id": c.ID, "grade": c.Grade, "updated_at": now}
	took := s.db.In(ctx).Model(&leadRow{}).Where("id = ? AND state = ?", a.LeadID, Waiting).Updates(set)
	if took.Error != nil {
		return took.Error
	}
	return s.countCall(ctx, a, c.Outcome, took.RowsAffected == 0)
}

func errOver(res *gorm.DB) error {
	if res.Error != nil {
		return nil
	}
	return fmt.Errorf("the attempt is over already: %w", errLost)
}

func dialled(a *attemptRow) int {
	if a.State == Claimed {
		return 0
	}
	return 1
}

func (s *Store) countCall(ctx context.Context, a *attemptRow, outcome call.Outcome, again bool) error {
	called, connected := 1, 0
	if again {
		called = 0
	}
	if outcome.Connected() {
		connected = 1
	}
	return s.db.In(ctx).Model(&Campaign{}).Where("id = ?", a.CampaignID).
		Updates(map[string]any{"called": gorm.Expr("called + ?", called), "connected": gorm.Expr("connected + ?", connected)}).Error
}

// dials counts the attempts of a lead that went beyond the claim.
func (s *Store) dials(ctx context.Context, lead db.ID) (int, error) {
	var n int64
	err := s.db.In(ctx).Model(&attemptRow{}).Where("lead_id = ? AND dialled_at IS NOT NULL", lead).Count(&n).Error
	return int(n), err
}

// claimed lists attempts of a fence that wait for their call to be placed.
func (s *Store) claimed(ctx context.Context, f Fence, before time.Time) ([]attemptRow, error) {
	var as []attemptRow
	err := s.db.In(ctx).Where("state = ? AND node = ? AND epoch = ? AND claimed_at < ?", Claimed, f.Node, f.Epoch, before).Order("id").Limit(1000).Find(&as).Error
	return as, err
}

// flying counts attempts under way by campaign, tenant and node, over all tenants.
func (s *Store) flying(ctx context.Context) (byCampaign, byTenant map[db.ID]int, byNode map[string]int, total int, err error) {
	var rows []struct {
		TenantID   db.ID
		CampaignID db.ID
		Node       string
		N          int
	}
	err = s.db.In(ctx).Model(&attemptRow{}).Where("state IN ?", openStates).
		Select("tenant_id, campaign_id, node, count(*) AS n").Group("tenant_id, campaign_id, node").Scan(&rows).Error
	byCampaign, byTenant, byNode = map[db.ID]int{}, map[db.ID]int{}, map[string]int{}
	for _, r := range rows {
		byCampaign[r.CampaignID] += r.N
		byTenant[r.TenantID] += r.N
		byNode[r.Node] += r.N
		total += r.N
	}
	return byCampaign, byTenant, byNode, total, err
}

// freeSeatCount counts the seats of each campaign that may take a call now, over all tenants.
func (s *Store) freeSeatCount(ctx context.Context, now time.Time) (map[db.ID]int, error) {
	var rows []struct {
		CampaignID db.ID
		N          int
	}
	err := s.db.In(ctx).Model(&Seat{}).Where("campaign_id <> 0 AND attempt_id = 0 AND enabled = ? AND (valid_until IS NULL OR valid_until > ?)", true, now).
		Select("campaign_id, count(*) AS n").Group("campaign_id").Scan(&rows).Error
	out := map[db.ID]int{}
	for _, r := range rows {
		out[r.CampaignID] = r.N
	}
	return out, err
}

// leadsLeft says whether a campaign has leads that may be called now, and whether any wait at all.
func (s *Store) leadsLeft(ctx context.Context, list db.ID, now time.Time) (soon, ever bool, err error) {
	var l []leadRow
	waiting := s.inLine(s.db.In(ctx).Select("id"), list).Limit(1)
	if err = waiting.Session(&gorm.Session{}).Find(&l).Error; err != nil || len(l) == 0 {
		return false, false, err
	}
	err = waiting.Session(&gorm.Session{}).Where("next_at IS NULL OR next_at <= ?", now).Find(&l).Error
	return len(l) > 0, true, err
}

// Turnarounds returns how long seats of a campaign stood idle between calls, in ms, the latest 500.
func (s *Store) Turnarounds(ctx context.Context, campaign db.ID) ([]int64, error) {
	var ms []int64
	err := s.db.In(ctx).Model(&attemptRow{}).Where("campaign_id = ? AND state = ? AND turnaround_ms > 0", campaign, AttemptEnded).Order("id DESC").Limit(500).Pluck("turnaround_ms", &ms).Error
	return ms, err
}

// heads are the leads that would be called next.
func (s *Store) heads(ctx context.Context, list db.ID, n int, now time.Time) ([]leadRow, error) {
	var ls []leadRow
	err := s.inLine(s.db.In(ctx).Select("id", "phone_digest"), list).Where("next_at IS NULL OR next_at <= ?", now).Limit(n).Find(&ls).Error
	return ls, err
}

// inOlder returns those of the numbers that an older campaign of the tenant calls, has
// called or will call, as long as that one is not over. It costs a look into an index
// for each number and list, however long the lists are.
func (s *Store) inOlder(ctx context.Context, c *Campaign, digests []string) (found []string, err error) {
	var lists []db.ID // asked first: of a subquery MariaDB makes a walk through whole lists
	err = s.db.In(ctx).Model(&Campaign{}).Where("id < ? AND state IN ?", c.ID, []State{NotStarted, Running, Paused}).Pluck("list_id", &lists).Error
	if err != nil || len(lists) == 0 {
		return nil, err
	}
	for part := range chunks(digests, 500) {
		var some []string
		if err := s.db.In(ctx).Model(&leadRow{}).Where("phone_digest IN ? AND list_id IN ?", part, lists).Distinct().Pluck("phone_digest", &some).Error; err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// skip finishes leads without a call.
func (s *Store) skip(ctx context.Context, c *Campaign, leads []db.ID, why string, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		res := s.db.In(ctx).Model(&leadRow{}).Where("id IN ? AND state = ?", leads, Waiting).
			Updates(map[string]any{"state": Finished, "last_outcome": why, "updated_at": now})
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		return s.db.In(ctx).Model(&Campaign{}).Where("id = ?", c.ID).Update("called", gorm.Expr("called + ?", res.RowsAffected)).Error
	})
}

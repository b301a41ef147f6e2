package campaign

import (
	"context"
	"slices"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// Store is the rows of the room; attempts and their claiming are in store_attempt.go,
// lists and imports in store_list.go.
type Store struct{ db *db.DB }

// NewStore makes the store.
func NewStore(d *db.DB) *Store { return &Store{d} }

// one reads a row by id, or says missing in the room's words.
func one[T any](ctx context.Context, s *Store, id db.ID, missing string) (*T, error) {
	var row T
	err := s.db.In(ctx).Scopes(db.Visible(ctx)).First(&row, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, missing)
	}
	return &row, err
}

// Campaign returns the campaign with id; NotFound also where it is not the person's to see.
func (s *Store) Campaign(ctx context.Context, id db.ID) (*Campaign, error) {
	return one[Campaign](ctx, s, id, "campaign.not_found")
}

// Seat returns one seat.
func (s *Store) Seat(ctx context.Context, id db.ID) (*Seat, error) {
	return one[Seat](ctx, s, id, "seat.not_found")
}

// Template returns one time template.
func (s *Store) Template(ctx context.Context, id db.ID) (*Template, error) {
	return one[Template](ctx, s, id, "template.not_found")
}

// templatesOf returns the time templates of campaigns, over all tenants.
func (s *Store) templatesOf(ctx context.Context, cs []Campaign) (map[db.ID]Template, error) {
	ids := make([]db.ID, len(cs))
	for i, c := range cs {
		ids[i] = c.TemplateID
	}
	out := map[db.ID]Template{}
	for part := range chunks(slices.Compact(slices.Sorted(slices.Values(ids))), 500) {
		var ts []Template
		if err := s.db.In(ctx).Select("id", "tenant_id", "spec").Where("id IN ?", part).Find(&ts).Error; err != nil {
			return nil, err
		}
		for _, t := range ts {
			out[t.ID] = t
		}
	}
	return out, nil
}

// hasTemplate says, with NotFound, that a campaign's hours were deleted.
func (s *Store) hasTemplate(ctx context.Context, id db.ID) error {
	var n int64
	err := s.db.In(ctx).Model(&Template{}).Where("id = ?", id).Count(&n).Error
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "template.not_found")
	}
	return err
}

// CampaignFilter narrows a list of campaigns.
type CampaignFilter struct {
	Text     string
	States   []string
	Script   db.ID
	From, To time.Time
}

// Campaigns returns a page, newest first.
func (s *Store) Campaigns(ctx context.Context, f CampaignFilter, after db.ID, limit, countCap int) (db.Page[Campaign], error) {
	q := s.db.In(ctx).Scopes(db.Visible(ctx))
	if f.Text != "" {
		q = q.Scopes(db.Contains(f.Text, "name"))
	}
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if f.Script != 0 {
		q = q.Where("script_id = ?", f.Script)
	}
	if !f.From.IsZero() {
		q = q.Where("id >= ?", db.IDAt(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("id < ?", db.IDAt(f.To))
	}
	return db.NewestFirst(q, after, limit, countCap, func(c Campaign) db.ID { return c.ID })
}

// Names tells what campaigns are called.
func (s *Store) Names(ctx context.Context, ids []db.ID) (map[db.ID]string, error) {
	var cs []Campaign
	err := s.db.In(ctx).Select("id", "name").Where("id IN ?", ids).Find(&cs).Error
	names := make(map[db.ID]string, len(cs))
	for _, c := range cs {
		names[c.ID] = c.Name
	}
	return names, err
}

// move changes the state where it still is what it was; Conflict where somebody was quicker.
func (s *Store) move(ctx context.Context, c *Campaign, next State, set map[string]any) error {
	set["state"], set["updated_at"] = next, time.Now().UTC()
	res := s.db.In(ctx).Model(&Campaign{}).Where("id = ? AND state = ?", c.ID, c.State).Updates(set)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New(errs.Conflict, "campaign.changed_meanwhile")
	}
	c.State = next
	return res.Error
}

// countStates counts campaigns by state.
func (s *Store) countStates(ctx context.Context) (map[State]int64, error) {
	var rows []struct {
		State State
		N     int64
	}
	err := s.db.In(ctx).Model(&Campaign{}).Scopes(db.Visible(ctx)).Select("state, count(*) AS n").Group("state").Scan(&rows).Error
	out := map[State]int64{NotStarted: 0, Running: 0, Paused: 0, Terminated: 0, Completed: 0}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, err
}

// due lists, over all tenants, what the dispatcher must look at: running campaigns and
// scheduled ones whose time has come.
func (s *Store) due(ctx context.Context, now time.Time) ([]Campaign, error) {
	var cs []Campaign
	err := s.db.In(ctx).Where("state = ? OR state = ? AND start_at IS NOT NULL AND start_at <= ?", Running, NotStarted, now).Order("id").Find(&cs).Error
	return cs, err
}

// holdSeats gives idle seats to a campaign; Conflict with the first that is not to be had.
func (s *Store) holdSeats(ctx context.Context, campaign db.ID, seats []db.ID, now time.Time) error {
	for _, id := range seats {
		seat, err := s.Seat(ctx, id)
		if err != nil {
			return err
		}
		if seat.CampaignID == campaign {
			continue
		}
		if st := seat.State(now); st != SeatIdle {
			return errs.New(errs.Conflict, "seat.not_idle", "number", seat.Number, "state", st)
		}
		res := s.db.In(ctx).Model(&Seat{}).Where("id = ? AND campaign_id = 0", id).Update("campaign_id", campaign)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return errs.New(errs.Conflict, "seat.not_idle", "number", seat.Number, "state", SeatInService)
		}
	}
	return nil
}

// freeSeats takes the seats from a campaign that is over. A seat that still talks is
// free for others when its call has ended (end of attempt).
func (s *Store) freeSeats(ctx context.Context, campaign db.ID) error {
	return s.db.In(ctx).Model(&Seat{}).Where("campaign_id = ?", campaign).Update("campaign_id", 0).Error
}

// heldBy lists the seats that a campaign holds.
func (s *Store) heldBy(ctx context.Context, campaign db.ID) (ids []db.ID, err error) {
	err = s.db.In(ctx).Model(&Seat{}).Where("campaign_id = ?", campaign).Pluck("id", &ids).Error
	return ids, err
}

// leaveSeats takes some seats from a campaign.
func (s *Store) leaveSeats(ctx context.Context, campaign db.ID, seats []db.ID) error {
	return s.db.In(ctx).Model(&Seat{}).Where("campaign_id = ? AND id IN ?", campaign, seats).Update("campaign_id", 0).Error
}

// Seats lists seats by number.
func (s *Store) Seats(ctx context.Context, text string) ([]Seat, error) {
	q := s.db.In(ctx).Scopes(db.Visible(ctx)).Order("number")
	if text != "" {
		q = q.Scopes(db.Contains(text, "number", "name"))
	}
	var ss []Seat
	err := q.Limit(2000).Find(&ss).Error
	return ss, err
}

func (s *Store) seatsOf(ctx context.Context, ids []db.ID) ([]Seat, error) {
	var ss []Seat
	err := s.db.In(ctx).Where("id IN ?", ids).Order("number").Find(&ss).Error
	return ss, err
}

// Templates lists time templates with how many live campaigns use each.
func (s *Store) Templates(ctx context.Context) ([]Template, map[db.ID]int64, error) {
	var ts []Template
	if err := s.db.In(ctx).Scopes(db.Visible(ctx)).Order("id DESC").Limit(500).Find(&ts).Error; err != nil {
		return nil, nil, err
	}
	var rows []struct {
		TemplateID db.ID
		N          int64
	}
	err := s.db.In(ctx).Model(&Campaign{}).Where("state IN ?", []State{NotStarted, Running, Paused}).Select("template_id, count(*) AS n").Group("template_id").Scan(&rows).Error
	used := map[db.ID]int64{}
	for _, r := range rows {
		used[r.TemplateID] = r.N
	}
	return ts, used, err
}

func create[T any](ctx context.Context, s *Store, row *T, taken string, kv ...any) error {
	err := s.db.In(ctx).Create(row).Error
	if db.IsDuplicate(err) {
		return errs.New(errs.Conflict, taken, kv...)
	}
	return err
}

func update[T any](ctx context.Context, s *Store, id db.ID, set map[string]any) error {
	return s.db.In(ctx).Model(new(T)).Where("id = ?", id).Updates(set).Error
}

// RulesOf returns what a campaign does besides calling; system-made, so not narrowed to a person's reach.
func (s *Store) RulesOf(ctx context.Context, id db.ID) (Rules, error) {
	var c Campaign
	err := s.db.In(ctx).Select("id", "rules").First(&c, id).Error
	if db.IsMissing(err) {
		return Rules{}, nil
	}
	return c.rules(), err
}

// CountByScript counts the campaigns that use a script.
func (s *Store) CountByScript(ctx context.Context, script db.ID) (n int64, err error) {
	err = s.db.In(ctx).Model(&Campaign{}).Where("script_id = ?", script).Count(&n).Error
	return n, err
}

// AddSeat makes a robot seat for the tenant in ctx; operators approve them (FEATURES A10.1).
func (s *Store) AddSeat(ctx context.Context, number, name string, until time.Time) error {
	return create(ctx, s, &Seat{ID: db.NewID(), Number: number, Name: name, Enabled: true, ValidUntil: &until, CreatedAt: time.Now().UTC()}, "seat.exists", "number", number)
}

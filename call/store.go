package call

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// Store is the rows of the room.
type Store struct{ db *db.DB }

// NewStore makes the store.
func NewStore(d *db.DB) *Store { return &Store{d} }

// Party is one side of a call (DESIGN: one call has many parties).
type party struct {
	ID       db.ID
	TenantID db.ID
	CallID   db.ID
	Who      string
	SeatID   db.ID
	UserID   db.ID
	JoinedAt *time.Time
	LeftAt   *time.Time
}

func (party) TableName() string { return "call_parties" }

// transcript is the compressed document of one call.
type transcript struct {
	ID       db.ID
	TenantID db.ID
	CallID   db.ID
	Doc      []byte // deflated JSON of []Turn
}

type turnJournal struct {
	ID       db.ID
	TenantID db.ID
	CallID   db.ID
	Seq      int
	Doc      string
}

// Open writes the row of a call that is about to be placed.
func (s *Store) Open(ctx context.Context, c *Call) error {
	c.State = Live
	if c.Reason == nil {
		c.Reason = json.RawMessage("{}")
	}
	if c.Facts == nil {
		c.Facts = json.RawMessage("{}")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.db.In(ctx).Create(c).Error; err != nil {
			return fmt.Errorf("open call %d: %w", c.ID, err)
		}
		return s.db.In(ctx).Create([]party{
			{ID: db.NewID(), CallID: c.ID, Who: "callee"}, {ID: db.NewID(), CallID: c.ID, Who: "robot", SeatID: c.SeatID},
		}).Error
	})
}

// Answer notes the answer while the call is live.
func (s *Store) Answer(ctx context.Context, c *Call, at time.Time) error {
	c.AnsweredAt = &at
	if err := s.db.In(ctx).Model(&Call{}).Where("id = ? AND state = ? AND epoch = ?", c.ID, Live, c.Epoch).Update("answered_at", at).Error; err != nil {
		return err
	}
	return s.db.In(ctx).Model(&party{}).Where("call_id = ?", c.ID).Update("joined_at", at).Error
}

// Journal keeps what has been said so far, so that a dead node loses at most what
// came after. doc is whatever the conversation's owner wants back from Journalled.
func (s *Store) Journal(ctx context.Context, id db.ID, seq int, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return s.db.In(ctx).Create(&turnJournal{ID: db.NewID(), CallID: id, Seq: seq, Doc: string(b)}).Error
}

// Journalled hands every journal entry of a live call to each, in order.
func (s *Store) Journalled(ctx context.Context, id db.ID, each func(doc []byte) error) error {
	var rows []turnJournal
	if err := s.db.In(ctx).Where("call_id = ?", id).Order("seq").Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		if err := each([]byte(r.Doc)); err != nil {
			return err
		}
	}
	return nil
}

// LiveBeside lists calls under way, the longest first, on other nodes than these (name →
// epoch). For the janitor, in a system scope: however many calls the living carry, it sees
// those of the dead.
func (s *Store) LiveBeside(ctx context.Context, alive map[string]int64) ([]Call, error) {
	q := s.db.In(ctx).Where("state = ?", Live)
	for node, epoch := range alive {
		q = q.Where("NOT (node = ? AND epoch = ?)", node, epoch)
	}
	var cs []Call
	err := q.Order("id").Limit(5000).Find(&cs).Error
	return cs, err
}

// Latest returns the n calls placed last, since a moment, of which is known whether the
// line let them through: they have ended, or were answered. In a system scope, over all tenants.
func (s *Store) Latest(ctx context.Context, since time.Time, n int) ([]Call, error) {
	var cs []Call
	err := s.db.In(ctx).Select("id", "node", "epoch", "state", "outcome", "sip_status", "answered_at").
		Where("id > ? AND (state = ? OR answered_at IS NOT NULL)", db.IDAt(since), Ended).Order("id DESC").Limit(n).Find(&cs).Error
	return cs, err
}

// close writes the facts under the fence; false where the call is not live any more
// or belongs to another node's epoch.
func (s *Store) close(ctx context.Context, c *Call) (bool, error) {
	res := s.db.In(ctx).Model(&Call{}).Where("id = ? AND state = ? AND node = ? AND epoch = ?", c.ID, Live, c.Node, c.Epoch).
		Select("State", "Outcome", "Grade", "Reason", "Rounds", "AnsweredAt", "EndedAt", "DurationMs", "TalkMs", "EndedBy", "SIPStatus", "SIPReason",
			"Interrupted", "RecordingKey", "RecordingBytes", "Facts", "Trunk").Updates(c)
	return res.RowsAffected == 1, res.Error
}

func (s *Store) saveTranscript(ctx context.Context, id db.ID, turns []Turn) error {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed)
	if err := json.NewEncoder(w).Encode(turns); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := s.db.In(ctx).Create(&transcript{ID: db.NewID(), CallID: id, Doc: b.Bytes()}).Error; err != nil {
		return err
	}
	return s.db.In(ctx).Where("call_id = ?", id).Delete(&turnJournal{}).Error
}

// Transcript returns what was said; empty where nothing was.
func (s *Store) Transcript(ctx context.Context, id db.ID) ([]Turn, error) {
	var t transcript
	err := s.db.In(ctx).Where("call_id = ?", id).First(&t).Error
	if db.IsMissing(err) {
		return []Turn{}, nil
	}
	if err != nil {
		return nil, err
	}
	var turns []Turn
	return turns, json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(t.Doc)), 8<<20)).Decode(&turns)
}

// Call returns one call that the person in ctx may see.
func (s *Store) Call(ctx context.Context, id db.ID) (*Call, error) {
	var c Call
	err := s.db.In(ctx).Scopes(visible(ctx)).First(&c, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "call.not_found")
	}
	return &c, err
}

// visible: those who see only their own see the calls assigned to them (FEATURES A6.2).
func visible(ctx context.Context) func(*gorm.DB) *gorm.DB {
	if sc := db.ScopeOf(ctx); sc.Reach == db.Own {
		return func(q *gorm.DB) *gorm.DB { return q.Where("assigned_to = ?", sc.User) }
	}
	return db.Visible(ctx)
}

// Filter narrows a list of calls; zero values do not narrow.
type Filter struct {
	Campaign, Seat, Customer db.ID
	Grades                   []string
	Outcomes                 []string
	Text                     string // part of the name, or the last four digits
	From, To                 time.Time
	MinMs, MaxMs             int64
	MinRounds                int
	Assigned                 string // "yes", "no"
}

func (f Filter) narrow(q *gorm.DB) *gorm.DB {
	q = q.Where("state = ?", Ended)
	add := func(on bool, where string, args ...any) {
		if on {
			q = q.Where(where, args...)
		}
	}
	add(f.Campaign != 0, "campaign_id = ?", f.Campaign)
	add(f.Seat != 0, "seat_id = ?", f.Seat)
	add(f.Customer != 0, "customer_id = ?", f.Customer)
	add(len(f.Grades) > 0, "grade IN ?", f.Grades)
	add(len(f.Outcomes) > 0, "outcome IN ?", f.Outcomes)
	add(!f.From.IsZero(), "id >= ?", db.IDAt(f.From))
	add(!f.To.IsZero(), "id < ?", db.IDAt(f.To))
	add(f.MinMs > 0, "talk_ms >= ?", f.MinMs)
	add(f.MaxMs > 0, "talk_ms <= ?", f.MaxMs)
	add(f.MinRounds > 0, "rounds >= ?", f.MinRounds)
	add(f.Assigned == "yes", "assigned_to <> 0")
	add(f.Assigned == "no", "assigned_to = 0")
	if t := strings.TrimSpace(f.Text); tenant.IsLast4(t) {
		q = q.Where("phone_last4 = ?", t)
	} else if t != "" {
		q = q.Scopes(db.Contains(t, "name"))
	}
	return q
}

// List returns a page of ended calls, newest first.
func (s *Store) List(ctx context.Context, f Filter, after db.ID, limit, countCap int) (db.Page[Call], error) {
	q := f.narrow(s.db.In(ctx).Scopes(visible(ctx)))
	return db.NewestFirst(q, after, limit, countCap, func(c Call) db.ID { return c.ID })
}

// ByIDs returns those of the calls that the person in ctx may see.
func (s *Store) ByIDs(ctx context.Context, ids []db.ID) ([]Call, error) {
	var cs []Call
	err := s.db.In(ctx).Scopes(visible(ctx)).Where("id IN ?", ids).Find(&cs).Error
	return cs, err
}

// assign gives an unassigned call to a person; false where somebody has it already.
func (s *Store) assign(ctx context.Context, id, user db.ID, view string) (bool, error) {
	res := s.db.In(ctx).Model(&Call{}).Where("id = ? AND assigned_to = 0", id).Updates(map[string]any{"assigned_to": user, "assigned_view": view})
	return res.RowsAffected == 1, res.Error
}

// SetCustomer links ended calls to the customer that crm made of the number.
func (s *Store) SetCustomer(ctx context.Context, id, customer db.ID) error {
	return s.db.In(ctx).Model(&Call{}).Where("id = ? AND customer_id = 0", id).Update("customer_id", customer).Error
}

var conflictOnKey = clause.OnConflict{Columns: []clause.Column{
	{Name: "tenant_id"}, {Name: "hour"}, {Name: "campaign_id"}, {Name: "seat_id"}, {Name: "outcome"}, {Name: "grade"}, {Name: "rounds"},
}}

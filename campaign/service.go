package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"yingda/call"
	"yingda/platform/clock"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/scriptflow"
	"yingda/tenant"
)

// Scripts is what a campaign needs of the scripts on the shelf.
type Scripts interface {
	// Published returns the newest published version of a script and its name; Conflict
	// where it has none.
	Published(ctx context.Context, script db.ID) (version int, name string, err error)
	// Flow returns a published version, compiled.
	Flow(ctx context.Context, script db.ID, version int) (*scriptflow.Flow, error)
	Names(ctx context.Context, ids []db.ID) (map[db.ID]string, error)
}

// Blocklist is the do-not-call list (crm keeps it).
type Blocklist func(ctx context.Context, digests []string) (map[string]bool, error)

// Service is what can be done with campaigns, their lists, seats and hours.
type Service struct {
	*Store
	Clock         clock.Clock
	People        *tenant.Service
	Calls         *call.Service
	Scripts       Scripts
	Blocked       Blocklist
	Texts         Texts // what notify may send; nil = nothing
	Files         Files
	Queue         Queue
	Patience      Patience
	Legal         Window // nobody is called outside of it, whatever the template says (FEATURES A9.1)
	Live          func(ctx context.Context, topic string, payload any)
	SampleNumbers []string // whom the sample Excel lets a newcomer call
	Checks        []Check  // what else must be there before the first call (FEATURES A1.1)

	why     sync.Map // campaign → Why: why no call is placed right now
	freed   sync.Map // seat → time: when its last call ended
	telling telling
	wake    chan struct{}
	started time.Time
}

// New makes the service; cmd fills in the fields that other rooms provide.
func New(s *Store, c clock.Clock, people *tenant.Service, calls *call.Service) *Service {
	return &Service{Store: s, Clock: c, People: people, Calls: calls, Patience: DefaultPatience, Legal: LegalWindow, wake: make(chan struct{}, 1), started: c.Now()}
}

// Draft is what a person asks for in the wizard (FEATURES A3.3).
type Draft struct {
	Name       string
	ScriptID   db.ID
	ImportID   db.ID
	TemplateID db.ID
	Start      string // now, later, manual
	StartAt    *time.Time
	Rules      Rules
}

// Create makes a campaign of a ready import and holds its seats. Its leads, script and
// seats are checked together, and everything that is wrong is named at once.
func (s *Service) Create(ctx context.Context, d Draft) (*Campaign, error) {
	c, im, err := s.check(ctx, d)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		took := s.db.In(ctx).Model(&importRow{}).Where("id = ? AND state = ? AND campaign_id = 0", im.ID, Ready).Update("campaign_id", c.ID)
		if took.Error != nil {
			return took.Error
		}
		if took.RowsAffected == 0 {
			return errs.New(errs.Conflict, "import.used_already")
		}
		if d.Start != "manual" {
			if err := s.holdSeats(ctx, c.ID, d.Rules.Seats, s.Clock.Now()); err != nil {
				return err
			}
		}
		if err := s.db.In(ctx).Create(c).Error; err != nil {
			return err
		}
		if err := s.People.Audit(ctx, "campaign.create", "campaign", c.ID, "name", c.Name, "leads", c.Total); err != nil || d.Start != "now" {
			return err
		}
		return s.step(ctx, c.ID, Running, "campaign.start", s.starting)
	})
	if err != nil {
		return nil, err
	}
	s.taken(ctx, im)
	s.moved(ctx, c.ID)
	return c, nil
}

// check finds everything that is wrong with a draft. A fault of ours (the database is
// away) is returned as it is and not blamed on a field.
func (s *Service) check(ctx context.Context, d Draft) (*Campaign, *importRow, error) {
	w := &wrongs{}
	version, _, err := s.Scripts.Published(ctx, d.ScriptID)
	w.note("script_id", err)
	_, err = s.Template(ctx, d.TemplateID)
	w.note("template_id", err)
	im, err := s.Import(ctx, d.ImportID)
	if w.note("import_id", err); err == nil && (im.State != Ready || im.Accepted == 0) {
		w.note("import_id", errs.New(errs.Invalid, "import.not_ready"))
	}
	now := s.Clock.Now()
	if d.Start == "later" && (d.StartAt == nil || !d.StartAt.After(now)) {
		w.note("start_at", errs.New(errs.Invalid, "campaign.start_in_past"))
	}
	rulesWrong, err := s.wrongRules(ctx, d.Rules)
	w.add(rulesWrong, err)
	if err := w.err(); err != nil {
		return nil, nil, err
	}
	rules, err := json.Marshal(d.Rules)
	if err != nil {
		return nil, nil, err
	}
	p := tenant.PersonOf(ctx)
	c := &Campaign{ID: db.NewID(), OwnerID: p.User, DepartmentID: p.Department, Name: d.Name, State: NotStarted, ScriptID: d.ScriptID, ScriptVersion: version,
		ListID: im.ID, TemplateID: d.TemplateID, Rules: rules, Total: im.Accepted, CreatedByName: p.Name, CreatedAt: now, UpdatedAt: now}
	if d.Start == "later" {
		at := d.StartAt.UTC()
		c.StartAt = &at
	}
	return c, im, nil
}

// wrongs gathers wrong fields, and the first fault that is not the person's.
type wrongs struct {
	fields []errs.Field
	ours   error
}

func (w *wrongs) note(path string, err error) {
	var e *errs.Error
	switch {
	case err == nil:
	case errors.As(err, &e) && e.Kind != errs.Internal:
		w.fields = append(w.fields, errs.Field{Path: path, Key: e.Key, Args: e.Args})
	case w.ours == nil:
		w.ours = err
	}
}

func (w *wrongs) add(fields []errs.Field, err error) {
	w.fields = append(w.fields, fields...)
	if w.ours == nil {
		w.ours = err
	}
}

func (w *wrongs) err() error {
	if w.ours != nil || len(w.fields) == 0 {
		return w.ours
	}
	return errs.New(errs.Invalid, "invalid").With(w.fields...)
}

// Start lets a campaign that has not started or is paused run, and takes its seats if it does not hold them.
func (s *Service) Start(ctx context.Context, id db.ID) error {
	return s.shift(ctx, id, Running, "campaign.start", s.starting)
}

func (s *Service) starting(ctx context.Context, c *Campaign) (map[string]any, error) {
	if err := s.hasTemplate(ctx, c.TemplateID); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	set := map[string]any{}
	if c.StartedAt == nil {
		set["started_at"] = now
	}
	return set, s.holdSeats(ctx, c.ID, c.rules().Seats, now)
}

// Pause stops new calls; running ones end by themselves (FEATURES A3.4).
func (s *Service) Pause(ctx context.Context, id db.ID) error {
	return s.shift(ctx, id, Paused, "campaign.pause", nil)
}

// Resume goes on with a paused campaign.
func (s *Service) Resume(ctx context.Context, id db.ID) error {
	c, err := s.Campaign(ctx, id)
	if err == nil && c.State != Paused {
		return cannotGo(c.State, Running)
	}
	if err != nil {
		return err
	}
	return s.Start(ctx, id)
}

// Terminate ends a campaign for good and frees its seats.
func (s *Service) Terminate(ctx context.Context, id db.ID) error {
	return s.shift(ctx, id, Terminated, "campaign.terminate", s.close)
}

// closeIfOver is close for a campaign that has nobody left: asked again inside the
// transaction, since a call may have begun, or a lead have come back, since the dispatcher looked.
func (s *Service) closeIfOver(ctx context.Context, c *Campaign) (map[string]any, error) {
	active, err := s.activeOf(ctx, []db.ID{c.ID})
	if err != nil {
		return nil, err
	}
	_, ever, err := s.leadsLeft(ctx, c.ListID, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	if ever || active[c.ID] > 0 {
		return nil, cannotGo(c.State, Completed)
	}
	return s.close(ctx, c)
}

func (s *Service) close(ctx context.Context, c *Campaign) (map[string]any, error) {
	return map[string]any{"ended_at": s.Clock.Now()}, s.freeSeats(ctx, c.ID)
}

// shift makes one legal move in a transaction, with the operation log (FEATURES A3.1).
func (s *Service) shift(ctx context.Context, id db.ID, next State, action string, with also) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return s.step(ctx, id, next, action, with) })
	if err == nil {
		s.moved(ctx, id)
	}
	return err
}

// also is what else changes with a move; nil is nothing.
type also func(context.Context, *Campaign) (map[string]any, error)

// step is one legal move inside a transaction; call moved after the commit.
func (s *Service) step(ctx context.Context, id db.ID, next State, action string, with also) error {
	c, err := s.Campaign(ctx, id)
	if err != nil {
		return err
	}
	was := c.State
	if !was.CanGo(next) || was == Completed && action != "campaign.redial" {
		return cannotGo(was, next)
	}
	set := map[string]any{}
	if with != nil {
		if set, err = with(ctx, c); err != nil {
			return err
		}
	}
	if err := s.move(ctx, c, next, set); err != nil {
		return err
	}
	return s.People.Audit(ctx, action, "campaign", id, "from", was, "to", next)
}

// moved tells the dispatcher and the browsers.
func (s *Service) moved(ctx context.Context, id db.ID) {
	s.why.Delete(id)
	s.Wake()
	s.tell(ctx, id)
}

func cannotGo(from, to State) error {
	return errs.New(errs.Conflict, "campaign.cannot_go", "from", from, "to", to)
}

// Delete removes a campaign that was never started, with its list (FEATURES A3.2).
func (s *Service) Delete(ctx context.Context, id db.ID) error {
	var list db.ID
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		c, err := s.Campaign(ctx, id)
		if err != nil {
			return err
		}
		if c.State != NotStarted {
			return errs.New(errs.Conflict, "campaign.delete_only_new", "state", c.State)
		}
		if err := s.freeSeats(ctx, id); err != nil {
			return err
		}
		res := s.db.In(ctx).Where("id = ? AND state = ?", id, NotStarted).Delete(&Campaign{})
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return errs.New(errs.Conflict, "campaign.changed_meanwhile")
		}
		list = c.ListID
		return s.People.Audit(ctx, "campaign.delete", "campaign", id, "name", c.Name)
	})
	if err != nil {
		return err
	}
	s.dropListOf(context.WithoutCancel(ctx), list) // in pieces, outside of the transaction: calls go on beside it
	return nil
}

// Copy makes a new campaign with the same leads and rules, not started. The leads are
// copied in pieces; the campaign appears when all are there.
func (s *Service) Copy(ctx context.Context, id db.ID, name string) (*Campaign, error) {
	old, err := s.Campaign(ctx, id)
	if err != nil {
		return nil, err
	}
	im, err := s.Import(ctx, old.ListID)
	if err != nil {
		return nil, err
	}
	p, now := tenant.PersonOf(ctx), s.Clock.Now()
	list := *im // one that is broken until all its leads are there: a copy that is broken off is tidied up
	list.ID, list.CampaignID, list.State, list.FailKey, list.CreatedAt, list.UpdatedAt = db.NewID(), 0, Broken, "work.cancelled", now, now
	list.BlobKey, list.RejectKey = "", ""
	c := *old
	c.ID, c.ListID, c.State, c.Called, c.Connected, c.StartAt, c.StartedAt, c.EndedAt = db.NewID(), list.ID, NotStarted, 0, 0, nil, nil, nil
	c.Name, c.OwnerID, c.DepartmentID, c.CreatedByName, c.CreatedAt, c.UpdatedAt = name, p.User, p.Department, p.Name, now, now
	if err := s.db.In(ctx).Create(&list).Error; err != nil {
		return nil, err
	}
	if c.Total, err = s.copyList(ctx, old.ListID, list.ID); err == nil {
		err = s.db.Tx(ctx, func(ctx context.Context) error { return s.copied(ctx, id, &c) })
	}
	if err != nil {
		return nil, errors.Join(err, s.dropList(context.WithoutCancel(ctx), &list))
	}
	return &c, nil
}

// copied makes the copy appear, with its list.
func (s *Service) copied(ctx context.Context, from db.ID, c *Campaign) error {
	if err := update[importRow](ctx, s.Store, c.ListID, map[string]any{"state": Ready, "campaign_id": c.ID, "fail_key": ""}); err != nil {
		return err
	}
	if err := s.People.Audit(ctx, "campaign.copy", "campaign", c.ID, "from", from); err != nil {
		return err
	}
	return s.db.In(ctx).Create(c).Error
}

package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/locale"
)

// Work is a long task that a person started: an import, rendering prompts, an
// export. It is visible from everywhere until it has been seen.
type Work struct {
	ID        db.ID
	TenantID  db.ID
	UserID    db.ID
	Kind      string // "import", "publish"
	TitleKey  string
	TitleArgs json.RawMessage `gorm:"type:json"`
	State     WorkState
	Done      int64
	Total     int64
	Result    json.RawMessage `gorm:"type:json"` // WorkResult
	Cancel    bool
	Seen      bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is where work is kept.
func (Work) TableName() string { return "tasks" }

// WorkState is where long work stands.
type WorkState string

const (
	Queued    WorkState = "queued"
	Running   WorkState = "running"
	Done      WorkState = "done"
	Failed    WorkState = "failed"
	Cancelled WorkState = "cancelled"
)

// WorkResult is what came of it: a sentence, and where to go or what to download.
type WorkResult struct {
	Key  string         `json:"key,omitempty"`
	Args map[string]any `json:"args,omitempty"`
	URL  string         `json:"url,omitempty"`
}

// ErrCancelled is what Progress returns once the person cancelled the work.
var ErrCancelled = errs.New(errs.Conflict, "work.cancelled")

// StartWork opens a piece of long work for the person in ctx.
func (s *Service) StartWork(ctx context.Context, kind, titleKey string, args map[string]any, total int64) (*Work, error) {
	now := s.now()
	b, _ := json.Marshal(args)
	w := &Work{ID: db.NewID(), UserID: PersonOf(ctx).User, Kind: kind, TitleKey: titleKey, TitleArgs: b, State: Queued, Total: total, CreatedAt: now, UpdatedAt: now, Result: []byte("{}")}
	err := s.db.In(ctx).Create(w).Error
	s.tell(ctx, *w)
	return w, err
}

// Progress reports how far the work is; ErrCancelled tells the worker to stop.
func (s *Service) Progress(ctx context.Context, id db.ID, done, total int64) error {
	w, err := s.work(ctx, id)
	if err != nil {
		return err
	}
	if w.Cancel {
		return ErrCancelled
	}
	w.State, w.Done, w.Total, w.UpdatedAt = Running, done, total, s.now()
	err = s.db.In(ctx).Model(&Work{}).Where("id = ? AND state IN ?", id, []WorkState{Queued, Running}).
		Updates(map[string]any{"state": Running, "done": done, "total": total, "updated_at": w.UpdatedAt}).Error
	s.tell(ctx, *w)
	return err
}

// EndWork closes the work: Done without an error, Cancelled for ErrCancelled, else Failed with the error's sentence.
func (s *Service) EndWork(ctx context.Context, id db.ID, r WorkResult, failure error) error {
	state := Done
	var e *errs.Error
	switch {
	case errors.Is(failure, ErrCancelled):
		state, r = Cancelled, WorkResult{Key: "work.cancelled", URL: r.URL}
	case errors.As(failure, &e) && e.Kind != errs.Internal:
		state, r = Failed, WorkResult{Key: e.Key, Args: e.Args, URL: r.URL}
	case failure != nil:
		state, r = Failed, WorkResult{Key: "internal", URL: r.URL}
	}
	b, _ := json.Marshal(r)
	err := s.db.In(ctx).Model(&Work{}).Where("id = ?", id).Updates(map[string]any{"state": state, "result": b, "updated_at": s.now()}).Error
	if w, werr := s.work(ctx, id); werr == nil {
		s.tell(ctx, *w)
	}
	return err
}

// CancelWork asks running work to stop.
func (s *Service) CancelWork(ctx context.Context, id db.ID) error { return s.flag(ctx, id, "cancel") }

// SeeWork takes finished work out of sight.
func (s *Service) SeeWork(ctx context.Context, id db.ID) error { return s.flag(ctx, id, "seen") }

func (s *Service) flag(ctx context.Context, id db.ID, column string) error {
	res := s.db.In(ctx).Model(&Work{}).Where("id = ? AND user_id = ?", id, PersonOf(ctx).User).Updates(map[string]any{column: true})
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New(errs.NotFound, "work.not_found")
	}
	return res.Error
}

// MyWork lists what the person in ctx started and has not seen ended.
func (s *Service) MyWork(ctx context.Context) ([]Work, error) {
	var ws []Work
	err := s.db.In(ctx).Where("user_id = ? AND seen = ?", PersonOf(ctx).User, false).Order("id DESC").Limit(50).Find(&ws).Error
	return ws, err
}

func (s *Service) work(ctx context.Context, id db.ID) (*Work, error) {
	var w Work
	err := s.db.In(ctx).First(&w, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "work.not_found")
	}
	return &w, err
}

// OnWork names who is told of every change of long work (the event stream).
func (s *Service) OnWork(f func(ctx context.Context, w Work)) { s.publish = f }

func (s *Service) tell(ctx context.Context, w Work) {
	if s.publish != nil {
		s.publish(ctx, w)
	}
}

// WorkView is long work as a person sees it.
type WorkView struct {
	ID        db.ID     `json:"id"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	State     WorkState `json:"state" enum:"queued,running,done,failed,cancelled"`
	Done      int64     `json:"done"`
	Total     int64     `json:"total"`
	Result    WorkShown `json:"result"`
	CreatedAt time.Time `json:"created_at"`
	Seen      bool      `json:"seen"`
}

// WorkShown is a result told in the person's language.
type WorkShown struct {
	URL  string `json:"url,omitempty"`
	Text string `json:"text,omitempty"`
}

// ViewWork tells work in the language of ctx.
func ViewWork(ctx context.Context, w Work) WorkView {
	var args map[string]any
	var r WorkResult
	_ = json.Unmarshal(w.TitleArgs, &args)
	_ = json.Unmarshal(w.Result, &r)
	v := WorkView{ID: w.ID, Kind: w.Kind, Title: locale.Say(ctx, w.TitleKey, args), State: w.State, Done: w.Done, Total: w.Total, CreatedAt: w.CreatedAt, Seen: w.Seen}
	v.Result.URL = r.URL
	if r.Key != "" {
		v.Result.Text = locale.Say(ctx, r.Key, r.Args)
	}
	return v
}

package call

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// ErrFinished says that somebody else has already finished the call, or that this
// node may not any more: its epoch is over.
var ErrFinished = errs.New(errs.Conflict, "call.already_finished")

// Names looks up what other rooms call things, for views.
type Names func(ctx context.Context, ids []db.ID) (map[db.ID]string, error)

// Service is what can be done with calls.
type Service struct {
	*Store
	Vault     *tenant.Vault
	People    *tenant.Service
	Blobs     Blobs
	Campaigns Names // filled in by cmd
	Scripts   Names
	Promises  func(ctx context.Context, call db.ID) ([]PromiseView, error)
	Assigned  func(ctx context.Context, c Call, user db.ID, view string) error // crm: the customer follows the call

	// Shared says that a call was pushed to a person, who may then see it though it is
	// not assigned to them (FEATURES A8.1); filled in by cmd.
	Shared func(ctx context.Context, call, user db.ID) (bool, error)

	hooks     []Hook
	listeners []Listener
	running   sync.WaitGroup
}

// NewService makes the service.
func NewService(s *Store, v *tenant.Vault, people *tenant.Service, blobs Blobs) *Service {
	return &Service{Store: s, Vault: v, People: people, Blobs: blobs}
}

// Call returns one call that the person in ctx may see: by their reach, or because it
// was pushed to them.
func (s *Service) Call(ctx context.Context, id db.ID) (*Call, error) {
	c, err := s.Store.Call(ctx, id)
	p := tenant.PersonOf(ctx)
	if !errs.Is(err, errs.NotFound) || s.Shared == nil || p.User == 0 {
		return c, err
	}
	if ok, serr := s.Shared(ctx, id, p.User); serr != nil || !ok {
		if serr != nil {
			err = serr
		}
		return nil, err
	}
	wide := db.ScopeOf(ctx)
	wide.Reach = db.All
	return s.Store.Call(db.WithScope(ctx, wide), id)
}

// OnFinish adds a hook that runs inside the finishing transaction. Only at start-up.
func (s *Service) OnFinish(h Hook) { s.hooks = append(s.hooks, h) }

// OnEnded adds a listener that hears of an ended call after the commit. Only at start-up.
func (s *Service) OnEnded(l Listener) { s.listeners = append(s.listeners, l) }

// Finish ends a call: facts, transcript, rollup and every hook in ONE transaction, then
// the listeners. ErrFinished where the call is not this node's to end any more; then
// nothing was written. It is safe to call again after any error.
func (s *Service) Finish(ctx context.Context, f *Finished) error {
	c := &f.Call
	c.State = Ended
	if c.EndedAt == nil {
		now := time.Now().UTC()
		c.EndedAt = &now
	}
	c.DurationMs = c.EndedAt.Sub(c.StartedAt).Milliseconds()
	if c.AnsweredAt != nil {
		c.TalkMs = max(0, c.EndedAt.Sub(*c.AnsweredAt).Milliseconds())
	}
	var err error
	if c.Facts, err = json.Marshal(f.Facts); err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error { return s.finish(ctx, f) })
	if err != nil {
		return err
	}
	s.tell(ctx, *f)
	return nil
}

func (s *Service) finish(ctx context.Context, f *Finished) error {
	mine, err := s.close(ctx, &f.Call)
	if err != nil {
		return err
	}
	if !mine {
		return ErrFinished
	}
	if err := s.saveTranscript(ctx, f.Call.ID, f.Transcript); err != nil {
		return err
	}
	if err := s.count(ctx, &f.Call); err != nil {
		return err
	}
	for _, hook := range s.hooks {
		if err := hook(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// tell runs every listener on its own; one that panics or hangs does not touch the others.
func (s *Service) tell(ctx context.Context, f Finished) {
	scope := db.ScopeOf(ctx)
	for _, l := range s.listeners {
		s.running.Add(1)
		go func() {
			defer s.running.Done()
			defer func() {
				if r := recover(); r != nil {
					slog.Error("call listener panicked", "call", f.Call.ID, "panic", r)
				}
			}()
			ctx, stop := context.WithTimeout(db.WithTenant(context.Background(), max(scope.Tenant, f.Call.TenantID)), 30*time.Second)
			defer stop()
			l(ctx, &f)
		}()
	}
}

// Wait returns when every listener has finished, or ctx ends. For draining.
func (s *Service) Wait(ctx context.Context) {
	done := make(chan struct{})
	go func() { s.running.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

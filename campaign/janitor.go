package campaign

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"yingda/call"
	"yingda/platform/db"
)

// Sweep runs claimed attempts of this node whose task did not come: the broker lost
// it, or was away. The fence keeps a task that comes late from doing it again.
func (n *Node) Sweep(ctx context.Context) error {
	ctx = db.System(ctx, "sweeper")
	as, err := n.s.claimed(ctx, n.Fence, n.s.Clock.Now().Add(-1500*time.Millisecond))
	if err != nil {
		return err
	}
	for _, a := range as {
		go func() {
			if err := n.Perform(db.WithTenant(context.WithoutCancel(ctx), a.TenantID), a.ID); err != nil {
				slog.Error("call failed", "attempt", a.ID, "error", err)
			}
		}()
	}
	return nil
}

// Janitor ends what dead nodes left behind: calls are finished from their journals as
// interrupted, attempts that never rang go back to their list. It never ends an attempt
// that has a finished call: such an attempt is over already.
type Janitor struct {
	S       *Service
	Handler Handler
	// Alive tells the epoch that each living node holds now.
	Alive func(ctx context.Context) (map[string]int64, error)
}

// Run cleans every few seconds until ctx ends.
func (j *Janitor) Run(ctx context.Context, every time.Duration) {
	t := j.S.Clock.NewTicker(every)
	defer t.Stop()
	for {
		if err := j.Clean(ctx); err != nil && ctx.Err() == nil {
			slog.Error("janitor failed", "error", err)
		}
		if err := j.S.sweepImports(db.System(ctx, "imports"), j.S.Clock.Now()); err != nil && ctx.Err() == nil {
			slog.Error("imports not swept", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C():
		}
	}
}

// Clean looks once.
func (j *Janitor) Clean(ctx context.Context) error {
	sys := db.System(ctx, "janitor")
	live, err := j.S.Calls.LiveOn(sys, "", 0)
	if err != nil {
		return err
	}
	left, err := j.S.abandoned(sys)
	if err != nil {
		return err
	}
	alive, err := j.Alive(sys) // after the rows, so that a node that joined in between is not taken for dead
	if err != nil {
		return err
	}
	var all []error
	for _, c := range live {
		if alive[c.Node] == c.Epoch {
			continue
		}
		slog.Info("finishing a call whose node is gone", "call", c.ID, "node", c.Node, "epoch", c.Epoch)
		if err := j.Handler.Recover(ctx, c); err != nil && !errors.Is(err, call.ErrFinished) {
			all = append(all, err)
		}
	}
	return errors.Join(append(all, j.release(sys, left, alive))...)
}

// release frees attempts of dead nodes that have no call row: nobody was dialled.
func (j *Janitor) release(ctx context.Context, as []attemptRow, alive map[string]int64) error {
	var all []error
	for _, a := range as {
		if alive[a.Node] == a.Epoch {
			continue
		}
		own := db.WithTenant(ctx, a.TenantID)
		err := j.S.db.Tx(own, func(ctx context.Context) error {
			now := j.S.Clock.Now()
			return j.S.end(ctx, a.ID, nil, call.Interrupted, nextTry(call.Interrupted, a.TryNo, now), now)
		})
		if err != nil && !errors.Is(err, errLost) {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// abandoned lists open attempts that have no live call: claimed, or dialling with the
// call's row not written yet.
func (s *Store) abandoned(ctx context.Context) ([]attemptRow, error) {
	var as []attemptRow
	if err := s.db.In(ctx).Where("state <> ?", AttemptEnded).Order("id").Limit(5000).Find(&as).Error; err != nil {
		return nil, err
	}
	ids := make([]db.ID, 0, len(as))
	for _, a := range as {
		ids = append(ids, a.ID)
	}
	live := map[db.ID]bool{}
	for part := range chunks(ids, 500) {
		var with []db.ID
		if err := s.db.In(ctx).Model(&call.Call{}).Where("attempt_id IN ? AND state = ?", part, call.Live).Pluck("attempt_id", &with).Error; err != nil {
			return nil, err
		}
		for _, id := range with {
			live[id] = true
		}
	}
	var out []attemptRow
	for _, a := range as {
		if !live[a.ID] {
			out = append(out, a)
		}
	}
	return out, nil
}

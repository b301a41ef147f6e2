package campaign

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"yingda/call"
	"yingda/platform/db"
)

// Sweep runs claimed attempts of this node whose task did not come: the broker lost
// it, or was away. The fence keeps a task that comes late from doing it again. It also
// ends what this node has begun and runs no more.
func (n *Node) Sweep(ctx context.Context) error {
	ctx = db.System(ctx, "sweeper")
	as, err := n.s.claimed(ctx, n.Fence, n.s.Clock.Now().Add(-1500*time.Millisecond))
	if err != nil {
		return err
	}
	for _, a := range as {
		if !n.begin(a.ID) {
			continue
		}
		go func() {
			if err := n.perform(db.WithTenant(context.WithoutCancel(ctx), a.TenantID), a.ID); err != nil {
				slog.Error("call failed", "attempt", a.ID, "error", err)
			}
		}()
	}
	return n.dropped(ctx)
}

// dropped ends attempts that this node took beyond the claim and whose run is over: the
// call's row could not be written, or the finish gave up on the database. No janitor would
// look at them while the node lives. The rows are read before the runs are asked, so that
// a run that ends in between has ended its attempt as well.
func (n *Node) dropped(ctx context.Context) error {
	as, err := n.s.begun(ctx, n.Fence)
	if err != nil {
		return err
	}
	as = slices.DeleteFunc(as, func(a attemptRow) bool { return n.runs(a.ID) })
	calls, err := n.s.liveCalls(ctx, as)
	if err != nil {
		return err
	}
	var all []error
	for _, a := range as {
		c, has := calls[a.ID]
		slog.Warn("ending an attempt that nobody runs", "attempt", a.ID, "call", c.ID)
		if has {
			err = n.Handler.Recover(ctx, c)
		} else {
			err = n.s.release(ctx, a)
		}
		if err != nil && !errors.Is(err, call.ErrFinished) {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// Janitor ends what dead nodes left behind: calls are finished from their journals as
// interrupted, attempts that never rang go back to their list. It never ends an attempt
// that has a finished call: such an attempt is over already.
type Janitor struct {
	S       *Service
	Handler Handler
	// Alive tells the epoch that each living node holds now.
	Alive func(ctx context.Context) (map[string]int64, error)

	// Sweeps take up what other rooms lost with the queue, every minute; in a system scope.
	Sweeps []func(ctx context.Context) error

	tidied, swept time.Time
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
		j.tidy(db.System(ctx, "imports"))
		j.sweep(db.System(ctx, "sweeper"))
		select {
		case <-ctx.Done():
			return
		case <-t.C():
		}
	}
}

func (j *Janitor) tidy(ctx context.Context) {
	now := j.S.Clock.Now()
	if now.Sub(j.tidied) < tidyEvery {
		return
	}
	j.tidied = now
	if err := j.S.tidy(ctx, now); err != nil && ctx.Err() == nil {
		slog.Error("lists nobody wants not removed", "error", err)
	}
}

func (j *Janitor) sweep(ctx context.Context) {
	now := j.S.Clock.Now()
	if now.Sub(j.swept) < time.Minute {
		return
	}
	j.swept = now
	for _, sweep := range j.Sweeps {
		if err := sweep(ctx); err != nil && ctx.Err() == nil {
			slog.Error("lost work not taken up", "error", err)
		}
	}
}

// Clean looks once.
func (j *Janitor) Clean(ctx context.Context) error {
	sys := db.System(ctx, "janitor")
	alive, err := j.Alive(sys)
	if err != nil {
		return err
	}
	live, err := j.S.Calls.LiveBeside(sys, alive)
	if err != nil {
		return err
	}
	left, err := j.S.abandoned(sys, alive)
	if err != nil {
		return err
	}
	if alive, err = j.Alive(sys); err != nil { // again after the rows, so that a node that joined in between is not taken for dead
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

// release frees attempts of dead nodes that have no live call: nobody was reached.
func (j *Janitor) release(ctx context.Context, as []attemptRow, alive map[string]int64) error {
	var all []error
	for _, a := range as {
		if alive[a.Node] != a.Epoch {
			all = append(all, j.S.release(ctx, a))
		}
	}
	return errors.Join(all...)
}

// release ends an attempt without a call as interrupted: its lead waits for better times.
// One that has ended meanwhile is left as it is.
func (s *Service) release(ctx context.Context, a attemptRow) error {
	now := s.Clock.Now()
	err := s.db.Tx(db.WithTenant(ctx, a.TenantID), func(ctx context.Context) error {
		next, err := s.nextTry(ctx, &a, call.Interrupted, now)
		if err != nil {
			return err
		}
		return s.end(ctx, a.ID, nil, call.Interrupted, next, now)
	})
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}

// abandoned lists open attempts, of other nodes than these, that have no live call:
// claimed, or dialling with the call's row not written yet.
func (s *Store) abandoned(ctx context.Context, alive map[string]int64) ([]attemptRow, error) {
	q := s.db.In(ctx).Where("state IN ?", openStates)
	for node, epoch := range alive {
		q = q.Where("NOT (node = ? AND epoch = ?)", node, epoch)
	}
	var as []attemptRow
	if err := q.Order("id").Limit(5000).Find(&as).Error; err != nil {
		return nil, err
	}
	live, err := s.liveCalls(ctx, as)
	return slices.DeleteFunc(as, func(a attemptRow) bool { _, has := live[a.ID]; return has }), err
}

// begun lists attempts of a fence that are beyond the claim.
func (s *Store) begun(ctx context.Context, f Fence) ([]attemptRow, error) {
	var as []attemptRow
	err := s.db.In(ctx).Where("state IN ? AND node = ? AND epoch = ?", []AttemptState{Dialling, Talking}, f.Node, f.Epoch).Order("id").Limit(5000).Find(&as).Error
	return as, err
}

// liveCalls finds the calls under way of these attempts, by attempt.
func (s *Store) liveCalls(ctx context.Context, as []attemptRow) (map[db.ID]call.Call, error) {
	ids := make([]db.ID, len(as))
	for i, a := range as {
		ids[i] = a.ID
	}
	live := map[db.ID]call.Call{}
	for part := range chunks(ids, 500) {
		var cs []call.Call
		if err := s.db.In(ctx).Where("attempt_id IN ? AND state = ?", part, call.Live).Find(&cs).Error; err != nil {
			return nil, err
		}
		for _, c := range cs {
			live[c.AttemptID] = c
		}
	}
	return live, nil
}

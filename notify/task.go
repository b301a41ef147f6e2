package notify

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/queue"
)

// TaskDeliver is the queue's name for handing one promise over.
const TaskDeliver = "notify:deliver"

// Queue wakes a worker (platform/queue's Broker). What it loses is not lost: Sweep
// asks again.
type Queue interface {
	Enqueue(ctx context.Context, t queue.Task) error
}

// DeliverTask names the promise; whose it is travels in the envelope.
type DeliverTask struct {
	Promise db.ID `json:"promise"`
}

// wake asks a worker to deliver p. A queue that is away is only logged.
func (s *Service) wake(ctx context.Context, p Promise) {
	err := s.Queue.Enqueue(ctx, queue.Task{Type: TaskDeliver, Payload: DeliverTask{p.ID}, Timeout: 2 * lease,
		ID: fmt.Sprintf("promise:%d:%d:%d", p.ID, p.Resent, p.Tries)})
	if err != nil {
		slog.WarnContext(ctx, "promise not enqueued, the sweep will find it", "promise", p.ID, "error", err)
	}
}

// HandleDeliver is the worker of TaskDeliver; it may run twice for one promise.
//
//	queue.On(server, notify.TaskDeliver, service.HandleDeliver)
func (s *Service) HandleDeliver(ctx context.Context, in DeliverTask) error {
	err := s.Deliver(ctx, in.Promise)
	if errs.Is(err, errs.NotFound) {
		return queue.Final(err)
	}
	return err
}

// sweepBatch is how many due promises one sweep wakes.
const sweepBatch = 500

// Sweep wakes every due promise: new ones that were never woken, retries, those whose
// worker died, unknown ones to be asked back. It returns how many it woke.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	ps, err := s.store().due(db.System(ctx, "sweep of promises"), s.now(), sweepBatch)
	if err != nil {
		return 0, fmt.Errorf("find due promises: %w", err)
	}
	for _, p := range ps {
		s.wake(db.WithTenant(ctx, p.TenantID), p)
	}
	return len(ps), nil
}

// Run sweeps every second until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := s.Clock.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C():
			if _, err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "promises not swept", "error", err)
			}
		}
	}
}

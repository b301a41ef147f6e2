package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
)

// DefaultQueue is where a task without a queue goes.
const DefaultQueue = "default"

// Task is a call for work. It carries ids, never rows. Its zero limits are the safe
// ones: it is not retried, and given up after half an hour.
type Task struct {
	Type    string // "room:verb", as On knows it
	Payload any    // written as JSON
	Queue   string // DefaultQueue if empty

	// ID makes the task one of its kind: while a task with this ID waits or runs in
	// the queue, another is not added (and that is no error). Again adds one more
	// where the first already runs, so that no wake-up is lost.
	ID    string
	Again bool

	Delay    time.Duration // not before this has passed
	MaxRetry int           // further tries after an error; 0 for anything that must not happen twice
	Timeout  time.Duration // 30 min if zero; for a call: above the longest call
	Deadline time.Time     // not after this, if set
}

// Enqueue adds the task for the tenant, language and trace in ctx. nil also where the
// same work is already waiting. An error means that the broker could not be reached:
// whoever keeps the truth tries again later.
func (b *Broker) Enqueue(ctx context.Context, t Task) error {
	if t.Queue == "" {
		t.Queue = DefaultQueue
	}
	body, err := b.seal(ctx, t.Payload)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", t.Type, err)
	}
	task := asynq.NewTask(t.Type, body, t.options()...)
	if t.ID == "" {
		err = b.add(ctx, task)
	} else {
		err = b.addOne(ctx, task, t)
	}
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", t.Type, err)
	}
	return nil
}

func (t Task) options() []asynq.Option {
	opts := []asynq.Option{asynq.Queue(t.Queue), asynq.MaxRetry(t.MaxRetry), asynq.ProcessIn(t.Delay), asynq.Timeout(t.Timeout)}
	if t.Timeout == 0 {
		opts[3] = asynq.Timeout(30 * time.Minute)
	}
	if !t.Deadline.IsZero() {
		opts = append(opts, asynq.Deadline(t.Deadline))
	}
	return opts
}

func (b *Broker) add(ctx context.Context, task *asynq.Task, opts ...asynq.Option) error {
	_, err := b.client.EnqueueContext(ctx, task, opts...)
	return err
}

// addOne adds the task under its ID. A task that was given up keeps its ID for months
// in asynq's archive; it must not block a new one for ever, so it is dropped.
func (b *Broker) addOne(ctx context.Context, task *asynq.Task, t Task) error {
	ids := []string{t.ID}
	if t.Again {
		ids = append(ids, t.ID+"~again")
	}
	for _, id := range ids {
		err := b.add(ctx, task, asynq.TaskID(id))
		if !errors.Is(err, asynq.ErrTaskIDConflict) {
			return err
		}
		switch state := b.stateOf(ctx, t.Queue, id); state {
		case "active":
			continue
		case "archived", "completed", "":
			return b.replace(ctx, task, t.Queue, id)
		default: // it waits: good news
			return nil
		}
	}
	if t.Again { // both run: the next must not be lost
		return b.add(ctx, task)
	}
	return nil
}

// stateOf reads a task's state from asynq's own key; "" where it is gone or unknown.
func (b *Broker) stateOf(ctx context.Context, queue, id string) string {
	state, _ := b.rdb.HGet(ctx, "asynq:{"+queue+"}:t:"+id, "state").Result()
	return state
}

func (b *Broker) replace(ctx context.Context, task *asynq.Task, queue, id string) error {
	// The inspector knows only queues in this set, which a flush empties while asynq's client believes it filled.
	if err := b.rdb.SAdd(ctx, "asynq:queues", queue).Err(); err != nil {
		return err
	}
	err := asynq.NewInspectorFromRedisClient(b.rdb).DeleteTask(queue, id)
	if err != nil && !errors.Is(err, asynq.ErrTaskNotFound) {
		return err
	}
	err = b.add(ctx, task, asynq.TaskID(id))
	if errors.Is(err, asynq.ErrTaskIDConflict) { // another process was quicker
		return nil
	}
	return err
}

// Final marks an error that trying again cannot mend: the task is given up at once.
func Final(err error) error { return fmt.Errorf("%w: %w", err, asynq.SkipRetry) }

func encode(payload any) (json.RawMessage, error) {
	if payload == nil {
		return json.RawMessage("null"), nil
	}
	return json.Marshal(payload)
}

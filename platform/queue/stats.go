package queue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hibiken/asynq"
)

// Stats are the numbers of one queue now.
type Stats struct {
	Queue                            string
	Waiting, Running, Later, GivenUp int           // Later: delayed or to be tried again
	Latency                          time.Duration // age of the oldest that waits
}

// Stats returns the numbers of every queue that has ever held a task, by name.
func (b *Broker) Stats(ctx context.Context) ([]Stats, error) {
	if err := b.Ping(ctx); err != nil { // the inspector takes no ctx; do not wait for a broker that is away
		return nil, fmt.Errorf("queue numbers: %w", err)
	}
	inspector := asynq.NewInspectorFromRedisClient(b.rdb)
	names, err := inspector.Queues()
	if err != nil {
		return nil, fmt.Errorf("queue numbers: %w", err)
	}
	var out []Stats
	for _, name := range names {
		i, err := inspector.GetQueueInfo(name)
		if err != nil {
			return nil, fmt.Errorf("numbers of queue %s: %w", name, err)
		}
		out = append(out, Stats{name, i.Pending, i.Active, i.Scheduled + i.Retry, i.Archived, i.Latency})
	}
	slices.SortFunc(out, func(a, b Stats) int { return strings.Compare(a.Queue, b.Queue) })
	return out, nil
}

package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// openMemory runs a broker inside the process. Its keys do not age by themselves: a
// ticker moves its time on, without which unique locks and leases would last for ever.
func openMemory(cfg Config) (*Broker, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the broker in memory: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go age(ctx, m)
	b := newBroker(cfg, Memory, &redis.Options{Addr: m.Addr()})
	b.close = func() error {
		stop()
		err := b.rdb.Close()
		m.Close()
		return errors.Join(err)
	}
	return b, nil
}

func age(ctx context.Context, m *miniredis.Miniredis) {
	const step = 500 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			m.FastForward(step)
		}
	}
}

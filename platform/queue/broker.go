package queue

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Kind is what stands behind a Broker.
type Kind string

const (
	Redis  Kind = "redis"  // the configured server
	Child  Kind = "child"  // a redis-server of our own
	Memory Kind = "memory" // inside the process: for demos, not durable
)

// Config says which broker and what a task carries besides its payload.
type Config struct {
	URL string // redis://… | rediss://… | unix://… | "child" | "memory" | "" = child if redis-server is installed, else memory
	Dir string // where the child keeps its file and its socket
	Log *slog.Logger

	// LocaleOf and WithLocale carry the person's language from the enqueuing ctx to the handler's; nil: none.
	LocaleOf   func(context.Context) string
	WithLocale func(context.Context, string) context.Context
}

// Broker is an open connection to the queue. Safe for concurrent use.
type Broker struct {
	cfg    Config
	kind   Kind
	rdb    redis.UniversalClient
	client *asynq.Client
	close  func() error
	closed sync.Once
}

// Open finds or starts the broker and waits until it answers, at most until ctx ends.
func Open(ctx context.Context, cfg Config) (*Broker, error) {
	redis.SetLogger(redisLog{cfg.Log})
	if cfg.URL == "" {
		cfg.URL = string(Child)
		if _, err := exec.LookPath(redisServer); err != nil {
			cfg.URL = string(Memory)
			cfg.Log.Warn("no redis-server is installed: the queue lives in memory and is lost at exit (demo only)")
		}
	}
	switch Kind(cfg.URL) {
	case Child:
		return openChild(ctx, cfg)
	case Memory:
		return openMemory(cfg)
	}
	return openURL(ctx, cfg)
}

func openURL(ctx context.Context, cfg Config) (*Broker, error) {
	opts, err := redis.ParseURL(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("redis address: %s", strings.ReplaceAll(err.Error(), cfg.URL, "…")) // it may hold a password
	}
	b := newBroker(cfg, Redis, opts)
	if err := b.Ping(ctx); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("reach redis at %s: %w", opts.Addr, err)
	}
	return b, nil
}

// newBroker connects. Commands are tried again for about two seconds, which outlasts
// the restart of a child or a fail-over, unless their ctx ends before.
func newBroker(cfg Config, kind Kind, opts *redis.Options) *Broker {
	opts.MaxRetries, opts.MinRetryBackoff, opts.MaxRetryBackoff = 9, 8*time.Millisecond, 500*time.Millisecond
	opts.ContextTimeoutEnabled = true
	opts.PoolSize = 40
	opts.DisableIndentity = true
	b := &Broker{cfg: cfg, kind: kind, rdb: redis.NewClient(opts)}
	b.client = asynq.NewClientFromRedisClient(b.rdb)
	b.close = b.rdb.Close
	return b
}

// Kind says what stands behind the broker.
func (b *Broker) Kind() Kind { return b.kind }

// Durable says whether tasks survive our exit; the console warns where they do not.
func (b *Broker) Durable() bool { return b.kind != Memory }

// Redis is the connection itself, for whoever fans out events or keeps tokens.
func (b *Broker) Redis() redis.UniversalClient { return b.rdb }

// Ping says whether the broker answers.
func (b *Broker) Ping(ctx context.Context) error { return b.rdb.Ping(ctx).Err() }

// Close lets go of the broker and ends a child. Shut servers down first. A second call does nothing.
func (b *Broker) Close() error {
	var err error
	b.closed.Do(func() { err = b.close() })
	return err
}

// redisLog is slog in the redis client's clothes; what it says is about reconnecting.
type redisLog struct{ *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.WarnContext(ctx, "redis client: "+fmt.Sprintf(format, args...))
}

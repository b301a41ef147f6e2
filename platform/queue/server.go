package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/hibiken/asynq"
)

// Handler does the work of one task; data is the payload as JSON. An error is logged
// once, here, and the task tried again if it has retries left and the error is not Final.
type Handler func(ctx context.Context, data []byte) error

// Pool is a set of queues with their own workers.
type Pool struct {
	Queues      map[string]int // name → weight
	Concurrency int            // tasks at a time; for a media node: its budget of calls
	// Detached keeps the handlers' ctx alive when the broker is away: asynq cancels a
	// task whose lease it cannot renew for 30 s, which would hang up calls that talk.
	// Only the task's time limit and the end of Shutdown's grace end a detached ctx.
	Detached bool
}

// ServerConfig says how a server ends and where it logs.
type ServerConfig struct {
	Log   *slog.Logger
	Grace time.Duration // how long Shutdown waits for running tasks; 10 s if zero
}

// Server runs handlers for the tasks of its pools.
type Server struct {
	b        *Broker
	cfg      ServerConfig
	handlers map[string]Handler
	pools    []Pool
	running  []*asynq.Server
	life     context.Context // ends when the grace of Shutdown is over
	end      context.CancelFunc
}

// NewServer returns a server without handlers or pools.
func (b *Broker) NewServer(cfg ServerConfig) *Server {
	if cfg.Grace == 0 {
		cfg.Grace = 10 * time.Second
	}
	life, end := context.WithCancel(context.Background())
	return &Server{b: b, cfg: cfg, handlers: map[string]Handler{}, life: life, end: end}
}

// Handle registers the handler of a type; before Start. A type has one handler.
func (s *Server) Handle(kind string, h Handler) {
	if _, has := s.handlers[kind]; has {
		panic("queue: two handlers for " + kind)
	}
	s.handlers[kind] = h
}

// On registers a handler whose payload is a T. A payload that is no T is given up.
func On[T any](s *Server, kind string, do func(ctx context.Context, in T) error) {
	s.Handle(kind, func(ctx context.Context, data []byte) error {
		var in T
		if err := json.Unmarshal(data, &in); err != nil {
			return Final(fmt.Errorf("payload: %w", err))
		}
		return do(ctx, in)
	})
}

// Pool adds workers for queues; before Start.
func (s *Server) Pool(p Pool) { s.pools = append(s.pools, p) }

// Start begins to take tasks. The broker may be away: tasks are taken when it is back.
func (s *Server) Start() error {
	for _, p := range s.pools {
		srv := asynq.NewServerFromRedisClient(s.b.rdb, asynq.Config{
			Concurrency: p.Concurrency, Queues: p.Queues,
			BaseContext:       func() context.Context { return s.life },
			TaskCheckInterval: 100 * time.Millisecond, DelayedTaskCheckInterval: 500 * time.Millisecond,
			ShutdownTimeout: s.cfg.Grace, Logger: asynqLog{s.cfg.Log}, LogLevel: asynq.WarnLevel,
			ErrorHandler: asynq.ErrorHandlerFunc(s.failed),
		})
		if err := srv.Start(asynq.HandlerFunc(s.runner(p))); err != nil {
			return fmt.Errorf("start queue workers: %w", err)
		}
		s.running = append(s.running, srv)
	}
	return nil
}

// Drain stops taking tasks; running ones go on. Shutdown comes after.
func (s *Server) Drain() {
	for _, srv := range s.running {
		srv.Stop()
	}
}

// Shutdown stops taking tasks, waits for running ones up to the grace, then ends their
// ctx and leaves them to be taken again by another server.
func (s *Server) Shutdown() {
	s.Drain()
	var all sync.WaitGroup
	for _, srv := range s.running {
		all.Go(srv.Shutdown)
	}
	all.Wait()
	s.end()
}

// runner is the one middleware: it unpacks the envelope, finds the handler and turns a panic into an error.
func (s *Server) runner(p Pool) func(context.Context, *asynq.Task) error {
	return func(ctx context.Context, t *asynq.Task) error {
		e, err := open(t.Payload())
		if err != nil {
			return err
		}
		h, has := s.handlers[t.Type()]
		if !has {
			return fmt.Errorf("no handler for %s on this node", t.Type())
		}
		if !p.Detached {
			return recovered(h)(e.into(ctx, s.b), e.Data)
		}
		own, cancel := s.detach(ctx)
		defer cancel()
		err = recovered(h)(e.into(own, s.b), e.Data)
		if err != nil && ctx.Err() != nil { // asynq has given the task up and will not hear of this
			s.failed(ctx, t, err)
		}
		return err
	}
}

// detach keeps ctx's values and time limit but not its cancellation.
func (s *Server) detach(ctx context.Context) (context.Context, context.CancelFunc) {
	own := context.WithoutCancel(ctx)
	drop := func() {}
	if at, has := ctx.Deadline(); has {
		own, drop = context.WithDeadline(own, at)
	}
	own, cancel := context.WithCancel(own)
	stop := context.AfterFunc(s.life, cancel)
	return own, func() { stop(); cancel(); drop() }
}

func recovered(h Handler) Handler {
	return func(ctx context.Context, data []byte) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return h(ctx, data)
	}
}

// failed logs an error where it stops. That a handler stopped because we shut down is no error.
func (s *Server) failed(ctx context.Context, t *asynq.Task, err error) {
	if s.life.Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	e, _ := open(t.Payload())
	id, _ := asynq.GetTaskID(ctx)
	tried, _ := asynq.GetRetryCount(ctx)
	limit, _ := asynq.GetMaxRetry(ctx)
	s.cfg.Log.ErrorContext(e.into(ctx, s.b), "task failed", "task", t.Type(), "id", id, "tenant", e.Tenant, "tries", tried+1, "of", limit+1, "err", err)
}

// asynqLog is slog in asynq's clothes. Fatal logs as well: a library does not end the program.
type asynqLog struct{ *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.Logger.Debug(fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.Logger.Info(fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.Logger.Warn(fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.Logger.Error(fmt.Sprint(args...)) }
func (l asynqLog) Fatal(args ...any) { l.Logger.Error(fmt.Sprint(args...)) }

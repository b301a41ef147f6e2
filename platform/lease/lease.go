package lease

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"yingda/platform/db"
)

// How long a lease lasts, how often it is renewed, and how long before its end the
// holder lets go. Variables only for tests.
var (
	term   = 15 * time.Second
	every  = 3 * time.Second
	margin = 5 * time.Second
)

// ErrHeld says that another process holds the name; ErrFull that all 1024 numbers are in use.
var (
	ErrHeld = errors.New("lease: another process holds this node's name")
	ErrFull = errors.New("lease: all node numbers are in use")
)

// Node is who asks for a lease.
type Node struct {
	Name     string // unique in the installation, at most 80 bytes
	Roles    string // what it does, for people: "api,media"
	MaxCalls int    // its budget, for dispatchers
	// KnownDead takes the name over without waiting for the lease to run out. Only for
	// a caller that has proved the last holder gone, as Home does by the data folder's lock.
	KnownDead bool
}

// Load is what a node tells about itself with each heartbeat.
type Load struct {
	Calls    int
	MaxCalls int     // or Draining
	LagMS    float64 // how late its media loops run
}

// Draining is the MaxCalls of a node that is about to end: it takes nothing on and leads
// nothing, whatever its roles.
const Draining = -1

// Lease is a held lease. It renews itself until Release or until it is lost.
type Lease struct {
	Name   string
	Number int
	Epoch  int64

	renew func(context.Context, Load) (bool, error)
	free  func(context.Context) error
	log   *slog.Logger
	lost  chan struct{}
	stop  chan struct{}
	done  chan struct{}
	beat  chan struct{} // a heartbeat is due before its time
	once  sync.Once

	mu   sync.Mutex
	load Load
}

// Acquire takes the node's name and begins to renew it. ErrHeld while another process
// holds it; see Wait. ctx bounds the acquiring only.
func Acquire(ctx context.Context, d *db.DB, n Node, log *slog.Logger) (*Lease, error) {
	if n.Name == "" || len(n.Name) > 80 {
		return nil, fmt.Errorf("lease: a node's name has 1 to 80 bytes, not %d", len(n.Name))
	}
	for {
		sent := time.Now()
		r, err := take(ctx, d, n)
		switch {
		case errors.Is(err, errRaced) && ctx.Err() == nil:
			continue // each round either wins or sees what the winner wrote
		case err != nil:
			return nil, err
		}
		l := hold(d, r, log)
		go l.keep(sent)
		return l, nil
	}
}

func hold(d *db.DB, r row, log *slog.Logger) *Lease {
	return &Lease{
		Name: r.Name, Number: r.Number, Epoch: r.Epoch,
		renew: func(ctx context.Context, load Load) (bool, error) { return renew(ctx, d, r, load) },
		free:  func(ctx context.Context) error { return free(ctx, d, r) },
		log:   log.With("node", r.Name, "epoch", r.Epoch),
		lost:  make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}), beat: make(chan struct{}, 1),
		load: Load{MaxCalls: r.MaxCalls},
	}
}

// Wait is Acquire that waits while another process holds the name, until ctx ends.
func Wait(ctx context.Context, d *db.DB, n Node, log *slog.Logger) (*Lease, error) {
	for said := false; ; said = true {
		l, err := Acquire(ctx, d, n, log)
		if !errors.Is(err, ErrHeld) {
			return l, err
		}
		if !said {
			log.Warn("the node's name is held by another process; waiting", "node", n.Name)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", err, ctx.Err())
		case <-time.After(every / 3):
		}
	}
}

// Lost is closed when the lease is lost or can no longer be trusted: at least 5 s
// before another process may take the name over, unless the database itself says
// that it already has. It is not closed by Release.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Held says whether work may still be begun under this lease.
func (l *Lease) Held() bool {
	select {
	case <-l.lost:
		return false
	case <-l.stop:
		return false
	default:
		return true
	}
}

// Report sets what the next heartbeats tell about this node; that it is draining is told at once.
func (l *Lease) Report(load Load) {
	l.mu.Lock()
	l.load = load
	l.mu.Unlock()
	if load.MaxCalls == Draining {
		select {
		case l.beat <- struct{}{}:
		default: // one is due already
		}
	}
}

// Release ends the lease at once, so that another may take the name. A second call does nothing.
func (l *Lease) Release(ctx context.Context) error {
	var err error
	l.once.Do(func() {
		close(l.stop)
		<-l.done
		err = l.free(ctx)
	})
	return err
}

// keep renews until stopped or lost. trusted is the moment before the last renewal
// that worked was sent: the database counted its 15 s from later than that, so the
// row cannot run out before trusted + term, whatever the clocks say. Renewals run
// beside the loop: a statement that hangs must not keep it from letting go in time.
func (l *Lease) keep(trusted time.Time) {
	defer close(l.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	deadline := time.NewTimer(time.Until(trusted.Add(term - margin)))
	defer deadline.Stop()
	answers := make(chan answer, 1)
	asking := false
	renew := func() {
		if !asking {
			asking = true
			go func() { answers <- l.ask(trusted.Add(term - margin)) }()
		}
	}
	for {
		select {
		case <-l.stop:
			return
		case <-deadline.C:
			l.lose("the database could not be reached in time")
			return
		case <-tick.C:
			renew()
		case <-l.beat:
			renew()
		case a := <-answers:
			asking = false
			switch {
			case a.err != nil:
				l.log.Warn("the lease could not be renewed", "err", a.err)
			case !a.held:
				l.lose("another process has taken the name")
				return
			default:
				trusted = a.sent
				deadline.Reset(time.Until(trusted.Add(term - margin)))
			}
		}
	}
}

// answer is what became of one renewal.
type answer struct {
	sent time.Time
	held bool
	err  error
}

func (l *Lease) ask(until time.Time) answer {
	ctx, cancel := context.WithDeadline(context.Background(), until)
	defer cancel()
	l.mu.Lock()
	load := l.load
	l.mu.Unlock()
	a := answer{sent: time.Now()}
	a.held, a.err = l.renew(ctx, load)
	return a
}

func (l *Lease) lose(why string) {
	l.log.Error("the lease is lost", "why", why)
	close(l.lost)
}

package rtp

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	tick  = time.Millisecond
	slots = 20 // of a wheel: each session has one, 20 ms apart
)

// shard is one media loop. The wheel and all sessions on it belong to its goroutine.
type shard struct {
	start time.Time
	wheel [slots][]*Session
	lag   lagMeter
	load  atomic.Int64 // sessions on the wheel or on their way to it

	mu      sync.Mutex
	pending []func()
	asked   atomic.Bool
	wake    chan struct{}
	over    chan struct{}
	closed  bool
	buf     [2048]byte // for receiving
}

func newShard() *shard {
	s := &shard{start: time.Now(), wake: make(chan struct{}, 1), over: make(chan struct{})}
	go s.run()
	return s
}

// do runs f on the loop within a tick. After close it runs f at once, on the caller:
// there is no loop any more that it could disturb.
func (s *shard) do(f func()) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		<-s.over
		f()
		return
	}
	s.pending = append(s.pending, f)
	s.asked.Store(true)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *shard) now() time.Duration { return time.Since(s.start) }

// close ends the loop; what was asked before is done.
func (s *shard) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	<-s.over
}

func (s *shard) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	prioritise()
	defer close(s.over)
	t := int64(s.now() / tick)
	for s.commands() {
		if s.idle() {
			<-s.wake
			t = int64(s.now() / tick)
			continue
		}
		t = s.turn(t)
	}
}

// turn runs the ticks that are due, sleeps to the next one, and returns the last tick run.
func (s *shard) turn(t int64) int64 {
	due := int64(s.now() / tick)
	if due-t > slots {
		t = due - slots // each session once: a stall is skipped, not caught up
	}
	for t < due {
		t++
		s.slot(t)
		s.lag.add(s.now() - time.Duration(t)*tick)
	}
	sleep(time.Duration(t+1)*tick - s.now())
	return t
}

func (s *shard) slot(t int64) {
	at := time.Duration(t) * tick
	list := s.wheel[t%slots]
	for i := len(list) - 1; i >= 0; i-- { // a session may leave while its frame runs
		list[i].frame(at)
	}
}

func (s *shard) idle() bool {
	for i := range s.wheel {
		if len(s.wheel[i]) > 0 {
			return false
		}
	}
	return !s.asked.Load()
}

// commands runs what was asked; false = the shard was closed and nothing is left to do.
func (s *shard) commands() bool {
	if s.asked.Load() || s.isClosed() {
		s.mu.Lock()
		list := s.pending
		s.pending = nil
		s.asked.Store(false)
		closed := s.closed
		s.mu.Unlock()
		for _, f := range list {
			f()
		}
		return !closed
	}
	return true
}

func (s *shard) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// add puts a session into the emptiest slot.
func (s *shard) add(x *Session) {
	best := 0
	for i := range s.wheel {
		if len(s.wheel[i]) < len(s.wheel[best]) {
			best = i
		}
	}
	x.slot = best
	s.wheel[best] = append(s.wheel[best], x)
}

func (s *shard) remove(x *Session) {
	list := s.wheel[x.slot]
	for i, y := range list {
		if y == x {
			list[i] = list[len(list)-1]
			list[len(list)-1] = nil
			s.wheel[x.slot] = list[:len(list)-1]
			return
		}
	}
}

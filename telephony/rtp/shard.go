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
	alarm   alarm // ends a long sleep
	over    chan struct{}
	closed  bool
	buf     [2048]byte // for receiving
	scratch scratch
}

func newShard() *shard {
	s := &shard{start: time.Now(), alarm: newAlarm(), over: make(chan struct{})}
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
	s.alarm.ring()
	s.mu.Unlock()
}

func (s *shard) now() time.Duration { return time.Since(s.start) }

// close ends the loop; what was asked before is done.
func (s *shard) close() {
	s.mu.Lock()
	s.closed = true
	s.asked.Store(true)
	s.alarm.ring()
	s.mu.Unlock()
	<-s.over
}

func (s *shard) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	prioritise()
	defer s.leave()
	for t := int64(0); s.commands(); {
		t = s.rest(s.turn(t))
	}
}

// leave frees the alarm where nobody can ring it any more.
func (s *shard) leave() {
	s.mu.Lock()
	s.alarm.close()
	s.mu.Unlock()
	close(s.over)
}

// turn runs the ticks that are due and returns the last one run.
func (s *shard) turn(t int64) int64 {
	due := int64(s.now() / tick)
	if due-t > slots {
		s.stalled(t, due-slots)
	}
	t = max(t, due-slots) // each session once: a stall is skipped, not caught up
	for t < due {
		t++
		if len(s.wheel[t%slots]) > 0 {
			s.slot(t)
			now := s.now()
			s.lag.add(now-time.Duration(t)*tick, now)
		}
	}
	return t
}

// stalled counts the ticks between that will never run, at most a second of them.
func (s *shard) stalled(from, to int64) {
	now := s.now()
	for t := max(from, to-1000) + 1; t <= to; t++ {
		if len(s.wheel[t%slots]) > 0 {
			s.lag.add(now-time.Duration(t)*tick, now)
		}
	}
}

// rest sleeps until the next tick that has work. A tick away it just sleeps; longer, it
// can be woken by a command, so that few calls cost few wake-ups and none costs none. It
// returns the tick to go on from: without sessions no tick was missed.
func (s *shard) rest(t int64) int64 {
	n := s.nextWork(t)
	if n == 1 {
		sleep(time.Duration(t+1)*tick - s.now())
		return t
	}
	if n == 0 {
		s.alarm.sleep(-1, &s.asked)
		return int64(s.now() / tick)
	}
	s.alarm.sleep(max(0, time.Duration(t+n)*tick-s.now()), &s.asked)
	return t
}

// nextWork is how many ticks after t the next session has its turn, 0 = there is none.
func (s *shard) nextWork(t int64) int64 {
	for n := int64(1); n <= slots; n++ {
		if len(s.wheel[(t+n)%slots]) > 0 {
			return n
		}
	}
	return 0
}

func (s *shard) slot(t int64) {
	at := time.Duration(t) * tick
	list := s.wheel[t%slots]
	for i := len(list) - 1; i >= 0; i-- { // a session may leave while its frame runs
		list[i].frame(at)
	}
}

// commands runs what was asked; false = the shard was closed and nothing is left to do.
func (s *shard) commands() bool {
	if !s.asked.Load() {
		return true
	}
	s.mu.Lock()
	list, closed := s.pending, s.closed
	s.pending = nil
	s.asked.Store(false)
	s.mu.Unlock()
	for _, f := range list {
		f()
	}
	return !closed
}

// crowd is how many sessions share a slot before another slot is begun: each slot in
// use is a wake-up, each session in it makes the last one late by some 10 µs.
const crowd = 4

// add puts a session into the first slot that is no crowd, else into the emptiest.
func (s *shard) add(x *Session) {
	best := 0
	for i := range s.wheel {
		if len(s.wheel[i]) < crowd {
			best = i
			break
		}
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

package clock

import (
	"slices"
	"sync"
	"time"
)

// Fake stands still until Advance moves it. It is safe for concurrent use.
type Fake struct {
	mu    sync.Mutex
	moved *sync.Cond
	now   time.Time
	waits []*wait
}

type wait struct {
	at    time.Time
	every time.Duration // 0 for After
	c     chan time.Time
}

// NewFake returns a clock that stands at now.
func NewFake(now time.Time) *Fake {
	f := &Fake{now: now.UTC()}
	f.moved = sync.NewCond(&f.mu)
	return f
}

// Now is where the clock stands.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// After is due when Advance has passed d.
func (f *Fake) After(d time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if d <= 0 {
		c <- f.now
		return c
	}
	f.add(&wait{at: f.now.Add(d), c: c})
	return c
}

// NewTicker ticks at every d that Advance passes.
func (f *Fake) NewTicker(d time.Duration) Ticker {
	if d <= 0 {
		panic("clock: a ticker needs a positive interval")
	}
	w := &wait{every: d, c: make(chan time.Time, 1)}
	f.mu.Lock()
	defer f.mu.Unlock()
	w.at = f.now.Add(d)
	f.add(w)
	return &fakeTicker{f, w}
}

// Advance moves the clock by d and fires what falls due on the way, in order of
// time; each firing sees the time it was due at.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	end := f.now.Add(d)
	for len(f.waits) > 0 && !f.waits[0].at.After(end) {
		w := f.waits[0]
		f.waits = f.waits[1:]
		f.now = w.at
		select {
		case w.c <- w.at:
		default: // a slow reader loses ticks, as with time.Ticker
		}
		if w.every > 0 {
			w.at = w.at.Add(w.every)
			f.add(w)
		}
	}
	f.now = end
}

// Await blocks until at least n timers and tickers wait on the clock, so that a
// test advances only after the code under test has begun to wait.
func (f *Fake) Await(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.waits) < n {
		f.moved.Wait()
	}
}

func (f *Fake) add(w *wait) {
	i, _ := slices.BinarySearchFunc(f.waits, w, func(a, b *wait) int {
		if a.at.After(b.at) {
			return 1
		}
		return -1 // equal times keep the order in which they were asked for
	})
	f.waits = slices.Insert(f.waits, i, w)
	f.moved.Broadcast()
}

type fakeTicker struct {
	f *Fake
	w *wait
}

func (t *fakeTicker) C() <-chan time.Time { return t.w.c }

func (t *fakeTicker) Stop() {
	t.f.mu.Lock()
	defer t.f.mu.Unlock()
	t.f.waits = slices.DeleteFunc(t.f.waits, func(w *wait) bool { return w == t.w })
}

package live

import (
	"errors"
	"sync"
)

// queueLimit is how many different things may wait for one browser.
const queueLimit = 256

// ErrClosed ends a stream whose hub is closed.
var ErrClosed = errors.New("live: the hub is closed")

// stream is one browser's queue. Frames wait in order of seq; a replaced one leaves a
// hole and the newer one stands at the end, so that the last id a browser has seen
// always covers everything before it.
type stream struct {
	sub  Subscription
	wake chan struct{}

	mu     sync.Mutex
	queue  []*frame // holes are nil
	at     map[string]int
	live   int  // frames that are not holes
	lost   bool // something was thrown away: the browser must fetch afresh
	closed bool
}

func newStream(sub Subscription) *stream {
	return &stream{sub: sub, wake: make(chan struct{}, 1), at: map[string]int{}}
}

// push adds a frame without ever waiting; it says whether one was replaced or all were lost.
func (s *stream) push(f *frame) (replaced, overflow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := f.coalesceKey()
	if i, waits := s.at[key]; waits && key != "" {
		s.queue[i] = nil
		s.live--
		replaced = true
	}
	if s.live >= queueLimit {
		s.drop()
		return false, true
	}
	if len(s.queue) >= 2*queueLimit {
		s.compact()
	}
	if key != "" {
		s.at[key] = len(s.queue)
	}
	s.queue = append(s.queue, f)
	s.live++
	s.signal()
	return replaced, false
}

// lose throws away what waits and has the browser fetch afresh.
func (s *stream) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
}

func (s *stream) drop() {
	s.queue, s.live, s.lost = nil, 0, true
	clear(s.at)
	s.signal()
}

func (s *stream) compact() {
	kept := s.queue[:0]
	for _, f := range s.queue {
		if f == nil {
			continue
		}
		if key := f.coalesceKey(); key != "" {
			s.at[key] = len(kept)
		}
		kept = append(kept, f)
	}
	clear(s.queue[len(kept):])
	s.queue = kept
}

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.signal()
}

func (s *stream) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take returns all that waits. lost says that frames before these were thrown away;
// ErrClosed comes with the last ones.
func (s *stream) take() (frames []*frame, lost bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.compact()
	frames, lost = s.queue, s.lost
	s.queue, s.live, s.lost = nil, 0, false
	clear(s.at)
	if s.closed {
		err = ErrClosed
	}
	return frames, lost, err
}

package espeak

import (
	"io"
	"sync"
)

// spool is a speech.Audio whose writer never waits for its reader: the program is
// hundreds of times faster than the telephone, and its slot must be free again at once.
type spool struct {
	mu    sync.Mutex
	more  *sync.Cond
	data  []byte
	ended bool
	err   error
	stop  func()
}

func newSpool(stop func()) *spool {
	s := &spool{stop: stop}
	s.more = sync.NewCond(&s.mu)
	return s
}

func (s *spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = append(s.data, p...)
	s.more.Broadcast()
	return len(p), nil
}

// end closes the writing side; err nil = all was said.
func (s *spool) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended, s.err = true, err
	}
	s.more.Broadcast()
	s.stop()
}

// Read waits for audio; after the last of it comes io.EOF or what went wrong.
func (s *spool) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.data) == 0 && !s.ended {
		s.more.Wait()
	}
	if len(s.data) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		return 0, io.EOF
	}
	n := copy(p, s.data)
	s.data = s.data[n:]
	return n, nil
}

// Close stops the program if it still runs.
func (s *spool) Close() error {
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended, s.err = true, io.ErrClosedPipe
		s.more.Broadcast()
	}
	return nil
}

package live

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// How often a quiet stream shows that it lives, and how long one write may take.
// Variables only for tests.
var (
	keepAlive    = 15 * time.Second
	writeTimeout = 10 * time.Second
)

// ServeHTTP writes the subscription's events until the browser goes, its Valid says no,
// a write takes longer than 10 s, or the hub closes. The first event is
// `hello {"resumed":bool}`: where it is false the browser fetches what it shows. The
// place to resume from is the header Last-Event-ID or the parameter last_event_id.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request, sub Subscription) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("last_event_id")
	}
	s, at, resumed, err := h.join(sub, last)
	if err != nil {
		http.Error(w, "closing", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(s)
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Accel-Buffering", "no") // nginx must not hold events back
	w.WriteHeader(http.StatusOK)
	out := writer{w: w, c: http.NewResponseController(w)}
	out.write([]byte("retry: 2000\n"), hello(at, resumed))
	h.pump(&out, r, s)
}

// pump writes until something ends the stream.
func (h *Hub) pump(out *writer, r *http.Request, s *stream) {
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return
		case <-alive.C:
			if s.sub.Valid != nil && !s.sub.Valid() {
				return
			}
			out.write([]byte(": alive\n\n"))
		case <-s.wake:
			if h.drain(out, s) != nil {
				return
			}
		}
	}
}

// drain writes all that waits.
func (h *Hub) drain(out *writer, s *stream) error {
	frames, lost, err := s.take()
	var parts [][]byte
	if lost {
		parts = append(parts, hello(h.now(), false))
	}
	for _, f := range frames {
		parts = append(parts, f.text)
	}
	out.write(parts...)
	return errors.Join(err, out.err)
}

func (h *Hub) now() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.eventID(h.seq)
}

func hello(at string, resumed bool) []byte {
	return render(at, "hello", fmt.Appendf(nil, `{"resumed":%t}`, resumed))
}

// writer writes and flushes under a deadline and keeps the first error.
type writer struct {
	w   http.ResponseWriter
	c   *http.ResponseController
	err error
}

func (o *writer) write(parts ...[]byte) {
	if o.err != nil || len(parts) == 0 {
		return
	}
	_ = o.c.SetWriteDeadline(time.Now().Add(writeTimeout)) // not every writer knows deadlines
	for _, p := range parts {
		if _, o.err = o.w.Write(p); o.err != nil {
			return
		}
	}
	o.err = o.c.Flush()
}

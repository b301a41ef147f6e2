package rtp

import (
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// Playback is one queued piece of audio: a slice, or a reader drained by its own goroutine.
type Playback struct {
	data    []byte
	stream  chan []byte // nil = data is all
	stop    chan struct{}
	closer  io.Closer
	playing bool

	done    chan struct{}
	cut     atomic.Bool
	started atomic.Int64 // sample on the session's clock, -1 = never
	played  atomic.Int64 // samples
	err     atomic.Pointer[error]
}

// NewPlayback of a slice, which must not change until it is done.
func NewPlayback(alaw []byte) *Playback {
	p := &Playback{data: alaw, done: make(chan struct{})}
	p.started.Store(-1)
	return p
}

const (
	chunk    = 5 * Frame // what the reader's goroutine reads at once: 100 ms
	buffered = 5         // chunks between it and the media loop
)

// NewStream starts reading r; what it read waits in a buffer of half a second.
func NewStream(r io.Reader) *Playback {
	p := NewPlayback(nil)
	p.stream, p.stop = make(chan []byte, buffered), make(chan struct{})
	p.closer, _ = r.(io.Closer)
	go p.pull(r)
	return p
}

func (p *Playback) pull(r io.Reader) {
	defer close(p.stream)
	for {
		b := make([]byte, chunk)
		n, err := io.ReadAtLeast(r, b, Frame)
		if n > 0 && !p.push(b[:n]) {
			return
		}
		if err != nil {
			p.fail(err)
			return
		}
	}
}

func (p *Playback) push(b []byte) bool {
	select {
	case p.stream <- b:
		return true
	case <-p.stop:
		return false
	}
}

func (p *Playback) fail(err error) {
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !p.cut.Load() {
		p.err.Store(&err)
	}
}

// read fills dst as far as there is audio: n bytes, and over when it was the last.
// A stream that is late gives n = 0 and is not over.
func (p *Playback) read(dst []byte) (n int, over bool) {
	for n < len(dst) {
		if len(p.data) == 0 && !p.more() {
			return n, p.stream == nil
		}
		c := copy(dst[n:], p.data)
		n, p.data = n+c, p.data[c:]
	}
	return n, len(p.data) == 0 && p.stream == nil
}

// more takes the next chunk of a stream; false = none there now, or none ever.
func (p *Playback) more() bool {
	if p.stream == nil {
		return false
	}
	select {
	case b, ok := <-p.stream:
		if !ok {
			p.stream = nil
			return false
		}
		p.data = b
		return true
	default:
		return false
	}
}

// finish ends it on the media loop.
func (p *Playback) finish(cut bool) {
	p.cut.Store(cut)
	if p.stop != nil {
		close(p.stop)
	}
	if p.closer != nil {
		go p.closer.Close()
	}
	close(p.done)
}

// Done is closed when the last frame was sent or the playback was cut.
func (p *Playback) Done() <-chan struct{} { return p.done }

// Cut says whether it ended before its audio did.
func (p *Playback) Cut() bool { return p.cut.Load() }

// Played is how much of the audio went out.
func (p *Playback) Played() time.Duration { return samples(int(p.played.Load())) }

// Started is the offset of the first frame on the session's clock, -1 if never.
func (p *Playback) Started() time.Duration {
	if s := p.started.Load(); s >= 0 {
		return samples(int(s))
	}
	return -1
}

// Err is what the reader failed with, nil at a clean end.
func (p *Playback) Err() error {
	if e := p.err.Load(); e != nil {
		return *e
	}
	return nil
}

// queue is what a session plays, in order.
type queue struct{ list []*Playback }

// fill writes the next frame's audio into dst and returns how many bytes of it are
// audio; the caller has silence for the rest. at is the clock of the frame.
func (q *queue) fill(dst []byte, at int) int {
	n := 0
	for n < len(dst) && len(q.list) > 0 {
		p := q.list[0]
		c, over := p.read(dst[n:])
		if c > 0 && !p.playing {
			p.playing = true
			p.started.Store(int64(at + n))
		}
		p.played.Add(int64(c))
		n += c
		if !over {
			break
		}
		p.finish(false)
		q.list = q.list[1:]
	}
	return n
}

// cut ends everything queued.
func (q *queue) cut() {
	for _, p := range q.list {
		p.finish(true)
	}
	q.list = nil
}

package room

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"yingda/platform/audio"
)

const (
	batch        = 8000        // bytes written at once: half a second of stereo A-law
	maxUnwritten = 120 * batch // what a tape holds in memory while the disk does not answer
)

// ErrTapeFull means that the disk was away for more than a minute: what came then is missing
// from the end of the tape, and Lost says how much.
var ErrTapeFull = errors.New("recording: disk too slow")

// Tape is one stereo A-law WAV: left the far end, right us. Add belongs to the media
// loop and never waits for the disk; a Writer's goroutine writes each half second as it is
// full and corrects the header with it, so that a crash costs no more than that.
type Tape struct {
	path string
	file *os.File
	w    *Writer

	cur  []byte // owned by the media loop
	lost int

	mu      sync.Mutex
	full    []byte // waiting for the writer
	queued  bool
	closing func(error)
	written uint32
	err     error
}

// Writer is the goroutine that writes tapes.
type Writer struct {
	jobs chan *Tape
	done chan struct{}

	mu   sync.Mutex
	free [][]byte // the last one given back is still in the cache: it goes out first
}

// NewWriter starts one; Close stops it after what is queued.
func NewWriter() *Writer {
	w := &Writer{jobs: make(chan *Tape, 1<<14), done: make(chan struct{})}
	go w.run()
	return w
}

// Close writes what is queued and ends the goroutine. No tape may be used after it.
func (w *Writer) Close() {
	close(w.jobs)
	<-w.done
}

// buffer is an empty one of at least a batch.
func (w *Writer) buffer() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.free)
	if n == 0 {
		return make([]byte, 0, batch)
	}
	b := w.free[n-1]
	w.free = w.free[:n-1]
	return b[:0]
}

func (w *Writer) giveBack(b []byte) {
	if cap(b) != batch {
		return // grown while the disk was slow
	}
	w.mu.Lock()
	w.free = append(w.free, b)
	w.mu.Unlock()
}

func (w *Writer) run() {
	defer close(w.done)
	for t := range w.jobs {
		t.flush()
	}
}

// Open creates the file, its folder included, with a header of a readable empty recording.
func (w *Writer) Open(path string) (*Tape, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	if _, err := f.Write(header(0)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Tape{path: path, file: f, w: w, cur: w.buffer()}, nil
}

func header(n uint32) []byte { return audio.WAVHeader(audio.WaveALaw, 8000, 2, n) }

// Path of the file.
func (t *Tape) Path() string { return t.path }

// Add appends one frame of both sides; they are equally long.
func (t *Tape) Add(far, near []byte) {
	if len(t.cur)+2*len(far) > maxUnwritten {
		t.lost += len(far)
		return
	}
	n := len(t.cur)
	t.cur = slices.Grow(t.cur, 2*len(far))[:n+2*len(far)]
	pair := t.cur[n:]
	near = near[:len(far)]
	for i, b := range far {
		pair[2*i], pair[2*i+1] = b, near[i]
	}
	if len(t.cur) >= batch {
		t.handOver(nil)
	}
}

// End writes what is left and calls done (off the media loop) when the file is complete.
func (t *Tape) End(done func(error)) { t.handOver(done) }

// handOver gives the writer what is there and goes on with an empty buffer.
func (t *Tape) handOver(done func(error)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if done != nil {
		t.closing = done
	}
	switch {
	case t.full == nil && done == nil:
		t.full, t.cur = t.cur, t.w.buffer()
	case t.full == nil:
		t.full, t.cur = t.cur, nil
	case done != nil:
		t.full, t.cur = append(t.full, t.cur...), nil
	}
	if !t.queued {
		t.queued = t.enqueue(done != nil)
	}
}

// enqueue never blocks the media loop: the last job of a tape, which must arrive,
// waits on a goroutine of its own when the queue is full.
func (t *Tape) enqueue(last bool) bool {
	select {
	case t.w.jobs <- t:
		return true
	default:
	}
	if last {
		go func() { t.w.jobs <- t }()
	}
	return last
}

// Discard closes and removes the file: the call was never answered.
func (t *Tape) Discard() { _ = errors.Join(t.file.Close(), os.Remove(t.path)) }

func (t *Tape) flush() {
	t.mu.Lock()
	buf, done := t.full, t.closing
	t.full, t.queued = nil, false
	t.mu.Unlock()
	t.write(buf)
	t.w.giveBack(buf)
	if done != nil {
		done(errors.Join(t.err, t.missing(), t.file.Close()))
	}
}

func (t *Tape) missing() error {
	if t.lost == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d ms missing", ErrTapeFull, t.lost/8)
}

// write appends b and then says so in the header.
func (t *Tape) write(b []byte) {
	if t.err != nil || len(b) == 0 {
		return
	}
	if _, err := t.file.WriteAt(b, int64(audio.HeaderSize)+int64(t.written)); err != nil {
		t.err = fmt.Errorf("recording: %w", err)
		return
	}
	t.written += uint32(len(b))
	if _, err := t.file.WriteAt(header(t.written), 0); err != nil {
		t.err = fmt.Errorf("recording: %w", err)
	}
}

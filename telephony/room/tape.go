package room

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"yingda/platform/audio"
)

const (
	batch        = 12800       // bytes written at once: 0.8 s of stereo A-law
	maxUnwritten = 120 * batch // what a tape holds in memory while the disk does not answer
)

// ErrTapeFull means that the disk was away for more than a minute: what came then is missing
// from the end of the tape, and Lost says how much.
var ErrTapeFull = errors.New("recording: disk too slow")

// Tape is one stereo A-law WAV: left the far end, right us. Add belongs to the media
// loop and never waits for the disk; a Writer's goroutine writes each batch as it is full, so
// that a crash costs less than a second. The header says that the audio goes to the file's
// end until End writes how long it is; Mend does so for a file whose writer died.
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

// Writer is the goroutine that writes tapes. It gathers work for a moment before it
// starts: a wake-up for each batch of each call would cost more than the writing.
type Writer struct {
	some   chan struct{} // there is work
	urgent chan struct{} // … that somebody waits for
	quit   chan struct{}
	done   chan struct{}

	mu   sync.Mutex
	jobs []*Tape
	free [][]byte // the last one given back is still in the cache: it goes out first
}

// gather is how long work may wait for more of it.
const gather = 20 * time.Millisecond

// NewWriter starts one; Close stops it after what is queued.
func NewWriter() *Writer {
	w := &Writer{some: make(chan struct{}, 1), urgent: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{})}
	go w.run()
	return w
}

// Close writes what is queued and ends the goroutine. No tape may be used after it.
func (w *Writer) Close() {
	close(w.quit)
	<-w.done
}

func (w *Writer) run() {
	defer close(w.done)
	for {
		select {
		case <-w.some:
		case <-w.quit:
			w.work()
			return
		}
		select {
		case <-w.urgent:
		case <-time.After(gather):
		case <-w.quit:
		}
		w.work()
	}
}

func (w *Writer) work() {
	w.mu.Lock()
	jobs := w.jobs
	w.jobs = nil
	w.mu.Unlock()
	for _, t := range jobs {
		t.flush()
	}
}

// add queues a tape; it never blocks.
func (w *Writer) add(t *Tape, urgent bool) {
	w.mu.Lock()
	w.jobs = append(w.jobs, t)
	w.mu.Unlock()
	w.signal(w.some)
	if urgent {
		w.signal(w.urgent)
	}
}

func (w *Writer) signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
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
	interleave(t.cur[n:], far, near)
	if len(t.cur) >= batch {
		t.handOver(nil)
	}
}

// interleave writes left and right in turn, four of each at a time: this runs for every frame.
func interleave(dst, left, right []byte) {
	i := 0
	for ; i+4 <= len(left) && i+4 <= len(right); i += 4 {
		l, r := spread(binary.LittleEndian.Uint32(left[i:])), spread(binary.LittleEndian.Uint32(right[i:]))
		binary.LittleEndian.PutUint64(dst[2*i:], l|r<<8)
	}
	for ; i < len(left); i++ {
		dst[2*i], dst[2*i+1] = left[i], right[i]
	}
}

// spread puts a zero byte behind each byte of x.
func spread(x uint32) uint64 {
	v := uint64(x)
	v = (v | v<<16) & 0x0000ffff0000ffff
	return (v | v<<8) & 0x00ff00ff00ff00ff
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
	if !t.queued || done != nil {
		t.w.add(t, done != nil)
		t.queued = true
	}
}

// Discard closes and removes the file: the call was never answered.
func (t *Tape) Discard() { _ = errors.Join(t.file.Close(), os.Remove(t.path)) }

func (t *Tape) flush() {
	t.mu.Lock()
	buf, done := t.full, t.closing
	t.full, t.closing, t.queued = nil, nil, false
	t.mu.Unlock()
	t.write(buf, done != nil)
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

// write appends b; the last one corrects the header.
func (t *Tape) write(b []byte, last bool) {
	if t.err != nil {
		return
	}
	if len(b) > 0 {
		_, t.err = t.file.WriteAt(b, int64(audio.HeaderSize)+int64(t.written))
		t.written += uint32(len(b))
	}
	if t.err == nil && last {
		_, t.err = t.file.WriteAt(header(t.written), 0)
	}
	if t.err != nil {
		t.err = fmt.Errorf("recording: %w", t.err)
	}
}

// Mend completes the header of a tape whose writer died, so that every player knows its
// length. A file without audio, or one that is complete, stays as it is.
func Mend(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if n := size - audio.HeaderSize; err == nil && n > 0 {
		_, err = f.WriteAt(header(uint32(n)&^1), 0) // a frame has two bytes
	}
	return errors.Join(err, f.Close())
}

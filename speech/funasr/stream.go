package funasr

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"

	"yingda/platform/audio"
	"yingda/speech"
)

const (
	batch       = 320              // bytes of A-law that go out as one frame: 40 ms
	backlog     = 500              // frames that may wait to be written: 20 s of audio
	writeWithin = 10 * time.Second // a server that takes no bytes for so long is gone
	farewell    = 15 * time.Second // for the last finals after Close
)

// Why a stream breaks whose server does not keep up with the audio.
var (
	errSlow = errors.New("funasr: the server does not take the audio in time")
	errLate = errors.New("funasr: the last finals did not come in time")
)

// frame is one outgoing message.
type frame struct {
	kind websocket.MessageType
	body []byte
}

// stream is one connection. Write, Hint and Flush only queue; one goroutine writes, one
// reads; the first error ends both.
type stream struct {
	conn   *websocket.Conn
	ours   bool
	ctx    context.Context
	stop   context.CancelCauseFunc
	out    chan frame
	events chan speech.Heard

	soFar string // FunASR's partials are pieces; the reader wants the text

	mu      sync.Mutex
	pending []byte // audio that makes no whole frame yet
	closed  bool
	pcm     []int16
}

func start(conn *websocket.Conn, ours bool) *stream {
	s := &stream{conn: conn, ours: ours, out: make(chan frame, backlog), events: make(chan speech.Heard, 32)}
	s.ctx, s.stop = context.WithCancelCause(context.Background())
	go s.write()
	go s.read()
	return s
}

// Write queues audio. It keeps at most 40 ms back to fill a frame.
func (s *stream) Write(alaw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, alaw...)
	if len(s.pending) >= batch {
		s.pushAudio()
	}
}

// pushAudio queues what is pending; the lock is held.
func (s *stream) pushAudio() {
	if len(s.pending) == 0 {
		return
	}
	s.push(frame{websocket.MessageBinary, s.body(s.pending)})
	s.pending = s.pending[:0]
}

func (s *stream) body(alaw []byte) []byte {
	if s.ours {
		return append([]byte(nil), alaw...)
	}
	s.pcm = audio.DecodeALaw(s.pcm[:0], alaw)
	b := make([]byte, 0, 2*len(s.pcm))
	for _, v := range s.pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// push queues a frame in order; the lock is held. A full queue breaks the stream: audio
// with holes would be heard as something else.
func (s *stream) push(f frame) {
	if s.closed {
		return
	}
	select {
	case s.out <- f:
	default:
		s.closed = true
		close(s.out)
		s.stop(errSlow)
	}
}

// Hint replaces the phrases; a FunASR server keeps those of its hello.
func (s *stream) Hint(phrases []string) {
	if s.ours {
		words := Hotwords(phrases)
		s.command(Command{Hotwords: &words})
	}
}

// Flush asks for the final now; a FunASR server decides by itself.
func (s *stream) Flush() {
	if s.ours {
		s.command(Command{Flush: true})
	}
}

func (s *stream) command(c Command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushAudio()
	s.push(frame{websocket.MessageText, encode(c)})
}

// Events delivers what was heard.
func (s *stream) Events() <-chan speech.Heard { return s.events }

// Close says that the call is over. Finals that are under way still come, within 15 s; then
// Events is closed. It does not wait. Our own recogniser answers everything; where it could
// not in that time, an Err says so.
func (s *stream) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.pushAudio()
	silent := false
	s.push(frame{websocket.MessageText, encode(Command{Speaking: &silent})})
	if !s.closed {
		s.closed = true
		close(s.out)
	}
	end := context.Canceled // some FunASR servers never say that they are done
	if s.ours {
		end = errLate
	}
	time.AfterFunc(farewell, func() { s.stop(end) })
}

// write sends the queue, in order, until it is closed or the connection breaks.
func (s *stream) write() {
	for f := range s.out {
		ctx, stop := context.WithTimeout(s.ctx, writeWithin)
		err := s.conn.Write(ctx, f.kind, f.body)
		stop()
		if err != nil {
			s.stop(err)
			return
		}
	}
}

// read delivers results until the stream is over. After Close an end is an end; before it,
// it is a breakdown and reported as one.
func (s *stream) read() {
	defer close(s.events)
	defer s.conn.CloseNow()
	defer s.stop(context.Canceled)
	for {
		_, b, err := s.conn.Read(s.ctx)
		if err != nil {
			s.broken(err)
			return
		}
		var r Result
		if err := json.Unmarshal(b, &r); err != nil {
			s.broken(fmt.Errorf("funasr: not a result: %w", err))
			return
		}
		if h, ok := s.heard(r); ok {
			s.deliver(h)
		}
		if r.Final && s.isClosed() {
			return
		}
	}
}

// heard turns a result into what the robot reads; false = it says nothing.
func (s *stream) heard(r Result) (speech.Heard, bool) {
	h := speech.Heard{Text: r.Text, Phrase: r.Phrase, Final: r.Mode == Offline, Confidence: r.Confidence,
		Start: time.Duration(r.Start) * time.Millisecond, End: time.Duration(r.End) * time.Millisecond}
	if s.ours {
		return h, h.Text != "" || h.Final
	}
	h.Start, h.End = span(r.Timestamp)
	if h.Final {
		s.soFar = ""
		return h, h.Text != "" || !r.Final
	}
	s.soFar += h.Text
	h.Text = s.soFar
	return h, r.Text != ""
}

// span reads FunASR's timestamp, "[[from,to],…]" in milliseconds, one pair a character.
func span(timestamp string) (from, to time.Duration) {
	var pairs [][2]int64
	if json.Unmarshal([]byte(timestamp), &pairs) != nil || len(pairs) == 0 {
		return 0, 0
	}
	return time.Duration(pairs[0][0]) * time.Millisecond, time.Duration(pairs[len(pairs)-1][1]) * time.Millisecond
}

// deliver waits for a reader, but not for one that has gone.
func (s *stream) deliver(h speech.Heard) {
	select {
	case s.events <- h:
	case <-s.ctx.Done():
	}
}

func (s *stream) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// broken reports why nothing more will be heard, unless Close asked for the end. The
// channel has room: a reader that left must not hold the connection.
func (s *stream) broken(err error) {
	if cause := context.Cause(s.ctx); cause != nil {
		err = cause
	}
	if errors.Is(err, context.Canceled) || s.isClosed() && !errors.Is(err, errSlow) && !errors.Is(err, errLate) {
		return
	}
	select {
	case s.events <- speech.Heard{Err: err}:
	case <-time.After(time.Second):
	}
}

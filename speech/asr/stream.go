package asr

import (
	"context"
	"math"
	"sync"
	"time"

	"yingda/speech/funasr"
	"yingda/speech/whisper"
)

// stream is one call's ear on the server's side. hear, hint, flush and finish are called
// by one goroutine; results are sent by another.
type stream struct {
	server   *Server
	detector Detector
	ends     *endpointer
	hints    *whisper.Hints
	partials bool // this end can take them

	audio []int16 // from sample base on
	base  int64
	rest  int // samples at the end of audio that are no whole chunk yet

	guess    *decode // begun when silence began, not yet wanted
	partial  *job
	nextPart int64 // sample from which another partial may be made
	answered bool  // a final was sent since the last hint or flush

	mu      sync.Mutex
	wake    sync.Cond
	awaited []*decode // finals, in order
	over    bool
	latest  *funasr.Result // the newest partial, not sent yet
	serial  int            // the utterance it is about
}

// decode is one utterance on its way to a final.
type decode struct {
	from, to int64 // samples; from = to: nothing was heard
	due      time.Time
	job      *job // nil = there is nothing to decode
	result   whisper.Result
	err      error
}

// mostAwaited is how many finals one stream may wait for. One callee cannot speak that
// fast; who writes files can, and waits.
const mostAwaited = 8

func newStream(s *Server, d Detector, silence time.Duration, phrases []string) *stream {
	t := &stream{server: s, detector: d, ends: newEndpointer(silence), hints: s.hints.of(phrases)}
	t.wake.L = &t.mu
	return t
}

// hear takes audio of any length.
func (t *stream) hear(pcm []int16) {
	t.audio = append(t.audio, pcm...)
	t.rest += len(pcm)
	t.server.counts.audio.Add(int64(len(pcm)) * 1000 / sampleRate)
	for t.rest >= chunk {
		at := len(t.audio) - t.rest
		t.rest -= chunk
		t.happen(t.ends.hear(t.voice(t.audio[at : at+chunk])))
	}
	t.forget()
}

// quietest is the level below which no telephone voice is: -55 dBFS. Most of a call the
// callee listens; asking the detector costs 0.1 ms each time.
const quietest = 58.0

func (t *stream) voice(c []int16) float32 {
	if level(c) < quietest {
		return 0
	}
	return t.detector.Voice(c)
}

// level is the root mean square of the samples, without their direct current.
func level(c []int16) float64 {
	var sum, squares int64
	for _, s := range c {
		sum += int64(s)
		squares += int64(s) * int64(s)
	}
	n := float64(len(c))
	mean := float64(sum) / n
	return math.Sqrt(max(0, float64(squares)/n-mean*mean))
}

func (t *stream) happen(h happening) {
	switch h {
	case began:
		t.nextPart = t.ends.now + firstPartial
	case paused:
		t.guess = t.decode(time.Now().Add(t.ends.due()))
	case resumed:
		t.discard()
	case ended:
		t.commit()
		return
	}
	if t.ends.open && !t.ends.pausing && t.ends.now >= t.nextPart {
		t.hearSoFar()
	}
}

// decode queues what the open utterance holds.
func (t *stream) decode(due time.Time) *decode {
	from, to := t.ends.span()
	d := &decode{from: from, to: to, due: due}
	pcm, hints := t.cut(from, to), t.hints
	d.err = context.Canceled // until it has run
	d.job = t.server.queue.final(due, func(ctx context.Context) {
		d.result, d.err = t.server.Model.Recognize(ctx, pcm, hints)
	})
	return d
}

func (t *stream) cut(from, to int64) []int16 {
	return append([]int16(nil), t.audio[from-t.base:to-t.base]...)
}

func (t *stream) discard() {
	if t.guess == nil {
		return
	}
	t.server.queue.drop(t.guess.job)
	t.server.counts.discarded.Add(1)
	t.guess = nil
}

// commit ends the utterance: its final is wanted now.
func (t *stream) commit() {
	d := t.guess
	t.guess = nil
	if d == nil {
		d = t.decode(time.Now())
	}
	d.due = time.Now()
	t.ends.next()
	t.answered = true
	t.await(d)
}

// await puts a final in line.
func (t *stream) await(d *decode) {
	t.server.queue.drop(t.partial)
	t.partial = nil
	t.mu.Lock()
	defer t.mu.Unlock()
	t.serial++
	t.latest = nil
	t.awaited = append(t.awaited, d)
	t.wake.Signal()
}

// flush wants the final of what was heard now. Where nothing is open and none was sent
// since the last hint or flush, it is an empty one: whoever asks gets an answer, once.
func (t *stream) flush() {
	switch {
	case t.ends.open:
		t.ends.end()
		t.commit()
	case !t.answered:
		t.await(&decode{from: t.ends.now, to: t.ends.now, due: time.Now()})
	}
	t.answered = false
}

func (t *stream) hint(phrases []string) {
	t.hints, t.answered = t.server.hints.of(phrases), false
}

// finish ends the stream: an open utterance gets its final, then sending stops.
func (t *stream) finish() {
	if t.ends.open {
		t.ends.end()
		t.commit()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	t.wake.Signal()
}

// abandon ends the stream without anybody left to hear of it.
func (t *stream) abandon() {
	t.discard()
	t.server.queue.drop(t.partial)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.awaited {
		t.server.queue.drop(d.job)
	}
	t.over = true
	t.wake.Signal()
}

// next waits for what to send next; false when the stream is over.
func (t *stream) next() (funasr.Result, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.awaited) == 0 && t.latest == nil && !t.over {
		t.wake.Wait()
	}
	if len(t.awaited) > 0 {
		return t.nextFinal(), true
	}
	if r := t.latest; r != nil && !t.over {
		t.latest = nil
		return *r, true
	}
	return funasr.Result{}, false
}

// nextFinal waits for the first of the awaited, with the lock open meanwhile.
func (t *stream) nextFinal() funasr.Result {
	d := t.awaited[0]
	if d.job != nil {
		t.mu.Unlock()
		<-d.job.done
		t.mu.Lock()
	}
	t.awaited, t.latest = t.awaited[1:], nil
	t.server.count(d)
	return d.final()
}

// crowded says that finals pile up: audio should wait.
func (t *stream) crowded() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.awaited) >= mostAwaited
}

// forget drops audio that no utterance can need any more.
func (t *stream) forget() {
	keep := t.ends.now - onset*chunk - lead
	if t.ends.open {
		keep = min(keep, t.ends.start)
	}
	if n := keep - t.base; n > 4*sampleRate { // rarely: moving costs
		t.audio = append(t.audio[:0], t.audio[n:]...)
		t.base += n
	}
}

package robot

import (
	"context"
	"sync"
	"time"

	"yingda/speech"
)

const (
	openWithin = 2 * time.Second        // a recogniser that has not opened by then is not there
	openAgain  = 2 * time.Second        // … and is asked again so much later
	untyped    = time.Second            // after a voice without text: who can type does not, and is listened to
	flushAfter = 150 * time.Millisecond // beyond the end of an utterance: the recogniser is asked for what it owes
)

// hearing is the way from the line to a recogniser. It opens beside the talk, and what is
// said meanwhile is kept for it; where it breaks, another one is opened.
type hearing struct {
	stream  speech.Stream
	heard   <-chan speech.Heard
	zero    time.Duration // of the stream, on the leg's clock
	opened  chan openedEar
	opening bool
	again   time.Duration // when to open one; 0 = not now
	missed  int           // tries in a row that failed
}

// openedEar is what came of an attempt to open a recogniser.
type openedEar struct {
	name   string
	stream speech.Stream
	held   *held
	zero   time.Duration
	err    error
}

// held is the tap on the line: it keeps the audio until there is somebody to hear it.
type held struct {
	mu     sync.Mutex
	stream speech.Stream
	audio  []byte
}

const mostHeld = 3 * 1000 * bytesPerMs // more than openWithin

func (h *held) hear(alaw []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stream != nil:
		h.stream.Write(alaw)
	case len(h.audio) < mostHeld:
		h.audio = append(h.audio, alaw...)
	}
}

func (h *held) give(s speech.Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.Write(h.audio)
	h.stream, h.audio = s, nil
}

// listen opens a recogniser beside the talk, where there is one.
func (t *talk) listen(ctx context.Context) {
	rec := t.s.recogniser()
	if rec == nil { // it may be starting
		t.again = t.line.Now() + openAgain
		return
	}
	t.opening, t.again = true, 0
	o := openedEar{name: rec.Name(), held: &held{}, zero: t.line.Now()}
	options := speech.Options{Call: t.job.Call.ID.String(), Hints: t.flow.Hints(t.state), EndSilence: t.s.EndSilence}
	t.line.Tap(o.held.hear)
	go func() {
		within, stop := context.WithTimeout(ctx, openWithin)
		defer stop()
		o.stream, o.err = rec.Open(within, options)
		select {
		case t.opened <- o:
		case <-ctx.Done(): // the call is over
			if o.err == nil {
				o.stream.Close()
			}
		}
	}()
}

// hears goes on with the recogniser that opened, or tries again later.
func (t *talk) hears(o openedEar) {
	t.opening = false
	if o.err != nil {
		t.line.Tap(nil)
		t.again = t.line.Now() + openAgain
		if t.missed++; t.missed == 1 {
			t.log.Warn("recogniser does not open; digits and text only until it does", "recogniser", o.name, "error", o.err)
		}
		return
	}
	t.stream, t.heard, t.zero, t.missed, t.ear.listening = o.stream, o.stream.Events(), o.zero, 0, true
	o.held.give(o.stream)
	t.hint()
}

// hint tells the recogniser what this node expects.
func (t *talk) hint() {
	if t.stream != nil {
		t.stream.Hint(t.flow.Hints(t.state))
	}
}

// deaf: the recogniser's stream is over before the call is. Another one is opened soon.
func (t *talk) deaf() {
	t.closeEar()
	t.missed++
	t.again = t.line.Now() + openAgain
}

func (t *talk) closeEar() {
	if t.stream != nil {
		t.line.Tap(nil)
		t.stream.Close()
	}
	t.stream, t.heard, t.ear.listening, t.ear.owed = nil, nil, false, false
}

// untyped listens to a callee who could type and talks instead. What was said so far is
// lost; the script asks again.
func (t *talk) untyped(voiceEnd time.Duration) {
	if t.stream == nil && !t.opening && t.ear.spoke() {
		t.again = voiceEnd + untyped
	}
}

// drainEar waits a moment for the words that were said just before the hang-up: they
// are part of what the grade is made of.
func (t *talk) drainEar() {
	if t.heard == nil || !t.ear.owed && !t.ear.voicing {
		return
	}
	t.stream.Flush()
	patience := time.After(finalWithin)
	for {
		select {
		case r, open := <-t.heard:
			if !open || r.Err != nil {
				return
			}
			if h, counts := t.ear.recognised(r, t.zero); counts && r.Final && h.Text != "" {
				t.lastWords(h)
			}
			if r.Final {
				return
			}
		case <-patience:
			return
		}
	}
}

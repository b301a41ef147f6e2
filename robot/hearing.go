package robot

import (
	"context"
	"time"

	"yingda/speech"
)

// openEar lets the recogniser hear along from now on, where there is one and the
// callee does not write anyway.
func (t *talk) openEar(ctx context.Context) {
	rec := t.s.recogniser()
	if rec == nil || t.line.HasText() {
		return
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Second)
	defer stop()
	stream, err := rec.Open(ctx, speech.Options{Call: t.job.Call.ID.String(), Hints: t.flow.Hints(t.state), EndSilence: t.s.EndSilence})
	if err != nil {
		t.log.Warn("recogniser does not open; digits and text only", "recogniser", rec.Name(), "error", err)
		return
	}
	t.stream, t.heard, t.zero, t.ear.listening = stream, stream.Events(), t.line.Now(), true
	t.line.Tap(stream.Write)
}

// hint tells the recogniser what this node expects.
func (t *talk) hint() {
	if t.stream != nil {
		t.stream.Hint(t.flow.Hints(t.state))
	}
}

// deaf: the recogniser's stream is over before the call is.
func (t *talk) deaf() {
	t.heard, t.ear.listening, t.ear.owed = nil, false, false
}

func (t *talk) closeEar() {
	if t.stream != nil {
		t.line.Tap(nil)
		t.stream.Close()
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

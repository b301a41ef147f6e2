package asr

import (
	"context"

	"yingda/speech/funasr"
)

// Partials are a luxury: they show a listener that something is understood and let a
// robot react to a long talker. One is made when nothing else is to do.
const (
	firstPartial = 700 * sampleRate / 1000 // voice before the first
	morePartial  = sampleRate              // and between two
)

// hearSoFar decodes the open utterance up to now, if anybody has time.
func (t *stream) hearSoFar() {
	t.nextPart = t.ends.now + morePartial
	if t.server.NoPartials || !t.partials {
		return
	}
	from, to := t.ends.start, t.ends.now
	pcm, hints, serial := t.cut(from, to), t.hints, t.serial
	t.partial = t.server.queue.partial(func(ctx context.Context) {
		r, err := t.server.Model.Recognize(ctx, pcm, hints)
		if err == nil && plausible(r) && r.Text != "" {
			t.offer(serial, result(funasr.Online, from, to, r))
		}
	})
}

// offer makes a partial the next thing to send, unless its utterance is over.
func (t *stream) offer(serial int, r funasr.Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.serial == serial && !t.over {
		t.latest = &r
		t.server.counts.partials.Add(1)
		t.wake.Signal()
	}
}

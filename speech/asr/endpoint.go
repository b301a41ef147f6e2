package asr

import "time"

// Stream time is counted in samples of 8 kHz.
const (
	sampleRate = 8000
	chunk      = 256 // the detector's step: 32 ms

	onset   = 2                       // voiced chunks that make a beginning: a click is shorter
	lead    = 250 * sampleRate / 1000 // audio kept from before the first voiced chunk: soft initials
	trail   = 200 * sampleRate / 1000 // silence after which decoding starts, and that is decoded along
	longest = 20 * sampleRate         // an utterance is cut here, so that a talker is understood at all

	begins = 0.5  // probability from which silence becomes voice …
	stays  = 0.35 // … and above which voice stays voice
)

// happening is what a chunk brought about.
type happening int

const (
	nothing happening = iota
	began             // voice: an utterance is open
	paused            // silence long enough to decode on suspicion
	resumed           // voice again before the endpoint
	ended             // the endpoint
)

// endpointer finds utterances. It reads no clock: a chunk in, what happened out.
type endpointer struct {
	silence int64 // samples of silence that end an utterance

	now     int64 // samples heard
	run     int   // voiced chunks in a row
	open    bool
	pausing bool
	start   int64 // first sample of the open or last utterance, lead included
	voice   int64 // end of the last voiced chunk
}

func newEndpointer(silence time.Duration) *endpointer {
	return &endpointer{silence: max(int64(silence*sampleRate/time.Second), trail+chunk)}
}

// hear takes the detector's verdict on the next chunk.
func (e *endpointer) hear(probability float32) happening {
	e.now += chunk
	if probability < begins && (probability < stays || !e.open || e.run == 0) {
		e.run = 0
		return e.quiet()
	}
	e.run++
	return e.voiced()
}

func (e *endpointer) voiced() happening {
	switch {
	case !e.open && e.run >= onset:
		e.open, e.pausing, e.voice = true, false, e.now
		e.start = max(e.start, e.now-onset*chunk-lead, 0)
		return began
	case !e.open:
		return nothing
	case e.pausing && e.run >= onset:
		e.pausing, e.voice = false, e.now
		return resumed
	case e.pausing:
		return e.quiet() // one chunk may be a click: the endpoint does not wait for it
	}
	e.voice = e.now
	if e.now-e.start >= longest {
		return e.end()
	}
	return nothing
}

func (e *endpointer) quiet() happening {
	silent := e.now - e.voice
	switch {
	case !e.open:
		return nothing
	case silent >= e.silence:
		return e.end()
	case !e.pausing && silent >= trail:
		e.pausing = true
		return paused
	}
	return nothing
}

// end closes the utterance; the next one cannot begin before here.
func (e *endpointer) end() happening {
	e.open, e.pausing, e.run = false, false, 0
	return ended
}

// span is what to decode of the open or just ended utterance: samples [from, to).
func (e *endpointer) span() (from, to int64) { return e.start, min(e.now, e.voice+trail) }

// next forgets the utterance that ended: audio before the end of its voice is used up.
func (e *endpointer) next() { e.start = e.voice }

// due is how much audio is missing until the endpoint, if silence lasts.
func (e *endpointer) due() time.Duration {
	return time.Duration(e.voice+e.silence-e.now) * time.Second / sampleRate
}

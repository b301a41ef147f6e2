package speech

import (
	"context"
	"time"
)

// Recognizer hears. Implementations are safe for use by many calls at once.
type Recognizer interface {
	// Open starts a stream for one call. It fails when the recogniser cannot be
	// reached within ctx; a stream that breaks later reports it through Heard.Err
	// and closes Events.
	Open(ctx context.Context, o Options) (Stream, error)
	// Name is what the console shows: "local", "funasr", …
	Name() string
}

// Options of one stream.
type Options struct {
	Call       string        // for the recogniser's own log
	Hints      []string      // the phrases expected first; see Stream.Hint
	EndSilence time.Duration // silence after which an utterance has ended; 0 = the recogniser's default
}

// Stream is one call's ear. Write and Hint never block for longer than a queue insert.
type Stream interface {
	// Write takes audio in order: 8 kHz A-law, any length, usually 160 bytes = 20 ms.
	// Silence is written too: stream time is audio time.
	Write(alaw []byte)
	// Hint replaces the phrases expected from now on.
	Hint(phrases []string)
	// Flush asks for the final of what has been heard so far, now: the caller has
	// decided that the callee has finished.
	Flush()
	// Events delivers what was heard, in order; closed after Close or a breakdown.
	Events() <-chan Heard
	Close()
}

// Heard is one result. A Final closes an utterance; a partial may be replaced by the next one.
type Heard struct {
	Text       string        // what was understood, an accepted phrase included; "" with Final = voice without words
	Phrase     string        // the hint that was accepted, if any
	Final      bool          //
	Start, End time.Duration // of the utterance, in stream time (offset from the first Write)
	Confidence float64       // 0…1, 0 = not given
	Err        error         // the stream broke: nothing more will be heard
}

// Voice picks how a Synthesizer sounds. The zero value is its default voice.
type Voice struct {
	Name  string  `json:"name,omitempty"`
	Speed float64 `json:"speed,omitempty"` // 1 = normal; 0 means 1
}

// Synthesizer speaks. Safe for many calls at once.
type Synthesizer interface {
	// Speak returns a reader of 8 kHz A-law whose first bytes come as soon as the
	// vendor has them. It fails with the vendor's cause; closing the context stops it.
	Speak(ctx context.Context, text string, v Voice) (Audio, error)
	Name() string
}

// Audio is a stream of 8 kHz A-law.
type Audio interface {
	Read(p []byte) (int, error)
	Close() error
}

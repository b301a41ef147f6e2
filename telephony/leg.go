package telephony

import (
	"context"
	"io"
	"time"
)

// Leg is one connected call. Its clock starts at the answer; Event.At,
// Playback.Started and the recording all count on it.
type Leg struct{}

// ID is unique in the process; CallID is the SIP Call-ID.
func (l *Leg) ID() string     { return "" }
func (l *Leg) CallID() string { return "" }

// To and From are the user parts of the dialog's first INVITE.
func (l *Leg) To() string   { return "" }
func (l *Leg) From() string { return "" }

// AnsweredAt is the wall time of the leg's zero.
func (l *Leg) AnsweredAt() time.Time { return time.Time{} }

// Now is the present offset on the leg's clock.
func (l *Leg) Now() time.Duration { return 0 }

// Codec is "PCMA" or "PCMU", as negotiated on the wire; the API always speaks A-law.
func (l *Leg) Codec() string { return "" }

// HasText says whether real-time text was negotiated.
func (l *Leg) HasText() bool { return false }

// Events is bounded: when its reader sleeps, events are dropped and counted in
// Stats.EventsDropped, except Ended, which always arrives; then it is closed.
func (l *Leg) Events() <-chan Event { return nil }

// Play queues A-law audio behind what plays; an idle leg starts within one 20 ms slot.
// The slice must not be changed until the playback is done.
func (l *Leg) Play(alaw []byte) *Playback { return &Playback{} }

// PlayFrom queues audio that is still being made (streaming TTS). It is read off
// the media loop into a small buffer; what comes too late is bridged with silence.
// An io.Closer is closed when the playback is over or cut.
func (l *Leg) PlayFrom(r io.Reader) *Playback { return &Playback{} }

// StopPlaying ends all queued playbacks within 20 ms.
func (l *Leg) StopPlaying() {}

// Tap hears the far end from now on: one 20 ms A-law frame (160 bytes, valid only
// during the call) per tick, after the jitter buffer, silence when nothing came. It
// runs on the media loop and must not block. nil stops it. A leg has one tap.
func (l *Leg) Tap(hear func(alaw []byte)) {}

// SendText sends real-time text; without HasText it does nothing.
func (l *Leg) SendText(s string) {}

// SendDigits queues DTMF keys 0-9 * # A-D as RFC 4733 events, 100 ms each.
func (l *Leg) SendDigits(keys string) {}

// Hangup sends BYE and waits for its answer or ctx. Idempotent.
func (l *Leg) Hangup(ctx context.Context) error { return nil }

// Stats so far; after Ended they stand still.
func (l *Leg) Stats() Stats { return Stats{} }

// Recording is the path of the WAV, "" without one. It is complete (sizes fixed)
// when Ended arrives, and readable at any time before.
func (l *Leg) Recording() string { return "" }

// Playback is one queued piece of audio.
type Playback struct{ done chan struct{} }

// Done is closed when the last frame was sent or the playback was cut.
func (p *Playback) Done() <-chan struct{} { return p.done }

// Cut says whether it ended before its audio did (StopPlaying, hang-up, hold).
func (p *Playback) Cut() bool { return false }

// Played is how much of the audio went out.
func (p *Playback) Played() time.Duration { return 0 }

// Started is the offset of the first frame on the leg's clock, -1 if never.
func (p *Playback) Started() time.Duration { return -1 }

// Err is what the reader of PlayFrom failed with, nil at a clean end.
func (p *Playback) Err() error { return nil }

// Stats of a leg.
type Stats struct {
	PacketsIn, PacketsOut int64
	Lost                  int64         // never came
	Late                  int64         // came after its moment to play
	Duplicate             int64         // came twice
	EventsDropped         int64         // nobody read Events in time
	Jitter                time.Duration // interarrival jitter, RFC 3550 6.4.1
	PlayoutDelay          time.Duration // what the jitter buffer adds now
	GapErrorP50           time.Duration // |gap between two packets we sent - 20 ms|
	GapErrorP99           time.Duration
	// Turns is the honest latency meter (FEATURES D9), each turn once, newest last,
	// at most 64: from the far end's last voiced sample to our first audible frame.
	Turns []time.Duration
	// Replies is the same seen from this end: from our last audible frame to the
	// far end's first voiced sample. The simulated callee measures the robot by it.
	Replies []time.Duration
}

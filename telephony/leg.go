package telephony

import (
	"context"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"yingda/telephony/room"
	"yingda/telephony/rtp"
	"yingda/telephony/sdp"
	"yingda/telephony/sip"
)

// Leg is one connected call. Its clock starts at the answer; Event.At,
// Playback.Started and the recording all count on it.
type Leg struct {
	n        *Node
	id       string
	to, from string
	dialog   *sip.Dialog
	media    *rtp.Session
	tape     *room.Tape
	zero     time.Time
	events   chan Event
	dropped  atomic.Int64

	mu      sync.Mutex
	local   sdp.Local
	agreed  sdp.Agreed
	mine    sdp.Description // our last offer, while it waits for an answer
	by      Party
	hasText bool
}

// eventsKept is how many events wait for a slow reader; a talk has a few per second.
const eventsKept = 256

var legs atomic.Uint64

func newLeg(n *Node, m *rtp.Session, l sdp.Local, a sdp.Agreed, to, from string) *Leg {
	return &Leg{n: n, id: strconv.FormatUint(legs.Add(1), 10), to: to, from: from, media: m, local: l, agreed: a,
		hasText: a.T140 != 0, events: make(chan Event, eventsKept)}
}

// start lets the media run; from here on the clock counts.
func (l *Leg) start(a sdp.Agreed, tape *room.Tape) {
	l.tape, l.zero = tape, time.Now()
	patience := max(0, l.n.cfg.MediaTimeout)
	l.media.Start(terms(a), tape, rtp.Hooks{Happened: l.happened, Patience: patience, Silent: func() { go l.endBy(ByMedia) }})
}

// follow ends the leg when its dialog does.
func (l *Leg) follow() {
	go func() {
		<-l.dialog.Done()
		l.over(partyOf(l.dialog.By()))
	}()
}

func partyOf(e sip.Ending) Party {
	switch e {
	case sip.ByFar:
		return ByFar
	case sip.ByTimer:
		return ByMedia
	}
	return ByUs
}

// over ends the media and tells it; the recording is complete before Ended arrives.
func (l *Leg) over(by Party) {
	l.mu.Lock()
	if l.by == "" {
		l.by = by
	}
	by = l.by
	l.mu.Unlock()
	at := l.Now()
	l.media.End(func(err error) {
		if err != nil {
			l.n.log.Error("recording incomplete", "call_id", l.CallID(), "err", err)
		}
		l.last(Event{Kind: Ended, At: at, By: by})
		l.n.forget(l)
	})
}

// last delivers Ended, if need be in place of the oldest event. Nothing else writes any more.
func (l *Leg) last(e Event) {
	for {
		select {
		case l.events <- e:
			close(l.events)
			return
		default:
		}
		select {
		case <-l.events:
			l.dropped.Add(1)
		default:
		}
	}
}

var kinds = map[rtp.Kind]EventKind{rtp.VoiceStart: VoiceStart, rtp.VoiceEnd: VoiceEnd, rtp.Digit: Digit, rtp.Text: Text}

// happened runs on the media loop.
func (l *Leg) happened(h rtp.Happening) {
	select {
	case l.events <- Event{Kind: kinds[h.Kind], At: h.At, Text: h.Text}:
	default:
		l.dropped.Add(1)
	}
}

// ID is unique in the process; CallID is the SIP Call-ID.
func (l *Leg) ID() string     { return l.id }
func (l *Leg) CallID() string { return l.dialog.CallID() }

// To and From are the user parts of the dialog's first INVITE.
func (l *Leg) To() string   { return l.to }
func (l *Leg) From() string { return l.from }

// AnsweredAt is the wall time of the leg's zero.
func (l *Leg) AnsweredAt() time.Time { return l.zero }

// Now is the present offset on the leg's clock.
func (l *Leg) Now() time.Duration { return time.Since(l.zero) }

// Codec is "PCMA" or "PCMU", as negotiated on the wire; the API always speaks A-law.
func (l *Leg) Codec() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.agreed.Codec
}

// HasText says whether real-time text was negotiated.
func (l *Leg) HasText() bool { return l.hasText }

// Events is bounded: when its reader sleeps, events are dropped and counted in
// Stats.EventsDropped, except Ended, which always arrives; then it is closed.
func (l *Leg) Events() <-chan Event { return l.events }

// Play queues A-law audio behind what plays; an idle leg starts within one 20 ms slot.
// The slice must not be changed until the playback is done.
func (l *Leg) Play(alaw []byte) *Playback { return l.media.Play(rtp.NewPlayback(alaw)) }

// PlayFrom queues audio that is still being made (streaming TTS). It is read off
// the media loop into a buffer of half a second; what comes too late is bridged with silence.
// An io.Closer is closed when the playback is over or cut.
func (l *Leg) PlayFrom(r io.Reader) *Playback { return l.media.Play(rtp.NewStream(r)) }

// StopPlaying ends all queued playbacks within 20 ms.
func (l *Leg) StopPlaying() { l.media.StopPlaying() }

// Tap hears the far end from now on: one 20 ms A-law frame (160 bytes, valid only
// during the call) per tick, after the jitter buffer, silence when nothing came. It
// runs on the media loop and must not block. nil stops it. A leg has one tap.
func (l *Leg) Tap(hear func(alaw []byte)) { l.media.Tap(hear) }

// SendText sends real-time text; without HasText it does nothing.
func (l *Leg) SendText(s string) { l.media.Type(s) }

// SendDigits queues DTMF keys 0-9 * # A-D as RFC 4733 events, 100 ms each.
func (l *Leg) SendDigits(keys string) { l.media.Press(keys) }

// Hangup sends BYE and waits for its answer or ctx. Idempotent.
func (l *Leg) Hangup(ctx context.Context) error {
	l.mu.Lock()
	if l.by == "" {
		l.by = ByUs
	}
	l.mu.Unlock()
	l.media.Flush()
	return l.dialog.Bye(ctx)
}

// endBy hangs up for another reason than the robot's wish.
func (l *Leg) endBy(by Party) {
	l.mu.Lock()
	if l.by == "" {
		l.by = by
	}
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), hangupWait)
	defer cancel()
	if err := l.dialog.Bye(ctx); err != nil {
		l.n.log.Warn("hang-up unanswered", "call_id", l.CallID(), "by", string(by), "err", err)
	}
}

// Stats so far; after Ended they stand still.
func (l *Leg) Stats() Stats {
	s := l.media.Stats()
	return Stats{PacketsIn: s.In, PacketsOut: s.Out, Lost: s.Lost, Late: s.Late, Duplicate: s.Duplicate,
		EventsDropped: l.dropped.Load(), Jitter: s.Jitter, PlayoutDelay: s.Delay,
		FarLost: s.FarLost, FarJitter: s.FarJitter, GapErrorP50: s.GapP50, GapErrorP99: s.GapP99, Turns: s.Turns, Replies: s.Replies}
}

// Recording is the path of the WAV, "" without one. It is complete (its header says how
// long it is) when Ended arrives; before, its audio goes to the end of the file.
func (l *Leg) Recording() string {
	if l.tape == nil {
		return ""
	}
	return l.tape.Path()
}

// MendRecording completes the file of a leg whose process died before it ended.
func MendRecording(path string) error { return room.Mend(path) }

// Reoffer answers a re-INVITE or UPDATE: hold, resume, another address (RFC 3264 8).
// It is called by the dialog.
func (l *Leg) Reoffer(offer []byte) ([]byte, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.local.Version++
	if len(offer) == 0 {
		l.mine = sdp.Offer(l.local)
		return l.mine.Bytes(), true
	}
	theirs, err := sdp.Parse(offer)
	if err != nil {
		return nil, false
	}
	answer, a, err := sdp.Answer(theirs, l.local)
	if err != nil {
		return nil, false
	}
	l.agreed = a
	l.media.Renegotiate(terms(a))
	return answer.Bytes(), true
}

// Reanswer takes the answer to an offer that Reoffer made. It is called by the dialog.
func (l *Leg) Reanswer(body []byte) {
	answer, err := sdp.Parse(body)
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a, err := sdp.Agree(l.mine, answer); err == nil {
		l.agreed = a
		l.media.Renegotiate(terms(a))
	}
}

// Info takes DTMF as old gateways send it: "Signal=5" in application/dtmf-relay, or the
// bare key in application/dtmf. It is called by the dialog.
func (l *Leg) Info(contentType string, body []byte) {
	key := strings.TrimSpace(string(body))
	switch contentType {
	case "application/dtmf":
	case "application/dtmf-relay":
		_, rest, _ := strings.Cut(key, "=")
		key, _, _ = strings.Cut(strings.TrimSpace(rest), "\n")
		key = strings.TrimSpace(key)
	default:
		return
	}
	if len(key) == 1 {
		l.media.Pressed(key)
	}
}

// Playback is one queued piece of audio: Done, Cut, Played, Started, Err.
type Playback = rtp.Playback

// Stats of a leg.
type Stats struct {
	PacketsIn, PacketsOut int64
	Lost                  int64         // never came
	Late                  int64         // came after its moment to play
	Duplicate             int64         // came twice
	EventsDropped         int64         // nobody read Events in time
	Jitter                time.Duration // interarrival jitter, RFC 3550 6.4.1
	PlayoutDelay          time.Duration // what the jitter buffer adds now
	GapErrorP50           time.Duration // |gap between two packets we sent - 20 ms|, upper edge of a 125 µs bucket
	GapErrorP99           time.Duration
	FarLost               int64         // packets of ours that never came, as the far end reports by RTCP; 0 when it does not
	FarJitter             time.Duration // of our packets, as it reports
	// Turns is the honest latency meter (FEATURES D9), each turn once, newest last,
	// at most 64: from the far end's last voiced sample to our first audible frame.
	Turns []time.Duration
	// Replies is the same seen from this end: from our last audible frame to the
	// far end's first voiced sample. The simulated callee measures the robot by it.
	Replies []time.Duration
}

package rtp

import (
	"math/rand/v2"
	"net/netip"
	"sync/atomic"
	"time"

	"yingda/telephony/room"
)

// Terms are what signalling agreed on.
type Terms struct {
	ULaw        bool // PCMU on the wire; inside all is A-law
	PT, EventPT uint8
	To          netip.AddrPort
	Send        bool // the far end wants to receive
	Receive     bool // the far end sends
	TextTo      netip.AddrPort
	T140, Red   uint8 // Red 0 = no redundancy
	Mux         bool  // RTCP goes over the same port (RFC 5761)
}

// Kind of a Happening.
type Kind int

const (
	VoiceStart Kind = iota + 1 // At = first voiced sample
	VoiceEnd                   // At = after the last voiced sample
	Digit
	Text
)

// Happening is what the media of a leg reports, on the session's clock.
type Happening struct {
	Kind Kind
	At   time.Duration
	Text string
}

// Hooks are called on the media loop and must not block.
type Hooks struct {
	Happened func(Happening)
	Silent   func() // once: no packet for longer than Patience
	Patience time.Duration
}

type phase int

const (
	opened phase = iota
	early        // before the answer: only what was asked is heard or said
	live
	over
)

// Session is the media of one leg. Exported methods may be called from anywhere. What
// every frame touches stands together, what is large or rare behind it: thousands of
// sessions do not fit into the cache, and each line of it that a frame needs is waited for.
type Session struct {
	shard *shard
	slot  int
	phase phase

	next   time.Duration // tick at which the next frame is due
	clock  int           // samples since Start
	idle   int           // frames since the last packet
	missed bool          // the last frame found no packet
	marked bool
	out    Header
	sentAt time.Duration
	sent   int64
	audio  socket
	terms  Terms
	seq    sequence
	queue  queue
	tape   *room.Tape
	tap    func([]byte)
	text   *textLine // nil = none
	vad    vad
	meter  meter
	report report
	jitter jitter // its ring comes last

	hooks    Hooks
	overhear func([]byte) // early media
	keysIn   keyIn
	keysOut  keyOut
	gaps     histogram
	ended    atomic.Bool
	stats    atomic.Pointer[Stats] // as they stood at the end
}

func newSession(sh *shard, a socket) *Session {
	s := &Session{shard: sh, audio: a, vad: newVAD()}
	s.out = Header{SSRC: rand.Uint32(), Seq: uint16(rand.Uint32()), TS: rand.Uint32()}
	s.seq.fresh = true
	s.jitter.reset()
	return s
}

// Port of the audio, and of the text (0 = none).
func (s *Session) Port() int { return s.audio.port }
func (s *Session) TextPort() int {
	if s.text == nil {
		return 0
	}
	return s.text.socket.port
}

// Early begins before the answer: overhear (may be nil) gets each frame of the far end,
// on the media loop; queued playbacks are sent, otherwise nothing.
func (s *Session) Early(t Terms, overhear func(alaw []byte)) {
	s.shard.do(func() {
		if s.phase == over || s.phase == live {
			return
		}
		s.overhear = overhear
		s.agree(t)
		if s.phase == opened {
			s.enter(early)
		}
	})
}

// Start begins the leg: what waits in the socket is thrown away, the clock is at zero,
// the tape (may be nil) runs. It returns when the media loop has done it.
func (s *Session) Start(t Terms, tape *room.Tape, h Hooks) {
	done := make(chan struct{})
	s.shard.do(func() {
		defer close(done)
		if s.phase == over {
			return
		}
		s.queue.cut()
		s.audio.flush()
		s.jitter.reset()
		s.seq = sequence{fresh: true}
		s.overhear, s.tape, s.hooks, s.clock, s.idle = nil, tape, h, 0, 0
		s.agree(t)
		if s.phase == opened {
			s.enter(live)
		}
		s.phase = live
	})
	<-done
}

func (s *Session) enter(p phase) {
	s.phase = p
	s.shard.add(s)
	s.next = -1
}

// Renegotiate takes over the terms of a re-INVITE. While the far end wants nothing,
// nothing is sent, and what plays goes by unheard.
func (s *Session) Renegotiate(t Terms) { s.shard.do(func() { s.agree(t) }) }

func (s *Session) agree(t Terms) {
	if t.To != s.terms.To {
		s.audio.aim(t.To)
	}
	if s.text != nil && t.TextTo != s.terms.TextTo {
		s.text.socket.aim(t.TextTo)
	}
	s.terms = t
	s.idle = 0
}

// End stops the media, completes the tape and frees the sockets; done (may be nil) runs
// once, when the file is complete. Later calls do nothing.
func (s *Session) End(done func(error)) {
	if !s.ended.CompareAndSwap(false, true) {
		return
	}
	s.shard.do(func() { s.end(done) })
}

func (s *Session) end(done func(error)) {
	if s.phase == live && s.text != nil && s.terms.T140 != 0 {
		s.receiveText()
		s.sendText(true)
	}
	if s.phase != opened {
		s.shard.remove(s)
	}
	s.phase = over
	s.queue.cut()
	s.freeze()
	s.audio.close()
	if s.text != nil {
		s.text.socket.close()
	}
	s.shard.load.Add(-1)
	if done == nil {
		done = func(error) {}
	}
	if s.tape == nil {
		go done(nil)
		return
	}
	s.tape.End(done)
}

// Play queues a playback behind what plays and returns it.
func (s *Session) Play(p *Playback) *Playback {
	s.shard.do(func() {
		if s.phase == over {
			p.finish(true)
			return
		}
		s.queue.list = append(s.queue.list, p)
	})
	return p
}

// StopPlaying cuts all that is queued.
func (s *Session) StopPlaying() { s.shard.do(s.queue.cut) }

// Tap sets who hears the far end, nil = nobody.
func (s *Session) Tap(hear func([]byte)) { s.shard.do(func() { s.tap = hear }) }

// StopSending keeps quiet on the wire from now on, as a far end whose network died.
func (s *Session) StopSending() {
	s.shard.do(func() { s.terms.Send = false })
}

// Press sends DTMF keys, if telephone-event was agreed.
func (s *Session) Press(keys string) {
	s.shard.do(func() {
		if s.terms.EventPT != 0 {
			s.keysOut.press(keys)
		}
	})
}

// Pressed reports a key that came by signalling.
func (s *Session) Pressed(key string) {
	s.shard.do(func() {
		if s.phase == live {
			s.tell(Happening{Kind: Digit, At: samples(s.clock), Text: key})
		}
	})
}

// Type sends real-time text, if it was agreed.
func (s *Session) Type(text string) {
	s.shard.do(func() {
		if s.text != nil && s.terms.T140 != 0 {
			s.text.out.add(text)
		}
	})
}

// Flush sends typed text that still waits for its interval, and returns when it is out:
// last words go before the BYE.
func (s *Session) Flush() {
	if s.text == nil {
		return
	}
	done := make(chan struct{})
	s.shard.do(func() {
		defer close(done)
		if s.phase == live && s.terms.T140 != 0 {
			s.sendText(true)
		}
	})
	<-done
}

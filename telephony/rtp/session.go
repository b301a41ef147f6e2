package rtp

import (
	"math/rand/v2"
	"net/netip"
	"sync/atomic"
	"time"

	"yingda/platform/audio"
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

// Session is the media of one leg. Exported methods may be called from anywhere.
type Session struct {
	shard *shard
	slot  int
	phase phase
	terms Terms
	hooks Hooks

	audio  socket
	text   *textLine // nil = none
	jitter jitter
	vad    vad
	keysIn keyIn

	tape     *room.Tape
	tap      func([]byte)
	overhear func([]byte) // early media
	queue    queue
	keysOut  keyOut
	out      Header
	marked   bool
	packet   [headerSize + Frame]byte
	far      [Frame]byte
	near     [Frame]byte

	next   time.Duration // tick at which the next frame is due
	clock  int           // samples since Start
	idle   int           // frames since the last packet
	eager  int           // frames for which the socket is asked until it is empty
	meter  meter
	seq    sequence
	gaps   histogram
	sentAt time.Duration
	sent   int64
	ended  atomic.Bool
	stats  atomic.Pointer[Stats] // as they stood at the end
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
// nothing is sent and what played is cut.
func (s *Session) Renegotiate(t Terms) { s.shard.do(func() { s.agree(t) }) }

func (s *Session) agree(t Terms) {
	if t.To != s.terms.To {
		s.audio.aim(t.To)
	}
	if s.text != nil && t.TextTo != s.terms.TextTo {
		s.text.socket.aim(t.TextTo)
	}
	if !t.Send {
		s.queue.cut()
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

// frame is one turn of the wheel, due at the tick at.
func (s *Session) frame(at time.Duration) {
	k := s.elapsed(at)
	s.receive(at)
	for i := range k {
		s.hear()
		s.speak(i == k-1)
	}
	s.patience(k)
	if s.text != nil && s.terms.T140 != 0 {
		s.texts(at)
	}
}

// elapsed is how many frames have gone by since the last turn: one, or more after a stall.
func (s *Session) elapsed(at time.Duration) int {
	const turn = slots * tick
	k := 1
	if s.next >= 0 && at > s.next {
		k += int((at - s.next) / turn)
	}
	s.next = at + turn
	return min(k, 500)
}

const (
	drainEvery = 8  // frames: how often the socket is asked until it is empty
	eagerFor   = 50 // frames after more than one packet came at once
)

// receive takes what came. A far end that sends one packet per frame, as nearly all do,
// is asked once, not until the socket says that it is empty: that second question costs
// a tenth of the whole frame. Whenever nothing or more than one came, all is taken.
func (s *Session) receive(at time.Duration) {
	most := 1
	if s.eager > 0 || s.next%(drainEvery*slots*tick) < slots*tick {
		most = 64
	}
	n := 0
	for n < most && s.receiveOne(at) {
		n++
	}
	switch {
	case n != 1:
		s.eager = eagerFor
	case s.eager > 0:
		s.eager--
	}
}

func (s *Session) receiveOne(at time.Duration) bool {
	n, ok := s.audio.recv(s.shard.buf[:])
	if !ok {
		return false
	}
	if h, payload, ok := parse(s.shard.buf[:n]); ok {
		s.audio.latch()
		s.packetIn(h, payload, at)
	}
	return true
}

func (s *Session) packetIn(h Header, payload []byte, at time.Duration) {
	if h.SSRC != s.jitter.ssrc {
		s.seq.fresh = true
	}
	s.idle = 0
	if !s.seq.note(h.Seq) {
		return
	}
	switch h.PT {
	case s.terms.PT:
		if s.terms.ULaw {
			audio.ULawToALaw(payload[:0], payload)
		}
		s.jitter.put(h, payload, at)
	case s.terms.EventPT:
		if key := s.keysIn.hear(h.TS, payload); key != 0 && s.phase == live {
			s.tell(Happening{Kind: Digit, At: samples(s.clock), Text: string(key)})
		}
	}
}

// hear plays out one frame of the far end.
func (s *Session) hear() {
	s.jitter.pop(s.far[:])
	if s.phase != live {
		if s.overhear != nil {
			s.overhear(s.far[:])
		}
		return
	}
	if s.tap != nil {
		s.tap(s.far[:])
	}
	switch s.vad.hear(s.far[:], s.clock) {
	case began:
		s.meter.theyBegan(s.vad.firstAt)
		s.tell(Happening{Kind: VoiceStart, At: samples(s.vad.firstAt)})
	case ended:
		s.meter.theyEnded(s.vad.lastVoice)
		s.tell(Happening{Kind: VoiceEnd, At: samples(s.vad.lastVoice)})
	}
}

// speak makes and sends our frame; of the frames of a stall only the last is sent and
// played, the rest is silence that the timestamps skip.
func (s *Session) speak(send bool) {
	n := 0
	if send && s.terms.Send {
		n = s.queue.fill(s.near[:], s.clock)
	}
	fill(s.near[n:], audio.Silence)
	if n > 0 && s.phase == live {
		s.meter.weSaid(s.near[:n], s.clock)
	}
	if send && s.terms.Send && (s.phase == live || n > 0) {
		s.transmit()
	} else {
		s.sentAt = 0 // no gap is measured over a pause
	}
	s.out.TS += Frame
	if s.phase == live {
		if s.tape != nil {
			s.tape.Add(s.far[:], s.near[:])
		}
		s.clock += Frame
	}
}

// transmit sends the frame, or the key that is being pressed.
func (s *Session) transmit() {
	h, b := s.out, s.packet[:]
	h.PT, h.Marker = s.terms.PT, !s.marked
	s.marked = true
	if ts, marker, ok := s.keysOut.next(b[headerSize:], h.TS); ok {
		h.PT, h.TS, h.Marker = s.terms.EventPT, ts, marker
		b = b[:headerSize+4]
		fill(s.near[:], audio.Silence)
	} else if s.terms.ULaw {
		audio.ALawToULaw(b[headerSize:headerSize], s.near[:])
	} else {
		copy(b[headerSize:], s.near[:])
	}
	h.put(b)
	s.out.Seq++
	s.audio.send(b)
	s.pace()
}

// pace measures the gap to the packet before.
func (s *Session) pace() {
	now := s.shard.now()
	s.sent++
	if s.sentAt > 0 {
		s.gaps.add(now - s.sentAt - slots*tick)
	}
	s.sentAt = now
}

func (s *Session) patience(k int) {
	if s.phase != live || !s.terms.Receive || s.hooks.Patience <= 0 {
		return
	}
	s.idle += k
	if samples(s.idle*Frame) > s.hooks.Patience && s.hooks.Silent != nil {
		s.hooks.Silent()
		s.hooks.Silent = nil
	}
}

func (s *Session) tell(h Happening) {
	if s.hooks.Happened != nil {
		s.hooks.Happened(h)
	}
}

package rtp

import (
	"time"

	"yingda/platform/audio"
)

// frame is one turn of the wheel, due at the tick at.
func (s *Session) frame(at time.Duration) {
	k := s.elapsed(at)
	s.receive(at)
	for i := range k {
		s.hear()
		s.speak(i == k-1)
	}
	s.patience(k)
	if s.terms.Mux && s.phase == live {
		s.reports(k)
	}
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
	} else if n > 1 && isRTCP(s.shard.buf[1]) {
		s.reported(s.shard.buf[:n])
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
	hush(s.near[n:])
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
		hush(s.near[:])
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

package rtp

import (
	"time"

	"yingda/platform/audio"
)

// frame is one turn of the wheel, due at the tick at.
func (s *Session) frame(at time.Duration) {
	k := s.elapsed(at)
	s.receive(at)
	f := &s.shard.scratch
	for i := range k {
		s.hear(f.far[:])
		s.speak(f, i == k-1)
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

const drainEvery = 8 // frames: how often the socket is asked until it is empty

// receive takes what came. A far end that sends one packet per frame, as nearly all do,
// is asked once, not until the socket says that it is empty: that second question costs
// a tenth of the whole frame. After a frame without a packet two are taken, and now and then all.
func (s *Session) receive(at time.Duration) {
	most := 1
	switch {
	case s.next%(drainEvery*slots*tick) < slots*tick:
		most = 64
	case s.missed:
		most = 2
	}
	n := 0
	for n < most && s.receiveOne(at) {
		n++
	}
	s.missed = n == 0
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

// packetIn takes a packet that proved to be RTP. The numbers of the audio's stream are
// followed; events may come under a source of their own (RFC 4733 2.5.1.2).
func (s *Session) packetIn(h Header, payload []byte, at time.Duration) {
	s.idle = 0
	ulaw, sound := s.codec(h.PT)
	if sound && h.SSRC != s.jitter.ssrc {
		s.seq.fresh = true
	}
	if (sound || h.SSRC == s.jitter.ssrc) && !s.seq.note(h.Seq) {
		return
	}
	switch {
	case sound:
		if ulaw {
			audio.ULawToALaw(payload[:0], payload)
		}
		s.jitter.put(h, payload, at)
	case s.terms.EventPT != 0 && h.PT == s.terms.EventPT:
		if key := s.keysIn.hear(h, payload); key != 0 && s.phase == live {
			s.tell(Happening{Kind: Digit, At: samples(s.clock), Text: string(key)})
		}
	}
}

// Static payload types (RFC 3551 table 4). A far end that agreed on several codecs may
// send any of them.
const (
	pcmu = 0
	pcma = 8
)

// codec says whether a payload type is G.711 audio, and of which law.
func (s *Session) codec(pt uint8) (ulaw, sound bool) {
	switch pt {
	case s.terms.PT:
		return s.terms.ULaw, true
	case pcmu, pcma:
		return pt == pcmu, true
	}
	return false, false
}

// hear plays out one frame of the far end.
func (s *Session) hear(far []byte) {
	s.jitter.pop(far)
	if s.phase != live {
		if s.overhear != nil {
			s.overhear(far)
		}
		return
	}
	if s.tap != nil {
		s.tap(far)
	}
	switch s.vad.hear(far, s.clock) {
	case began:
		s.meter.theyBegan(s.vad.firstAt)
		s.tell(Happening{Kind: VoiceStart, At: samples(s.vad.firstAt)})
	case ended:
		s.meter.theyEnded(s.vad.lastVoice)
		s.tell(Happening{Kind: VoiceEnd, At: samples(s.vad.lastVoice)})
	}
}

// scratch is what a frame is worked out in; it lives on the loop, where it stays in the
// nearest cache, not in each session.
type scratch struct {
	far    [Frame]byte
	packet [headerSize + Frame]byte // our audio is written where it is sent from
	other  [headerSize + Frame]byte // a packet that is not our A-law
}

// speak makes and sends our frame; of the frames of a stall only the last is sent and
// played, the rest is silence that the timestamps skip. While the far end holds us, what
// plays goes by unheard: whoever waits for its end is not held, too.
func (s *Session) speak(f *scratch, send bool) {
	near, n := f.packet[headerSize:], 0
	if send {
		n = s.queue.fill(near, s.clock)
	}
	if !s.terms.Send {
		n = 0
	}
	hush(near[n:])
	if n > 0 && s.phase == live {
		s.meter.weSaid(near[:n], s.clock)
	}
	if send && s.terms.Send && (s.phase == live || n > 0) {
		s.transmit(f)
	} else {
		s.sentAt = 0 // no gap is measured over a pause
	}
	s.out.TS += Frame
	if s.phase == live {
		if s.tape != nil {
			s.tape.Add(f.far[:], near)
		}
		s.clock += Frame
	}
}

// transmit sends the frame, or the key that is being pressed.
func (s *Session) transmit(f *scratch) {
	h, b, near := s.out, f.packet[:], f.packet[headerSize:]
	h.PT, h.Marker = s.terms.PT, !s.marked
	s.marked = true
	if ts, marker, ok := s.keysOut.next(f.other[headerSize:], h.TS); ok {
		h.PT, h.TS, h.Marker = s.terms.EventPT, ts, marker
		b = f.other[:headerSize+4]
		hush(near)
	} else if s.terms.ULaw {
		b = f.other[:]
		audio.ALawToULaw(b[headerSize:headerSize], near)
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

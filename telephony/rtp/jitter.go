package rtp

import (
	"time"

	"yingda/platform/audio"
)

const (
	ringSize  = 8192       // samples, 1.024 s
	lead      = Frame      // a stream starts this far ahead of its first packet: 20 to 40 ms of delay with the slot's phase
	farAhead  = 6000       // a timestamp further off than this is another stream's
	maxDepth  = 20 * Frame // more than 400 ms waiting is cut whatever it is
	calmDepth = 2 * Frame  // waiting before a frame is taken: enough where nothing jitters
	window    = 100        // frames over which the least depth is looked at: 2 s
	lateRun   = 5          // so many packets in a row too late: their clock jumped
)

// jitter is the buffer between the network and the ear: a ring of samples indexed by
// RTP timestamp, so any packet size is re-sliced to frames of 20 ms, order does not
// matter, and what never came is silence. It is adaptive by three rules: nothing there
// → wait (delay grows by a frame); for two seconds always more than needed → skip
// frames that nobody would miss (delay shrinks); much too much → cut.
type jitter struct {
	started    bool
	ssrc       uint32
	play, end  uint32 // timestamp of the next sample to play; of the one after the newest
	starved    int    // frames in a row without audio
	least, age int    // least depth in this window, frames of it gone by
	skip       int    // frames to leave out when it is quiet
	lates      int
	transit    int64 // RFC 3550 6.4.1, in samples
	jitter16   int64 // interarrival jitter × 16
	late       int64
	ring       [ringSize]byte
}

// reset forgets everything but the counters.
func (j *jitter) reset() {
	j.started, j.starved, j.least, j.age, j.skip, j.lates = false, 0, 1<<30, 0, 0, 0
}

// put stores a packet's A-law audio. at is its arrival on any steady clock.
func (j *jitter) put(h Header, alaw []byte, at time.Duration) {
	if !j.started || h.SSRC != j.ssrc {
		j.begin(h)
	}
	j.measure(h, at)
	d := int(int32(h.TS - j.play))
	switch {
	case d > farAhead || d < -farAhead || j.paused(h.TS):
		j.resync(h.TS)
		d = lead
	case d+len(alaw) <= 0:
		j.tooLate(h)
		return
	}
	j.lates = 0
	j.store(h.TS, d, alaw)
}

// paused says that a sender that was silent for a while goes on at ts: what lies between
// was never sent and must not become delay.
func (j *jitter) paused(ts uint32) bool {
	return j.starved > 0 && int32(ts-j.end) > calmDepth
}

func (j *jitter) begin(h Header) {
	j.started, j.ssrc, j.least = true, h.SSRC, 1<<30
	j.transit = 0
	j.resync(h.TS)
}

func (j *jitter) resync(ts uint32) {
	hush(j.ring[:])
	j.play, j.end, j.age, j.skip, j.least = ts-lead, ts, 0, 0, 1<<30
}

// tooLate counts, and follows a sender whose timestamps went back for good.
func (j *jitter) tooLate(h Header) {
	j.late++
	if j.lates++; j.lates >= lateRun {
		j.lates = 0
		j.resync(h.TS + Frame)
	}
}

func (j *jitter) store(ts uint32, d int, b []byte) {
	if d < 0 {
		b, ts = b[-d:], ts-uint32(d)
	}
	b = b[:min(len(b), ringSize-farAhead)]
	n := copy(j.ring[ts%ringSize:], b)
	copy(j.ring[:], b[n:])
	if e := ts + uint32(len(b)); int32(e-j.end) > 0 {
		j.end = e
	}
}

func (j *jitter) depth() int { return int(int32(j.end - j.play)) }

// pop fills dst with the next 20 ms; false = nothing was there and dst is silence.
func (j *jitter) pop(dst []byte) bool {
	if !j.started || !j.ready() {
		j.starved++
		hush(dst)
		return false
	}
	j.starved = 0
	j.adapt()
	j.take(dst)
	return true
}

// ready waits for a whole frame; what is left of a stream that stopped comes out after two frames.
func (j *jitter) ready() bool {
	d := j.depth()
	return d >= Frame || d > 0 && j.starved >= 2
}

func (j *jitter) take(dst []byte) {
	at := j.play % ringSize
	n := copy(dst[:Frame], j.ring[at:])
	copy(dst[n:Frame], j.ring[:])
	hush(j.ring[at : at+uint32(n)])
	hush(j.ring[:Frame-n])
	j.play += Frame
}

func (j *jitter) adapt() {
	d := j.depth()
	if d > maxDepth {
		j.drop((d - calmDepth) / Frame)
	}
	j.least = min(j.least, d)
	if j.age++; j.age >= window {
		j.skip = max(0, (j.least-calmDepth)/Frame)
		j.age, j.least = 0, 1<<30
	}
	for j.skip > 0 && j.depth() > calmDepth && quiet(j.peek()) {
		j.skip--
		j.drop(1)
	}
}

func (j *jitter) drop(frames int) {
	var waste [Frame]byte
	for range frames {
		j.take(waste[:])
	}
}

// peek returns the next frame, or what of it lies before the ring's end.
func (j *jitter) peek() []byte {
	at := j.play % ringSize
	return j.ring[at:min(ringSize, at+Frame)]
}

// delay is what the buffer adds now.
func (j *jitter) delay() time.Duration { return samples(max(0, j.depth())) }

// measure follows the interarrival jitter.
func (j *jitter) measure(h Header, at time.Duration) {
	transit := int64(at/(time.Second/8000)) - int64(h.TS)
	if j.transit != 0 {
		d := int64(int32(transit - j.transit))
		if d < 0 {
			d = -d
		}
		j.jitter16 += d - j.jitter16>>4
	}
	j.transit = transit
}

// hush fills with silence, by copying: a loop over bytes is five times slower.
func hush(b []byte) {
	for len(b) > 0 {
		b = b[copy(b, rest[:]):]
	}
}

var rest = func() (b [Frame]byte) {
	for i := range b {
		b[i] = audio.Silence
	}
	return b
}()

// samples is how long n samples last.
func samples(n int) time.Duration { return time.Duration(n) * (time.Second / 8000) }

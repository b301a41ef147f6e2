package rtp

import "encoding/binary"

// keys in the order of RFC 4733 table 3 (events 0 to 15).
const keys = "0123456789*#ABCD"

// keyIn hears telephone-events: one Digit per event, told apart by RTP timestamp, at
// its first packet, whichever that is (RFC 4733 2.5.1.2; the first ones may be lost or
// carry duration 0).
type keyIn struct {
	seen bool
	ssrc uint32
	last uint32
}

// hear returns the key of a new event, 0 for a repetition or anything else. Another
// source begins anew: its timestamps have nothing to do with those before.
func (k *keyIn) hear(h Header, payload []byte) byte {
	if len(payload) < 4 || int(payload[0]) >= len(keys) {
		return 0
	}
	if k.seen && h.SSRC == k.ssrc && int32(h.TS-k.last) <= 0 {
		return 0
	}
	k.seen, k.ssrc, k.last = true, h.SSRC, h.TS
	return keys[payload[0]]
}

const (
	keyFrames = 5 // 100 ms of key
	keyEnds   = 3 // the end is said three times (RFC 4733 2.5.1.4)
	keyGap    = 4 // frames of ordinary audio between two keys
)

// keyOut sends queued keys, one packet per slot in place of audio.
type keyOut struct {
	queue []byte
	step  int // frame of the present key, 0 = none yet
	ts    uint32
}

// press queues the keys of s that exist.
func (k *keyOut) press(s string) {
	for i := range len(s) {
		if e := eventOf(s[i]); e >= 0 {
			k.queue = append(k.queue, byte(e))
		}
	}
}

func eventOf(c byte) int {
	if c >= 'a' && c <= 'd' {
		c -= 'a' - 'A'
	}
	for i := range len(keys) {
		if keys[i] == c {
			return i
		}
	}
	return -1
}

// next writes the event payload of this slot into dst: marker says that the event
// begins, ts is its timestamp. ok is false where ordinary audio is due.
func (k *keyOut) next(dst []byte, now uint32) (ts uint32, marker, ok bool) {
	if len(k.queue) == 0 {
		return 0, false, false
	}
	if k.step >= keyFrames+keyEnds {
		k.rest()
		return 0, false, false
	}
	if k.step == 0 {
		k.ts = now
	}
	k.step++
	dst[0], dst[1] = k.queue[0], 10 // volume −10 dBm0
	if k.step > keyFrames {
		dst[1] |= 0x80
	}
	binary.BigEndian.PutUint16(dst[2:], uint16(min(k.step, keyFrames)*Frame))
	return k.ts, k.step == 1, true
}

func (k *keyOut) rest() {
	if k.step++; k.step > keyFrames+keyEnds+keyGap {
		k.queue, k.step = k.queue[1:], 0
	}
}

package rtp

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"yingda/platform/audio"
)

// voice is audio whose samples tell their place: never silence, different in each 20 ms.
func voice(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(7, 7))
	for i := range b {
		b[i] = audio.ALaw(int16(9000 + r.IntN(9000)))
	}
	return b
}

// feed puts audio in packets of size bytes from sequence number and timestamp 1000 on.
func feed(j *jitter, b []byte, size int) {
	for i := 0; i+size <= len(b); i += size {
		j.put(Header{Seq: uint16(1000 + i/size), TS: uint32(1000 + i), SSRC: 1}, b[i:i+size], samples(i))
	}
}

// drain pops n frames without the silence in front.
func drain(j *jitter, n int) []byte {
	var out []byte
	frame := make([]byte, Frame)
	for range n {
		if j.pop(frame) {
			out = append(out, frame...)
		}
	}
	return trim(out)
}

func trim(b []byte) []byte {
	for len(b) > 0 && b[0] == audio.Silence {
		b = b[1:]
	}
	return b
}

func TestJitterReslicesAnyPacketSize(t *testing.T) {
	for _, size := range []int{80, 160, 240, 320, 480} {
		j := &jitter{}
		j.reset()
		b := voice(1920)
		feed(j, b, size)
		if got := drain(j, 14); !bytes.Equal(got, b) {
			t.Errorf("packets of %d bytes: %d bytes came out, want %d as they were", size, len(got), len(b))
		}
	}
}

func TestJitterPutsOrderRightAndFillsLossWithSilence(t *testing.T) {
	j := &jitter{}
	j.reset()
	b := voice(5 * Frame)
	for _, i := range []int{0, 2, 1, 4} { // 3 never comes
		j.put(Header{Seq: uint16(i), TS: uint32(i * Frame), SSRC: 1}, b[i*Frame:(i+1)*Frame], 0)
	}
	got := drain(j, 6)
	want := append([]byte(nil), b...)
	hush(want[3*Frame : 4*Frame])
	if !bytes.Equal(got, want) {
		t.Error("order or gap is wrong")
	}
}

func TestJitterWaitsForALatePacketInsteadOfLosingIt(t *testing.T) {
	j := &jitter{}
	j.reset()
	b := voice(3 * Frame)
	frame := make([]byte, Frame)
	var out []byte
	put := func(i int) { j.put(Header{Seq: uint16(i), TS: uint32(i * Frame), SSRC: 1}, b[i*Frame:(i+1)*Frame], 0) }
	put(0)
	for i := range 8 {
		if i == 5 { // three slots late
			put(1)
			put(2)
		}
		if j.pop(frame) {
			out = append(out, frame...)
		}
	}
	if out = trim(out); !bytes.Equal(out, b) || j.late != 0 {
		t.Errorf("%d bytes, %d late", len(out), j.late)
	}
}

func TestJitterGivesBackDelayInSilence(t *testing.T) {
	j := &jitter{}
	j.reset()
	frame, quiet := make([]byte, Frame), bytes.Repeat([]byte{audio.Silence}, Frame)
	seq := 0
	put := func() {
		j.put(Header{Seq: uint16(seq), TS: uint32(seq * Frame), SSRC: 1}, quiet, 0)
		seq++
	}
	for range 10 { // a burst after a stall: 200 ms wait in the buffer
		put()
	}
	for range 3 * window {
		put()
		j.pop(frame)
	}
	if d := j.delay(); d > 60*time.Millisecond {
		t.Errorf("still %v of delay after %d frames", d, 3*window)
	}
}

func TestJitterKeepsABurstThatComesAfterItRanDry(t *testing.T) {
	j := &jitter{}
	j.reset()
	b := voice(12 * Frame)
	feed(j, b[:2*Frame], Frame)
	got := drain(j, 6) // dry since three frames
	for i := 2; i < 12; i++ {
		j.put(Header{Seq: uint16(1000 + i), TS: uint32(1000 + i*Frame), SSRC: 1}, b[i*Frame:(i+1)*Frame], 0)
	}
	if got = append(got, drain(j, 12)...); !bytes.Equal(got, b) {
		t.Errorf("%d of %d bytes came out", len(got), len(b))
	}
}

func TestJitterFollowsARestartedSender(t *testing.T) {
	for name, h := range map[string]Header{
		"another SSRC":          {Seq: 9, TS: 99, SSRC: 2},
		"timestamps jump ahead": {Seq: 10, TS: 5_000_000, SSRC: 1},
	} {
		j := &jitter{}
		j.reset()
		feed(j, voice(5*Frame), Frame)
		drain(j, 8)
		b := voice(2 * Frame)
		j.put(h, b[:Frame], 0)
		h.Seq, h.TS = h.Seq+1, h.TS+Frame
		j.put(h, b[Frame:], 0)
		if got := drain(j, 4); !bytes.Equal(got, b) {
			t.Errorf("%s: %d bytes came out", name, len(got))
		}
	}
}

func TestJitterAfterAPauseOfTheSender(t *testing.T) {
	j := &jitter{}
	j.reset()
	feed(j, voice(3*Frame), Frame)
	drain(j, 30) // it stopped talking: silence suppression
	b := voice(Frame)
	j.put(Header{Seq: 1003, TS: 1000 + 28*Frame, SSRC: 1}, b, 0)
	j.put(Header{Seq: 1004, TS: 1000 + 29*Frame, SSRC: 1}, b, 0)
	if d := j.delay(); d > 60*time.Millisecond {
		t.Errorf("the pause became delay: %v", d)
	}
}

func TestSequence(t *testing.T) {
	s := sequence{fresh: true}
	for _, n := range []uint16{65534, 65535, 1, 0, 0, 4, 65534} {
		s.note(n)
	}
	if s.received != 5 || s.lost() != 2 || s.duplicate != 2 {
		t.Errorf("received %d lost %d duplicate %d, want 5 2 2", s.received, s.lost(), s.duplicate)
	}
}

func BenchmarkFrame(b *testing.B) {
	j := &jitter{}
	j.reset()
	v := newVAD()
	in, out := voice(Frame), make([]byte, Frame)
	n := 0
	for b.Loop() {
		j.put(Header{Seq: uint16(n), TS: uint32(n * Frame), SSRC: 1}, in, 0)
		j.pop(out)
		v.hear(out, n*Frame)
		n++
	}
}

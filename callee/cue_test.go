package callee

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"yingda/platform/audio"
)

func TestCue(t *testing.T) {
	at := func(n int) *time.Duration { d := time.Duration(n) * ms; return &d }
	usual := timing{after: 600 * ms}
	for _, c := range []struct {
		what string
		t    timing
		s    scene
		want time.Duration
	}{
		{"nothing heard yet", usual, scene{now: 900 * ms, began: -1, opening: true}, never},
		{"the robot talks", usual, scene{now: 900 * ms, began: 100 * ms, ended: 900 * ms, talking: true, opening: true}, never},
		{"it has stopped just now", usual, scene{now: 2100 * ms, began: 100 * ms, ended: 2000 * ms, opening: true}, 500 * ms},
		{"it has been silent long enough", usual, scene{now: 2700 * ms, began: 100 * ms, ended: 2000 * ms, opening: true}, 0},
		{"I have answered, it has not replied", usual, scene{now: 5 * time.Second, began: 100 * ms, ended: 2000 * ms, spoke: 3500 * ms}, never},
		{"its old line ended while I finished", usual, scene{now: 5 * time.Second, began: 100 * ms, ended: 3600 * ms, spoke: 3500 * ms}, never},
		{"it talked on through my line", usual, scene{now: 5 * time.Second, began: 100 * ms, ended: 4400 * ms, spoke: 3500 * ms}, 0},
		{"an answering machine waits for nobody", timing{at: at(300)}, scene{now: 100 * ms, began: -1, opening: true}, 200 * ms},
		{"talking over: not yet", timing{over: at(400)}, scene{now: 300 * ms, began: 100 * ms, talking: true, opening: true}, 200 * ms},
		{"talking over: now", timing{over: at(400)}, scene{now: 600 * ms, began: 100 * ms, talking: true, opening: true}, 0},
		{"talking over, but it has finished", timing{over: at(400), after: 600 * ms}, scene{now: 400 * ms, began: 50 * ms, ended: 300 * ms, opening: true}, 500 * ms},
	} {
		if got := cue(c.t, c.s); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestBored(t *testing.T) {
	if d := bored(time.Second, scene{now: 5 * time.Second, ended: 4500 * ms, began: 0}); d != 500*ms {
		t.Errorf("half a second after the robot: %v", d)
	}
	if d := bored(time.Second, scene{now: 5 * time.Second, talking: true}); d != never {
		t.Errorf("while it talks: %v", d)
	}
	if soonest(never, time.Second) != time.Second || soonest(time.Second, never) != time.Second || soonest(never, never) != never {
		t.Error("soonest takes never for early")
	}
}

// TestEar: two words with a short pause are one stretch; hiss is silence.
func TestEar(t *testing.T) {
	e, now := newEar(), time.Duration(0)
	feed := func(frames int, level float64) {
		for range frames {
			now += frame
			e.hear(tone(level), now)
		}
	}
	feed(10, -60) // hiss
	feed(20, -20)
	feed(5, -96)
	feed(10, -25)
	feed(20, -96)
	want := []mark{{true, 200 * ms}, {false, 900 * ms}}
	for _, w := range want {
		if got := <-e.marks; got != w {
			t.Errorf("%+v, want %+v", got, w)
		}
	}
	if len(e.marks) > 0 {
		t.Errorf("and %+v", <-e.marks)
	}
}

// tone is one frame at a level in dB.
func tone(db float64) []byte {
	if db < -90 {
		return bytes.Repeat([]byte{audio.Silence}, audio.FrameSize)
	}
	b := make([]byte, audio.FrameSize)
	for i := range b {
		b[i] = audio.ALaw(int16(32768 * math.Sqrt2 * math.Pow(10, db/20) * math.Sin(2*math.Pi*400*float64(i)/8000)))
	}
	return b
}

// TestKeystrokes: the whole line, in order, ending near the end of the voice.
func TestKeystrokes(t *testing.T) {
	const line = "多少钱一平方米呢"
	late := 0
	for seed := range uint64(200) {
		keys := keystrokes(line, 3*time.Second, rand.New(rand.NewPCG(seed, 1)))
		text, last := "", time.Duration(-1)
		for _, k := range keys {
			if k.at < last {
				t.Fatalf("keys out of order: %v", keys)
			}
			text, last = text+k.text, k.at
		}
		if text != line || last < 2*time.Second || last > 3200*ms {
			t.Fatalf("typed %q until %v", text, last)
		}
		if last > 2700*ms {
			late++
		}
	}
	if late == 0 {
		t.Error("nobody types slower than they speak")
	}
}

func TestSpread(t *testing.T) {
	var d []time.Duration
	for i := range 100 {
		d = append(d, time.Duration(100-i)*ms)
	}
	if s := spread(d); s.N != 100 || s.P50 != 51 || s.P95 != 96 || s.Max != 100 {
		t.Errorf("%+v", s)
	}
	if spread(nil) != (Spread{}) {
		t.Error("nothing measured is not zero")
	}
}

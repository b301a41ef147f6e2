package asr

import (
	"strings"
	"testing"
	"time"
)

// A line is audio, one letter a chunk of 32 ms: v voice, s weak voice (0.4), . silence. What
// happens is written below the chunk that brings it about: B began, P paused (7 chunks = 224 ms of
// silence), R resumed, E ended (19 = 608 ms).
func TestEndpointer(t *testing.T) {
	for name, c := range map[string][2]string{
		"a word":                    {"..vvvvvv...................vv", "...B..........P...........E.B"},
		"a click is no voice":       {"..v....v.....", "............."},
		"a pause inside":            {"..vvvv........vvvv...................", "...B........P..R........P...........E"},
		"a click in the pause":      {"..vvvv.......v...............", "...B........P...........E...."},
		"weak voice keeps it open":  {"..vvvvssss...................", "...B............P...........E"},
		"weak voice opens nothing":  {"..ssss.......", "............."},
		"weak voice behind silence": {"..vvvv..ssss.......", "...B........P......"},
	} {
		e := newEndpointer(600 * time.Millisecond)
		var got strings.Builder
		for _, r := range c[0] {
			got.WriteByte(".BPRE"[e.hear(map[rune]float32{'v': 0.9, 's': 0.4}[r])])
		}
		if got.String() != c[1] {
			t.Errorf("%s:\naudio %s\ngot   %s\nwant  %s", name, c[0], got.String(), c[1])
		}
	}
}

func TestSpanHoldsLeadAndTrail(t *testing.T) {
	e := newEndpointer(600 * time.Millisecond)
	for range 31 { // 0.992 s of silence
		e.hear(0)
	}
	for range 10 {
		e.hear(1)
	}
	for e.hear(0) != paused {
	}
	from, to := e.span()
	if from != 31*chunk-lead || to != 41*chunk+trail {
		t.Errorf("[%d,%d), want [%d,%d)", from, to, 31*chunk-lead, 41*chunk+trail)
	}
	if due := e.due(); due < 350*time.Millisecond || due > 400*time.Millisecond {
		t.Errorf("due in %v: the endpoint is 600 ms behind the voice, of which some 220 are over", due)
	}
}

// Somebody who never pauses is cut, and no sample is lost or decoded twice as voice.
func TestEndlessTalkIsCut(t *testing.T) {
	e := newEndpointer(600 * time.Millisecond)
	var cuts []int64
	for range 2 * longest / chunk {
		if e.hear(1) == ended {
			from, to := e.span()
			e.next()
			if to-from > longest+chunk {
				t.Errorf("an utterance of %d samples", to-from)
			}
			if len(cuts) > 0 && from != cuts[len(cuts)-1] {
				t.Errorf("cut at %d, goes on at %d", cuts[len(cuts)-1], from)
			}
			cuts = append(cuts, to)
		}
	}
	if len(cuts) < 1 {
		t.Error("never cut")
	}
}

func FuzzEndpointer(f *testing.F) {
	f.Add([]byte{0, 200, 200, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200})
	f.Fuzz(func(t *testing.T, p []byte) {
		e, open := newEndpointer(0), false
		for _, b := range p {
			switch h := e.hear(float32(b) / 255); {
			case h == began && open, (h == ended || h == paused || h == resumed) && !open:
				t.Fatalf("%d while open is %v", h, open)
			case h == began:
				open = true
			case h == ended:
				open = false
			}
			from, to := e.span()
			if e.open && (from < 0 || from > to || to > e.now) {
				t.Fatalf("span [%d,%d) at %d", from, to, e.now)
			}
			if !open {
				e.next()
			}
		}
	})
}

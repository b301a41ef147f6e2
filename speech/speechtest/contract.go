package speechtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"yingda/speech"
)

// Can is what a recogniser promises beyond the least.
type Can struct {
	Hints bool // accepted phrases are named, and hints may change in mid-stream
	Flush bool // Flush brings the final before the endpoint
	Times bool // Start and End are given
}

// Utterance is what the contract speaks; a fake says it back.
const Utterance = "不需要谢谢"

// hints a dialogue might have at that point.
var hints = []string{"不需要", "多少钱", "在哪里", "没有时间"}

// Recognizer checks what the robot relies on. open makes a recogniser that can be reached.
func Recognizer(t *testing.T, open func(testing.TB) speech.Recognizer, can Can) {
	r := open(t)
	if r.Name() == "" {
		t.Error("it has no name")
	}
	said := Say(t, Utterance)
	t.Run("one utterance is one final", func(t *testing.T) { oneFinal(t, r, said, can) })
	t.Run("silence is nothing", func(t *testing.T) { nothingFrom(t, r, Silence(3*time.Second)) })
	t.Run("two utterances come in order", func(t *testing.T) { inOrder(t, r, said) })
	t.Run("Close ends Events", func(t *testing.T) { closeEnds(t, r) })
	t.Run("the last words come after Close", func(t *testing.T) { lastWords(t, r, said) })
	t.Run("many at once", func(t *testing.T) { manyAtOnce(t, r, said) })
	if can.Flush {
		t.Run("Flush brings the final", func(t *testing.T) { flush(t, r, said) })
	}
	if can.Hints {
		t.Run("later hints count", func(t *testing.T) { laterHints(t, r, said) })
	}
}

func oneFinal(t *testing.T, r speech.Recognizer, said []byte, can Can) {
	s := openStream(t, r, hints)
	play(s, Silence(time.Second), said, Silence(1500*time.Millisecond))
	h := final(t, s, 10*time.Second)
	if !strings.Contains(h.Text, "不需要") {
		t.Errorf("heard %q", h.Text)
	}
	if can.Hints && h.Phrase != "不需要" {
		t.Errorf("phrase %q", h.Phrase)
	}
	if h.Confidence < 0 || h.Confidence > 1 {
		t.Errorf("confidence %v", h.Confidence)
	}
	length := time.Duration(len(said)) * time.Second / 8000
	if can.Times && (h.Start < 500*time.Millisecond || h.Start > 1100*time.Millisecond || h.End < h.Start+length/2 || h.End > h.Start+length+time.Second) {
		t.Errorf("said from 1 s for %v, heard from %v to %v", length, h.Start, h.End)
	}
}

func nothingFrom(t *testing.T, r speech.Recognizer, sound []byte) {
	s := openStream(t, r, hints)
	play(s, sound)
	s.Close()
	for h := range s.Events() {
		if h.Text != "" || h.Err != nil {
			t.Errorf("heard %+v", h)
		}
	}
}

func inOrder(t *testing.T, r speech.Recognizer, said []byte) {
	s := openStream(t, r, hints)
	play(s, Silence(500*time.Millisecond), said, Silence(1500*time.Millisecond), said, Silence(1500*time.Millisecond))
	a, b := final(t, s, 10*time.Second), final(t, s, 10*time.Second)
	if a.Text == "" || b.Text == "" || b.Start < a.Start {
		t.Errorf("%+v then %+v", a, b)
	}
}

func closeEnds(t *testing.T, r speech.Recognizer) {
	s := openStream(t, r, nil)
	s.Close()
	s.Close()
	s.Write(Silence(20 * time.Millisecond)) // late audio is harmless
	s.Hint(nil)
	s.Flush()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case h, ok := <-s.Events():
			if !ok {
				return
			}
			if h.Err != nil {
				t.Errorf("an orderly end is no breakdown: %v", h.Err)
			}
		case <-deadline:
			t.Fatal("Events is still open")
		}
	}
}

// lastWords: whoever hangs up right behind a word is still understood.
func lastWords(t *testing.T, r speech.Recognizer, said []byte) {
	s := openStream(t, r, hints)
	play(s, Silence(500*time.Millisecond), said, Silence(100*time.Millisecond))
	s.Close()
	if h := final(t, s, 10*time.Second); !strings.Contains(h.Text, "不需要") {
		t.Errorf("heard %q", h.Text)
	}
}

func manyAtOnce(t *testing.T, r speech.Recognizer, said []byte) {
	streams := make([]speech.Stream, 6)
	for i := range streams {
		streams[i] = openStream(t, r, hints)
	}
	for _, s := range streams {
		play(s, Silence(300*time.Millisecond), said, Silence(time.Second))
	}
	for i, s := range streams {
		if h := final(t, s, 20*time.Second); !strings.Contains(h.Text, "不需要") {
			t.Errorf("stream %d heard %q", i, h.Text)
		}
	}
}

func flush(t *testing.T, r speech.Recognizer, said []byte) {
	s := openStream(t, r, hints)
	play(s, Silence(500*time.Millisecond), said)
	s.Flush()
	if h := final(t, s, 10*time.Second); !strings.Contains(h.Text, "不需要") {
		t.Errorf("heard %q", h.Text)
	}
	s.Hint(hints)
	s.Flush() // nothing was said since: an answer all the same
	if h := final(t, s, 10*time.Second); h.Text != "" {
		t.Errorf("heard %q in silence", h.Text)
	}
}

func laterHints(t *testing.T, r speech.Recognizer, said []byte) {
	s := openStream(t, r, []string{"多少钱"})
	play(s, Silence(500*time.Millisecond), said, Silence(1500*time.Millisecond))
	if h := final(t, s, 10*time.Second); h.Phrase != "" {
		t.Errorf("phrase %q was not said", h.Phrase)
	}
	s.Hint(hints)
	play(s, said, Silence(1500*time.Millisecond))
	if h := final(t, s, 10*time.Second); h.Phrase != "不需要" {
		t.Errorf("phrase %q", h.Phrase)
	}
}

func openStream(t *testing.T, r speech.Recognizer, hints []string) speech.Stream {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	s, err := r.Open(ctx, speech.Options{Call: t.Name(), Hints: hints})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// play writes audio in 20 ms pieces, ten times as fast as a telephone.
func play(s speech.Stream, sounds ...[]byte) {
	for _, b := range sounds {
		for ; len(b) > 0; b = b[min(160, len(b)):] {
			s.Write(b[:min(160, len(b))])
			time.Sleep(2 * time.Millisecond)
		}
	}
}

// final waits for the next final and checks that partials before it are partials.
func final(t *testing.T, s speech.Stream, within time.Duration) speech.Heard {
	t.Helper()
	deadline := time.After(within)
	for {
		select {
		case h, ok := <-s.Events():
			switch {
			case !ok:
				t.Fatal("the stream ended without a final")
			case h.Err != nil:
				t.Fatalf("the stream broke: %v", h.Err)
			case h.Final:
				return h
			case h.Text == "":
				t.Error("a partial without text")
			}
		case <-deadline:
			t.Fatalf("no final within %v", within)
		}
	}
}

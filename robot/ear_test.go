package robot

import (
	"testing"
	"time"

	"yingda/scriptflow"
	"yingda/speech"
)

// moment is one thing that happens to an ear, at an offset in ms.
type moment struct {
	at   int
	what func(e *ear, at time.Duration)
}

func voice(at int) moment   { return moment{at, (*ear).voiceStart} }
func silence(at int) moment { return moment{at, (*ear).voiceEnd} }
func types(at int, s string) moment {
	return moment{at, func(e *ear, at time.Duration) { e.typed(s, at) }}
}
func takes(at int) moment { return moment{at, func(e *ear, at time.Duration) { e.takeText(at) }} }
func final(at int, text string, from, to int) moment {
	return moment{at, func(e *ear, _ time.Duration) {
		e.recognised(speech.Heard{Text: text, Final: true, Start: millis(from), End: millis(to)}, 0)
	}}
}

func millis(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func lived(listening bool, ms ...moment) *ear {
	e := &ear{endSilence: millis(600), listening: listening}
	for _, m := range ms {
		m.what(e, millis(m.at))
	}
	return e
}

// TestTypedTextIsCompleteWhenNothingMoreComes: no mark in T.140 says so, the audio's
// silence and the text's pause do.
func TestTypedTextIsCompleteWhenNothingMoreComes(t *testing.T) {
	for _, c := range []struct {
		name     string
		happened []moment
		due      int // -1 = not while this lasts
		text     string
		from, to int
	}{
		{"typed without a voice, after a long pause", []moment{types(1000, "多少钱")}, 2500, "多少钱", 1000, 1000},
		{"every piece begins the pause anew", []moment{types(1000, "多少"), types(1300, "钱")}, 2800, "多少钱", 1000, 1300},
		{"spoken and typed at once, after the silence of the voice", []moment{voice(900), types(1200, "多少"), types(1500, "钱"), silence(1800)}, 2400, "多少钱", 900, 1800},
		{"text that lags behind the voice, after its own pause", []moment{voice(900), types(1200, "多少"), silence(1300), types(2000, "钱")}, 2450, "多少钱", 900, 1300},
		{"text that begins after the voice has ended", []moment{voice(900), silence(1500), types(1700, "好的")}, 2150, "好的", 900, 1500},
		{"a voice of long ago is not the text's", []moment{voice(100), silence(500), types(4000, "好的")}, 5500, "好的", 4000, 4000},
		{"while the callee still talks it is not", []moment{types(1000, "多少"), voice(1100)}, -1, "", 0, 0},
		{"a new line ends it at once", []moment{types(1000, "不需要\u2028")}, 1000, "不需要", 1000, 1000},
		{"so do CR and LF of other phones", []moment{types(1000, "不需要\r\n")}, 1000, "不需要", 1000, 1000},
		{"but not while the callee talks", []moment{voice(900), types(1000, "不需要\n")}, -1, "", 0, 0},
		{"an empty line is nothing", []moment{types(1000, "\n\n")}, -1, "", 0, 0},
		{"a backspace takes one character back", []moment{types(1000, "不要\b需要")}, 2500, "不需要", 1000, 1000},
		{"more backspaces than characters are no harm", []moment{types(1000, "好\b\b\b")}, -1, "", 0, 0},
		{"after taking all back, what comes begins anew", []moment{types(1000, "好\b"), types(3000, "不")}, 4500, "不", 3000, 3000},
	} {
		e := lived(false, c.happened...)
		due, ok := e.textDue()
		if c.due < 0 {
			if ok {
				t.Errorf("%s: due at %v", c.name, due)
			}
			continue
		}
		if !ok || due != millis(c.due) {
			t.Errorf("%s: due at %v (%v), want %d ms", c.name, due, ok, c.due)
		}
		if _, early := e.takeText(due - time.Millisecond); early {
			t.Errorf("%s: taken before it was due", c.name)
		}
		h, ok := e.takeText(due)
		if want := (scriptflow.Heard{Text: c.text, Source: scriptflow.Typed, At: millis(c.from), End: millis(c.to)}); !ok || h != want {
			t.Errorf("%s: took %+v, want %+v", c.name, h, want)
		}
		if _, again := e.takeText(due + time.Hour); again {
			t.Errorf("%s: taken twice", c.name)
		}
	}
}

// TestWhatTheRecogniserSays: a final closes an utterance; what was typed is what was meant.
func TestWhatTheRecogniserSays(t *testing.T) {
	said := func(text string, final bool, from, to int) speech.Heard {
		return speech.Heard{Text: text, Final: final, Start: millis(from), End: millis(to)}
	}
	for _, c := range []struct {
		name     string
		happened []moment
		says     speech.Heard
		counts   bool
	}{
		{"words count", []moment{voice(100), silence(900)}, said("多少钱", true, 100, 900), true},
		{"a partial with words counts", []moment{voice(100)}, said("多少", false, 100, 500), true},
		{"a partial without words does not", []moment{voice(100)}, said("", false, 100, 500), false},
		{"a voice without words is asked about", []moment{voice(100), silence(900)}, said("", true, 100, 900), true},
		{"a cough is not", []moment{voice(100), silence(300)}, said("", true, 100, 300), false},
		{"what is typed meanwhile wins", []moment{voice(100), types(400, "多少"), silence(900)}, said("朵少前", true, 100, 900), false},
		{"what was typed and taken is not heard again", []moment{voice(100), types(400, "多少钱"), silence(900), takes(1500)}, said("朵少前", true, 100, 900), false},
		{"what is said after the typing counts", []moment{types(400, "多少钱\n"), takes(500), voice(2000), silence(2600)}, said("在哪里", true, 2000, 2600), true},
	} {
		h, counts := lived(true, c.happened...).recognised(c.says, 0)
		if counts != c.counts {
			t.Errorf("%s: counts is %v", c.name, counts)
		}
		if counts && (h.Text != c.says.Text || h.Source != scriptflow.ASR || h.At != c.says.Start) {
			t.Errorf("%s: %+v", c.name, h)
		}
	}
	if h, _ := lived(true, voice(4100), silence(4900)).recognised(said("是的", true, 0, 0), millis(3)); h.At != millis(4100) || h.End != millis(4900) {
		t.Errorf("a recogniser that does not say when: %+v", h)
	}
	if h, _ := lived(true).recognised(said("好", true, 100, 300), millis(5000)); h.At != millis(5100) || h.End != millis(5300) {
		t.Errorf("stream time is not put on the leg's clock: %+v", h)
	}
}

// TestNobodyIsAskedAreYouThereWhileBusy: talking, typing, or owed an answer.
func TestNobodyIsAskedAreYouThereWhileBusy(t *testing.T) {
	for _, c := range []struct {
		name      string
		listening bool
		happened  []moment
		at        int
		busy      bool
	}{
		{"silent from the start", true, nil, 5000, false},
		{"talks", true, []moment{voice(100)}, 5000, true},
		{"talks, and nobody could understand it", false, []moment{voice(100)}, 5000, true},
		{"has talked and the words have not come", true, []moment{voice(100), silence(900)}, 1500, true},
		{"the words never come: not for ever", true, []moment{voice(100), silence(900)}, 3400, false},
		{"without a recogniser no words are waited for", false, []moment{voice(100), silence(900)}, 1000, false},
		{"the words have come", true, []moment{voice(100), silence(900), final(1500, "好", 100, 900)}, 1500, false},
		{"types", false, []moment{types(1000, "多")}, 2400, true},
		{"has typed, and it was taken", false, []moment{types(1000, "多\n"), takes(1000)}, 1100, false},
	} {
		if e := lived(c.listening, c.happened...); e.busy(millis(c.at)) != c.busy {
			t.Errorf("%s: busy is %v", c.name, !c.busy)
		}
	}
	if got := lived(false, voice(100), silence(900), types(1000, "多\n"), takes(1200)).quietSince(); got != time.Second {
		t.Errorf("the last sign of life was at %v", got)
	}
}

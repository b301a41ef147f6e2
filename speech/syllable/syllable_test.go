package syllable_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yingda/models"
	"yingda/platform/audio"
	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/syllable"
)

func open(t testing.TB) *syllable.Voice {
	t.Helper()
	v, err := syllable.Open(models.Path(models.Syllables))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSay: as long as its syllables, as loud as speech, and no clipping.
func TestSay(t *testing.T) {
	v := open(t)
	for text, syllables := range map[string]int{"多少钱一平": 5, "我在开会": 4, "不需要": 3, "嗯": 1, "绿地，在哪里？": 5, "A栋12楼": 5} {
		s := v.Say(text)
		if len(s.Missing) > 0 {
			t.Errorf("%s: missing %v", text, s.Missing)
		}
		each := s.Length() / time.Duration(syllables)
		if each < 150*time.Millisecond || each > 600*time.Millisecond {
			t.Errorf("%s lasts %v: %v a syllable", text, s.Length(), each)
		}
		if db := audio.LevelDB(s.ALaw); db < -24 || db > -9 {
			t.Errorf("%s: level %.1f dB", text, db)
		}
		if peak := peak(s.ALaw); peak > 30000 {
			t.Errorf("%s clips: peak %d", text, peak)
		}
	}
}

func TestSayOfNothing(t *testing.T) {
	v := open(t)
	if s := v.Say("😀 。。"); len(s.ALaw) != 0 {
		t.Errorf("%d bytes for a text without a reading", len(s.ALaw))
	}
	_, err := v.Speak(context.Background(), "😀", speech.Voice{})
	if errs.KindOf(err) != errs.Invalid {
		t.Errorf("Speak of nothing: %v", err)
	}
}

func TestSpeakIsASynthesizer(t *testing.T) {
	var synth speech.Synthesizer = open(t)
	read := func(speed float64) []byte {
		a, err := synth.Speak(context.Background(), "您好，请问您是王先生吗", speech.Voice{Speed: speed})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		b, err := io.ReadAll(a)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if normal, fast := read(0), read(2); len(fast) >= len(normal) || !bytes.Equal(normal, read(1)) {
		t.Errorf("normal %d bytes, twice as fast %d", len(normal), len(fast))
	}
}

// TestNearestTone: a recording that lacks is replaced by another tone, or skipped and reported.
func TestNearestTone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.zip")
	pack(t, file, map[string]int{"ma1.wav": 2400, "ma3.wav": 10})
	v, err := syllable.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	s := v.Say("马好")
	if len(s.ALaw) != 2400 || len(s.Missing) != 1 || s.Missing[0] != "hao3" {
		t.Errorf("%d bytes, missing %v", len(s.ALaw), s.Missing)
	}
}

func TestOpenWithoutFile(t *testing.T) {
	_, err := syllable.Open(filepath.Join(t.TempDir(), "none.zip"))
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Unavailable || e.Key != "speech.syllables_missing" {
		t.Errorf("%v", err)
	}
}

func pack(t *testing.T, file string, sounds map[string]int) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, samples := range sounds {
		w, _ := z.Create(name)
		if err := audio.WriteALawWAV(w, 1, bytes.Repeat([]byte{0x2a}, samples)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func peak(alaw []byte) int {
	most := 0
	for _, b := range alaw {
		most = max(most, int(audio.LinearALaw(b)), -int(audio.LinearALaw(b)))
	}
	return most
}

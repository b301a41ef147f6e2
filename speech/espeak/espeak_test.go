package espeak

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/platform/audio"
	"yingda/platform/errs"
	"yingda/speech"
)

// voice skips, loudly, where the program is missing; in CI that is a failure.
func voice(t testing.TB) *Voice {
	t.Helper()
	v, err := New(Config{})
	if err != nil && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func say(t testing.TB, v *Voice, text string, how speech.Voice) []byte {
	t.Helper()
	a, err := v.Speak(context.Background(), text, how)
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

func TestPinyin(t *testing.T) {
	for in, want := range map[string]string{
		"您好，请问是王先生吗？":     "nin2hao3, qing3wen4shi4wang2xian1sheng5ma5.",
		"均价12800元":        "jun1jia4yi2wan4liang3qian1ba1bai3yuan2",
		"绿地":              "lv4di4",
		"请拨打13800000001。": "qing3bo1da3yao1san1ba1, ling2ling2ling2ling2, ling2ling2ling2yao1.",
	} {
		if got := Pinyin(in); got != want {
			t.Errorf("Pinyin(%s) = %q, want %q", in, got, want)
		}
	}
}

// TestSpeak: speech of a believable length and level, without clipping.
func TestSpeak(t *testing.T) {
	v := voice(t)
	for text, syllables := range map[string]int{"您好，请问是王先生吗？": 10, "均价一万二每平，离地铁五百米。": 14, "Hello, this is Yingda calling.": 8, "小区有WiFi覆盖": 7} {
		b := say(t, v, text, speech.Voice{})
		each := time.Duration(len(b)) * time.Second / 8000 / time.Duration(syllables)
		if each < 120*time.Millisecond || each > 500*time.Millisecond {
			t.Errorf("%s: %d bytes, %v a syllable", text, len(b), each)
		}
		if db := audio.LevelDB(b); db < -32 || db > -10 {
			t.Errorf("%s: level %.1f dB", text, db)
		}
		clipped := 0
		for _, c := range b {
			if s := audio.LinearALaw(c); s > 32000 || s < -32000 {
				clipped++
			}
		}
		if clipped > len(b)/1000 {
			t.Errorf("%s: %d of %d samples clip", text, clipped, len(b))
		}
	}
}

func TestSpeedAndVariant(t *testing.T) {
	v := voice(t)
	const text = "我们的项目在高新区，离地铁站很近"
	normal, fast := say(t, v, text, speech.Voice{}), say(t, v, text, speech.Voice{Speed: 1.5})
	if r := float64(len(fast)) / float64(len(normal)); r < 0.55 || r > 0.85 {
		t.Errorf("1.5 times as fast takes %.2f of the time", r)
	}
	if bytes.Equal(normal, say(t, v, text, speech.Voice{Name: "f2"})) {
		t.Error("variant f2 sounds like the plain voice")
	}
	if _, err := v.Speak(context.Background(), text, speech.Voice{Name: "../x"}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a variant with a path in it: %v", err)
	}
}

// TestFirstAudio: the first bytes do not wait for the whole text.
func TestFirstAudio(t *testing.T) {
	v := voice(t)
	start := time.Now()
	a, err := v.Speak(context.Background(), strings.Repeat("我们的项目在高新区。", 40), speech.Voice{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := io.ReadFull(a, make([]byte, 160)); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	t.Logf("first audio after %v", took)
	if took > 500*time.Millisecond {
		t.Errorf("first audio after %v", took)
	}
}

func TestMissingProgram(t *testing.T) {
	_, err := New(Config{Program: "espeak-that-is-not-there"})
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Unavailable || e.Key != "speech.espeak_missing" {
		t.Errorf("%v", err)
	}
}

// TestProgramFails: what the program complains about is in the error.
func TestProgramFails(t *testing.T) {
	file := t.TempDir() + "/espeak-ng"
	if err := os.WriteFile(file, []byte("#!/bin/sh\necho no data folder >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	v, err := New(Config{Program: file})
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.Speak(context.Background(), "你好", speech.Voice{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.ReadAll(a); err == nil || !strings.Contains(err.Error(), "no data folder") {
		t.Errorf("%v", err)
	}
}

// TestBounded: never more processes than slots, and a reader that leaves frees its slot.
func TestBounded(t *testing.T) {
	voice(t)
	v, _ := New(Config{Parallel: 2})
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			a, err := v.Speak(context.Background(), "您好，打扰您了", speech.Voice{})
			if err != nil {
				t.Error(err)
				return
			}
			a.Read(make([]byte, 160))
			a.Close()
		})
	}
	wg.Wait()
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	for range cap(v.slots) {
		select {
		case v.slots <- struct{}{}:
		case <-ctx.Done():
			t.Fatal("a slot was not given back")
		}
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := v.Speak(cancelled, "你好", speech.Voice{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with all slots taken and the context over: %v", err)
	}
}

// TestDownsample: a tone in the telephone band keeps its level, one above it vanishes.
func TestDownsample(t *testing.T) {
	for _, c := range []struct{ hz, lo, hi float64 }{{1000, -10, -8}, {3000, -10, -8}, {6000, -96, -45}} {
		pcm := make([]byte, 2*22050)
		for i := range 22050 {
			s := 16384 * math.Sin(2*math.Pi*c.hz*float64(i)/22050)
			binary.LittleEndian.PutUint16(pcm[2*i:], uint16(int16(s)))
		}
		var out bytes.Buffer
		d := newDownsampler(22050, 8000)
		for len(pcm) > 0 { // in odd pieces, as a pipe gives them
			n := min(1234, len(pcm))
			if err := d.write(&out, pcm[:n]); err != nil {
				t.Fatal(err)
			}
			pcm = pcm[n:]
		}
		if err := d.flush(&out); err != nil {
			t.Fatal(err)
		}
		if n := out.Len(); n < 7990 || n > 8010 {
			t.Errorf("one second became %d samples", n)
		}
		if db := audio.LevelDB(out.Bytes()[400:7600]); db < c.lo || db > c.hi {
			t.Errorf("%.0f Hz: %.1f dB", c.hz, db)
		}
	}
}

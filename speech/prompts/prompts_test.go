package prompts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/platform/audio"
	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/prompts"
)

// hum is a synthesizer: 100 ms of silence, 20 ms of tone per character, 300 ms of silence.
type hum struct {
	rendered atomic.Int64
	slow     time.Duration
}

func (h *hum) Name() string { return "hum" }

func (h *hum) Speak(ctx context.Context, text string, v speech.Voice) (speech.Audio, error) {
	h.rendered.Add(1)
	time.Sleep(h.slow)
	if strings.HasPrefix(text, "bad") {
		return nil, errors.New("vendor away")
	}
	b := bytes.Repeat([]byte{audio.Silence}, 800)
	b = append(b, tone(160*len([]rune(text)))...)
	b = append(b, bytes.Repeat([]byte{audio.Silence}, 2400)...)
	return io.NopCloser(bytes.NewReader(b)), nil
}

func tone(samples int) []byte {
	b := make([]byte, samples)
	for i := range b {
		b[i] = audio.ALaw(int16(8000 * math.Sin(float64(i)*0.7)))
	}
	return b
}

func open(t *testing.T, c prompts.Config) *prompts.Cache {
	t.Helper()
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	cache, err := prompts.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

func TestGetTrimsAndRendersOnce(t *testing.T) {
	dir, h := t.TempDir(), &hum{}
	first := open(t, prompts.Config{Dir: dir}).Of(h, speech.Voice{})
	got, err := first.Get(context.Background(), "您好您好您")
	if err != nil {
		t.Fatal(err)
	}
	// 800 samples of tone, 10 ms before and 60 ms after it are kept.
	if len(got) != 80+800+480 {
		t.Errorf("%d samples", len(got))
	}
	if audio.LevelDB(got[:80]) > -60 || audio.LevelDB(got[80:160]) < -30 {
		t.Error("the tone does not begin 10 ms in")
	}
	again, err := open(t, prompts.Config{Dir: dir}).Of(h, speech.Voice{}).Get(context.Background(), "您好您好您")
	if err != nil || !bytes.Equal(again, got) || h.rendered.Load() != 1 {
		t.Errorf("from the file: %v, same %v, rendered %d times", err, bytes.Equal(again, got), h.rendered.Load())
	}
}

func TestKeyKnowsVoiceAndText(t *testing.T) {
	h := &hum{}
	cache := open(t, prompts.Config{})
	for _, v := range []speech.Voice{{}, {Name: "f2"}, {Speed: 1.2}} {
		if _, err := cache.Of(h, v).Get(context.Background(), "您好"); err != nil {
			t.Fatal(err)
		}
	}
	if h.rendered.Load() != 3 {
		t.Errorf("three voices were rendered %d times", h.rendered.Load())
	}
}

// TestTogether: fifty calls that want one new prompt make it once; one that gives up does not stop it.
func TestTogether(t *testing.T) {
	h := &hum{slow: 50 * time.Millisecond}
	p := open(t, prompts.Config{}).Of(h, speech.Voice{})
	impatient, stop := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer stop()
	if _, err := p.Get(impatient, "您好"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the impatient one: %v", err)
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := p.Get(context.Background(), "您好"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := h.rendered.Load(); n != 1 {
		t.Errorf("rendered %d times", n)
	}
}

func TestPrepare(t *testing.T) {
	h := &hum{}
	p := open(t, prompts.Config{}).Of(h, speech.Voice{})
	var most atomic.Int64
	err := p.Prepare(context.Background(), []string{"一", "bad 二", "三", "一"}, func(done, total int) {
		most.Store(max(most.Load(), int64(done)))
		if total != 4 {
			t.Errorf("total %d", total)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "bad 二") || !strings.Contains(err.Error(), "vendor away") {
		t.Errorf("%v", err)
	}
	if most.Load() != 4 {
		t.Errorf("progress ended at %d", most.Load())
	}
	if _, err := p.Get(context.Background(), "三"); err != nil || h.rendered.Load() != 3 {
		t.Errorf("%v, rendered %d times", err, h.rendered.Load())
	}
}

// TestMemoryIsBounded: what was pushed out comes from the file again, unrendered.
func TestMemoryIsBounded(t *testing.T) {
	h := &hum{}
	p := open(t, prompts.Config{Memory: 3000}).Of(h, speech.Voice{})
	var want []byte
	for round := range 2 {
		for i := range 5 {
			got, err := p.Get(context.Background(), fmt.Sprintf("句子%d", i))
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 && i == 0 {
				want = got
			}
			if round == 1 && i == 0 && !bytes.Equal(got, want) {
				t.Error("another prompt came back")
			}
		}
	}
	if n := h.rendered.Load(); n != 5 {
		t.Errorf("rendered %d times", n)
	}
}

// TestTornFile: a file that a full disk cut short is rendered again.
func TestTornFile(t *testing.T) {
	dir, h := t.TempDir(), &hum{}
	if _, err := open(t, prompts.Config{Dir: dir}).Of(h, speech.Voice{}).Get(context.Background(), "您好"); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(dir + "/*/*.wav")
	if len(files) != 1 {
		t.Fatalf("files: %v", files)
	}
	if err := os.Truncate(files[0], 20); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, prompts.Config{Dir: dir}).Of(h, speech.Voice{}).Get(context.Background(), "您好")
	if err != nil || len(got) == 0 || h.rendered.Load() != 2 {
		t.Errorf("%v, %d bytes, rendered %d times", err, len(got), h.rendered.Load())
	}
}

func TestRecord(t *testing.T) {
	cache := open(t, prompts.Config{})
	var wav bytes.Buffer
	if err := audio.WritePCMWAV(&wav, 44100, 2, stereo(44100)); err != nil {
		t.Fatal(err)
	}
	id, err := cache.Record(bytes.NewReader(wav.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	got, err := cache.Recording(id)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) < 7900 || len(got) > 8010 {
		t.Errorf("one second became %d samples", len(got))
	}
	if db := audio.LevelDB(got); db < -16 || db > -14 {
		t.Errorf("level %.1f dB", db)
	}
	if again, _ := cache.Record(bytes.NewReader(wav.Bytes())); again != id {
		t.Error("the same audio got another id")
	}
}

// stereo is one second of 500 Hz at -15 dB on both channels.
func stereo(rate int) []int16 {
	pcm := make([]int16, 2*rate)
	for i := range rate {
		s := int16(8240 * math.Sin(2*math.Pi*500*float64(i)/float64(rate)))
		pcm[2*i], pcm[2*i+1] = s, s
	}
	return pcm
}

func TestRecordRefuses(t *testing.T) {
	cache := open(t, prompts.Config{})
	wav := func(samples []int16) []byte {
		var b bytes.Buffer
		audio.WritePCMWAV(&b, 8000, 1, samples)
		return b.Bytes()
	}
	for _, c := range []struct {
		name, key string
		file      []byte
	}{
		{"no WAV", "prompt.not_wav", []byte("ID3 is MP3")},
		{"silence", "prompt.silent", wav(make([]int16, 8000))},
		{"nothing", "prompt.silent", wav(nil)},
		{"a speech", "prompt.too_long", wav(make([]int16, 8000*121))},
	} {
		_, err := cache.Record(bytes.NewReader(c.file))
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != errs.Invalid || e.Key != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, id := range []string{"", "../../etc/passwd", strings.Repeat("0", 64)} {
		if _, err := cache.Recording(id); errs.KindOf(err) != errs.NotFound {
			t.Errorf("recording %q: %v", id, err)
		}
	}
}

package asr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"yingda/platform/audio"
	"yingda/speech/funasr"
	"yingda/speech/whisper"
)

// scripted is a model that says how much it was given, and whatever else a test wants.
type scripted struct {
	mu    sync.Mutex
	says  func(pcm []int16) (whisper.Result, error)
	hints [][]string
}

func (m *scripted) Recognize(ctx context.Context, pcm []int16, _ *whisper.Hints) (whisper.Result, error) {
	if m.says != nil {
		return m.says(pcm)
	}
	return whisper.Result{Text: fmt.Sprintf("听到%d毫秒", len(pcm)/8), LogProb: -0.1, Confidence: 0.9}, ctx.Err()
}

func (m *scripted) NewHints(p []string) *whisper.Hints {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hints = append(m.hints, p)
	return &whisper.Hints{}
}

// loudness is a detector that takes what is loud for voice.
type loudness struct{}

func (loudness) Voice(c []int16) float32 {
	if level(c) > 500 {
		return 1
	}
	return 0
}
func (loudness) Close() {}

func serveScript(t *testing.T, m *scripted, change func(*Config)) (*Server, string) {
	c := Config{Model: m, NewDetector: func() (Detector, error) { return loudness{}, nil }, Workers: 2, NoPartials: true}
	if change != nil {
		change(&c)
	}
	s := New(c)
	h := httptest.NewServer(s)
	t.Cleanup(func() { h.Close(); s.Close() })
	return s, h.URL
}

func dial(t *testing.T, url string, hello funasr.Hello) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	if err := wsjson.Write(t.Context(), conn, hello); err != nil {
		t.Fatal(err)
	}
	return conn
}

var plainHello = funasr.Hello{Mode: "2pass", Format: funasr.PCM, Rate: 8000, Speaking: true}

func sound(conn *websocket.Conn, rate int, ms int, loud bool) {
	b := make([]byte, 0, rate*ms/500)
	for i := range rate * ms / 1000 {
		v := int16(0)
		if loud {
			v = int16(8000 - 16000*(i/(rate/400)%2)) // 200 Hz
		}
		b = append(b, byte(v), byte(uint16(v)>>8))
	}
	for ; len(b) > 0; b = b[min(1001, len(b)):] { // odd: frames may end within a sample
		conn.Write(context.Background(), websocket.MessageBinary, b[:min(1001, len(b))])
	}
}

func command(conn *websocket.Conn, c funasr.Command) { wsjson.Write(context.Background(), conn, c) }

func read(t *testing.T, conn *websocket.Conn) (r funasr.Result) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	if err := wsjson.Read(ctx, conn, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestUtterancesBecomeFinals(t *testing.T) {
	for _, rate := range []int{8000, 16000} {
		s, url := serveScript(t, &scripted{}, nil)
		hello := plainHello
		hello.Rate = rate
		conn := dial(t, url, hello)
		for range 2 {
			sound(conn, rate, 1000, false)
			sound(conn, rate, 1500, true)
		}
		sound(conn, rate, 1000, false)
		no := false
		command(conn, funasr.Command{Speaking: &no})
		for i := range int64(2) {
			r := read(t, conn)
			if r.Mode != funasr.Offline || r.Final || !near(r.Start, 750+2500*i) || !near(r.End, 2700+2500*i) {
				t.Errorf("%d Hz: %+v", rate, r)
			}
			var heard int
			fmt.Sscanf(r.Text, "听到%d毫秒", &heard)
			if heard != int(r.End-r.Start) {
				t.Errorf("%d Hz: %d ms decoded for %+v", rate, heard, r)
			}
		}
		if r := read(t, conn); !r.Final || r.Text != "" {
			t.Errorf("the end is %+v", r)
		}
		if got := s.Status(); got.Finals != 2 || got.Failed != 0 || got.AudioMS < 5900 || got.AudioMS > 6000 {
			t.Errorf("%+v", got)
		}
	}
}

// near allows for the detector's step.
func near(got, want int64) bool { return got > want-70 && got < want+70 }

func TestDecodeThatFailsIsSaid(t *testing.T) {
	s, url := serveScript(t, &scripted{says: func([]int16) (whisper.Result, error) { return whisper.Result{}, errors.New("broken") }}, nil)
	conn := dial(t, url, plainHello)
	sound(conn, 8000, 1000, true)
	sound(conn, 8000, 1000, false)
	if r := read(t, conn); r.Error != "failed" || r.Text != "" || r.Mode != funasr.Offline {
		t.Errorf("%+v", r)
	}
	if s.Status().Failed != 1 {
		t.Errorf("%+v", s.Status())
	}
}

func TestInventionsAreKeptBack(t *testing.T) {
	for name, c := range map[string]struct {
		r    whisper.Result
		text string
	}{
		"unsure":        {whisper.Result{Text: "谢谢观看", LogProb: -1.7}, ""},
		"no speech":     {whisper.Result{Text: "嗯", LogProb: -0.5, NoSpeech: 0.8}, ""},
		"phrase":        {whisper.Result{Text: "不用", Phrase: "不用", LogProb: -1.7}, "不用"},
		"unsure phrase": {whisper.Result{Text: "在哪里", Phrase: "在哪里", LogProb: -2.3}, ""},
		"sure":          {whisper.Result{Text: "不用", LogProb: -0.4}, "不用"},
	} {
		d := decode{result: c.r}
		if got := d.final(); got.Text != c.text || (c.text == "") != (got.Phrase == "" && got.Confidence == 0 && got.Timestamp == "") && c.r.Phrase != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestFlushIsAnsweredOnce(t *testing.T) {
	_, url := serveScript(t, &scripted{}, nil)
	conn := dial(t, url, plainHello)
	sound(conn, 8000, 1000, true)
	command(conn, funasr.Command{Flush: true})
	if r := read(t, conn); r.Text == "" {
		t.Errorf("%+v", r)
	}
	sound(conn, 8000, 1000, true)
	sound(conn, 8000, 1000, false) // its own endpoint comes first
	command(conn, funasr.Command{Flush: true})
	if r := read(t, conn); r.Text == "" {
		t.Errorf("%+v", r)
	}
	words := funasr.Hotwords([]string{"不需要"})
	command(conn, funasr.Command{Hotwords: &words, Flush: true}) // nothing said since: empty
	if r := read(t, conn); r.Text != "" || r.Start != r.End {
		t.Errorf("%+v", r)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	_, url := serveScript(t, &scripted{}, func(c *Config) { c.MaxStreams = 1 })
	for name, hello := range map[string]any{"no JSON object": 7, "opus": funasr.Hello{Format: "opus", Rate: 8000}, "44 kHz": funasr.Hello{Format: funasr.PCM, Rate: 44100}} {
		conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http"), nil)
		if err != nil {
			t.Fatal(name, err)
		}
		wsjson.Write(t.Context(), conn, hello)
		if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) == -1 {
			t.Errorf("%s: %v", name, err)
		}
		conn.CloseNow()
		time.Sleep(50 * time.Millisecond)
	}
	dial(t, url, plainHello)
	_, resp, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http"), nil)
	if err == nil || resp == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one too many: %v", err)
	}
}

func TestHintsAreMadeReadyOnce(t *testing.T) {
	m := &scripted{}
	_, url := serveScript(t, m, nil)
	hello := plainHello
	hello.Hotwords = funasr.Hotwords([]string{"多少钱", "不需要"})
	for range 3 {
		conn := dial(t, url, hello)
		sound(conn, 8000, 500, true)
		command(conn, funasr.Command{Flush: true})
		read(t, conn)
	}
	if len(m.hints) != 1 || m.hints[0][0] != "多少钱" {
		t.Errorf("%v", m.hints)
	}
}

func TestStatusIsJSON(t *testing.T) {
	_, url := serveScript(t, &scripted{}, nil)
	resp, err := http.Get(url + "/status")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var s Status
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil || s.Workers != 2 || s.CPUMS == 0 {
		t.Errorf("%+v %v", s, err)
	}
}

func sine(hz, i, rate int) float64 {
	return math.Sin(2 * math.Pi * float64(hz) * float64(i) / float64(rate))
}

// A whole octave above 4 kHz must not fold into speech.
func TestHalving(t *testing.T) {
	for hz, want := range map[int][2]float64{1000: {0.95, 1.05}, 3000: {0.8, 1.05}, 6000: {0, 0.02}, 7000: {0, 0.02}} {
		in := make([]int16, 16000)
		for i := range in {
			in[i] = int16(10000 * sine(hz, i, 16000))
		}
		var h halver
		var out []int16
		for at := 0; at < len(in); at += 333 {
			out = append(out, h.down(in[at:min(at+333, len(in))])...)
		}
		gain := level(out[100:]) / level(in)
		if gain < want[0] || gain > want[1] || len(out) < 7990 || len(out) > 8010 {
			t.Errorf("%d Hz: gain %.3f, %d samples", hz, gain, len(out))
		}
	}
	if level(audio.DecodeALaw(nil, []byte{0xd5, 0xd5, 0xd5})) > quietest {
		t.Error("A-law nothing is not quiet")
	}
}

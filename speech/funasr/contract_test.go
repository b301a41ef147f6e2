package funasr_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/funasr"
	"yingda/speech/speechtest"
)

func TestContractAgainstAFunASRServer(t *testing.T) {
	f := &speechtest.FunASR{Says: speechtest.Utterance}
	url := f.Serve(t)
	speechtest.Recognizer(t, func(testing.TB) speech.Recognizer {
		return funasr.New(funasr.Config{URL: url})
	}, speechtest.Can{Times: true})
	h := f.Hellos()[0]
	if h.Rate != 8000 || !slices.Contains(funasr.Phrases(h.Hotwords), "不需要") || h.EndSilence != 0 {
		t.Errorf("hello %+v", h)
	}
}

func TestHotwordsKeepTheOrder(t *testing.T) {
	in := []string{"不需要", "多少钱", "在\"哪\"里", "a"}
	if got := funasr.Phrases(funasr.Hotwords(in)); !slices.Equal(got, in) {
		t.Errorf("%v, want %v", got, in)
	}
	if funasr.Hotwords(nil) != "" || funasr.Phrases("nonsense") != nil {
		t.Error("no phrases are no hotwords")
	}
}

func TestOpenSaysWhy(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	_, err := funasr.New(funasr.Config{URL: "ws://127.0.0.1:1"}).Open(ctx, speech.Options{})
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
	full := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "full", http.StatusServiceUnavailable)
	}))
	defer full.Close()
	_, err = funasr.New(funasr.Config{URL: "ws" + strings.TrimPrefix(full.URL, "http")}).Open(ctx, speech.Options{})
	if !errs.Is(err, errs.TooMany) {
		t.Errorf("full: %v", err)
	}
}

// A server that goes away in mid-call, or talks nonsense, is a breakdown, reported once.
func TestBreakdownIsReported(t *testing.T) {
	for name, end := range map[string]func(*websocket.Conn){
		"hangs up":       func(c *websocket.Conn) { c.CloseNow() },
		"talks nonsense": func(c *websocket.Conn) { c.Write(context.Background(), websocket.MessageText, []byte("你好")) },
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			defer c.CloseNow()
			c.Read(r.Context())
			end(c)
			c.Read(r.Context())
		}))
		stream, err := funasr.New(funasr.Config{URL: "ws" + strings.TrimPrefix(s.URL, "http")}).Open(context.Background(), speech.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var broke int
		for h := range stream.Events() {
			if h.Err == nil {
				t.Errorf("%s: heard %+v", name, h)
			}
			broke++
		}
		if broke != 1 {
			t.Errorf("%s: %d errors", name, broke)
		}
		stream.Write(speechtest.Silence(time.Second))
		stream.Close()
		s.Close()
	}
}

// Partials of a FunASR server are pieces; the robot reads the text so far.
func TestPiecesAreStrungTogether(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer c.CloseNow()
		for _, m := range []funasr.Result{{Mode: funasr.Online, Text: "多少"}, {Mode: funasr.Online, Text: "钱"},
			{Mode: funasr.Offline, Text: "多少钱？", Timestamp: "[[100,200],[200,900]]"}, {Mode: funasr.Online, Text: "好"}} {
			b, _ := json.Marshal(m)
			c.Write(r.Context(), websocket.MessageText, b)
		}
		c.Read(r.Context())
		c.Read(r.Context())
	}))
	defer s.Close()
	stream, err := funasr.New(funasr.Config{URL: "ws" + strings.TrimPrefix(s.URL, "http")}).Open(context.Background(), speech.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 4 {
		h := <-stream.Events()
		got = append(got, h.Text)
		if h.Final && (h.Start != 100*time.Millisecond || h.End != 900*time.Millisecond) {
			t.Errorf("from %v to %v", h.Start, h.End)
		}
	}
	if want := []string{"多少", "多少钱", "多少钱？", "好"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	stream.Close()
}

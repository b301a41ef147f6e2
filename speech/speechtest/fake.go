package speechtest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"yingda/speech/funasr"
)

// FunASR is a stand-in for a FunASR runtime. It keeps to the protocol (hello checked, online
// pieces while somebody is loud, an offline sentence after 600 ms of quiet, is_final after
// is_speaking false) and recognises nothing: every sentence is Says.
type FunASR struct {
	Says string

	mu     sync.Mutex
	hellos []funasr.Hello
}

// Serve starts it on loopback and returns its ws:// address.
func (f *FunASR) Serve(t testing.TB) string {
	s := httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

// Hellos are the first frames of all streams so far.
func (f *FunASR) Hellos() []funasr.Hello {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]funasr.Hello(nil), f.hellos...)
}

func (f *FunASR) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	var hello funasr.Hello
	if err := wsjson.Read(r.Context(), conn, &hello); err != nil || hello.Mode != "2pass" || hello.Format != funasr.PCM || !hello.Speaking {
		conn.Close(websocket.StatusPolicyViolation, "no hello of FunASR's")
		return
	}
	f.mu.Lock()
	f.hellos = append(f.hellos, hello)
	f.mu.Unlock()
	e := ear{says: []rune(f.Says), rate: hello.Rate, send: func(r funasr.Result) {
		r.Name = hello.Name
		wsjson.Write(context.Background(), conn, r)
	}}
	e.listen(r.Context(), conn)
}

// ear is one stream of the stand-in.
type ear struct {
	says []rune
	rate int
	send func(funasr.Result)

	at, start, loud int // samples: now, the sentence's first, its last
	open            bool
	said            int // characters sent as online pieces
}

func (e *ear) listen(ctx context.Context, conn *websocket.Conn) {
	for {
		kind, b, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if kind == websocket.MessageBinary {
			e.hear(b)
			continue
		}
		var c funasr.Command
		if json.Unmarshal(b, &c) != nil || c.Flush || c.Hotwords != nil {
			conn.Close(websocket.StatusPolicyViolation, "a FunASR server knows no such frame")
			return
		}
		if c.Speaking != nil && !*c.Speaking {
			e.sentence(true)
			return
		}
	}
}

// hear takes s16le; two characters go out online for every 300 ms of voice.
func (e *ear) hear(b []byte) {
	var loudest int16
	for i := 0; i+1 < len(b); i += 2 {
		loudest = max(loudest, int16(binary.LittleEndian.Uint16(b[i:])))
	}
	if loudest > 600 {
		if !e.open {
			e.open, e.start, e.said = true, e.at, 0
		}
		e.loud = e.at
		if want := min(len(e.says), (e.at-e.start)*1000/e.rate/300*2); want > e.said {
			e.send(funasr.Result{Mode: funasr.Online, Text: string(e.says[e.said:want])})
			e.said = want
		}
	}
	e.at += len(b) / 2
	if e.open && (e.at-e.loud)*1000/e.rate >= 600 {
		e.sentence(false)
	}
}

// sentence closes what is open; the last frame of a stream says so.
func (e *ear) sentence(last bool) {
	r := funasr.Result{Mode: funasr.Offline, Final: last}
	if e.open {
		r.Text = string(e.says)
		from, each := e.start*1000/e.rate, (e.loud-e.start)*1000/e.rate/len(e.says)
		var pairs []string
		for i := range e.says {
			pairs = append(pairs, fmt.Sprintf("[%d,%d]", from+i*each, from+(i+1)*each))
		}
		r.Timestamp = "[" + strings.Join(pairs, ",") + "]"
	}
	if e.open || last {
		e.send(r)
	}
	e.open = false
}

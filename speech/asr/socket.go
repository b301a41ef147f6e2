package asr

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"yingda/platform/audio"
	"yingda/speech/funasr"
)

const (
	helloWithin = 10 * time.Second
	writeWithin = 10 * time.Second
	frameMost   = 1 << 20 // bytes of one frame
)

// serve is one connection from its hello to its end.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	// Any origin: this end listens on loopback, and pages of a browser have nothing to gain here.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"binary"}})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(frameMost)
	hello, in, err := greet(r.Context(), conn)
	if err != nil {
		conn.Close(websocket.StatusPolicyViolation, err.Error())
		return
	}
	detector, err := s.NewDetector()
	if err != nil {
		s.Log.Error("no voice detector", "error", err)
		conn.Close(websocket.StatusInternalError, "no voice detector")
		return
	}
	defer detector.Close()
	silence := s.EndSilence
	if hello.EndSilence > 0 {
		silence = time.Duration(hello.EndSilence) * time.Millisecond
	}
	t := newStream(s, detector, silence, funasr.Phrases(hello.Hotwords))
	t.partials = hello.Whole // ours are revised as more is heard; FunASR's clients would string them together
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		s.send(r.Context(), conn, t, hello)
	}()
	if err := t.listen(r.Context(), conn, in); err != nil {
		t.abandon()
		return
	}
	t.finish()
	<-sent
	conn.Close(websocket.StatusNormalClosure, "")
}

// greet reads the hello and picks the decoder for its audio.
func greet(ctx context.Context, conn *websocket.Conn) (h funasr.Hello, in decoder, err error) {
	ctx, stop := context.WithTimeout(ctx, helloWithin)
	defer stop()
	if err := wsjson.Read(ctx, conn, &h); err != nil {
		return h, nil, errors.New("the first frame must be a JSON hello")
	}
	switch {
	case h.Format == funasr.ALaw && h.Rate == 8000:
		in = &alaw{}
	case h.Format == funasr.PCM && h.Rate == 8000:
		in = &pcm{}
	case h.Format == funasr.PCM && (h.Rate == 16000 || h.Rate == 0): // FunASR's default
		in = &pcm{halve: true}
	default:
		return h, nil, fmt.Errorf("cannot hear %s at %d Hz", h.Format, h.Rate)
	}
	return h, in, nil
}

// listen reads frames until the other end says it is done (nil) or goes away.
func (t *stream) listen(ctx context.Context, conn *websocket.Conn, in decoder) error {
	for {
		kind, b, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if kind == websocket.MessageBinary {
			t.hear(in.decode(b))
			t.wait(ctx)
			continue
		}
		var c funasr.Command
		if err := json.Unmarshal(b, &c); err != nil {
			return err
		}
		if c.Hotwords != nil {
			t.hint(funasr.Phrases(*c.Hotwords))
		}
		if c.Flush {
			t.flush()
		}
		if c.Speaking != nil && !*c.Speaking {
			return nil
		}
	}
}

// wait holds the sender back while finals pile up: audio stays in its socket, nothing is lost.
func (t *stream) wait(ctx context.Context) {
	for t.crowded() && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
}

// send writes results until the stream is over, then says so.
func (s *Server) send(ctx context.Context, conn *websocket.Conn, t *stream, hello funasr.Hello) {
	for {
		r, more := t.next()
		if !more {
			r = funasr.Result{Mode: funasr.Online, Final: true}
		}
		r.Name = hello.Name
		ctx, stop := context.WithTimeout(ctx, writeWithin)
		err := wsjson.Write(ctx, conn, r)
		stop()
		if err != nil || !more {
			return
		}
	}
}

// decoder turns a frame into 8 kHz samples that live until the next frame.
type decoder interface{ decode(b []byte) []int16 }

type alaw struct{ out []int16 }

func (a *alaw) decode(b []byte) []int16 {
	a.out = audio.DecodeALaw(a.out[:0], b)
	return a.out
}

// pcm is s16le; a frame may end in the middle of a sample.
type pcm struct {
	halve bool
	odd   []byte
	out   []int16
	half  halver
}

func (p *pcm) decode(b []byte) []int16 {
	b = append(p.odd, b...)
	p.out = p.out[:0]
	for ; len(b) >= 2; b = b[2:] {
		p.out = append(p.out, int16(binary.LittleEndian.Uint16(b)))
	}
	p.odd = append(p.odd[:0:0], b...)
	if p.halve {
		p.out = p.half.down(p.out)
	}
	return p.out
}

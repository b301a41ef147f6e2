package funasr

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"yingda/platform/errs"
	"yingda/speech"
)

// Config of a client.
type Config struct {
	URL    string       // ws://host:port or wss://host:port
	Name   string       // what Recognizer.Name says; empty = "funasr"
	Ours   bool         // the other end is yingda-asr: see doc.go
	Client *http.Client // for TLS and proxies; nil = http.DefaultClient
}

// Client is a speech.Recognizer.
type Client struct{ Config }

// New makes a client; it connects when a stream opens.
func New(c Config) *Client {
	if c.Name == "" {
		c.Name = "funasr"
	}
	return &Client{c}
}

// Name is the configured name.
func (c *Client) Name() string { return c.Config.Name }

// Open connects and says hello. It fails with Unavailable when the server cannot be
// reached within ctx, with TooMany when it takes no more streams.
func (c *Client) Open(ctx context.Context, o speech.Options) (speech.Stream, error) {
	conn, resp, err := websocket.Dial(ctx, c.URL, &websocket.DialOptions{HTTPClient: c.Config.Client, Subprotocols: []string{"binary"}})
	if err != nil {
		if resp != nil && resp.StatusCode == http.StatusServiceUnavailable {
			return nil, errs.New(errs.TooMany, "speech.recognizer_full", "name", c.Name()).Because(err)
		}
		return nil, errs.New(errs.Unavailable, "speech.recognizer_away", "name", c.Name()).Because(err)
	}
	conn.SetReadLimit(1 << 20)
	if err := wsjson.Write(ctx, conn, c.hello(o)); err != nil {
		conn.CloseNow()
		return nil, errs.New(errs.Unavailable, "speech.recognizer_away", "name", c.Name()).Because(err)
	}
	return start(conn, c.Ours), nil
}

func (c *Client) hello(o speech.Options) Hello {
	h := Hello{Mode: "2pass", Name: o.Call, Format: PCM, Rate: 8000, Chunks: []int{5, 10, 5}, Interval: 10,
		Hotwords: Hotwords(o.Hints), ITN: true, Speaking: true}
	if h.Name == "" {
		h.Name = "call"
	}
	if c.Ours {
		h.Format, h.EndSilence, h.Whole = ALaw, int(o.EndSilence/time.Millisecond), true
	}
	return h
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("funasr: %v", err)) // our own frames always marshal
	}
	return b
}

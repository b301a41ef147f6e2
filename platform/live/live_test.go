package live

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/platform/db"
	"yingda/platform/queue"
)

var (
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
	bg    = context.Background()
)

func hub(t *testing.T, cfg Config) *Hub {
	cfg.Log = quiet
	h := NewHub(cfg)
	t.Cleanup(h.Close)
	return h
}

// site serves the hub; who listens comes from the URL: ?tenant=1&user=2&right=x.
func site(t *testing.T, h *Hub) string {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sub Subscription
		q := r.URL.Query()
		_ = sub.Tenant.UnmarshalText([]byte(q.Get("tenant")))
		_ = sub.User.UnmarshalText([]byte(q.Get("user")))
		sub.Has = func(right string) bool { return right == q.Get("right") }
		h.ServeHTTP(w, r, sub)
	}))
	srv.Config.WriteTimeout = time.Second // as a careful server has it: must not end streams
	srv.Start()
	t.Cleanup(func() { h.Close(); srv.CloseClientConnections(); srv.Close() })
	return srv.URL
}

// browser reads events from a stream.
type browser struct {
	t    *testing.T
	body io.ReadCloser
	in   *bufio.Reader
	id   string // Last-Event-ID
}

func listen(t *testing.T, url, lastID string) *browser {
	t.Helper()
	req, _ := http.NewRequest(http.MethodGet, url, nil)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%v %v", res, err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return &browser{t, res.Body, bufio.NewReader(res.Body), lastID}
}

// next reads one event, or "" at the end of the stream. Comments are passed over, except when asked for.
func (b *browser) next() (name, data string) {
	for {
		line, err := b.in.ReadString('\n')
		if err != nil {
			return "", ""
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			b.id = value
		case "event":
			name = value
		case "data":
			data = value
		case "":
			switch {
			case value != "":
				return "comment", value
			case name != "":
				return name, data
			}
		}
	}
}

func (b *browser) want(name, data string) {
	b.t.Helper()
	if n, d := b.next(); n != name || d != data {
		b.t.Fatalf("got %s %s, want %s %s", n, d, name, data)
	}
}

func TestWhoIsTold(t *testing.T) {
	h := hub(t, Config{})
	url := site(t, h)
	boss := listen(t, url+"?tenant=1&user=10&right=campaign:read", "")
	rep := listen(t, url+"?tenant=1&user=11", "")
	other := listen(t, url+"?tenant=2&user=10&right=campaign:read", "")
	for _, b := range []*browser{boss, rep, other} {
		b.want("hello", `{"resumed":false}`)
	}
	say := func(n int, tenant db.ID, to Audience) {
		h.Publish(bg, Topic{Name: "call"}, tenant, to, map[string]int{"n": n})
	}
	say(1, 1, Holding("campaign:read"))
	say(2, 1, To(11))
	say(3, 1, Holding("campaign:read", 11))
	say(4, 2, Everybody)
	say(5, 1, To())
	say(6, 1, To(0))
	say(7, 1, Everybody)
	for b, told := range map[*browser][]int{boss: {1, 3, 7}, rep: {2, 3, 7}, other: {4}} {
		for _, n := range told {
			b.want("call", fmt.Sprintf(`{"n":%d}`, n))
		}
	}
}

func TestResume(t *testing.T) {
	h := hub(t, Config{})
	url := site(t, h) + "?tenant=1"
	first := listen(t, url, "")
	first.next()
	h.Publish(bg, Topic{Name: "turn"}, 1, Everybody, 1)
	first.want("turn", "1")
	_ = first.body.Close()
	h.Publish(bg, Topic{Name: "turn"}, 1, Everybody, 2)
	h.Publish(bg, Topic{Name: "turn"}, 2, Everybody, "theirs")
	h.Publish(bg, Topic{Name: "campaign", Key: "17"}, 1, Everybody, "old")
	h.Publish(bg, Topic{Name: "campaign", Key: "17"}, 1, Everybody, "new")

	again := listen(t, url, first.id)
	again.want("hello", `{"resumed":true}`)
	again.want("turn", "2")
	again.want("campaign", `"new"`)
	for why, id := range map[string]string{"another node": "abc-1", "nonsense": "x", "the future": h.eventID(99)} {
		b := listen(t, url, id)
		if _, data := b.next(); data != `{"resumed":false}` {
			t.Errorf("%s: %s", why, data)
		}
	}
	for i := range ringSize {
		h.Publish(bg, Topic{Name: "turn"}, 3, Everybody, i)
	}
	listen(t, url, first.id).want("hello", `{"resumed":false}`)
}

// A slow browser costs bounded memory, never holds the publisher up, gets the newest
// word about each thing, and is told to fetch afresh when even that was too much.
func TestSlowBrowser(t *testing.T) {
	s := newStream(Subscription{Tenant: 1})
	push := func(seq uint64, key string) (bool, bool) {
		return s.push(&frame{message: message{Name: "campaign", Key: key}, seq: seq})
	}
	for i := range uint64(100_000) {
		push(i, fmt.Sprint(i%10))
	}
	if len(s.queue) > 2*queueLimit {
		t.Fatalf("%d frames wait", len(s.queue))
	}
	frames, lost, err := s.take()
	if len(frames) != 10 || lost || err != nil {
		t.Fatalf("%d frames, %v, %v", len(frames), lost, err)
	}
	for i, f := range frames {
		if want := uint64(100_000 - 10 + i); f.seq != want {
			t.Fatalf("frame %d is number %d, want %d", i, f.seq, want)
		}
	}
	for i := range uint64(queueLimit + 5) {
		push(i, "")
	}
	if frames, lost, _ := s.take(); !lost || len(frames) != 4 {
		t.Fatalf("after the overflow: lost %v, %d frames", lost, len(frames))
	}
}

func TestABrowserThatDoesNotReadIsCut(t *testing.T) {
	was := writeTimeout
	writeTimeout = 300 * time.Millisecond
	t.Cleanup(func() { writeTimeout = was })
	h := hub(t, Config{})
	url := site(t, h)
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /?tenant=1 HTTP/1.1\r\nHost: x\r\n\r\n")
	good := listen(t, url+"?tenant=1", "")
	good.next()
	until(t, func() bool { return h.Stats().Streams == 2 })
	big := strings.Repeat("x", 64<<10)
	got := make(chan int)
	go func() {
		n := 0
		for name, _ := good.next(); name == "turn" || name == "hello"; name, _ = good.next() {
			n++
		}
		got <- n
	}()
	for range 300 {
		began := time.Now()
		h.Publish(bg, Topic{Name: "turn"}, 1, Everybody, big)
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Fatalf("publishing took %v", took)
		}
		time.Sleep(time.Millisecond)
	}
	until(t, func() bool { return h.Stats().Streams == 1 })
	h.Publish(bg, Topic{Name: "end"}, 1, Everybody, 0)
	if n := <-got; n < 200 {
		t.Fatalf("the good browser got %d of 300", n)
	}
}

func TestKeepAliveAndTheEndOfASession(t *testing.T) {
	was := keepAlive
	keepAlive = 50 * time.Millisecond
	t.Cleanup(func() { keepAlive = was })
	h := hub(t, Config{})
	left := 3
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r, Subscription{Tenant: 1, Valid: func() bool { left--; return left > 0 }})
	}))
	defer srv.Close()
	b := listen(t, srv.URL, "")
	b.next()
	b.want("comment", "alive")
	b.want("comment", "alive")
	b.want("", "")
	until(t, func() bool { return h.Stats().Streams == 0 })
}

func TestCloseEndsStreamsAfterTheLastWord(t *testing.T) {
	h := hub(t, Config{})
	b := listen(t, site(t, h)+"?tenant=1", "")
	b.next()
	h.Publish(bg, Topic{Name: "notice"}, 1, Everybody, "bye")
	h.Close()
	b.want("notice", `"bye"`)
	b.want("", "")
}

func Test200Browsers(t *testing.T) {
	h := hub(t, Config{})
	url := site(t, h)
	const browsers, things, rounds = 200, 5, 200
	var ready, done sync.WaitGroup
	ready.Add(browsers)
	for i := range browsers {
		b := listen(t, fmt.Sprintf("%s?tenant=%d", url, i%2+1), "")
		done.Go(func() {
			b.next()
			ready.Done()
			for last := 0; last < things; {
				if name, data := b.next(); name == "" {
					t.Error("the stream ended early")
					return
				} else if data == fmt.Sprint(rounds) { // the newest word about each thing arrives
					last++
				}
			}
		})
	}
	ready.Wait()
	began := time.Now()
	for n := 1; n <= rounds; n++ {
		for thing := range things {
			for tenant := db.ID(1); tenant <= 2; tenant++ {
				h.Publish(bg, Topic{"campaign", fmt.Sprint(thing)}, tenant, Everybody, n)
			}
		}
	}
	published := time.Since(began)
	done.Wait()
	t.Logf("%d messages to %d browsers: published in %v, read in %v; %v", things*rounds*2, browsers, published, time.Since(began), h.Stats())
	if st := h.Stats(); st.Overflows > 0 || published > 3*time.Second {
		t.Errorf("published in %v; %v", published, st)
	}
}

func TestTwoHubsOverOneRedis(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("SKIPPED: no redis-server is installed")
	}
	b, err := queue.Open(bg, queue.Config{URL: "child", Dir: t.TempDir(), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	one, two := hub(t, Config{Redis: b.Redis()}), hub(t, Config{Redis: b.Redis()})
	here, there := listen(t, site(t, one)+"?tenant=1", ""), listen(t, site(t, two)+"?tenant=1", "")
	here.next()
	there.next()
	until(t, func() bool { return b.Redis().PubSubNumSub(bg, channel).Val()[channel] == 2 })
	for i := range 100 {
		one.Publish(bg, Topic{Name: "turn"}, 1, Everybody, i)
		one.Publish(bg, Topic{Name: "turn"}, 2, Everybody, "theirs")
	}
	for i := range 100 { // each exactly once, in order, on both
		here.want("turn", fmt.Sprint(i))
		there.want("turn", fmt.Sprint(i))
	}
	if one.Stats().Resyncs+two.Stats().Resyncs != 0 {
		t.Fatalf("resyncs without a loss: %v, %v", one.Stats(), two.Stats())
	}

	kill := strings.Fields(b.Redis().Do(bg, "CLIENT", "KILL", "TYPE", "pubsub").String())
	if len(kill) == 0 {
		t.Fatal("no connection was cut")
	}
	there.want("hello", `{"resumed":false}`) // who knows what was missed
	here.want("hello", `{"resumed":false}`)
	two.Publish(bg, Topic{Name: "turn"}, 1, To(0), "nobody")
	two.Publish(bg, Topic{Name: "turn"}, 1, Everybody, "back")
	here.want("turn", `"back"`)
	there.want("turn", `"back"`)
}

func until(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("did not come true in 10 s")
		}
	}
}

func BenchmarkPublish(b *testing.B) {
	h := NewHub(Config{Log: quiet})
	for range 200 {
		if _, _, _, err := h.join(Subscription{Tenant: 1}, ""); err != nil {
			b.Fatal(err)
		}
	}
	for i := 0; b.Loop(); i++ {
		h.Publish(bg, Topic{"campaign", "17"}, 1, Everybody, i)
	}
}

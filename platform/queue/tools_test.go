package queue_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"yingda/platform/queue"
)

// serve runs do for test:job until the test ends.
func serve(t *testing.T, b *queue.Broker, n int, do func(context.Context, job) error) {
	t.Helper()
	s := b.NewServer(queue.ServerConfig{Log: quiet, Grace: time.Second})
	queue.On(s, "test:job", do)
	s.Pool(queue.Pool{Queues: map[string]int{queue.DefaultQueue: 1}, Concurrency: n})
	must(t, s.Start())
	t.Cleanup(s.Shutdown)
}

// serverPID asks the server for its own process id: only this one may be killed.
func serverPID(t *testing.T, b *queue.Broker) int {
	t.Helper()
	info, err := b.Redis().Info(bg, "server").Result()
	must(t, err)
	m := regexp.MustCompile(`process_id:(\d+)`).FindStringSubmatch(info)
	if m == nil {
		t.Fatal("the server does not tell its process id")
	}
	pid, _ := strconv.Atoi(m[1])
	return pid
}

func killServer(t *testing.T, b *queue.Broker) {
	t.Helper()
	p, err := os.FindProcess(serverPID(t, b))
	must(t, err)
	must(t, p.Kill())
}

func want(t *testing.T, got chan string, want string) {
	t.Helper()
	select {
	case g := <-got:
		if g != want {
			t.Fatalf("got %s, want %s", g, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("no %s", want)
	}
}

func nothing(t *testing.T, got chan string) {
	t.Helper()
	select {
	case g := <-got:
		t.Fatalf("got %s, want nothing", g)
	case <-time.After(700 * time.Millisecond):
	}
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("did not come true in 15 s")
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lockedBuffer takes log lines from several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

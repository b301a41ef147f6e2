package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yingda/platform/db"
	"yingda/platform/queue"
)

var (
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
	bg    = context.Background()
)

type localeKey struct{}

func config(t *testing.T, url string, log *slog.Logger) queue.Config {
	return queue.Config{URL: url, Dir: t.TempDir(), Log: log,
		LocaleOf:   func(ctx context.Context) string { l, _ := ctx.Value(localeKey{}).(string); return l },
		WithLocale: func(ctx context.Context, l string) context.Context { return context.WithValue(ctx, localeKey{}, l) }}
}

func open(t *testing.T, cfg queue.Config) *queue.Broker {
	t.Helper()
	ctx, cancel := context.WithTimeout(bg, 10*time.Second)
	defer cancel()
	b, err := queue.Open(ctx, cfg)
	must(t, err)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// each runs the test on every kind of broker.
func each(t *testing.T, test func(t *testing.T, b *queue.Broker)) {
	t.Run("memory", func(t *testing.T) { test(t, open(t, config(t, "memory", quiet))) })
	t.Run("child", func(t *testing.T) { needRedis(t); test(t, open(t, config(t, "child", quiet))) })
	t.Run("redis", func(t *testing.T) {
		needRedis(t)
		cfg := config(t, "child", quiet)
		open(t, cfg)
		cfg.URL = "unix://" + cfg.Dir + "/redis.sock"
		b := open(t, cfg)
		if b.Kind() != queue.Redis || !b.Durable() {
			t.Fatalf("kind %s", b.Kind())
		}
		test(t, b)
	})
}

func needRedis(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("SKIPPED: no redis-server is installed")
	}
}

type job struct{ N int }

func TestATaskCarriesTenantAndLocale(t *testing.T) {
	each(t, func(t *testing.T, b *queue.Broker) {
		got := make(chan string, 10)
		serve(t, b, 4, func(ctx context.Context, in job) error {
			l, _ := ctx.Value(localeKey{}).(string)
			got <- fmt.Sprintf("%d for %s in %q", in.N, db.TenantOf(ctx), l)
			return nil
		})
		ctx := context.WithValue(db.WithTenant(bg, 7), localeKey{}, "zh-CN")
		must(t, b.Enqueue(ctx, queue.Task{Type: "test:job", Payload: job{1}}))
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{2}, Delay: 300 * time.Millisecond}))
		want(t, got, `1 for 7 in "zh-CN"`)
		want(t, got, `2 for 0 in ""`)
	})
}

func TestOneOfAKind(t *testing.T) {
	each(t, func(t *testing.T, b *queue.Broker) {
		for range 5 {
			must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{1}, ID: "tick:1"}))
		}
		ran, hold := make(chan string, 10), make(chan bool)
		serve(t, b, 4, func(_ context.Context, in job) error {
			ran <- fmt.Sprint(in.N)
			<-hold
			return nil
		})
		want(t, ran, "1")
		for range 5 { // the first runs: one more may wait
			must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{2}, ID: "tick:1", Again: true}))
			must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{3}, ID: "tick:1"}))
		}
		want(t, ran, "2")
		close(hold)
		nothing(t, ran)
	})
}

func TestAGivenUpTaskDoesNotBlockItsID(t *testing.T) {
	each(t, func(t *testing.T, b *queue.Broker) {
		ran := make(chan string, 10)
		serve(t, b, 1, func(_ context.Context, in job) error {
			ran <- fmt.Sprint(in.N)
			return errors.New("no luck")
		})
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{1}, ID: "x"}))
		want(t, ran, "1")
		nothing(t, ran) // MaxRetry is 0
		must(t, b.Redis().Del(bg, "asynq:queues").Err())
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{2}, ID: "x"}))
		want(t, ran, "2")
	})
}

func TestErrorsAndPanicsAreLoggedOnce(t *testing.T) {
	var out lockedBuffer
	b := open(t, config(t, "memory", quiet))
	s := b.NewServer(queue.ServerConfig{Log: slog.New(slog.NewTextHandler(&out, nil))})
	ran := make(chan string, 10)
	queue.On(s, "test:job", func(_ context.Context, in job) error {
		defer func() { ran <- fmt.Sprint(in.N) }()
		if in.N == 1 {
			panic("boom")
		}
		return fmt.Errorf("job %d: %w", in.N, errors.New("refused"))
	})
	s.Pool(queue.Pool{Queues: map[string]int{queue.DefaultQueue: 1}, Concurrency: 1})
	must(t, s.Start())
	must(t, b.Enqueue(db.WithTenant(bg, 9), queue.Task{Type: "test:job", Payload: job{1}}))
	must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{2}}))
	must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: "no job", MaxRetry: 5}))
	must(t, b.Enqueue(bg, queue.Task{Type: "test:unknown"}))
	want(t, ran, "1")
	want(t, ran, "2")
	eventually(t, func() bool { return strings.Contains(out.String(), "no handler for test:unknown") })
	s.Shutdown()
	for _, line := range []string{"panic: boom", "job 2: refused", "payload: ", "no handler for test:unknown", "tenant=9"} {
		if n := strings.Count(out.String(), line); n != 1 {
			t.Errorf("%q is logged %d times:\n%s", line, n, out.String())
		}
	}
}

func TestShutdownWaitsAndThenGivesBack(t *testing.T) {
	b := open(t, config(t, "memory", quiet))
	s := b.NewServer(queue.ServerConfig{Log: quiet, Grace: 300 * time.Millisecond})
	began, ended := make(chan string, 4), make(chan string, 4)
	queue.On(s, "test:job", func(ctx context.Context, in job) error {
		began <- "began"
		select {
		case <-ctx.Done():
			ended <- "cut"
			return ctx.Err()
		case <-time.After(time.Duration(in.N) * time.Millisecond):
			ended <- "whole"
			return nil
		}
	})
	s.Pool(queue.Pool{Queues: map[string]int{queue.DefaultQueue: 1}, Concurrency: 1, Detached: true})
	s.Pool(queue.Pool{Queues: map[string]int{"calls:n": 1}, Concurrency: 1})
	must(t, s.Start())
	must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{100}, Queue: "calls:n"}))
	must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{60000}, Timeout: time.Hour}))
	want(t, began, "began")
	want(t, began, "began")
	s.Shutdown()
	want(t, ended, "whole")
	want(t, ended, "cut")
	if n := b.Redis().LLen(bg, "asynq:{default}:pending").Val(); n != 1 {
		t.Fatalf("%d tasks were given back", n)
	}
}

func TestGoesOnAfterFlushAndKill(t *testing.T) {
	needRedis(t)
	cfg := config(t, "child", quiet)
	b := open(t, cfg)
	var ran atomic.Int64
	serve(t, b, 8, func(_ context.Context, in job) error { ran.Add(1); return nil })
	for i := range 50 {
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{i}, ID: fmt.Sprint("a", i)}))
	}
	eventually(t, func() bool { return ran.Load() == 50 })
	must(t, b.Redis().FlushAll(bg).Err())
	for i := range 50 {
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{i}, ID: fmt.Sprint("b", i)}))
	}
	eventually(t, func() bool { return ran.Load() == 100 })

	must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{0}, Delay: 2 * time.Second})) // must survive the kill
	killServer(t, b)
	for i := range 50 { // the broker is away for a moment: Enqueue waits for it
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{i}, ID: fmt.Sprint("c", i)}))
	}
	eventually(t, func() bool { return ran.Load() == 151 })
}

func TestDetachedSurvivesTheBrokersDeath(t *testing.T) {
	needRedis(t)
	b := open(t, config(t, "child", quiet))
	s := b.NewServer(queue.ServerConfig{Log: quiet})
	began, ended := make(chan string, 1), make(chan string, 1)
	queue.On(s, "test:call", func(ctx context.Context, in job) error {
		began <- "began"
		time.Sleep(1500 * time.Millisecond)
		ended <- fmt.Sprintf("%v for %s", ctx.Err(), db.TenantOf(ctx))
		return nil
	})
	s.Pool(queue.Pool{Queues: map[string]int{"calls:n": 1}, Concurrency: 2, Detached: true})
	must(t, s.Start())
	t.Cleanup(s.Shutdown)
	must(t, b.Enqueue(db.WithTenant(bg, 3), queue.Task{Type: "test:call", Payload: job{1}, Queue: "calls:n"}))
	want(t, began, "began")
	killServer(t, b)
	want(t, ended, "<nil> for 3")
}

func TestASecondProcessIsAGuestAndThenTheHost(t *testing.T) {
	needRedis(t)
	cfg := config(t, "child", quiet)
	first, second := open(t, cfg), open(t, cfg)
	must(t, first.Redis().Set(bg, "k", "v", 0).Err())
	if v := second.Redis().Get(bg, "k").Val(); v != "v" {
		t.Fatalf("the guest reads %q", v)
	}
	pid := serverPID(t, first)
	must(t, first.Close())
	eventually(t, func() bool { return second.Ping(bg) == nil })
	if v := second.Redis().Get(bg, "k").Val(); v != "v" {
		t.Fatalf("after the host left, the key reads %q", v)
	}
	if again := serverPID(t, second); again == pid {
		t.Fatal("still the first host's server")
	}
	cfg.Dir += "/" + strings.Repeat("long/", 30) // no room in a socket address
	open(t, cfg)
}

func TestWhatCannotBeOpened(t *testing.T) {
	ctx, cancel := context.WithTimeout(bg, time.Second)
	defer cancel()
	if _, err := queue.Open(ctx, config(t, "redis://:hunter2@127.0.0.1:1/0", quiet)); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("a dead address: %v", err)
	}
	if _, err := queue.Open(ctx, config(t, "nonsense", quiet)); err == nil {
		t.Fatal("nonsense was opened")
	}
	t.Setenv("PATH", t.TempDir())
	b := open(t, config(t, "", quiet))
	if b.Kind() != queue.Memory || b.Durable() {
		t.Fatalf("without redis-server: %s", b.Kind())
	}
}

func BenchmarkEnqueueChild(b *testing.B) {
	br, err := queue.Open(bg, queue.Config{URL: "child", Dir: b.TempDir(), Log: quiet})
	if err != nil {
		b.Skip(err)
	}
	defer br.Close()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := br.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{1}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

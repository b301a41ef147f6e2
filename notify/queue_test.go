package notify

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/notify/sandbox"
	"yingda/platform/clock"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/queue"
)

// started puts real workers, the sweep and the machine's clock under the house.
func (h *house) started(workers int) *queue.Broker {
	h.t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	ctx, stop := context.WithCancel(context.Background())
	b, err := queue.Open(ctx, queue.Config{URL: "memory", Log: log})
	must(h.t, err)
	h.Clock, h.Queue, h.box.Now = clock.Real{}, b, nil
	s := b.NewServer(queue.ServerConfig{Log: log})
	queue.On(s, TaskDeliver, h.HandleDeliver)
	s.Pool(queue.Pool{Queues: map[string]int{queue.DefaultQueue: 1}, Concurrency: workers})
	must(h.t, s.Start())
	var sweep sync.WaitGroup
	sweep.Go(func() { h.Run(ctx) })
	h.t.Cleanup(func() { stop(); sweep.Wait(); s.Shutdown(); _ = b.Close() })
	return b
}

// A hundred calls end at once over real queue, workers and HTTP; the queue is flushed
// in the middle, which costs half of them a sweep. Every push and text arrives once. The
// log says how long pushes took (DESIGN: p95 ≤ 2 s); the test only fails at 5 s, since
// the machine may be shared.
func TestThroughTheRealQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}, Push: &PushRule{Grades: []string{"A"}, Reps: h.reps[:2], Mode: RoundRobin}}
		b := h.started(8)
		calls := make([]*call.Finished, 100)
		for i := range calls {
			calls[i] = h.finished("A")
			end := time.Now().UTC()
			calls[i].Call.EndedAt = &end
			must(t, h.Hook(h.one, calls[i]))
			h.Ended(h.one, calls[i])
			if i == len(calls)/2 {
				must(t, b.Redis().FlushAll(context.Background()).Err())
			}
		}
		h.await(calls, 20*time.Second)
		if texts, pushes := len(h.received(sandbox.SMS)), len(h.received(sandbox.WeChat)); texts != 100 || pushes != 100 || h.credit() != 0 {
			t.Fatalf("%d texts, %d pushes, credit %d", texts, pushes, h.credit())
		}
		p50, p95 := h.pushLatency(calls)
		t.Logf("call ended → push accepted: p50 %v, p95 %v", p50, p95)
		if p95 > 5*time.Second {
			t.Errorf("p95 %v", p95)
		}
	})
}

// await returns when every promise of the calls has been accepted.
func (h *house) await(calls []*call.Finished, limit time.Duration) {
	h.t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		open := 0
		for _, f := range calls {
			for _, p := range h.promises(f) {
				if p.State != Sent && p.State != Delivered {
					open++
				}
			}
		}
		if open == 0 {
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("%d promises are still open", open)
		}
	}
}

func (h *house) pushLatency(calls []*call.Finished) (p50, p95 time.Duration) {
	var took []time.Duration
	for _, f := range calls {
		for _, p := range h.promises(f) {
			if p.Kind == WeChat {
				took = append(took, p.SentAt.Sub(*p.CallEndedAt))
			}
		}
	}
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*95/100]
}

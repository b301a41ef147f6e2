package asr

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestQueueServesTheEarliestDeadlineFirst(t *testing.T) {
	q := newQueue(1)
	defer q.close()
	hold, started := make(chan struct{}), make(chan struct{})
	q.final(time.Now(), func(context.Context) { close(started); <-hold })
	<-started
	var mu sync.Mutex
	var order []int
	var all []*job
	now := time.Now()
	for _, at := range []int{3, 1, 4, 2} {
		all = append(all, q.final(now.Add(time.Duration(at)*time.Second), func(context.Context) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, at)
		}))
	}
	close(hold)
	for _, j := range all {
		<-j.done
	}
	if !slices.Equal(order, []int{1, 2, 3, 4}) {
		t.Errorf("order %v", order)
	}
}

func TestPartialGivesWay(t *testing.T) {
	q := newQueue(1)
	defer q.close()
	started, stopped := make(chan struct{}), make(chan struct{})
	if q.partial(func(ctx context.Context) { close(started); <-ctx.Done(); close(stopped) }) == nil {
		t.Fatal("an idle queue takes a partial")
	}
	<-started
	if q.partial(func(context.Context) {}) != nil {
		t.Error("a busy queue takes no partial")
	}
	j := q.final(time.Now(), func(context.Context) {})
	<-stopped
	<-j.done
}

func TestDroppedJobNeverRuns(t *testing.T) {
	q := newQueue(1)
	defer q.close()
	hold, started := make(chan struct{}), make(chan struct{})
	q.final(time.Now(), func(context.Context) { close(started); <-hold })
	<-started
	ran := false
	j := q.final(time.Now(), func(context.Context) { ran = true })
	q.drop(j)
	<-j.done
	q.drop(j) // twice is harmless
	close(hold)
	last := q.final(time.Now(), func(context.Context) {})
	<-last.done
	if ran {
		t.Error("it ran")
	}
}

func TestClosedQueueLeavesNobodyWaiting(t *testing.T) {
	q := newQueue(1)
	hold, started := make(chan struct{}), make(chan struct{})
	q.final(time.Now(), func(context.Context) { close(started); <-hold })
	<-started
	waiting := q.final(time.Now(), func(context.Context) {})
	q.close()
	<-waiting.done
	<-q.final(time.Now(), func(context.Context) {}).done
	close(hold)
}

package asr

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// queue hands decodes to workers: finals before partials, the earliest deadline first.
// Its length is bounded by its streams, of which each has few decodes under way.
type queue struct {
	mu      sync.Mutex
	ready   sync.Cond
	waiting jobs
	running map[*job]struct{}
	workers int
	closed  bool
}

// job is one decode.
type job struct {
	ctx     context.Context
	cancel  context.CancelFunc
	partial bool
	due     time.Time
	do      func(context.Context)
	done    chan struct{} // closed when do has returned or never will be called

	place int // in the heap; -1 = not in it
}

func newQueue(workers int) *queue {
	q := &queue{workers: workers, running: map[*job]struct{}{}}
	q.ready.L = &q.mu
	for range workers {
		go q.work()
	}
	return q
}

// final queues a decode that is awaited at due.
func (q *queue) final(due time.Time, do func(context.Context)) *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	j := newJob(do)
	j.due = due
	if q.closed {
		close(j.done)
		return j
	}
	q.push(j)
	q.preempt()
	return j
}

// partial runs a decode only where nothing else is under way: the cores it would take are
// those that a final, or the media, need next. nil = not now.
func (q *queue) partial(do func(context.Context)) *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.waiting)+len(q.running) > 0 {
		return nil
	}
	j := newJob(do)
	j.partial = true
	q.push(j)
	return j
}

func newJob(do func(context.Context)) *job {
	j := &job{do: do, done: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	return j
}

func (q *queue) push(j *job) {
	heap.Push(&q.waiting, j)
	q.ready.Signal()
}

// preempt stops a running partial, there is one at most: it ends at its next token.
func (q *queue) preempt() {
	for j := range q.running {
		if j.partial && j.ctx.Err() == nil {
			j.cancel()
			return
		}
	}
}

// drop takes a decode back: out of the queue, or stopped where it runs.
func (q *queue) drop(j *job) {
	if j == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	j.cancel()
	if j.place >= 0 && j.place < len(q.waiting) && q.waiting[j.place] == j {
		heap.Remove(&q.waiting, j.place)
		close(j.done)
	}
}

func (q *queue) work() {
	for {
		j := q.take()
		if j == nil {
			return
		}
		j.do(j.ctx)
		j.cancel()
		q.mu.Lock()
		delete(q.running, j)
		q.mu.Unlock()
		close(j.done)
	}
}

func (q *queue) take() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 && !q.closed {
		q.ready.Wait()
	}
	if q.closed {
		return nil
	}
	j := heap.Pop(&q.waiting).(*job)
	q.running[j] = struct{}{}
	return j
}

// close stops the workers after what they are at; what waits is never run.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, j := range q.waiting {
		close(j.done)
	}
	q.waiting = nil
	q.ready.Broadcast()
}

// load is how many decodes wait and run.
func (q *queue) load() (waiting, running int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting), len(q.running)
}

// jobs is the heap: container/heap's five methods.
type jobs []*job

func (q jobs) Len() int { return len(q) }
func (q jobs) Less(a, b int) bool {
	if q[a].partial != q[b].partial {
		return q[b].partial
	}
	return q[a].due.Before(q[b].due)
}
func (q jobs) Swap(a, b int) {
	q[a], q[b] = q[b], q[a]
	q[a].place, q[b].place = a, b
}
func (q *jobs) Push(x any) {
	j := x.(*job)
	j.place = len(*q)
	*q = append(*q, j)
}
func (q *jobs) Pop() any {
	old := *q
	j := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	j.place = -1
	return j
}

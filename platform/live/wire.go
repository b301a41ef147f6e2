package live

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// channel is where hubs hear each other.
const channel = "yingda:live"

// wire carries messages to and from the other nodes' hubs. Redis keeps nothing of
// them; each hub numbers what it sends, so that a hearer sees a hole.
type wire struct {
	hub  *Hub
	rdb  redis.UniversalClient
	out  chan message
	stop context.CancelFunc
	done chan struct{}
	cut  atomic.Int64

	mu sync.Mutex // keeps the order of numbers and queue the same
	n  uint64
}

func startWire(h *Hub, rdb redis.UniversalClient) *wire {
	ctx, stop := context.WithCancel(context.Background())
	w := &wire{hub: h, rdb: rdb, out: make(chan message, 1024), stop: stop, done: make(chan struct{}, 2)}
	go w.speak(ctx)
	go w.hear(ctx)
	return w
}

func (w *wire) close() {
	w.stop()
	<-w.done
	<-w.done
}

// send numbers the message and queues it for Redis. Where the queue is full the
// message is cut and its number missing: the others notice.
func (w *wire) send(m message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	m.Hub, m.N = w.hub.id, w.n
	select {
	case w.out <- m:
	default:
		w.cut.Add(1)
	}
}

// speak sends what is queued, as many as there are in one round trip.
func (w *wire) speak(ctx context.Context) {
	defer func() { w.done <- struct{}{} }()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-w.out:
			w.flush(ctx, m)
		}
	}
}

func (w *wire) flush(ctx context.Context, m message) {
	p := w.rdb.Pipeline()
	for {
		b, _ := json.Marshal(m) // its parts were JSON already
		p.Publish(ctx, channel, b)
		if p.Len() == 128 || len(w.out) == 0 {
			break
		}
		m = <-w.out
	}
	if sent, err := p.Exec(ctx); err != nil && ctx.Err() == nil {
		w.cut.Add(int64(len(sent)))
		w.hub.log.Warn("live messages did not reach the other nodes", "err", err)
	}
}

// hear delivers what other hubs publish. After a lost connection nobody knows what was missed.
func (w *wire) hear(ctx context.Context) {
	defer func() { w.done <- struct{}{} }()
	sub := w.rdb.Subscribe(ctx, channel)
	defer sub.Close()
	heard, connected := map[string]uint64{}, false
	events := sub.ChannelWithSubscriptions(redis.WithChannelSize(1024), redis.WithChannelHealthCheckInterval(2*time.Second), redis.WithChannelSendTimeout(5*time.Second))
	for {
		select {
		case <-ctx.Done():
			return
		case e, open := <-events:
			if !open {
				return
			}
			switch e := e.(type) {
			case *redis.Subscription:
				if connected {
					clear(heard)
					w.hub.resync("the connection to redis was lost")
				}
				connected = true
			case *redis.Message:
				w.got(heard, e.Payload)
			}
		}
	}
}

func (w *wire) got(heard map[string]uint64, payload string) {
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil || m.Hub == w.hub.id {
		return
	}
	last, known := heard[m.Hub]
	heard[m.Hub] = m.N
	if known && m.N != last+1 {
		w.hub.resync("a hole in the numbers of node " + m.Hub)
	}
	w.hub.deliver(m)
}

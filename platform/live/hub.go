package live

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"yingda/platform/db"
)

// ringSize is how many messages a hub remembers for browsers that come back.
const ringSize = 4096

// Config says where a hub finds the others.
type Config struct {
	Redis redis.UniversalClient // nil: this process is alone
	Log   *slog.Logger
}

// Hub delivers messages. Safe for concurrent use.
type Hub struct {
	id   string
	log  *slog.Logger
	wire *wire // nil when alone

	mu      sync.Mutex
	seq     uint64 // of the last frame
	ring    [ringSize]*frame
	streams map[db.ID]map[*stream]bool // by tenant
	closed  bool

	sent, replaced, overflows, resyncs atomic.Int64
}

// NewHub starts a hub; it works until Close. With Redis it hears the other nodes as
// soon as Redis answers, and its own streams never depend on that.
func NewHub(cfg Config) *Hub {
	var b [6]byte
	_, _ = rand.Read(b[:])
	h := &Hub{id: hex.EncodeToString(b[:]), log: cfg.Log, streams: map[db.ID]map[*stream]bool{}}
	if cfg.Redis != nil {
		h.wire = startWire(h, cfg.Redis)
	}
	return h
}

// Publish tells the audience in the tenant. It never waits for a browser or for Redis.
// A payload that is no JSON is logged and dropped: it is our mistake, not the caller's trouble.
func (h *Hub) Publish(ctx context.Context, t Topic, tenant db.ID, to Audience, payload any) {
	m, err := newMessage(t, tenant, to, payload)
	if err != nil {
		h.log.ErrorContext(ctx, "live message dropped", "err", err)
		return
	}
	h.deliver(m)
	if h.wire != nil {
		h.wire.send(m)
	}
}

// deliver gives the message its place and queues it for every stream that wants it.
func (h *Hub) deliver(m message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	f := &frame{message: m, seq: h.seq, text: render(h.eventID(h.seq), m.Name, m.Data)}
	h.ring[h.seq%ringSize] = f
	h.sent.Add(1)
	for s := range h.streams[m.Tenant] {
		if !s.sub.wants(m) {
			continue
		}
		replaced, overflow := s.push(f)
		if replaced {
			h.replaced.Add(1)
		}
		if overflow {
			h.overflows.Add(1)
		}
	}
}

func (h *Hub) eventID(seq uint64) string { return h.id + "-" + strconv.FormatUint(seq, 10) }

// join adds a stream and queues what it missed since lastID; resumed says whether
// that is all of it.
func (h *Hub) join(sub Subscription, lastID string) (s *stream, at string, resumed bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, "", false, ErrClosed
	}
	s = newStream(sub)
	resumed = h.replay(s, lastID)
	if h.streams[sub.Tenant] == nil {
		h.streams[sub.Tenant] = map[*stream]bool{}
	}
	h.streams[sub.Tenant][s] = true
	at = h.eventID(h.seq)
	if resumed { // what is queued has ids of its own, and the browser's stands until then
		at = lastID
	}
	return s, at, resumed, nil
}

// replay queues the frames after lastID, if the hub remembers all of them.
func (h *Hub) replay(s *stream, lastID string) bool {
	hub, n, ok := strings.Cut(lastID, "-")
	last, err := strconv.ParseUint(n, 10, 64)
	if !ok || err != nil || hub != h.id || last > h.seq || h.seq-last > ringSize {
		return false
	}
	for i := last + 1; i <= h.seq; i++ {
		if f := h.ring[i%ringSize]; s.sub.wants(f.message) {
			if _, overflow := s.push(f); overflow {
				_, _, _ = s.take()
				return false
			}
		}
	}
	return true
}

func (h *Hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams[s.sub.Tenant], s)
	if len(h.streams[s.sub.Tenant]) == 0 {
		delete(h.streams, s.sub.Tenant)
	}
}

// resync has every browser fetch afresh: messages of other nodes were lost.
func (h *Hub) resync(why string) {
	h.resyncs.Add(1)
	h.log.Warn("live messages of other nodes were lost; browsers fetch afresh", "why", why)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ring, h.seq = [ringSize]*frame{}, h.seq+ringSize+1 // nobody resumes across the hole
	for _, tenant := range h.streams {
		for s := range tenant {
			s.lose()
		}
	}
}

// Close ends every stream after what it has queued; browsers reconnect, to another
// node if this one ends. A second call does nothing.
func (h *Hub) Close() {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return
	}
	h.closed = true
	for _, tenant := range h.streams {
		for s := range tenant {
			s.close()
		}
	}
	h.mu.Unlock()
	if h.wire != nil {
		h.wire.close()
	}
}

// Stats are a hub's numbers since its start, and its streams now.
type Stats struct {
	Streams                                 int
	Sent, Replaced, Overflows, Resyncs, Cut int64 // Cut: not sent to the other nodes, the queue to Redis was full
}

// Stats returns the numbers.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	st := Stats{Sent: h.sent.Load(), Replaced: h.replaced.Load(), Overflows: h.overflows.Load(), Resyncs: h.resyncs.Load()}
	for _, tenant := range h.streams {
		st.Streams += len(tenant)
	}
	if h.wire != nil {
		st.Cut = h.wire.cut.Load()
	}
	return st
}

func (s Stats) String() string {
	return fmt.Sprintf("%d streams, %d sent, %d replaced, %d overflows, %d resyncs, %d cut", s.Streams, s.Sent, s.Replaced, s.Overflows, s.Resyncs, s.Cut)
}

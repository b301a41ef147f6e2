package rtp

import (
	"net/netip"
	"runtime"
	"time"

	"yingda/telephony/room"
)

// Config of an Engine.
type Config struct {
	IP          netip.Addr // to bind to
	First, Last int        // port range; 0 = the kernel's
	Shards      int        // 0 = one per core
}

// Engine owns the shards and the tape writer.
type Engine struct {
	cfg    Config
	ports  ports
	shards []*shard
	writer *room.Writer
}

// NewEngine starts the loops; they sleep while there is no session.
func NewEngine(c Config) *Engine {
	if c.Shards <= 0 {
		c.Shards = runtime.NumCPU()
	}
	e := &Engine{cfg: c, writer: room.NewWriter()}
	e.ports.first, e.ports.last = c.First, c.Last
	for range c.Shards {
		e.shards = append(e.shards, newShard())
	}
	return e
}

// Close ends the loops and the writer. All sessions must have ended before.
func (e *Engine) Close() {
	for _, s := range e.shards {
		s.close()
	}
	e.writer.Close()
}

// Tape opens a recording.
func (e *Engine) Tape(path string) (*room.Tape, error) { return e.writer.Open(path) }

// Overloaded says whether the best shard, the one that the next session would go to, was
// later than bound for a tenth of its ticks in both of the last two seconds.
func (e *Engine) Overloaded(bound time.Duration) bool {
	s := e.least()
	return s.load.Load() > 0 && s.lag.steady() > bound
}

// Load is the number of sessions and the worst shard's p99 lag.
func (e *Engine) Load() (sessions int, lag time.Duration) {
	for _, s := range e.shards {
		sessions += int(s.load.Load())
		if s.load.Load() > 0 {
			lag = max(lag, time.Duration(s.lag.p99.Load()))
		}
	}
	return sessions, lag
}

// Open binds the sockets of a session on the least loaded shard; text asks for a
// second one. It listens to nothing before Early or Start.
func (e *Engine) Open(text bool) (*Session, error) {
	audio, err := e.ports.open(e.cfg.IP)
	if err != nil {
		return nil, err
	}
	s := newSession(e.least(), audio)
	if text {
		t, err := e.ports.open(e.cfg.IP)
		if err != nil {
			audio.close()
			return nil, err
		}
		s.text = &textLine{socket: t}
	}
	s.shard.load.Add(1)
	return s, nil
}

func (e *Engine) least() *shard {
	best := e.shards[0]
	for _, s := range e.shards[1:] {
		if s.load.Load() < best.load.Load() {
			best = s
		}
	}
	return best
}

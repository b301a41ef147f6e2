package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Options of a media benchmark.
type Options struct {
	Mode        string   // "robot": play, receive, jitter buffer, VAD, record to disk
	Calls       int      // legs at once
	Seconds     int      // of measuring; warm-up and the floor come on top
	Shards      int      // media loops; 0 = 1, so that the figures are per core
	PeerCommand []string // starts Peer in a process of its own
	Dir         string   // recordings go into a folder in it, which is removed; empty = the system's
	Log         func(format string, args ...any)
}

// Result is the JSON line of `yingda bench media`.
type Result struct {
	Mode         string  `json:"mode"`
	Calls        int     `json:"calls"`
	Seconds      int     `json:"seconds"`
	CPU          float64 `json:"cpu_core_percent_per_100"` // of one core, user and kernel, per 100 calls
	Loss         float64 `json:"loss_percent"`             // both directions
	Gap          Gap     `json:"gap_error_ms"`             // |gap between packets at the far end - 20 ms|
	KBPerCall    float64 `json:"kb_per_call"`
	FloorPerPair float64 `json:"floor_us_per_packet"` // one received and one sent
	RatioToFloor float64 `json:"ratio_to_floor"`
}

// Gap error in milliseconds.
type Gap struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

const warmUp = 2 * time.Second

// Media runs floor, robots, floor, and compares. It needs about 2×Seconds and some.
func Media(ctx context.Context, o Options) (Result, error) {
	if o.Mode != "robot" {
		return Result{}, fmt.Errorf("bench: no mode %q", o.Mode)
	}
	if o.Calls <= 0 || o.Seconds <= 0 || len(o.PeerCommand) == 0 {
		return Result{}, errors.New("bench: calls, seconds and a peer command are needed")
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	raiseFileLimit()
	half := time.Duration(max(2, o.Seconds/2)) * time.Second
	before, err := o.measure(ctx, newFloor, half)
	if err != nil {
		return Result{}, fmt.Errorf("floor: %w", err)
	}
	robot, err := o.measure(ctx, newRobots, time.Duration(o.Seconds)*time.Second)
	if err != nil {
		return Result{}, fmt.Errorf("robots: %w", err)
	}
	after, err := o.measure(ctx, newFloor, half)
	if err != nil {
		return Result{}, fmt.Errorf("floor: %w", err)
	}
	return o.judge(robot, (before.perPair()+after.perPair())/2), nil
}

func (o Options) judge(m measured, floor float64) Result {
	r := Result{Mode: o.Mode, Calls: o.Calls, Seconds: o.Seconds, FloorPerPair: round(floor), KBPerCall: round(m.kb)}
	r.CPU = round(100 * m.cpu.Seconds() / m.wall.Seconds() / float64(o.Calls) * 100)
	r.Loss = round(m.loss())
	r.Gap = Gap{P50: m.peer.GapP50, P99: m.peer.GapP99}
	if floor > 0 {
		r.RatioToFloor = round(m.perPair() / floor)
	}
	return r
}

func round(x float64) float64 { return float64(int64(x*1000+0.5)) / 1000 }

// load is what is measured: it owns as many sockets as there are calls.
type load interface {
	ports() []int
	start(peerPorts []int)
	work() work
	stop()
}

// work done so far, in packets.
type work struct{ sent, received, lost int64 }

type measured struct {
	wall, cpu time.Duration
	done      work
	kb        float64
	peer      Report
}

// perPair is microseconds of CPU for one packet in and one out.
func (m measured) perPair() float64 {
	n := m.done.sent + m.done.received
	if n == 0 {
		return 0
	}
	return 2 * float64(m.cpu.Microseconds()) / float64(n)
}

// loss of both directions in percent.
func (m measured) loss() float64 {
	all := m.done.received + m.done.lost + m.peer.Received + m.peer.Lost
	if all == 0 {
		return 100
	}
	return 100 * float64(m.done.lost+m.peer.Lost) / float64(all)
}

func (o Options) measure(ctx context.Context, build func(Options) (load, error), d time.Duration) (m measured, err error) {
	rss := resident()
	l, err := build(o)
	if err != nil {
		return m, err
	}
	defer l.stop()
	p, err := startPeer(ctx, o.PeerCommand, l.ports())
	if err != nil {
		return m, err
	}
	defer p.kill()
	l.start(p.ports)
	if err := pause(ctx, warmUp); err != nil {
		return m, err
	}
	if err := p.mark(); err != nil {
		return m, err
	}
	before := l.work()
	cpu0, t0 := cpuTime(), time.Now()
	if err := pause(ctx, d); err != nil {
		return m, err
	}
	m.cpu, m.wall = cpuTime()-cpu0, time.Since(t0)
	after := l.work()
	m.done = work{after.sent - before.sent, after.received - before.received, after.lost - before.lost}
	m.kb = max(0, float64(resident()-rss)/1024/float64(o.Calls))
	m.peer, err = p.finish()
	o.Log("%d sockets for %v: %.2f µs a pair, %.3f %% lost, gap p99 %.2f ms", o.Calls, d, m.perPair(), m.loss(), m.peer.GapP99)
	return m, err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// cpuTime of this process, kernel included.
func cpuTime() time.Duration {
	var u unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident memory in bytes, 0 where /proc does not say.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(b), &size, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// raiseFileLimit takes what the system allows: a call needs a socket and a file.
func raiseFileLimit() {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &l) == nil && l.Cur < l.Max {
		l.Cur = l.Max
		_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &l)
	}
}

package telephony

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Config of one media node. The zero value listens on a free loopback port.
type Config struct {
	Listen       string        // SIP over UDP, "127.0.0.1:5070"; empty = "127.0.0.1:0"
	AdvertiseIP  string        // address written into Contact and SDP; empty = the listening one
	RTPPorts     [2]int        // first and last RTP port, even ones are used; zero = any the kernel has
	Shards       int           // media loops; 0 = one per core
	UserAgent    string        // header of that name; empty = "yingda"
	Log          *slog.Logger  // nil = slog.Default()
	MediaTimeout time.Duration // a leg without any RTP for this long ends ByMedia; 0 = 30 s, negative = never
	MaxLag       time.Duration // refuse new calls while the p99 lag of the pacer is over this; 0 = 10 ms, negative = never
}

// ErrOverloaded is the cause of a Failure that never left this node: its media
// loops are late, so a further call would hurt those that talk. Another node, or
// the same one later, can take it; the number was not dialled.
var ErrOverloaded = errors.New("telephony: media node over its lag bound")

// ErrClosed is the cause of a Failure on a node that drains or is closed.
var ErrClosed = errors.New("telephony: node closed")

// Node owns the SIP socket and the media shards of one process.
type Node struct{ cfg Config }

// NewNode opens the SIP socket and starts the media shards.
func NewNode(c Config) (*Node, error) { return nil, ErrClosed }

// Addr is the SIP address the node listens on, host:port.
func (n *Node) Addr() string { return n.cfg.Listen }

// Dial places a call over a line and blocks until it is answered (a Leg) or over
// (always a *Failure). Cancelling ctx before the answer sends CANCEL; a 200 that
// crosses it is answered with ACK and BYE, so no orphan call remains.
func (n *Node) Dial(ctx context.Context, l Line, o DialOptions) (*Leg, error) {
	return nil, &Failure{Outcome: Unknown, Cause: ErrClosed}
}

// OnInbound sets who takes incoming calls; each runs on its own goroutine. When
// the function returns without Answer or Reject the call is rejected with 480.
func (n *Node) OnInbound(take func(*Incoming)) {}

// Drain refuses new calls and waits until the running ones are over or ctx ends;
// what is left then is hung up (Ended ByNode).
func (n *Node) Drain(ctx context.Context) error { return nil }

// Close hangs up everything and frees sockets and loops.
func (n *Node) Close() error { return nil }

// Load says how many legs live here and how late the pacer sends at the 99th
// percentile of the last seconds: the measured headroom of the node.
func (n *Node) Load() (calls int, lagP99 time.Duration) { return 0, 0 }

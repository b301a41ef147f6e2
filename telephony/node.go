package telephony

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"yingda/telephony/rtp"
	"yingda/telephony/sip"
)

// Config of one media node. The zero value listens on a free loopback port.
type Config struct {
	Listen       string        // SIP over UDP, "127.0.0.1:5070"; empty = "127.0.0.1:0"
	AdvertiseIP  string        // IPv4 address written into Contact and SDP; empty = the listening one
	RTPPorts     [2]int        // first and last RTP port, even ones are used; zero = any the kernel has
	Shards       int           // media loops; 0 = one per core
	UserAgent    string        // header of that name; empty = "yingda"
	Log          *slog.Logger  // nil = slog.Default()
	MediaTimeout time.Duration // a leg without any RTP for this long ends ByMedia; 0 = 30 s, negative = never
	MaxLag       time.Duration // refuse new calls while the pacer is steadily later than this (a tenth of its ticks, two seconds long); 0 = 15 ms, negative = never
}

// ErrOverloaded is the cause of a Failure that never left this node: its media
// loops are late, so a further call would hurt those that talk. Another node, or
// the same one later, can take it; the number was not dialled.
var ErrOverloaded = errors.New("telephony: media node over its lag bound")

// ErrClosed is the cause of a Failure on a node that drains or is closed.
var ErrClosed = errors.New("telephony: node closed")

// Node owns the SIP socket and the media shards of one process.
type Node struct {
	cfg   Config
	ip    netip.Addr // in SDP
	sip   *sip.Endpoint
	media *rtp.Engine
	log   *slog.Logger

	mu       sync.Mutex
	inbound  func(*Incoming)
	legs     map[*Leg]struct{}
	draining bool
	calls    sync.WaitGroup // legs and calls being set up
}

// NewNode opens the SIP socket and starts the media shards.
func NewNode(c Config) (*Node, error) {
	c = c.withDefaults()
	listen, err := netip.ParseAddrPort(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("telephony: listen address %q: %w", c.Listen, err)
	}
	ip := listen.Addr()
	if c.AdvertiseIP != "" {
		if ip, err = netip.ParseAddr(c.AdvertiseIP); err != nil {
			return nil, fmt.Errorf("telephony: advertised address: %w", err)
		}
	}
	if !ip.Is4() || ip.IsUnspecified() {
		return nil, fmt.Errorf("telephony: %s cannot stand in an SDP: set the advertised IPv4 address", ip)
	}
	n := &Node{cfg: c, ip: ip, log: c.Log, legs: map[*Leg]struct{}{}}
	n.media = rtp.NewEngine(rtp.Config{IP: listen.Addr(), First: c.RTPPorts[0], Last: c.RTPPorts[1], Shards: c.Shards})
	n.sip, err = sip.Listen(sip.Config{Listen: c.Listen, AdvertiseIP: c.AdvertiseIP, UserAgent: c.UserAgent, Log: c.Log, Inbound: n.invited})
	if err != nil {
		n.media.Close()
		return nil, err
	}
	return n, nil
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.UserAgent == "" {
		c.UserAgent = "yingda"
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.MediaTimeout == 0 {
		c.MediaTimeout = 30 * time.Second
	}
	if c.MaxLag == 0 {
		c.MaxLag = 15 * time.Millisecond
	}
	return c
}

// Addr is the SIP address the node listens on, host:port.
func (n *Node) Addr() string { return n.sip.Addr() }

// OnInbound sets who takes incoming calls; each runs on its own goroutine. When
// the function returns without Answer or Reject the call is rejected with 480.
func (n *Node) OnInbound(take func(*Incoming)) {
	n.mu.Lock()
	n.inbound = take
	n.mu.Unlock()
}

// Load says how many legs live here and how late the pacer sends at the 99th
// percentile of the last seconds: the measured headroom of the node.
func (n *Node) Load() (calls int, lagP99 time.Duration) { return n.media.Load() }

// enter counts a call in, unless the node drains or is late.
func (n *Node) enter() error {
	if n.cfg.MaxLag > 0 && n.media.Overloaded(n.cfg.MaxLag) {
		return ErrOverloaded
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.draining {
		return ErrClosed
	}
	n.calls.Add(1)
	return nil
}

func (n *Node) keep(l *Leg) {
	n.mu.Lock()
	n.legs[l] = struct{}{}
	n.mu.Unlock()
}

func (n *Node) forget(l *Leg) {
	n.mu.Lock()
	delete(n.legs, l)
	n.mu.Unlock()
	n.calls.Done()
}

// Drain refuses new calls and waits until the running ones are over or ctx ends;
// what is left then is hung up (Ended ByNode). The error is ctx's, when something was left.
func (n *Node) Drain(ctx context.Context) error {
	n.refuse()
	done := make(chan struct{})
	go func() { n.calls.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	n.hangUpAll()
	select {
	case <-done:
	case <-time.After(hangupWait):
	}
	return ctx.Err()
}

func (n *Node) refuse() {
	n.mu.Lock()
	n.draining = true
	n.mu.Unlock()
}

func (n *Node) hangUpAll() {
	n.mu.Lock()
	legs := make([]*Leg, 0, len(n.legs))
	for l := range n.legs {
		legs = append(legs, l)
	}
	n.mu.Unlock()
	var all sync.WaitGroup
	for _, l := range legs {
		all.Go(func() { l.endBy(ByNode) })
	}
	all.Wait()
}

// hangupWait bounds how long a leg waits for the answer to its BYE when the node closes.
const hangupWait = 2 * time.Second

// Close hangs up everything and frees sockets and loops. Calls still being set up fail.
func (n *Node) Close() error {
	n.refuse()
	n.hangUpAll()
	err := n.sip.Close()
	n.calls.Wait()
	n.media.Close()
	return err
}

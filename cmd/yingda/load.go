package main

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"time"

	"yingda/platform/config"
	"yingda/platform/lease"
	"yingda/speech/local"
)

// moment is a media node as its dispatchers should know it.
type moment struct {
	calls    int           // under way
	carries  int           // what its media loops may carry; 0 where it carries no media
	hears    int           // what its recogniser hears in time; 0 = no bound
	lag      time.Duration // how late the loops run
	draining bool
}

// late is when packets come late, which they do before they are lost.
const late = 20 * time.Millisecond

// most is how many calls at a time may be claimed for the node.
func (m moment) most() int {
	switch {
	case m.draining:
		return lease.Draining
	case m.lag > late: // no more than there are
		return m.calls
	case m.hears > 0:
		return min(m.carries, m.hears)
	}
	return m.carries
}

// report tells the dispatchers, with the lease, what this node carries and may carry.
func (h *House) report() {
	m := moment{carries: h.maxCalls(), hears: h.heard(), draining: h.draining.Load()}
	if h.Line != nil {
		m.calls, m.lag = h.Line.Load()
	}
	h.Lease.Report(lease.Load{Calls: m.calls, MaxCalls: m.most(), LagMS: float64(m.lag.Microseconds()) / 1000})
}

// watchMedia reports the node's load and sweeps lost tasks.
func (h *House) watchMedia(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		h.report()
		if err := h.Media.Sweep(ctx); err != nil && ctx.Err() == nil {
			h.Log.Warn("claimed calls not swept", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// maxCalls is what this node's media may carry; a node without them carries none.
func (h *House) maxCalls() int {
	if !h.Config.Has("media") {
		return 0
	}
	if h.Config.Media.MaxCalls > 0 {
		return h.Config.Media.MaxCalls
	}
	return 900 * runtime.NumCPU()
}

// heard is how many calls the local recogniser hears; 0 where it does not hear at all, so
// that nothing waits for it: another recogniser bounds itself, keys and text need none.
func (h *House) heard() int {
	if h.ASR == nil {
		return 0
	}
	switch h.ASR.Status().State {
	case local.Ready, local.Starting:
		return speechCalls(h.Config.Speech, runtime.GOMAXPROCS(0))
	}
	return 0
}

const (
	callsPerWorker   = 25 // without a late answer, as measured (TestCapacity in speech/local)
	streamsPerWorker = 64 // more are refused by yingda-asr
)

// speechCalls is how many calls at a time the local recogniser is given on so many cores.
func speechCalls(c config.Speech, cores int) int {
	workers := c.Workers
	if workers == 0 {
		workers = cores
	}
	if c.Calls == 0 {
		return callsPerWorker * workers
	}
	return min(c.Calls, streamsPerWorker*workers)
}

// earArgs are what the settings say to yingda-asr.
func earArgs(c config.Speech) []string {
	if c.Workers == 0 {
		return nil
	}
	return []string{"-workers", strconv.Itoa(c.Workers)}
}

// leading is the name of the node whose dispatcher leads: the first by number that has one
// and is not about to end; "" where there is none.
func leading(nodes []lease.Holder) string {
	for _, n := range nodes {
		if n.Load.MaxCalls != lease.Draining && (strings.Contains(n.Roles, "worker") || strings.Contains(n.Roles, "all")) {
			return n.Name
		}
	}
	return ""
}

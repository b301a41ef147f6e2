package sip

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// refresher keeps a session timer (RFC 4028): either we refresh at half time, or the far
// end does and we hang up when it did not in time.
type refresher struct {
	d      *Dialog
	every  time.Duration
	ours   bool
	update bool // the far end allows UPDATE

	mu    sync.Mutex
	timer *time.Timer
	ends  time.Time // of the session, if nobody refreshes it

	stopped bool
}

// minExpires is what we count with at least, whatever the peer writes (RFC 4028 5).
const minExpires = 90 * time.Second

// watch starts the timer that a 2xx to our INVITE asks for, if it asks.
func (d *Dialog) watch(res *sipmsg.Response) {
	every, who, ok := sessionExpires(res.GetHeader("session-expires"))
	if !ok {
		return
	}
	d.keepAlive(every, who != "uas", lists(res.GetHeaders("allow"), "UPDATE"))
}

func (d *Dialog) keepAlive(every time.Duration, ours, update bool) {
	r := &refresher{d: d, every: every, ours: ours, update: update}
	d.mu.Lock()
	old := d.refresh
	if !d.over {
		d.refresh = r
	}
	d.mu.Unlock()
	if old != nil {
		old.stop()
	}
	r.again()
}

func (d *Dialog) expireNever() {
	d.mu.Lock()
	r := d.refresh
	d.refresh = nil
	d.mu.Unlock()
	if r != nil {
		r.stop()
	}
}

// sessionExpires reads "1800;refresher=uac".
func sessionExpires(h sipmsg.Header) (every time.Duration, who string, ok bool) {
	if h == nil {
		return 0, "", false
	}
	parts := strings.Split(h.Value(), ";")
	n, err := strconv.Atoi(strings.TrimSpace(parts[0]))
	if err != nil || n <= 0 {
		return 0, "", false
	}
	for _, p := range parts[1:] {
		if k, v, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(k, "refresher") {
			who = strings.ToLower(v)
		}
	}
	return max(time.Duration(n)*time.Second, minExpires), who, true
}

// due is when the timer fires: half time for our own refresh; for theirs the moment of
// RFC 4028 10, a third or 32 s before the end.
func (r *refresher) due() time.Duration {
	if r.ours {
		return r.every / 2
	}
	return r.every - min(32*time.Second, r.every/3)
}

// again sets the timer anew: a refresh happened.
func (r *refresher) again() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ends = time.Now().Add(r.every)
	r.set(r.due())
}

// set is called under the lock.
func (r *refresher) set(d time.Duration) {
	if r.stopped {
		return
	}
	if r.timer != nil {
		r.timer.Stop()
	}
	r.timer = time.AfterFunc(d, func() { r.d.e.behind(r.fire) })
}

func (r *refresher) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	if r.timer != nil {
		r.timer.Stop()
	}
}

// fire refreshes, or ends the call: where the far end should have refreshed, where it no
// longer knows the dialog, and where the session is over before another try. Anything
// else that it says to a refresh is no reason to lose a call (RFC 4028 10).
func (r *refresher) fire() {
	if !r.ours {
		r.d.hangUpQuietly(ByTimer)
		return
	}
	err := r.refresh()
	if err == nil {
		r.again()
		return
	}
	r.mu.Lock()
	wait := refreshLater
	if errors.Is(err, errPending) {
		wait = refreshSoon
	}
	over := errors.Is(err, errUnknown) || time.Now().Add(wait).After(r.ends)
	if !over {
		r.set(wait)
	}
	r.mu.Unlock()
	if over {
		r.d.hangUpQuietly(ByTimer)
	}
}

const (
	refreshSoon  = 3 * time.Second  // after 491: 2.1 to 4 s (RFC 3261 14.1)
	refreshLater = 20 * time.Second // after any other failure
)

var (
	errUnknown = errors.New("sip: the far end no longer knows the dialog")
	errPending = errors.New("sip: the far end is busy with an offer of its own")
)

// refresh sends an empty UPDATE where that is allowed, else a re-INVITE with what was agreed.
func (r *refresher) refresh() error {
	ctx, cancel := context.WithTimeout(context.Background(), 32*time.Second)
	defer cancel()
	expires := sipmsg.NewHeader("Session-Expires", seconds(r.every)+";refresher=uac")
	var res *sipmsg.Response
	var err error
	if r.update {
		res, err = r.d.round(ctx, func() *sipmsg.Request {
			req := r.d.request(sipmsg.UPDATE)
			req.AppendHeader(sipmsg.NewHeader("Supported", "timer"))
			req.AppendHeader(expires)
			return req
		})
	} else {
		r.d.mu.Lock()
		body := r.d.body
		r.d.mu.Unlock()
		res, err = r.d.reinvite(ctx, body, expires)
	}
	if res == nil {
		return err
	}
	return verdict(res.StatusCode)
}

// verdict of the far end on a refresh, nil = the session goes on.
func verdict(status int) error {
	switch {
	case status/100 == 2:
		return nil
	case status == 408 || status == 481:
		return errUnknown
	case status == 491:
		return errPending
	}
	return ErrRefused
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

package telephony

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"yingda/telephony/room"
	"yingda/telephony/rtp"
	"yingda/telephony/sdp"
	"yingda/telephony/sip"
)

const ringFor = 60 * time.Second

// errRang ends an INVITE by our own timer.
var errRang = errors.New("telephony: rang long enough")

// Dial places a call over a line and blocks until it is answered (a Leg) or over
// (always a *Failure). Cancelling ctx before the answer sends CANCEL; a 200 that
// crosses it is answered with ACK and BYE, so no orphan call remains.
func (n *Node) Dial(ctx context.Context, l Line, o DialOptions) (*Leg, error) {
	if err := n.enter(); err != nil {
		return nil, &Failure{Outcome: LineFailure, Reason: err.Error(), Cause: err}
	}
	d, err := n.prepare(l, o)
	if err != nil {
		n.calls.Done()
		return nil, &Failure{Outcome: LineFailure, Reason: err.Error(), Cause: err}
	}
	leg, err := d.run(ctx)
	if err != nil {
		d.cleanUp()
		n.calls.Done()
		return nil, err
	}
	n.keep(leg)
	leg.follow()
	return leg, nil
}

// dialling is a call between INVITE and answer.
type dialling struct {
	n     *Node
	line  Line
	opt   DialOptions
	media *rtp.Session
	tape  *room.Tape
	local sdp.Local
	offer sdp.Description
	leg   *Leg
	began time.Time
	ear   earlyEar
	early *sdp.Agreed // the answer of a provisional response
}

func (n *Node) prepare(l Line, o DialOptions) (*dialling, error) {
	d := &dialling{n: n, line: l, opt: o, began: time.Now()}
	var err error
	if d.media, err = n.media.Open(o.Text); err != nil {
		return nil, err
	}
	if o.RecordTo != "" { // before it rings: a full disk must not cost an answered call
		if d.tape, err = n.media.Tape(o.RecordTo); err != nil {
			d.media.End(nil)
			return nil, err
		}
	}
	d.local = n.local(d.media, l.Codecs)
	d.offer = sdp.Offer(d.local)
	return d, nil
}

func (n *Node) local(m *rtp.Session, codecs []string) sdp.Local {
	id := uint64(rand.Uint32())
	return sdp.Local{IP: n.ip, Audio: m.Port(), Text: m.TextPort(), Codecs: codecs, SessionID: id, Version: id}
}

func (d *dialling) cleanUp() {
	d.media.End(nil)
	if d.tape != nil && d.leg == nil {
		d.tape.Discard()
	}
}

func (d *dialling) run(ctx context.Context) (*Leg, error) {
	patience := d.opt.RingFor
	if patience <= 0 {
		patience = ringFor
	}
	ringing, stop := context.WithTimeoutCause(ctx, patience, errRang)
	defer stop()
	if _, err := d.n.sip.Invite(ringing, d.invite()); err != nil {
		return nil, d.failure(ctx, ringing, err)
	}
	return d.leg, nil
}

func (d *dialling) from() string {
	if d.opt.From != "" {
		return d.opt.From
	}
	return d.line.CallerID
}

func (d *dialling) invite() sip.Invite {
	return sip.Invite{
		Host: d.line.Address, To: d.opt.To, From: d.from(), Username: d.line.Username, Password: d.line.Password,
		Headers: d.opt.Headers, Offer: d.offer.Bytes(), Progress: d.progress, Answered: d.answered,
	}
}

func (d *dialling) failure(ctx, ringing context.Context, err error) *Failure {
	f := &Failure{Outcome: Unknown, Rang: time.Since(d.began), Cause: err, Early: d.ear.heard()}
	var r *sip.Rejected
	if errors.As(err, &r) {
		rang := errors.Is(context.Cause(ringing), errRang) && ctx.Err() == nil
		f.Outcome, f.Status, f.Reason, f.Q850 = outcomeOf(r, rang, ctx.Err() != nil), r.Status, r.Reason, r.Q850
		if r.Cause != nil && f.Reason == "" {
			f.Reason = r.Cause.Error()
		}
	}
	return f
}

// progress takes a provisional answer; one with a description opens the ear to early media.
func (d *dialling) progress(status int, body []byte) {
	if len(body) > 0 {
		if a, err := d.agree(body); err == nil {
			d.early = &a
			d.media.Early(listening(a), d.ear.or(d.opt.EarlyMedia))
		}
	}
	if d.opt.OnRinging != nil {
		d.opt.OnRinging(status)
	}
}

func (d *dialling) agree(body []byte) (sdp.Agreed, error) {
	answer, err := sdp.Parse(body)
	if err != nil {
		return sdp.Agreed{}, err
	}
	return sdp.Agree(d.offer, answer)
}

// answered starts the media before the ACK goes out: the far end may talk at once. A 200
// without a description repeats that of the reliable 183 before it (RFC 3262 5).
func (d *dialling) answered(dlg *sip.Dialog, body []byte) error {
	a, err := d.agree(body)
	if len(body) == 0 && d.early != nil {
		a, err = *d.early, nil
	}
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	d.leg = newLeg(d.n, d.media, d.local, a, d.opt.To, d.from())
	d.leg.dialog = dlg
	dlg.Serve(d.leg)
	d.leg.start(a, d.tape)
	return nil
}

// mostEarly is how much early media is kept: the longest announcements end well before.
const mostEarly = 60 * 8000

// earlyEar keeps what the line said before the answer.
type earlyEar struct {
	mu   sync.Mutex
	alaw []byte
}

func (e *earlyEar) or(wanted bool) func([]byte) {
	if !wanted {
		return nil
	}
	return e.hear
}

func (e *earlyEar) hear(frame []byte) {
	e.mu.Lock()
	if len(e.alaw) < mostEarly {
		e.alaw = append(e.alaw, frame...)
	}
	e.mu.Unlock()
}

func (e *earlyEar) heard() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.alaw
}

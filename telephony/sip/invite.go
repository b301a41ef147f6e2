package sip

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Invite is a call to be placed.
type Invite struct {
	Host               string // host:port of the line
	To, From           string // user parts
	Username, Password string // digest
	Headers            map[string]string
	Offer              []byte
	Progress           func(status int, body []byte)      // each provisional answer but 100; body may be empty
	Answered           func(d *Dialog, body []byte) error // before the ACK; an error ends the call with ACK and BYE
}

// Rejected is why Invite returned no dialog.
type Rejected struct {
	Status   int // final status, 0 = none came
	Reason   string
	Q850     int  // cause of the Reason header, 0 = none
	Progress bool // a provisional answer other than 100 came
	Heard    bool // anything at all came back
	Cause    error
}

func (r *Rejected) Error() string {
	return fmt.Sprintf("sip: %d %s", r.Status, r.Reason)
}
func (r *Rejected) Unwrap() error { return r.Cause }

// maxChallenges bounds a peer that asks forever; two are normal (401, then a stale nonce).
const maxChallenges = 3

// Invite places a call and blocks until it is answered, refused or ctx ends (CANCEL;
// what comes after it is cleaned up behind). The error is always a *Rejected.
func (e *Endpoint) Invite(ctx context.Context, in Invite) (*Dialog, error) {
	d, err := e.dial(in)
	if err != nil {
		return nil, &Rejected{Cause: err}
	}
	e.keep(d)
	o := &outgoing{d: d, in: in}
	res, err := o.run(ctx)
	if err != nil {
		e.forget(d)
		o.rejected.Cause = err
		return nil, &o.rejected
	}
	if err := o.accept(res); err != nil {
		o.note(res) // somebody picked up: whoever judges this must know
		o.rejected.Cause = err
		return nil, &o.rejected
	}
	return d, nil
}

func (e *Endpoint) dial(in Invite) (*Dialog, error) {
	target, err := uri(in.To, in.Host)
	if err != nil {
		return nil, err
	}
	from := sipmsg.FromHeader{Address: sipmsg.Uri{Scheme: "sip", User: in.From, Host: e.contact.Host}}
	tag := sipmsg.GenerateTagN(16)
	from.Params.Add("tag", tag)
	to := target
	to.Port = 0
	return &Dialog{
		e: e, callID: sipmsg.GenerateTagN(24) + "@" + e.contact.Host, localTag: tag,
		user: in.Username, password: in.Password,
		local: from, remote: sipmsg.ToHeader{Address: to}, target: target,
		acks: map[uint32]chan []byte{}, done: make(chan struct{}),
	}, nil
}

// outgoing is an INVITE under way.
type outgoing struct {
	d        *Dialog
	in       Invite
	req      *sipmsg.Request
	tx       *sipmsg.ClientTx
	rejected Rejected
	strays   strays
	pracked  uint32
}

// run sends the INVITE, with credentials when asked, until a final answer: the 2xx, or an error.
func (o *outgoing) run(ctx context.Context) (*sipmsg.Response, error) {
	var challenge *sipmsg.Response
	for range maxChallenges {
		res, err := o.attempt(ctx, challenge)
		if err != nil {
			return nil, err
		}
		if res.IsSuccess() {
			return res, nil
		}
		o.note(res)
		if !challenged(res) || o.in.Username == "" {
			break
		}
		challenge = res
	}
	return nil, fmt.Errorf("final status %d", o.rejected.Status)
}

func (o *outgoing) note(res *sipmsg.Response) {
	o.rejected.Status, o.rejected.Reason = res.StatusCode, res.Reason
	o.rejected.Q850 = q850(res)
}

func (o *outgoing) attempt(ctx context.Context, challenge *sipmsg.Response) (*sipmsg.Response, error) {
	o.req = o.build()
	if challenge != nil {
		if err := o.d.authorise(o.req, challenge); err != nil {
			return nil, err
		}
	}
	o.rejected.Status, o.rejected.Reason, o.rejected.Q850 = 0, "", 0 // a challenge is no verdict
	tx, err := o.d.e.tx.Request(ctx, o.req)
	if err != nil {
		return nil, fmt.Errorf("sip send: %w", err)
	}
	o.tx = tx
	tx.OnRetransmission(o.again)
	return o.await(ctx)
}

func (o *outgoing) build() *sipmsg.Request {
	req := o.d.request(sipmsg.INVITE)
	for k, v := range o.in.Headers {
		req.AppendHeader(sipmsg.NewHeader(k, v))
	}
	offerFeatures(req)
	withSDP(req, o.in.Offer)
	o.d.body = o.in.Offer
	return req
}

const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, INFO"

func offerFeatures(req *sipmsg.Request) {
	req.AppendHeader(sipmsg.NewHeader("Allow", allowed))
	req.AppendHeader(sipmsg.NewHeader("Supported", "100rel, timer"))
}

func withSDP(req *sipmsg.Request, body []byte) {
	if len(body) > 0 {
		req.AppendHeader(sipmsg.NewHeader("Content-Type", "application/sdp"))
		req.SetBody(body)
	}
}

// await reads answers until the final one. When ctx ends, CANCEL and the rest happen behind.
func (o *outgoing) await(ctx context.Context) (*sipmsg.Response, error) {
	for {
		select {
		case res := <-o.tx.Responses():
			o.rejected.Heard = true
			if !res.IsProvisional() {
				return res, nil
			}
			o.provisional(res)
		case <-o.tx.Done():
			return nil, o.tx.Err()
		case <-ctx.Done():
			heard := o.rejected.Heard // o.rejected is the caller's from now on
			o.d.e.abandoned.Add(1)
			o.d.e.behind(func() { defer o.d.e.abandoned.Add(-1); o.abandon(heard) })
			return nil, ctx.Err()
		case <-o.d.e.closing:
			return nil, ErrClosed
		}
	}
}

func (o *outgoing) provisional(res *sipmsg.Response) {
	if res.StatusCode == 100 {
		return
	}
	o.rejected.Progress = true
	o.prack(res)
	if o.in.Progress != nil {
		o.in.Progress(res.StatusCode, res.Body())
	}
}

// accept confirms the dialog: description first, so that media is ready when the ACK arrives.
func (o *outgoing) accept(res *sipmsg.Response) error {
	o.d.learn(res)
	err := o.in.Answered(o.d, res.Body())
	o.d.e.write(o.d.ack(o.req.CSeq().SeqNo))
	if err != nil {
		o.d.e.behind(func() { o.d.hangUpQuietly(ByUs) })
		return err
	}
	o.d.watch(res)
	return nil
}

// again answers a resent or forked 2xx: the chosen one with its ACK, another with ACK and BYE.
func (o *outgoing) again(res *sipmsg.Response) {
	if tagOf(res) == o.d.remoteTag() {
		o.d.e.write(o.d.ack(o.req.CSeq().SeqNo))
		return
	}
	o.stray(res)
}

// tagOf is the far end's tag, "" when a broken peer sent none.
func tagOf(res *sipmsg.Response) string {
	if res.To() == nil {
		return ""
	}
	tag, _ := res.To().Params.Get("tag")
	return tag
}

// q850 finds the cause in "Reason: Q.850;cause=17;text=…" (RFC 3326).
func q850(res *sipmsg.Response) int {
	for _, h := range res.GetHeaders("reason") {
		for _, one := range strings.Split(h.Value(), ",") {
			parts := strings.Split(one, ";")
			if !strings.EqualFold(strings.TrimSpace(parts[0]), "Q.850") {
				continue
			}
			for _, p := range parts[1:] {
				if k, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(k), "cause") {
					n, _ := strconv.Atoi(strings.TrimSpace(v))
					return n
				}
			}
		}
	}
	return 0
}

// hangUpQuietly sends BYE where nobody waits for the result.
func (d *Dialog) hangUpQuietly(by Ending) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := d.bye(ctx, by); err != nil {
		d.e.log.Warn("sip: BYE unanswered", "call", d.callID, "err", err)
	}
}

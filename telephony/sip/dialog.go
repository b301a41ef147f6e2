package sip

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Ending says who ended a dialog.
type Ending int

const (
	ByFar   Ending = iota + 1 // BYE from the other side
	ByUs                      // Bye was called
	ByTimer                   // the session timer ran out, or the far end no longer knows the dialog
)

// Session answers the far end's wishes during a dialog.
type Session interface {
	// Reoffer gets the offer of a re-INVITE or UPDATE and returns our answer; ok false = 488.
	// A nil offer asks for an offer of ours.
	Reoffer(offer []byte) (answer []byte, ok bool)
	// Reanswer gets the answer to an offer that Reoffer made.
	Reanswer(answer []byte)
	// Info gets the body of an INFO: DTMF of old gateways.
	Info(contentType string, body []byte)
}

// Dialog is a call seen as signalling (RFC 3261 12). It exists from the INVITE on; what
// Invite or Accept return is confirmed.
type Dialog struct {
	e        *Endpoint
	callID   string
	localTag string
	user     string // digest
	password string

	mu        sync.Mutex
	local     sipmsg.FromHeader // our side, with tag
	remote    sipmsg.ToHeader   // theirs; tag once known
	target    sipmsg.Uri
	routes    []sipmsg.Header // Route, in order
	cseq      uint32
	remoteSeq uint32
	session   Session
	body      []byte // our last description
	acks      map[uint32]chan []byte
	refresh   *refresher
	over      bool

	by   Ending
	done chan struct{}
}

// CallID of the dialog.
func (d *Dialog) CallID() string { return d.callID }

// Done is closed when the dialog is over; By says who ended it.
func (d *Dialog) Done() <-chan struct{} { return d.done }

// By is who ended it; ask after Done.
func (d *Dialog) By() Ending { return d.by }

// Serve sets who answers re-INVITE, UPDATE and INFO.
func (d *Dialog) Serve(s Session) {
	d.mu.Lock()
	d.session = s
	d.mu.Unlock()
}

// finish ends the dialog once; false = it was over before.
func (d *Dialog) finish(by Ending) bool {
	d.mu.Lock()
	if d.over {
		d.mu.Unlock()
		return false
	}
	d.over, d.by = true, by
	r := d.refresh
	d.mu.Unlock()
	if r != nil {
		r.stop()
	}
	d.e.forget(d)
	close(d.done)
	return true
}

// Bye ends the dialog and waits for the answer to our BYE, at most until ctx ends.
// When it is over already nothing is sent.
func (d *Dialog) Bye(ctx context.Context) error { return d.bye(ctx, ByUs) }

func (d *Dialog) bye(ctx context.Context, by Ending) error {
	if !d.finish(by) {
		return nil
	}
	_, err := d.round(ctx, func() *sipmsg.Request { return d.request(sipmsg.BYE) })
	return err
}

// request builds the next request inside the dialog (RFC 3261 12.2.1.1).
func (d *Dialog) request(method sipmsg.RequestMethod) *sipmsg.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cseq++
	return d.requestLocked(method, d.cseq)
}

func (d *Dialog) requestLocked(method sipmsg.RequestMethod, seq uint32) *sipmsg.Request {
	req := d.e.newRequest(method, d.target)
	for _, r := range d.routes {
		req.AppendHeader(sipmsg.HeaderClone(r))
	}
	from, to := d.local, d.remote
	from.Params, to.Params = from.Params.Clone(), to.Params.Clone()
	id := sipmsg.CallIDHeader(d.callID)
	req.AppendHeader(&from)
	req.AppendHeader(&to)
	req.AppendHeader(&id)
	req.AppendHeader(&sipmsg.CSeqHeader{SeqNo: seq, MethodName: method})
	req.AppendHeader(d.e.contactHeader())
	req.SetBody(nil)
	return req
}

// round sends a request of the dialog; a challenge is answered once.
func (d *Dialog) round(ctx context.Context, build func() *sipmsg.Request) (*sipmsg.Response, error) {
	req := build()
	res, err := d.e.round(ctx, req)
	if err != nil || !challenged(res) || d.user == "" {
		return res, err
	}
	again := build()
	if err := d.authorise(again, res); err != nil {
		return res, nil
	}
	return d.e.round(ctx, again)
}

// ack builds the ACK of a 2xx: a request of its own, never answered (RFC 3261 13.2.2.4).
func (d *Dialog) ack(seq uint32) *sipmsg.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.requestLocked(sipmsg.ACK, seq)
}

// learn takes over tag, target and route set from an answer to our INVITE.
func (d *Dialog) learn(res *sipmsg.Response) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if to := res.To(); to != nil {
		d.remote = *to
		d.remote.Params = to.Params.Clone()
	}
	if c := res.Contact(); c != nil {
		d.target = *c.Address.Clone()
	}
	records := res.GetHeaders("record-route")
	slices.Reverse(records) // RFC 3261 12.1.2
	d.routes = asRoutes(records)
}

// asRoutes makes Route headers of Record-Routes; the transport reads its way from the first.
func asRoutes(values []sipmsg.Header) []sipmsg.Header {
	var routes []sipmsg.Header
	for _, v := range values {
		r := &sipmsg.RouteHeader{}
		if _, err := sipmsg.ParseAddressValue(v.Value(), &r.Address, nil); err == nil {
			routes = append(routes, r)
		}
	}
	return routes
}

func (d *Dialog) remoteTag() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	tag, _ := d.remote.Params.Get("tag")
	return tag
}

// newer notes a request's number; false = older than one that came before (RFC 3261 12.2.2).
func (d *Dialog) newer(req *sipmsg.Request) bool {
	cseq := req.CSeq()
	if cseq == nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if cseq.SeqNo < d.remoteSeq {
		return false
	}
	d.remoteSeq = cseq.SeqNo
	return true
}

// Hold asks the far end with a re-INVITE to agree to body and returns its answer.
func (d *Dialog) Hold(ctx context.Context, body []byte) ([]byte, error) {
	res, err := d.reinvite(ctx, body)
	if err != nil {
		return nil, err
	}
	return res.Body(), nil
}

// ErrRefused means that the far end refused a request inside the dialog.
var ErrRefused = errors.New("sip: refused by the far end")

// reinvite offers body again, with credentials when asked. Where the far end says no, its
// answer comes with ErrRefused.
func (d *Dialog) reinvite(ctx context.Context, body []byte, headers ...sipmsg.Header) (*sipmsg.Response, error) {
	res, err := d.reinviteOnce(ctx, body, nil, headers)
	if err == nil && challenged(res) && d.user != "" {
		res, err = d.reinviteOnce(ctx, body, res, headers)
	}
	switch {
	case err != nil:
		return nil, errors.Join(ErrRefused, err)
	case !res.IsSuccess():
		return res, ErrRefused
	}
	d.mu.Lock()
	d.body = body
	d.mu.Unlock()
	return res, nil
}

// reinviteOnce returns the final answer, acknowledged; challenge is one to be met, or nil.
func (d *Dialog) reinviteOnce(ctx context.Context, body []byte, challenge *sipmsg.Response, headers []sipmsg.Header) (*sipmsg.Response, error) {
	req := d.request(sipmsg.INVITE)
	for _, h := range headers {
		req.AppendHeader(sipmsg.HeaderClone(h))
	}
	withSDP(req, body)
	offerFeatures(req)
	if challenge != nil {
		if err := d.authorise(req, challenge); err != nil {
			return nil, err
		}
	}
	tx, err := d.e.tx.Request(ctx, req)
	if err != nil {
		return nil, err
	}
	seq := req.CSeq().SeqNo
	tx.OnRetransmission(func(*sipmsg.Response) { d.e.write(d.ack(seq)) })
	res, err := d.final(ctx, tx)
	switch {
	case err != nil:
		tx.Terminate()
	case res.IsSuccess():
		d.e.write(d.ack(seq))
	}
	return res, err
}

const reinviteFor = 32 * time.Second // timer B

func (d *Dialog) final(ctx context.Context, tx *sipmsg.ClientTx) (*sipmsg.Response, error) {
	limit := time.NewTimer(reinviteFor)
	defer limit.Stop()
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, tx.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-limit.C:
			return nil, context.DeadlineExceeded
		case <-d.done:
			return nil, ErrRefused
		case <-d.e.closing:
			return nil, ErrClosed
		}
	}
}

package sip

import (
	"errors"
	"strings"
	"sync/atomic"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Call is an INVITE that came and is not answered yet.
type Call struct {
	e    *Endpoint
	d    *Dialog
	req  *sipmsg.Request
	tx   *sipmsg.ServerTx
	gone chan struct{}
	left chan struct{} // the taker is through with it

	settled atomic.Bool // a final answer was given
}

// invited makes a call of an INVITE and hands it to whoever takes calls.
func (e *Endpoint) invited(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	if req.From() == nil || req.To() == nil || req.CallID() == nil || req.CSeq() == nil {
		e.respond(tx, sipmsg.NewResponseFromRequest(req, 400, "Bad Request", nil))
		return
	}
	if bad := unsupported(req); bad != "" {
		res := sipmsg.NewResponseFromRequest(req, 420, "Bad Extension", nil)
		res.AppendHeader(sipmsg.NewHeader("Unsupported", bad))
		e.respond(tx, res)
		return
	}
	if e.cfg.Inbound == nil {
		e.respond(tx, sipmsg.NewResponseFromRequest(req, 480, "Temporarily Unavailable", nil))
		return
	}
	c := e.newCall(req, tx)
	e.keep(c.d)
	if !tx.OnCancel(func(*sipmsg.Request) { c.cancelled() }) {
		e.forget(c.d)
		return
	}
	go c.watchClose()
	e.cfg.Inbound(c)
	c.leave()
}

// cancelled runs when CANCEL came; the transaction answers it and sends the 487.
func (c *Call) cancelled() {
	if c.settled.CompareAndSwap(false, true) {
		c.e.forget(c.d)
		close(c.gone)
	}
}

// watchClose tells a taker that waits that the endpoint closes.
func (c *Call) watchClose() {
	select {
	case <-c.e.closing:
		c.cancelled()
	case <-c.left:
	}
}

// newCall sets our tag on the request itself, so that every answer to it carries the same one.
func (e *Endpoint) newCall(req *sipmsg.Request, tx *sipmsg.ServerTx) *Call {
	tag := sipmsg.GenerateTagN(16)
	req.To().Params.Add("tag", tag)
	d := &Dialog{e: e, callID: req.CallID().Value(), localTag: tag, local: req.To().AsFrom(), remote: req.From().AsTo(),
		remoteSeq: req.CSeq().SeqNo, acks: map[uint32]chan []byte{}, done: make(chan struct{})}
	d.target = *req.From().Address.Clone()
	if c := req.Contact(); c != nil {
		d.target = *c.Address.Clone()
	}
	d.routes = asRoutes(req.GetHeaders("record-route"))
	return &Call{e: e, d: d, req: req, tx: tx, gone: make(chan struct{}), left: make(chan struct{})}
}

// unsupported returns what the caller requires and we lack.
func unsupported(req *sipmsg.Request) string {
	for _, h := range req.GetHeaders("require") {
		for _, v := range strings.Split(h.Value(), ",") {
			if v = strings.ToLower(strings.TrimSpace(v)); v != "" && v != "timer" && v != "100rel" {
				return v
			}
		}
	}
	return ""
}

// To is the number called: the user part of the request URI, or of To when that has none.
func (c *Call) To() string {
	if u := c.req.Recipient.User; u != "" {
		return u
	}
	return c.req.To().Address.User
}

// From is the caller's number, CallID the Call-ID, Offer the body (nil = none).
func (c *Call) From() string   { return c.req.From().Address.User }
func (c *Call) CallID() string { return c.d.callID }
func (c *Call) Offer() []byte  { return c.req.Body() }

// Headers are the INVITE's, the first of each name.
func (c *Call) Headers() map[string]string {
	all := map[string]string{}
	for _, h := range c.req.Headers() {
		if _, ok := all[h.Name()]; !ok {
			all[h.Name()] = h.Value()
		}
	}
	return all
}

// Gone is closed when the caller cancelled or the endpoint closes.
func (c *Call) Gone() <-chan struct{} { return c.gone }

// Progress sends a provisional answer. A caller that insists on reliable ones (Require:
// 100rel) gets none: the answer itself needs none before it (RFC 3262 3).
func (c *Call) Progress(status int, reason string, body []byte) error {
	if lists(c.req.GetHeaders("require"), "100rel") {
		return nil
	}
	return c.tx.Respond(c.d.answer(c.req, status, reason, body))
}

// ErrGone means that the caller cancelled, or never acknowledged our 200.
var ErrGone = errors.New("sip: caller gone")

// Dialog of the call; it is confirmed once Accept returned.
func (c *Call) Dialog() *Dialog { return c.d }

// Accept sends 200 with body and waits for the ACK; it returns the ACK's body.
func (c *Call) Accept(body []byte) (ack []byte, err error) {
	res := c.d.answer(c.req, 200, "OK", body)
	c.d.mu.Lock()
	c.d.body = body
	c.d.mu.Unlock()
	c.d.refreshed(c.req, res)
	if !c.settled.CompareAndSwap(false, true) {
		return nil, ErrGone
	}
	ack, ok := c.d.untilAcked(c.tx, res)
	if !ok {
		c.d.finish(ByFar)
		return nil, ErrGone
	}
	return ack, nil
}

// Reject ends the call with a final status from 300 on.
func (c *Call) Reject(status int, reason string, headers map[string]string) error {
	if !c.settled.CompareAndSwap(false, true) {
		return ErrGone
	}
	c.e.forget(c.d)
	res := sipmsg.NewResponseFromRequest(c.req, status, reason, nil)
	for k, v := range headers {
		res.AppendHeader(sipmsg.NewHeader(k, v))
	}
	return c.tx.Respond(res)
}

// leave ends a call that its taker neither answered nor refused; after a final answer
// the transaction lets it fall.
func (c *Call) leave() {
	close(c.left)
	if !c.settled.Load() {
		_ = c.Reject(480, "Temporarily Unavailable", nil)
	}
}

package sip

import (
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// request is every request that comes, each on its own goroutine of the library.
func (e *Endpoint) request(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	defer tx.TerminateGracefully()
	d := e.dialogOf(req)
	switch {
	case req.Method == sipmsg.ACK:
		if d != nil {
			d.acked(req)
		}
	case req.Method == sipmsg.OPTIONS && d == nil:
		e.respond(tx, e.withFeatures(sipmsg.NewResponseFromRequest(req, 200, "OK", nil)))
	case req.Method == sipmsg.INVITE && !hasTag(req):
		e.invited(req, tx)
	case d == nil:
		e.respond(tx, sipmsg.NewResponseFromRequest(req, 481, "Call/Transaction Does Not Exist", nil))
	case !d.newer(req):
		e.respond(tx, sipmsg.NewResponseFromRequest(req, 500, "Server Internal Error", nil))
	default:
		d.inside(req, tx)
	}
}

func hasTag(req *sipmsg.Request) bool { return req.To() != nil && req.To().Params.Has("tag") }

func (e *Endpoint) respond(tx *sipmsg.ServerTx, res *sipmsg.Response) {
	if err := tx.Respond(res); err != nil {
		e.log.Debug("sip: answer not sent", "status", res.StatusCode, "err", err)
	}
}

func (e *Endpoint) withFeatures(res *sipmsg.Response) *sipmsg.Response {
	res.AppendHeader(e.contactHeader())
	res.AppendHeader(sipmsg.NewHeader("Allow", allowed))
	res.AppendHeader(sipmsg.NewHeader("Accept", "application/sdp"))
	res.AppendHeader(sipmsg.NewHeader("Supported", "timer"))
	return res
}

// inside serves a request of a running dialog.
func (d *Dialog) inside(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	plain := func(status int, reason string) {
		d.e.respond(tx, sipmsg.NewResponseFromRequest(req, status, reason, nil))
	}
	switch req.Method {
	case sipmsg.BYE:
		plain(200, "OK")
		d.finish(ByFar)
	case sipmsg.INVITE, sipmsg.UPDATE:
		d.reoffered(req, tx)
	case sipmsg.INFO:
		plain(200, "OK")
		d.info(req)
	case sipmsg.OPTIONS:
		d.e.respond(tx, d.e.withFeatures(sipmsg.NewResponseFromRequest(req, 200, "OK", nil)))
	case sipmsg.PRACK:
		plain(200, "OK")
	case sipmsg.REFER:
		plain(603, "Decline") // whom a call goes to is decided here, not by the callee
	default:
		plain(405, "Method Not Allowed")
	}
}

func (d *Dialog) info(req *sipmsg.Request) {
	kind := ""
	if h := req.ContentType(); h != nil {
		kind = strings.ToLower(h.Value())
	}
	if s := d.served(); s != nil {
		s.Info(kind, req.Body())
	}
}

func (d *Dialog) served() Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.session
}

// reoffered answers re-INVITE and UPDATE (RFC 3261 14.2, RFC 3311).
func (d *Dialog) reoffered(req *sipmsg.Request, tx *sipmsg.ServerTx) {
	d.retarget(req)
	s := d.served()
	if s == nil {
		d.e.respond(tx, sipmsg.NewResponseFromRequest(req, 491, "Request Pending", nil))
		return
	}
	var answer []byte
	if offer := req.Body(); req.Method == sipmsg.INVITE || len(offer) > 0 {
		var ok bool
		if answer, ok = s.Reoffer(offer); !ok {
			d.e.respond(tx, sipmsg.NewResponseFromRequest(req, 488, "Not Acceptable Here", nil))
			return
		}
		d.mu.Lock()
		d.body = answer
		d.mu.Unlock()
	}
	res := d.answer(req, 200, "OK", answer)
	d.refreshed(req, res)
	if req.Method == sipmsg.UPDATE {
		d.e.respond(tx, res)
		return
	}
	if body, ok := d.untilAcked(tx, res); ok && len(req.Body()) == 0 && len(body) > 0 {
		s.Reanswer(body)
	}
}

// retarget follows a Contact that changed (RFC 3261 12.2.2).
func (d *Dialog) retarget(req *sipmsg.Request) {
	if c := req.Contact(); c != nil {
		d.mu.Lock()
		d.target = *c.Address.Clone()
		d.mu.Unlock()
	}
}

// refreshed sets the session timer anew when the far end asks for one. A refresh that asks
// for none ends the timer: the session does not expire any more (RFC 4028 9).
func (d *Dialog) refreshed(req *sipmsg.Request, res *sipmsg.Response) {
	every, who, ok := sessionExpires(req.GetHeader("session-expires"))
	if !ok {
		d.expireNever()
		return
	}
	if who == "" {
		who = "uac"
	}
	res.AppendHeader(sipmsg.NewHeader("Session-Expires", seconds(every)+";refresher="+who))
	if who == "uac" {
		res.AppendHeader(sipmsg.NewHeader("Require", "timer"))
	}
	d.keepAlive(every, who == "uas", lists(req.GetHeaders("allow"), "UPDATE"))
}

// answer builds a response of the dialog with our tag, contact and features.
func (d *Dialog) answer(req *sipmsg.Request, status int, reason string, body []byte) *sipmsg.Response {
	res := sipmsg.NewResponseFromRequest(req, status, reason, nil)
	res.AppendHeader(d.e.contactHeader())
	res.AppendHeader(sipmsg.NewHeader("Allow", allowed))
	res.AppendHeader(sipmsg.NewHeader("Supported", "timer"))
	if len(body) > 0 {
		res.AppendHeader(sipmsg.NewHeader("Content-Type", "application/sdp"))
		res.SetBody(body)
	}
	return res
}

// untilAcked sends a 2xx to an INVITE again and again until its ACK comes (RFC 3261
// 13.3.1.4), and returns the ACK's body. Without one for 64*T1 the dialog ends with BYE.
func (d *Dialog) untilAcked(tx *sipmsg.ServerTx, res *sipmsg.Response) (body []byte, ok bool) {
	seq := res.CSeq().SeqNo
	acked := d.expect(seq)
	defer d.unexpect(seq)
	gap := sipmsg.T1
	resend, limit := time.NewTimer(gap), time.NewTimer(64*sipmsg.T1)
	defer resend.Stop()
	defer limit.Stop()
	if err := tx.Respond(res); err != nil {
		return nil, false
	}
	for {
		select {
		case body := <-acked:
			return body, true
		case ack := <-tx.Acks(): // peers that reuse the INVITE's branch
			return ack.Body(), true
		case <-resend.C:
			gap = min(2*gap, sipmsg.T2)
			resend.Reset(gap)
			d.e.respond(tx, res)
		case <-limit.C:
			d.hangUpQuietly(ByTimer)
			return nil, false
		case <-d.done:
			return nil, false
		case <-d.e.closing:
			return nil, false
		}
	}
}

func (d *Dialog) expect(seq uint32) chan []byte {
	c := make(chan []byte, 1)
	d.mu.Lock()
	d.acks[seq] = c
	d.mu.Unlock()
	return c
}

func (d *Dialog) unexpect(seq uint32) {
	d.mu.Lock()
	delete(d.acks, seq)
	d.mu.Unlock()
}

func (d *Dialog) acked(req *sipmsg.Request) {
	if req.CSeq() == nil {
		return
	}
	d.mu.Lock()
	c := d.acks[req.CSeq().SeqNo]
	d.mu.Unlock()
	if c == nil {
		return
	}
	select {
	case c <- req.Body():
	default:
	}
}

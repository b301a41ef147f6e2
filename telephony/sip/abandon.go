package sip

import (
	"context"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// cancelWait is how long we wait for the final answer after CANCEL: 64*T1 (RFC 3261 9.1).
const cancelWait = 32 * time.Second

// abandon ends an INVITE that nobody waits for any more: CANCEL as soon as something
// provisional came (RFC 3261 9.1 forbids it before), then the final answer; a 200 that
// crossed the CANCEL gets ACK and BYE.
func (o *outgoing) abandon(heard bool) {
	cancelled := false
	limit := time.NewTimer(2 * cancelWait)
	defer limit.Stop()
	for {
		if heard && !cancelled {
			cancelled = true
			limit.Reset(cancelWait)
			o.d.e.behind(o.cancel)
		}
		select {
		case res := <-o.tx.Responses():
			heard = true
			if res.IsSuccess() {
				o.stray(res)
			}
			if !res.IsProvisional() {
				return
			}
		case <-o.tx.Done():
			return
		case <-limit.C:
			o.tx.Terminate()
			return
		case <-o.d.e.closing:
			return
		}
	}
}

// cancel sends CANCEL: same branch, same sequence number, same way as the INVITE.
func (o *outgoing) cancel() {
	req := sipmsg.NewRequest(sipmsg.CANCEL, o.req.Recipient)
	req.SetTransport("UDP")
	req.Laddr = o.req.Laddr
	req.AppendHeader(sipmsg.HeaderClone(o.req.Via()))
	for _, name := range []string{"route", "from", "to", "call-id", "max-forwards"} {
		sipmsg.CopyHeaders(name, o.req, req)
	}
	req.AppendHeader(&sipmsg.CSeqHeader{SeqNo: o.req.CSeq().SeqNo, MethodName: sipmsg.CANCEL})
	req.SetBody(nil)
	ctx, stop := context.WithTimeout(context.Background(), cancelWait)
	defer stop()
	if _, err := o.d.e.round(ctx, req); err != nil {
		o.d.e.log.Warn("sip: CANCEL unanswered", "call", o.d.callID, "err", err)
	}
}

// strays are the answered branches that we do not want, by their tag.
type strays struct {
	mu   sync.Mutex
	seen map[string]*Dialog
}

// stray answers a 2xx that we do not want, each time with ACK, the first time with BYE too.
func (o *outgoing) stray(res *sipmsg.Response) {
	tag := tagOf(res)
	o.strays.mu.Lock()
	d, known := o.strays.seen[tag]
	if !known {
		d = o.d.branch()
		d.learn(res)
		if o.strays.seen == nil {
			o.strays.seen = map[string]*Dialog{}
		}
		o.strays.seen[tag] = d
	}
	o.strays.mu.Unlock()
	d.e.write(d.ack(o.req.CSeq().SeqNo))
	if !known {
		d.e.behind(func() { d.hangUpQuietly(ByUs) })
	}
}

// branch is another dialog of the same INVITE.
func (d *Dialog) branch() *Dialog {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &Dialog{e: d.e, callID: d.callID, localTag: d.localTag + "!", user: d.user, password: d.password,
		local: d.local, remote: d.remote, target: d.target, cseq: d.cseq, done: make(chan struct{}), acks: map[uint32]chan []byte{}}
}

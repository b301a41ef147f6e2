package sip

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// prack acknowledges a reliable provisional answer (RFC 3262), each RSeq once.
func (o *outgoing) prack(res *sipmsg.Response) {
	h := res.GetHeader("rseq")
	if h == nil || !lists(res.GetHeaders("require"), "100rel") {
		return
	}
	n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 32)
	if err != nil || uint32(n) <= o.pracked {
		return
	}
	o.pracked = uint32(n)
	o.d.learn(res)
	req := o.d.request(sipmsg.PRACK)
	req.AppendHeader(sipmsg.NewHeader("RAck", fmt.Sprintf("%d %d INVITE", n, o.req.CSeq().SeqNo)))
	o.d.e.behind(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 32*time.Second)
		defer cancel()
		if res, err := o.d.e.round(ctx, req); err != nil || !res.IsSuccess() {
			o.d.e.log.Warn("sip: PRACK refused", "call", o.d.callID, "err", err)
		}
	})
}

// lists says whether comma-separated header values name a token.
func lists(hs []sipmsg.Header, token string) bool {
	for _, h := range hs {
		for _, v := range strings.Split(h.Value(), ",") {
			if strings.EqualFold(strings.TrimSpace(v), token) {
				return true
			}
		}
	}
	return false
}

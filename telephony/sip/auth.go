package sip

import (
	"fmt"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

func challenged(res *sipmsg.Response) bool {
	return res.StatusCode == 401 || res.StatusCode == 407
}

// authorise answers the first challenge of res that we can (RFC 3261 22, RFC 8760) on req.
func (d *Dialog) authorise(req *sipmsg.Request, res *sipmsg.Response) error {
	ask, answer := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		ask, answer = "Proxy-Authenticate", "Proxy-Authorization"
	}
	for _, h := range res.GetHeaders(strings.ToLower(ask)) {
		c, err := digest.ParseChallenge(h.Value())
		if err != nil {
			continue
		}
		c.Algorithm = strings.ToUpper(c.Algorithm)
		if !digest.CanDigest(c) {
			continue
		}
		cred, err := digest.Digest(c, digest.Options{Method: req.Method.String(), URI: req.Recipient.String(), Username: d.user, Password: d.password})
		if err != nil {
			return fmt.Errorf("sip digest: %w", err)
		}
		req.RemoveHeader(answer)
		req.AppendHeader(sipmsg.NewHeader(answer, cred.String()))
		return nil
	}
	return fmt.Errorf("sip: %d without a challenge that we can answer", res.StatusCode)
}

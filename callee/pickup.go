package callee

import (
	"net/http"
	"strings"
	"time"

	"yingda/telephony"
)

// AttemptHeader of an INVITE names the campaign's attempt; it joins the callee's
// log with the campaign's rows.
const AttemptHeader = "X-Yingda-Attempt"

// take is one incoming call from the INVITE to its end.
func (c *Callees) take(in *telephony.Incoming) {
	if !c.enter() {
		in.Reject(http.StatusServiceUnavailable, "Closing")
		return
	}
	defer c.busy.Done()
	who := c.cfg.Personas.Of(in.To)
	r := c.begin(in, who)
	defer c.finish(r)
	luck := c.luck(in.To, r.nth)
	if who.Reject != nil {
		c.refuse(in, r, who, who.Ring.draw(luck, usualRing))
		return
	}
	if !c.ring(in, r, who.Ring.draw(luck, usualRing)) {
		return
	}
	leg, err := in.Answer(telephony.AnswerOptions{Text: !c.cfg.VoiceOnly})
	if err != nil {
		c.note(r, entry{Event: "failed", Why: err.Error()})
		return
	}
	c.note(r, entry{Event: "answer", Text: textMode(leg)})
	newTalk(c, leg, r, luck).run()
}

func textMode(leg *telephony.Leg) string {
	if leg.HasText() {
		return "t140"
	}
	return ""
}

// ring rings for d; false = the caller gave up, or we close.
func (c *Callees) ring(in *telephony.Incoming, r *Call, d time.Duration) bool {
	if err := in.Ring(); err != nil {
		c.note(r, entry{Event: "failed", Why: err.Error()})
		return false
	}
	c.note(r, entry{Event: "ring"})
	return c.rest(in, r, time.After(d))
}

// rest waits until done, the caller's CANCEL or our end; true = done came first.
func (c *Callees) rest(in *telephony.Incoming, r *Call, done <-chan time.Time) bool {
	select {
	case <-done:
		return true
	case <-in.Gone():
		c.note(r, entry{Event: "cancelled"})
	case <-c.ctx.Done():
		in.Reject(http.StatusServiceUnavailable, "Closing")
	}
	return false
}

// refuse is a call that nobody takes: it rings, or an announcement is heard in early
// media, and a final status ends it.
func (c *Callees) refuse(in *telephony.Incoming, r *Call, who *Persona, ring time.Duration) {
	if who.Reject.Announce != "" {
		if !c.announce(in, r, who.Reject.Announce, ring) {
			return
		}
	} else if !c.ring(in, r, ring) {
		return
	}
	c.note(r, entry{Event: "reject", Status: who.Reject.Status})
	if err := in.Reject(who.Reject.Status, reason(who.Reject)); err != nil {
		c.note(r, entry{Event: "failed", Why: err.Error()})
	}
}

// announce plays text in early media, the carrier's way of saying why there is no call.
func (c *Callees) announce(in *telephony.Incoming, r *Call, text string, before time.Duration) bool {
	if !c.rest(in, r, time.After(before)) {
		return false
	}
	said := c.book.clips[text]
	play, err := in.Early(said.alaw)
	if err != nil {
		c.note(r, entry{Event: "failed", Why: err.Error()})
		return false
	}
	c.note(r, entry{Event: "early", Text: text})
	select {
	case <-play.Done():
		return true
	case <-in.Gone():
		c.note(r, entry{Event: "cancelled"})
	case <-c.ctx.Done():
		in.Reject(http.StatusServiceUnavailable, "Closing")
	}
	return false
}

// reasons are the phrases of RFC 3261 21 that gateways send.
var reasons = map[int]string{403: "Forbidden", 404: "Not Found", 408: "Request Timeout", 410: "Gone", 480: "Temporarily Unavailable",
	484: "Address Incomplete", 486: "Busy Here", 500: "Server Internal Error", 503: "Service Unavailable", 600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere"}

func reason(r *Reject) string {
	if r.Reason != "" {
		return r.Reason
	}
	if known := reasons[r.Status]; known != "" {
		return known
	}
	return "Rejected"
}

// attemptOf finds the attempt header, however it is written.
func attemptOf(headers map[string]string) string {
	for name, value := range headers {
		if strings.EqualFold(name, AttemptHeader) {
			return value
		}
	}
	return ""
}

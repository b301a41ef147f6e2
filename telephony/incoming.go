package telephony

import (
	"errors"
	"fmt"
	"sync"

	"yingda/telephony/room"
	"yingda/telephony/rtp"
	"yingda/telephony/sdp"
	"yingda/telephony/sip"
)

// AnswerOptions of an incoming call.
type AnswerOptions struct {
	RecordTo string   // as in DialOptions
	Text     bool     // accept real-time text when it is offered
	Codecs   []string // accepted ones; empty = PCMA, PCMU. The caller's order decides
}

// Incoming is a call that nobody has answered yet.
type Incoming struct {
	To, From, CallID string // user parts of request URI and From
	Headers          map[string]string

	n    *Node
	call *sip.Call

	mu    sync.Mutex
	media *rtp.Session // opened by Early or Answer
	leg   *Leg
}

// ErrGone means that the caller gave up before the answer was complete.
var ErrGone = sip.ErrGone

// invited runs for each new call on its own goroutine.
func (n *Node) invited(c *sip.Call) {
	n.mu.Lock()
	take := n.inbound
	n.mu.Unlock()
	if take == nil {
		_ = c.Reject(480, "Temporarily Unavailable", nil)
		return
	}
	if err := n.enter(); err != nil {
		_ = c.Reject(503, "Service Unavailable", map[string]string{"Retry-After": "5"})
		return
	}
	i := &Incoming{To: c.To(), From: c.From(), CallID: c.CallID(), Headers: c.Headers(), n: n, call: c}
	take(i)
	i.leave()
}

// leave frees what a call that was not answered held.
func (i *Incoming) leave() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.leg != nil {
		return
	}
	if i.media != nil {
		i.media.End(nil)
	}
	i.n.calls.Done()
}

// Ring sends 180.
func (i *Incoming) Ring() error { return i.call.Progress(180, "Ringing", nil) }

// Gone is closed when the caller gave up (CANCEL).
func (i *Incoming) Gone() <-chan struct{} { return i.call.Gone() }

// Reject ends the call with a final status from 300 to 699.
func (i *Incoming) Reject(status int, reason string) error {
	return i.call.Reject(status, reason, nil)
}

// RejectWith adds headers, such as Reason with a Q.850 cause.
func (i *Incoming) RejectWith(status int, reason string, headers map[string]string) error {
	return i.call.Reject(status, reason, headers)
}

// Early sends 183 with SDP and plays A-law audio before the answer (ringback, an
// announcement). It returns at once; the playback is cut when the call is answered.
func (i *Incoming) Early(alaw []byte) (*Playback, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	body, a, _, err := i.describe(AnswerOptions{}, true)
	if err != nil {
		return nil, err
	}
	i.media.Early(terms(a), nil)
	if err := i.call.Progress(183, "Session Progress", body.Bytes()); err != nil {
		return nil, err
	}
	return i.media.Play(rtp.NewPlayback(alaw)), nil
}

// describe opens the media if need be and makes our answer to the offer. An INVITE
// without one gets an offer of ours; a is zero then. text opens a socket for text, too.
func (i *Incoming) describe(o AnswerOptions, text bool) (body sdp.Description, a sdp.Agreed, l sdp.Local, err error) {
	if i.media == nil {
		if i.media, err = i.n.media.Open(text); err != nil {
			return
		}
	}
	l = i.n.local(i.media, o.Codecs)
	if !o.Text {
		l.Text = 0
	}
	if len(i.call.Offer()) == 0 {
		return sdp.Offer(l), a, l, nil
	}
	offer, err := sdp.Parse(i.call.Offer())
	if err == nil {
		body, a, err = sdp.Answer(offer, l)
	}
	return body, a, l, err
}

// Answer sends 200 and returns the connected leg, once the ACK came. Codecs that do not
// match are answered with 488. ErrGone when the caller hung up meanwhile.
func (i *Incoming) Answer(o AnswerOptions) (*Leg, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.leg != nil {
		return nil, errors.New("telephony: answered before")
	}
	body, a, local, err := i.describe(o, o.Text)
	if err != nil {
		_ = i.call.Reject(488, "Not Acceptable Here", nil)
		return nil, fmt.Errorf("answer: %w", err)
	}
	tape, err := i.tape(o.RecordTo)
	if err != nil {
		_ = i.call.Reject(500, "Server Internal Error", nil)
		return nil, err
	}
	leg := newLeg(i.n, i.media, local, a, i.To, i.From)
	return i.connect(leg, body, tape)
}

func (i *Incoming) tape(path string) (*room.Tape, error) {
	if path == "" {
		return nil, nil
	}
	return i.n.media.Tape(path)
}

// connect starts the media before the 200 goes out: the caller may talk at once.
func (i *Incoming) connect(leg *Leg, body sdp.Description, tape *room.Tape) (*Leg, error) {
	leg.mine = body
	leg.dialog = i.call.Dialog()
	leg.dialog.Serve(leg)
	leg.start(leg.agreed, tape)
	ack, err := i.call.Accept(body.Bytes())
	if err != nil {
		i.media.End(nil)
		return nil, err
	}
	if len(i.call.Offer()) == 0 {
		leg.Reanswer(ack)
		leg.hasText = leg.agreed.T140 != 0
	}
	i.leg = leg
	i.n.keep(leg)
	leg.follow()
	return leg, nil
}

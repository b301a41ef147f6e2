package sip

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

func endpoint(t testing.TB, inbound func(*Call)) *Endpoint {
	t.Helper()
	e, err := Listen(Config{Listen: "127.0.0.1:0", UserAgent: "test", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Inbound: inbound})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// still counts what the far end asks for inside a dialog.
type still struct {
	offers, infos atomic.Int32
	refuse        atomic.Bool
}

func (s *still) Reoffer([]byte) ([]byte, bool) {
	s.offers.Add(1)
	return []byte("v=0\r\n"), !s.refuse.Load()
}
func (s *still) Reanswer([]byte)     {}
func (s *still) Info(string, []byte) { s.infos.Add(1) }

// pair returns both ends of a call.
func pair(t testing.TB) (caller, callee *Dialog, calleeSees *still) {
	t.Helper()
	got := make(chan *Dialog, 1)
	calleeSees = &still{}
	b := endpoint(t, func(c *Call) {
		c.Dialog().Serve(calleeSees)
		if _, err := c.Accept([]byte("v=0\r\n")); err != nil {
			t.Error(err)
		}
		got <- c.Dialog()
	})
	a := endpoint(t, nil)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	d, err := a.Invite(ctx, Invite{Host: b.Addr(), To: "1", From: "2", Offer: []byte("v=0\r\n"), Answered: func(*Dialog, []byte) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	d.Serve(&still{})
	return d, <-got, calleeSees
}

func over(t *testing.T, d *Dialog, want Ending) {
	t.Helper()
	select {
	case <-d.Done():
		if d.By() != want {
			t.Errorf("ended by %d, want %d", d.By(), want)
		}
	case <-time.After(5 * time.Second):
		t.Error("dialog does not end")
	}
}

func TestByeEndsBothSides(t *testing.T) {
	a, b, _ := pair(t)
	if err := b.Bye(context.Background()); err != nil {
		t.Error(err)
	}
	over(t, a, ByFar)
	over(t, b, ByUs)
	if err := a.Bye(context.Background()); err != nil {
		t.Errorf("a second BYE: %v", err)
	}
}

func TestWeRefreshTheSession(t *testing.T) {
	for name, update := range map[string]bool{"UPDATE": true, "re-INVITE": false} {
		a, _, sees := pair(t)
		a.keepAlive(200*time.Millisecond, true, update)
		time.Sleep(550 * time.Millisecond)
		select {
		case <-a.Done():
			t.Errorf("%s: the session timer ended a living call", name)
		default:
		}
		if offers := sees.offers.Load(); (offers > 0) == update {
			t.Errorf("%s: %d offers seen", name, offers)
		}
		_ = a.Bye(context.Background())
	}
}

func TestACallThatTheFarEndDoesNotRefreshEnds(t *testing.T) {
	a, b, _ := pair(t)
	a.keepAlive(300*time.Millisecond, false, true)
	over(t, a, ByTimer)
	over(t, b, ByFar)
}

func TestTheFarEndForgotTheCall(t *testing.T) {
	a, b, _ := pair(t)
	b.e.forget(b) // as after a restart
	a.keepAlive(200*time.Millisecond, true, true)
	over(t, a, ByTimer)
}

func TestSessionExpiresIsRead(t *testing.T) {
	for _, row := range []struct {
		value string
		every time.Duration
		who   string
		ok    bool
	}{
		{"1800;refresher=uac", 1800 * time.Second, "uac", true},
		{"600 ; Refresher=UAS", 600 * time.Second, "uas", true},
		{"10", minExpires, "", true},
		{"soon", 0, "", false},
	} {
		every, who, ok := sessionExpires(sipmsg.NewHeader("Session-Expires", row.value))
		if every != row.every || who != row.who || ok != row.ok {
			t.Errorf("%q: %v %q %v", row.value, every, who, ok)
		}
	}
}

func TestQ850(t *testing.T) {
	for value, want := range map[string]int{
		`Q.850;cause=17;text="User busy"`:      17,
		`SIP;cause=480, q.850 ; Cause=1`:       1,
		`SIP;cause=600;text="Busy Everywhere"`: 0,
		`Q.850;text="no cause"`:                0,
	} {
		res := sipmsg.NewResponse(480, "x")
		res.AppendHeader(sipmsg.NewHeader("Reason", value))
		if got := q850(res); got != want {
			t.Errorf("%s: %d, want %d", value, got, want)
		}
	}
}

func TestRoutesAreFollowedInReverse(t *testing.T) {
	d := &Dialog{done: make(chan struct{})}
	res := sipmsg.NewResponse(200, "OK")
	res.AppendHeader(sipmsg.NewHeader("Record-Route", "<sip:near.example;lr>"))
	res.AppendHeader(sipmsg.NewHeader("Record-Route", "<sip:10.0.0.9:5070;lr>"))
	d.learn(res)
	if len(d.routes) != 2 || !strings.Contains(d.routes[0].Value(), "10.0.0.9:5070") || !strings.Contains(d.routes[1].Value(), "near.example") {
		t.Errorf("routes %v", d.routes)
	}
}

// torture are datagrams that a stranger may send.
var torture = []string{
	"INVITE sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKa\r\nCSeq: 1 INVITE\r\n\r\n",
	"INVITE sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKb\r\nCSeq: 1 INVITE\r\nFrom: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nContent-Length: 5\r\n\r\n",
	"BYE sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKc\r\nCSeq: 1 BYE\r\nCall-ID: x\r\n\r\n",
	"ACK sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKd\r\nCSeq: 1 ACK\r\nTo: <sip:c@d>;tag=1\r\n\r\n",
	"CANCEL sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKe\r\nCSeq: 1 CANCEL\r\n\r\n",
	"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKf\r\nCSeq: 1 INVITE\r\n\r\n",
	"SIP/2.0 180\r\n\r\n",
	"\x00\x00\x00\x00",
	"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	"UPDATE sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKg\r\nCSeq: 4294967295 UPDATE\r\nFrom: x\r\nTo: y\r\nCall-ID: z\r\n\r\n",
}

func TestStrangersDoNotHurt(t *testing.T) {
	e := endpoint(t, func(c *Call) { _ = c.Reject(486, "Busy Here", nil) })
	c, err := net.Dial("udp4", e.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, m := range torture {
		if _, err := c.Write([]byte(m)); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Log(err)
		}
	}
	_, err = endpoint(t, nil).Invite(context.Background(), Invite{Host: e.Addr(), To: "1", Offer: []byte("v=0\r\n")})
	var r *Rejected
	if !errors.As(err, &r) || r.Status != 486 {
		t.Errorf("after the torture: %v", err)
	}
}

// TestWhatEndsASession: only a far end that does not know the call any more, or time itself.
func TestWhatEndsASession(t *testing.T) {
	for status, want := range map[int]error{200: nil, 481: errUnknown, 408: errUnknown, 491: errPending, 500: ErrRefused, 488: ErrRefused} {
		if got := verdict(status); !errors.Is(got, want) {
			t.Errorf("%d gave %v", status, got)
		}
	}
}

// TestARefusedRefreshLosesNoCall: 500 to a refresh, then a later one succeeds; a refresh of
// the far end without a time ends the timer.
func TestARefusedRefreshLosesNoCall(t *testing.T) {
	a, b, sees := pair(t)
	sees.refuse.Store(true)
	r := &refresher{d: a, every: minExpires, ours: true}
	a.mu.Lock()
	a.refresh, a.body = r, []byte("v=0\r\n")
	a.mu.Unlock()
	r.again()
	r.fire()
	select {
	case <-a.Done():
		t.Fatal("the call was lost")
	default:
	}
	sees.refuse.Store(false)
	if err := r.refresh(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := b.reinvite(ctx, []byte("v=0\r\n")); err != nil {
		t.Error(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refresh != nil {
		t.Error("the session still expires")
	}
}

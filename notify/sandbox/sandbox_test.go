package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"yingda/notify/delivery"
	"yingda/notify/sandbox"
	"yingda/notify/sms"
	"yingda/notify/wechat"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

var ctx = context.Background()

// world is a sandbox behind real HTTP, and the receipts it posted.
type world struct {
	*sandbox.Sandbox
	url      string
	mu       sync.Mutex
	receipts []string
	signed   bool
}

func open(t *testing.T, d *db.DB) *world {
	w := &world{Sandbox: &sandbox.Sandbox{DB: d, Key: []byte("k"), Delay: 5 * time.Millisecond}, signed: true}
	back := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		account, _, _ := r.BasicAuth()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.receipts = append(w.receipts, string(b))
		w.signed = w.signed && sms.Signed(w.Secret(account), b, r.Header.Get(sms.SignatureHeader))
	}))
	w.Receipt = back.URL
	s := httptest.NewServer(w.Handler())
	w.url = s.URL
	t.Cleanup(func() { s.Close(); w.Close(); back.Close() })
	return w
}

func (w *world) gateway(account string) sms.HTTP {
	return sms.HTTP{Base: w.url + "/sms", Account: account, Secret: w.Secret(account)}
}

func (w *world) app(id string) wechat.Account {
	return wechat.Account{AppID: id, Secret: w.Secret(id), TemplateID: sandbox.TemplateID, BaseURL: w.url}
}

func TestSMSOneMessagePerKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		g := w.gateway("t1")
		m := sms.Message{ID: "7-0", To: "+8613800001234", Sign: "应答", Text: strings.Repeat("好", 70)}
		ids := make(chan string, 8)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				id, err := g.Send(ctx, m)
				if err != nil {
					t.Error(err)
				}
				ids <- id
			})
		}
		all.Wait()
		first := <-ids
		for range 7 {
			if id := <-ids; id != first {
				t.Fatalf("one key, two vendor ids: %s %s", first, id)
			}
		}
		w.Close()
		got, err := w.Messages(ctx, sandbox.SMS, []string{"t1"}, 0, 10)
		if err != nil || len(got) != 1 || got[0].Text.Segments != 2 || got[0].Receiver != "138****1234" || got[0].Text.State != "delivered" {
			t.Fatalf("%+v %v", got, err)
		}
		if len(w.receipts) != 1 || !w.signed || !strings.Contains(w.receipts[0], `"id":"7-0"`) {
			t.Fatalf("receipts %v, signed %v", w.receipts, w.signed)
		}
		if other, _ := w.Messages(ctx, sandbox.SMS, []string{"t2"}, 0, 10); len(other) != 0 {
			t.Fatal("another account sees it")
		}
	})
}

func TestSMSSaysNoAndCanBeAsked(t *testing.T) {
	w := open(t, dbtest.Open(t))
	g := w.gateway("t1")
	if _, err := g.Send(ctx, sms.Message{ID: "1", To: "+8613800009990", Text: "x"}); delivery.FailureOf(err) != delivery.Refused {
		t.Fatalf("a number that does not exist: %v", err)
	}
	w.Sandbox.Trouble = func(string, string) sandbox.Trouble { return sandbox.DropAfter }
	if _, err := g.Send(ctx, sms.Message{ID: "2", To: "+8613800001234", Text: "x"}); delivery.FailureOf(err) != delivery.Lost {
		t.Fatalf("the answer was lost: %v", err)
	}
	w.Close()
	for id, want := range map[string]delivery.Fate{"1": delivery.NotTaken, "2": delivery.Delivered} {
		if st, err := g.Status(ctx, id); err != nil || st.Fate != want {
			t.Fatalf("asked about %s: %+v %v", id, st, err)
		}
	}
	g.Secret = "wrong"
	if _, err := g.Status(ctx, "2"); delivery.FailureOf(err) != delivery.Later {
		t.Fatalf("a wrong secret: %v", err)
	}
	if _, err := w.gateway("t2").Status(ctx, "2"); err != nil {
		t.Fatal(err)
	} else if st, _ := w.gateway("t2").Status(ctx, "2"); st.Fate != delivery.NotTaken {
		t.Fatal("an account can ask about another's message")
	}
}

func TestWeChatThroughTheRealClient(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, c := open(t, d), new(wechat.Client)
		push := wechat.Push{ID: "9-0", OpenID: sandbox.OpenIDOf(5), URL: "http://x/m/calls/1", Data: map[string]string{"first": "A 级客户"}}
		one, err := c.Send(ctx, w.app("wx1"), push)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.Send(ctx, w.app("wx1"), push)
		if err != nil || again != one {
			t.Fatalf("a repeated client_msg_id: %s %s %v", one, again, err)
		}
		w.ExpireToken("wx1") // WeChat may end a token at any time
		push.ID = "10-0"
		if _, err := c.Send(ctx, w.app("wx1"), push); err != nil {
			t.Fatalf("after the token ended: %v", err)
		}
		if _, err := c.Send(ctx, w.app("wx2"), push); err != nil {
			t.Fatalf("a second account in the same process: %v", err)
		}
		for app, n := range map[string]int{"wx1": 2, "wx2": 1} {
			got, err := w.Messages(ctx, sandbox.WeChat, []string{app}, 0, 10)
			if err != nil || len(got) != n || got[0].Push.Data["first"] != "A 级客户" || got[0].Push.URL != push.URL {
				t.Fatalf("%s received %+v %v", app, got, err)
			}
		}
	})
}

func TestWeChatSaysNo(t *testing.T) {
	w, c := open(t, dbtest.Open(t)), new(wechat.Client)
	good := w.app("wx1")
	ok := wechat.Push{ID: "1", OpenID: sandbox.OpenIDOf(5)}
	for name, tc := range map[string]struct {
		account func(*wechat.Account)
		push    func(*wechat.Push)
		trouble sandbox.Trouble
		want    delivery.Failure
	}{
		"wrong secret":       {account: func(a *wechat.Account) { a.Secret = "x" }, want: delivery.Later},
		"wrong app":          {account: func(a *wechat.Account) { a.AppID = "x" }, want: delivery.Later},
		"no such template":   {account: func(a *wechat.Account) { a.TemplateID = "x" }, want: delivery.Refused},
		"no openid":          {push: func(p *wechat.Push) { p.OpenID = "nobody" }, want: delivery.Refused},
		"left the account":   {push: func(p *wechat.Push) { p.OpenID = "o-unfollowed-5" }, want: delivery.Refused},
		"system busy":        {trouble: sandbox.Busy, want: delivery.Later},
		"the answer is lost": {trouble: sandbox.DropAfter, want: delivery.Lost},
		"nobody there":       {account: func(a *wechat.Account) { a.BaseURL = "http://127.0.0.1:1" }, want: delivery.Later},
	} {
		a, p := good, ok
		if tc.account != nil {
			tc.account(&a)
		}
		if tc.push != nil {
			tc.push(&p)
		}
		w.Sandbox.Trouble = func(string, string) sandbox.Trouble { return tc.trouble }
		_, err := c.Send(ctx, a, p)
		if err == nil || delivery.FailureOf(err) != tc.want {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		if err != nil && (strings.Contains(err.Error(), a.Secret) && a.Secret != "x" || strings.Contains(err.Error(), "wx1_")) {
			t.Errorf("%s: a secret is in %v", name, err)
		}
	}
}

func TestWeChatQuota(t *testing.T) {
	w, c := open(t, dbtest.Open(t)), new(wechat.Client)
	w.Quota = 1
	if _, err := c.Send(ctx, w.app("wx1"), wechat.Push{ID: "1", OpenID: sandbox.OpenIDOf(5)}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Send(ctx, w.app("wx1"), wechat.Push{ID: "2", OpenID: sandbox.OpenIDOf(5)})
	if delivery.FailureOf(err) != delivery.Later || !strings.Contains(err.Error(), "45009") {
		t.Fatalf("the quota is used up: %v", err)
	}
}

func TestWeChatFollowersAndCodes(t *testing.T) {
	w, c := open(t, dbtest.Open(t)), new(wechat.Client)
	f, err := c.Follower(ctx, w.app("wx1"), sandbox.OpenIDOf(5))
	if err != nil || !f.Follows {
		t.Fatalf("%+v %v", f, err)
	}
	if f, err = c.Follower(ctx, w.app("wx1"), "o-unfollowed-5"); err != nil || f.Follows {
		t.Fatalf("%+v %v", f, err)
	}
	q, err := c.QR(ctx, w.app("wx1"), "bind:5", time.Hour)
	if err != nil || q.For != time.Hour || !strings.Contains(q.ImageURL, "ticket=SANDBOX") {
		t.Fatalf("%+v %v", q, err)
	}
}

func TestTheLibraryDoesNotLogBodies(t *testing.T) {
	if logrus.GetLevel() > logrus.InfoLevel {
		t.Fatalf("logrus is at %v", logrus.GetLevel())
	}
}

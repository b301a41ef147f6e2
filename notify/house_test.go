package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/notify/sandbox"
	"yingda/notify/sms"
	"yingda/platform/clock"
	"yingda/platform/db"
	"yingda/platform/queue"
	"yingda/tenant"
)

// house is notify with two tenants, and the sandbox as its outside world, over real HTTP.
type house struct {
	*Service
	t        *testing.T
	box      *sandbox.Sandbox
	queue    *wakes
	one, two context.Context
	reps     []db.ID // of tenant one; the last has not bound WeChat
	keyword  db.ID
	screen   db.ID
	rules    Rules
	now      *clock.Fake
}

// wakes is a queue that remembers.
type wakes struct {
	mu    sync.Mutex
	tasks []queue.Task
}

func (w *wakes) Enqueue(_ context.Context, t queue.Task) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tasks = append(w.tasks, t)
	return nil
}

const credit = 100

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	vault, err := tenant.NewVault(bytes.Repeat([]byte{3}, 32))
	must(t, err)
	h := &house{t: t, queue: &wakes{}, now: clock.NewFake(time.Now())}
	h.box = &sandbox.Sandbox{DB: d, Key: []byte("k"), Delay: time.Millisecond, Now: h.now.Now}
	h.Service = &Service{DB: d, People: tenant.NewStore(d), Vault: vault, Clock: h.now, Queue: h.queue, PublicURL: "http://here",
		Rules: func(context.Context, db.ID) (Rules, error) { return h.rules, nil }}
	world := httptest.NewServer(h.box.Handler())
	receipts := httptest.NewServer(h.Receipts())
	h.box.Receipt = receipts.URL
	t.Cleanup(func() { world.Close(); h.box.Close(); receipts.Close() })
	h.SMS = func(ctx context.Context) (Channel, error) {
		account := sandbox.AccountOf(db.TenantOf(ctx))
		secret := h.box.Secret(account)
		return Channel{Gateway: sms.HTTP{Base: world.URL + "/sms", Account: account, Secret: secret}, Secret: secret, Askable: true}, nil
	}
	h.one, h.two = h.tenant("one", world.URL), h.tenant("two", world.URL)
	h.people()
	h.templates()
	return h
}

func (h *house) tenant(code, url string) context.Context {
	te := &tenant.Tenant{Code: code, Name: code, ShortName: "应答", State: tenant.Active, SMSCredit: credit}
	must(h.t, h.People.CreateTenant(context.Background(), te))
	ctx := db.WithTenant(context.Background(), te.ID)
	app := "wx" + code
	must(h.t, h.SetAccount(ctx, Account{Name: code, AppID: app, Secret: h.box.Secret(app), TemplateID: sandbox.TemplateID, BaseURL: url}))
	return ctx
}

func (h *house) people() {
	for i, open := range []string{"oSandbox1", "oSandbox2", ""} {
		u := &tenant.User{Account: "rep" + string(rune('1'+i)), Name: "销售" + string(rune('1'+i)), Role: tenant.Sales, Enabled: true, OpenID: open, Locale: "zh-CN"}
		must(h.t, h.People.CreateUser(h.one, u))
		h.reps = append(h.reps, u.ID)
	}
}

func (h *house) templates() {
	k, err := h.AddTemplate(h.one, RuleKeyword, "资料", "您好{姓名}，{项目}的资料：http://x.cn/a")
	must(h.t, err)
	s, err := h.AddTemplate(h.one, RuleScreening, "回访", "感谢接听，期待您的到访")
	must(h.t, err)
	h.keyword, h.screen = k.ID, s.ID
}

// finished is an ended call of tenant one.
func (h *house) finished(grade string) *call.Finished {
	h.t.Helper()
	p, err := h.Vault.Seal(h.one, "+8613800001234")
	must(h.t, err)
	end := h.now.Now()
	reason, _ := json.Marshal(map[string]any{"key": "notify.grade." + grade})
	return &call.Finished{
		Call: call.Call{ID: db.NewID(), TenantID: db.TenantOf(h.one), CampaignID: 77, LeadID: db.NewID(), Name: "王先生", Grade: grade, Reason: reason,
			PhoneCipher: p.Cipher, PhoneDigest: p.Digest, PhoneLast4: p.Last4, EndedAt: &end, TalkMs: 83_000},
		Facts: call.Facts{Vars: map[string]string{"项目": "湖畔花园"}},
	}
}

// work delivers everything in the queue until it is empty, as a worker would.
func (h *house) work() {
	h.t.Helper()
	for {
		h.queue.mu.Lock()
		tasks := h.queue.tasks
		h.queue.tasks = nil
		h.queue.mu.Unlock()
		if len(tasks) == 0 {
			return
		}
		for _, t := range tasks {
			if err := h.HandleDeliver(h.one, t.Payload.(DeliverTask)); err != nil {
				h.t.Fatal(err)
			}
		}
	}
}

// later moves the clock and sweeps, as Run does every second, and works.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	h.now.Advance(d)
	if _, err := h.Sweep(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	h.work()
}

func (h *house) promises(f *call.Finished) []Promise {
	h.t.Helper()
	ps, err := h.Promises(h.one, f.Call.ID)
	must(h.t, err)
	return ps
}

// only is the call's one promise.
func (h *house) only(f *call.Finished) Promise {
	h.t.Helper()
	ps := h.promises(f)
	if len(ps) != 1 {
		h.t.Fatalf("%d promises: %+v", len(ps), ps)
	}
	return ps[0]
}

func (h *house) received(kind string) []sandbox.Message {
	h.t.Helper()
	accounts := []string{sandbox.AccountOf(db.TenantOf(h.one))}
	if kind == sandbox.WeChat {
		accounts = []string{"wxone"}
	}
	ms, err := h.box.Messages(context.Background(), kind, accounts, 0, 200)
	must(h.t, err)
	return ms
}

func (h *house) credit() int64 {
	h.t.Helper()
	n, err := h.Credit(h.one)
	must(h.t, err)
	return n
}

// trouble makes the outside world misbehave until it is told otherwise.
func (h *house) trouble(what sandbox.Trouble) {
	h.box.Trouble = func(string, string) sandbox.Trouble { return what }
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

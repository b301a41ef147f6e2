package tenant_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/tenant"
)

type house struct {
	*tenant.Service
	server *httptest.Server
	acme   tenant.Tenant
}

func open(t *testing.T) *house { return on(t, dbtest.Open(t)) }

func on(t *testing.T, d *db.DB) *house {
	t.Helper()
	v, err := tenant.NewVault(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Service: tenant.NewService(tenant.NewStore(d), v, time.Hour)}
	sys := db.System(context.Background(), "test")
	h.acme = tenant.Tenant{Code: "acme", Name: "Acme", ShortName: "A", Zone: "Asia/Shanghai", State: tenant.Active, MaxCalls: 5}
	for _, err := range []error{
		h.CreateTenant(sys, &h.acme),
		h.CreateUser(sys, &tenant.User{TenantID: h.acme.ID, Account: "admin", Name: "王", Role: tenant.Admin, Enabled: true, Password: tenant.HashPassword("right password")}),
		h.CreateUser(sys, &tenant.User{Account: "op", Name: "运营", Role: tenant.Operator, Enabled: true, Password: tenant.HashPassword("op password")}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	api := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	api.SetGuard(h.Guard)
	tenant.Routes(api, h.Service)
	h.server = httptest.NewServer(api.Engine)
	t.Cleanup(h.server.Close)
	return h
}

// ask sends a request as a browser would; the answer's body comes back parsed.
func (h *house) ask(t *testing.T, method, path, lang, body string, cookies []*http.Cookie, csrf string) (*http.Response, map[string]any) {
	t.Helper()
	req, _ := http.NewRequest(method, h.server.URL+httpapi.Base+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", lang)
	req.Header.Set("X-CSRF-Token", csrf)
	for _, c := range cookies {
		req.AddCookie(c)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out)
	return res, out
}

const rightLogin = `{"tenant":"ACME","account":"admin","password":"right password"}`

func TestLoginMeLogout(t *testing.T) {
	h := open(t)
	res, me := h.ask(t, "POST", "/auth/login", "zh-CN", rightLogin, nil, "")
	if res.StatusCode != 200 || me["user"].(map[string]any)["name"] != "王" {
		t.Fatalf("%d %v", res.StatusCode, me)
	}
	cookies := res.Cookies()
	if !cookies[0].HttpOnly || cookies[1].HttpOnly {
		t.Fatalf("cookies: %v", cookies)
	}
	if res, me = h.ask(t, "GET", "/me", "zh-CN", "", cookies, ""); res.StatusCode != 200 || me["tenant"].(map[string]any)["code"] != "acme" {
		t.Fatalf("%d %v", res.StatusCode, me)
	}
	if res, p := h.ask(t, "PATCH", "/me", "en-US", `{"locale":"en-US"}`, cookies, ""); res.StatusCode != 403 || p["key"] != "auth.csrf" {
		t.Fatalf("without the CSRF token: %d %v", res.StatusCode, p)
	}
	if res, p := h.ask(t, "PATCH", "/me", "en-US", `{"locale":"fr"}`, cookies, cookies[1].Value); res.StatusCode != 422 || p["fields"].([]any)[0].(map[string]any)["message"] != "Must be one of: zh-CN, en-US" {
		t.Fatalf("a wrong language: %d %v", res.StatusCode, p)
	}
	if res, _ = h.ask(t, "POST", "/auth/logout", "zh-CN", "", cookies, cookies[1].Value); res.StatusCode != 204 {
		t.Fatalf("logout %d", res.StatusCode)
	}
	if res, p := h.ask(t, "GET", "/me", "zh-CN", "", cookies, ""); res.StatusCode != 401 || p["detail"] != "请先登录" {
		t.Fatalf("after logout: %d %v", res.StatusCode, p)
	}
}

func TestWrongPasswordElevenTimes(t *testing.T) {
	h := open(t)
	wrong := strings.Replace(rightLogin, "right", "wrong", 1)
	for i := range 10 {
		if res, p := h.ask(t, "POST", "/auth/login", "en-US", wrong, nil, ""); res.StatusCode != 401 || p["key"] != "auth.wrong" {
			t.Fatalf("try %d: %d %v", i+1, res.StatusCode, p)
		}
	}
	res, p := h.ask(t, "POST", "/auth/login", "zh-CN", rightLogin, nil, "")
	if res.StatusCode != 429 || !strings.Contains(p["detail"].(string), "分钟后再试") || res.Header.Get("Retry-After") == "" {
		t.Fatalf("the eleventh, even right: %d %v", res.StatusCode, p)
	}
	if res, _ := h.ask(t, "POST", "/auth/login", "zh-CN", `{"tenant":"operator","account":"op","password":"op password"}`, nil, ""); res.StatusCode != 200 {
		t.Fatalf("another account is locked too: %d", res.StatusCode)
	}
}

// An unknown account, an unknown tenant and a wrong password cannot be told apart.
func TestLoginTellsNothing(t *testing.T) {
	h := open(t)
	for _, body := range []string{
		`{"tenant":"acme","account":"nobody","password":"x"}`, `{"tenant":"nowhere","account":"admin","password":"x"}`, `{"tenant":"acme","account":"admin","password":"x"}`,
	} {
		if res, p := h.ask(t, "POST", "/auth/login", "zh-CN", body, nil, ""); res.StatusCode != 401 || p["key"] != "auth.wrong" || p["args"] != nil {
			t.Errorf("%s: %d %v", body, res.StatusCode, p)
		}
	}
}

func TestOperatorHasOwnRealm(t *testing.T) {
	h := open(t)
	if _, err := h.Login(context.Background(), "acme", "op", "op password", "1.1.1.1", ""); !errs.Is(err, errs.Unauthorized) {
		t.Errorf("an operator logged in through a tenant: %v", err)
	}
	s, err := h.Login(context.Background(), "", "op", "op password", "1.1.1.1", "")
	if err != nil || s.Person.Role != tenant.Operator || s.Person.Has("customer:read") {
		t.Errorf("%+v %v", s, err)
	}
}

func TestWorkIsTheStartersOwn(t *testing.T) {
	h := open(t)
	s, err := h.Login(context.Background(), "acme", "admin", "right password", "1.1.1.1", "")
	if err != nil {
		t.Fatal(err)
	}
	ctx := tenant.WithPerson(context.Background(), s.Person)
	w, err := h.StartWork(ctx, "import", "work.import", nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	job := db.WithTenant(context.Background(), h.acme.ID)
	if err := h.Progress(job, w.ID, 3, 10); err != nil {
		t.Fatal(err)
	}
	if err := h.CancelWork(ctx, w.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.Progress(job, w.ID, 4, 10); err != tenant.ErrCancelled {
		t.Fatalf("cancelled work went on: %v", err)
	}
	if err := h.EndWork(job, w.ID, tenant.WorkResult{}, tenant.ErrCancelled); err != nil {
		t.Fatal(err)
	}
	ws, err := h.MyWork(ctx)
	if err != nil || len(ws) != 1 || ws[0].State != tenant.Cancelled || ws[0].Done != 3 {
		t.Fatalf("%+v %v", ws, err)
	}
	if err := h.CancelWork(db.WithTenant(context.Background(), 999), w.ID); !errs.Is(err, errs.NotFound) {
		t.Fatalf("a stranger cancelled it: %v", err)
	}
}

func TestOneTimePasswordOpensOnlyItsOwnChange(t *testing.T) {
	h := open(t)
	sys := db.System(context.Background(), "test")
	if err := h.CreateUser(sys, &tenant.User{TenantID: h.acme.ID, Account: "new", Name: "新人", Role: tenant.Admin, Enabled: true, MustChange: true, Password: tenant.HashPassword("one-time pw")}); err != nil {
		t.Fatal(err)
	}
	res, me := h.ask(t, "POST", "/auth/login", "zh-CN", `{"tenant":"acme","account":"new","password":"one-time pw"}`, nil, "")
	if res.StatusCode != 200 || me["user"].(map[string]any)["must_change_password"] != true {
		t.Fatalf("%d %v", res.StatusCode, me)
	}
	cookies := res.Cookies()
	if _, _, err := h.Guard(context.Background(), request("/api/v1/campaigns", cookies)); !errs.Is(err, errs.Forbidden) {
		t.Fatalf("another page opened: %v", err)
	}
	if res, p := h.ask(t, "POST", "/me/password", "zh-CN", `{"old":"one-time pw","new":"a better one"}`, cookies, cookies[1].Value); res.StatusCode != 204 {
		t.Fatalf("%d %v", res.StatusCode, p)
	}
	if _, p, err := h.Guard(context.Background(), request("/api/v1/campaigns", cookies)); err != nil || p == nil {
		t.Fatalf("after the change: %v %v", p, err)
	}
}

func TestSessionEndsIdleAndAtItsLifetime(t *testing.T) {
	h := open(t)
	h.Idle = time.Nanosecond
	s, err := h.Login(context.Background(), "acme", "admin", "right password", "1.1.1.1", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, p, err := h.Guard(context.Background(), request("/api/v1/me", []*http.Cookie{{Name: tenant.SessionCookie, Value: s.Token}})); err != nil || p != nil {
		t.Fatalf("an idle session is still open: %v %v", p, err)
	}
}

func request(path string, cookies []*http.Cookie) *http.Request {
	r := httptest.NewRequest("GET", path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

// Guesses that are sent all at once gain nothing: those that found a slot while the tenth was
// counted come on top, and no more.
func TestGuessesInParallelAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := on(t, d)
		var all sync.WaitGroup
		var wrong, locked atomic.Int64
		for range 60 {
			all.Go(func() {
				switch _, err := h.Login(context.Background(), "acme", "admin", "a guess", "1.1.1.1", ""); errs.KindOf(err) {
				case errs.Unauthorized:
					wrong.Add(1)
				case errs.TooMany:
					locked.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wrong.Load() > 13 || wrong.Load()+locked.Load() != 60 {
			t.Errorf("%d guesses were tried, %d refused", wrong.Load(), locked.Load())
		}
		if _, err := h.Login(context.Background(), "acme", "admin", "right password", "2.2.2.2", ""); !errs.Is(err, errs.TooMany) {
			t.Errorf("the account is not locked: %v", err)
		}
	})
}

// TestComingAndGoingIsLogged: logins, wrong passwords, the one that locks, the logout.
func TestComingAndGoingIsLogged(t *testing.T) {
	h := open(t)
	s, err := h.Login(context.Background(), "acme", "admin", "right password", "1.1.1.1", "")
	if err != nil {
		t.Fatal(err)
	}
	me := tenant.WithPerson(context.Background(), s.Person)
	if err := h.Logout(me); err != nil {
		t.Fatal(err)
	}
	for range 11 {
		_, _ = h.Login(context.Background(), "acme", "admin", "a guess", "6.6.6.6", "")
	}
	entries, err := h.Log(me, "user", s.Person.User, 50)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, e := range entries {
		seen[e.Action]++
		if strings.HasPrefix(e.Action, "login.") && (e.IP != "6.6.6.6" || e.TenantID != h.acme.ID) {
			t.Errorf("%+v", e)
		}
	}
	if seen["login"] != 1 || seen["logout"] != 1 || seen["login.failed"] != 9 || seen["login.locked"] != 1 {
		t.Errorf("the operation log says %v", seen)
	}
}

func TestANewPasswordIsNew(t *testing.T) {
	h := open(t)
	res, _ := h.ask(t, "POST", "/auth/login", "zh-CN", rightLogin, nil, "")
	cookies := res.Cookies()
	res, p := h.ask(t, "POST", "/me/password", "zh-CN", `{"old":"right password","new":"right password"}`, cookies, cookies[1].Value)
	if res.StatusCode != 422 || p["key"] != "auth.same_password" || p["detail"] != "新密码不能和原密码相同" {
		t.Errorf("%d %v", res.StatusCode, p)
	}
}

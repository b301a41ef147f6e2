package notify

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yingda/call"
	"yingda/notify/sandbox"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
	"yingda/tenant"
)

// desk is the HTTP face with an admin of each tenant and a rep of the first.
type desk struct {
	*house
	people *tenant.Service
	url    string
}

func openDesk(t *testing.T) *desk {
	h := open(t, dbtest.Open(t))
	d := &desk{house: h, people: tenant.NewService(h.People, h.Vault, time.Hour)}
	pw := tenant.HashPassword("a good password")
	for _, ctx := range []context.Context{h.one, h.two} {
		must(t, h.People.CreateUser(ctx, &tenant.User{Account: "admin", Name: "admin", Role: tenant.Admin, Enabled: true, Password: pw}))
	}
	must(t, h.People.CreateUser(h.one, &tenant.User{Account: "li", Name: "li", Role: tenant.Sales, Enabled: true, Password: pw}))
	h.Campaigns = func(_ context.Context, ids []db.ID) (map[db.ID]string, error) {
		return map[db.ID]string{77: "春季开盘"}, nil
	}
	api := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	api.SetGuard(d.people.Guard)
	Routes(api, h.Service, h.box)
	server := httptest.NewServer(api.Engine)
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *desk) ask(who, method, path string) (int, string) {
	d.t.Helper()
	code, account, _ := strings.Cut(who, "/")
	ses, err := d.people.Login(context.Background(), code, account, "a good password", "127.0.0.1", "test")
	must(d.t, err)
	req, _ := http.NewRequest(method, d.url+httpapi.Base+path, nil)
	req.AddCookie(&http.Cookie{Name: tenant.SessionCookie, Value: ses.Token})
	req.Header.Set("X-CSRF-Token", ses.CSRF)
	res, err := http.DefaultClient.Do(req)
	must(d.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(d.t, err)
	return res.StatusCode, string(b)
}

func TestAPI(t *testing.T) {
	d := openDesk(t)
	d.rules = Rules{Screening: []ScreeningRule{{d.screen, []string{"A"}}}, Push: &PushRule{Grades: []string{"A"}, Reps: d.reps}}
	f := d.finished("A")
	must(t, d.Hook(d.one, f))
	d.later(0)
	d.box.Close()
	var failed string
	for _, p := range d.promises(f) {
		if p.State == Failed {
			failed = p.ID.String()
		}
	}
	for _, c := range []struct {
		who, method, path string
		status            int
		has, hasNot       string
	}{
		{"one/admin", "GET", "/sandbox/sms", 200, `"to":"138****1234"`, "13800001234"},
		{"one/admin", "GET", "/sandbox/sms", 200, `"campaign":{"id":"77","name":"春季开盘"}`, "销售"},
		{"one/admin", "GET", "/sandbox/sms", 200, `"state":"delivered"`, ""},
		{"one/admin", "GET", "/sandbox/wechat", 200, `"rep":{"id":"` + d.reps[0].String() + `","name":"销售1"}`, "13800001234"},
		{"one/admin", "GET", "/sandbox/wechat?limit=1", 200, `"next":"M`, "销售1"},
		{"one/admin", "GET", "/sms/templates", 200, `"kind":"keyword"`, ""},
		{"one/admin", "GET", "/sms/credit", 200, `{"remaining":99}`, ""},
		{"one/admin", "POST", "/promises/" + failed + "/resend", 409, "该销售人员还没有绑定微信", ""},
		{"two/admin", "POST", "/promises/" + failed + "/resend", 404, "notify.promise_not_found", ""},
		{"two/admin", "GET", "/sandbox/sms", 200, `"items":[]`, "感谢"},
		{"two/admin", "GET", "/sandbox/wechat", 200, `"items":[]`, "销售"},
		{"two/admin", "GET", "/sms/templates", 200, "[]", "资料"},
		{"two/admin", "GET", "/sms/credit", 200, `{"remaining":100}`, ""},
		{"one/li", "GET", "/sandbox/sms", 403, "auth.no_right", "138"},
	} {
		status, body := d.ask(c.who, c.method, c.path)
		if status != c.status || !strings.Contains(body, c.has) || c.hasNot != "" && strings.Contains(body, c.hasNot) {
			t.Errorf("%s %s %s: %d %s", c.who, c.method, c.path, status, body)
		}
	}
}

// Two tenants that by mistake share an official account still see only their own.
func TestSandboxOfASharedAccount(t *testing.T) {
	d := openDesk(t)
	d.rules = Rules{Push: &PushRule{Grades: []string{"A"}, Reps: d.reps[:1]}}
	must(t, d.Hook(d.one, d.finished("A")))
	d.later(0)
	if n := len(d.received(sandbox.WeChat)); n != 1 {
		t.Fatalf("%d pushes", n)
	}
	must(t, d.SetAccount(d.two, Account{Name: "two", AppID: "wxone", Secret: "x", TemplateID: "x"}))
	if _, body := d.ask("two/admin", "GET", "/sandbox/wechat"); !strings.Contains(body, `"items":[]`) {
		t.Fatal(body)
	}
}

func TestCallPromisesAreToldInThePersonsLanguage(t *testing.T) {
	d := openDesk(t)
	d.rules = Rules{Screening: []ScreeningRule{{d.screen, []string{"A"}}}, Push: &PushRule{Grades: []string{"A"}, Reps: d.reps[2:]}}
	f := d.finished("A")
	must(t, d.Hook(d.one, f))
	d.later(0)
	ps, err := d.CallPromises(locale.With(d.one, locale.English), f.Call.ID)
	must(t, err)
	if len(ps) != 2 || ps[0].To != "138 **** 1234" || ps[0].Text != "【应答】感谢接听，期待您的到访" || ps[0].State != string(Sent) && ps[0].State != string(Delivered) {
		t.Fatalf("%+v", ps)
	}
	if ps[1].To != "销售3" || !strings.Contains(ps[1].Error, "has not bound WeChat") || ps[1].State != string(Failed) {
		t.Fatalf("%+v", ps[1])
	}
}

func TestRulesReadTheCampaignsJSON(t *testing.T) {
	var r Rules
	must(t, json.Unmarshal([]byte(`{"keyword_sms":{"template_id":"5"},"screening_sms":[{"template_id":"6","grades":["A","B"]}],
		"push":{"grades":["A"],"rep_ids":["7","8"],"mode":"round_robin"},"gate":null}`), &r))
	f := &call.Finished{Call: call.Call{ID: 1, CampaignID: 2, LeadID: 3, Grade: "A"}, Facts: call.Facts{Timeline: []call.Mark{{Kind: "sms"}}}}
	if n := len(Plan(r, f, true)); n != 3 {
		t.Fatalf("%d wishes from %+v", n, r)
	}
}

func TestCataloguesAreComplete(t *testing.T) {
	zh, en := locale.Keys(locale.Chinese), locale.Keys(locale.English)
	if strings.Join(zh, " ") != strings.Join(en, " ") {
		t.Fatalf("the languages differ:\n%v\n%v", zh, en)
	}
	for _, s := range States {
		if locale.T(locale.English, "notify.state."+string(s), nil) == "notify.state."+string(s) {
			t.Errorf("%s has no name", s)
		}
	}
}

package crm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/tenant"
)

// house is crm and call with two tenants, each with an admin and two reps.
type house struct {
	*Service
	t        *testing.T
	people   *tenant.Service
	calls    *call.Service
	one, two context.Context // the program's own ctx for each tenant
	users    map[string]tenant.User
	url      string
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	vault, err := tenant.NewVault(bytes.Repeat([]byte{3}, 32))
	must(t, err)
	people := tenant.NewService(tenant.NewStore(d), vault, time.Hour)
	calls := call.NewService(call.NewStore(d), vault, people, nil)
	h := &house{Service: NewService(d, vault, people.Store, calls), t: t, people: people, calls: calls, users: map[string]tenant.User{}}
	calls.OnFinish(h.Remember)
	calls.Assigned = h.Assigned
	calls.Campaigns = func(_ context.Context, ids []db.ID) (map[db.ID]string, error) {
		out := map[db.ID]string{}
		for _, id := range ids {
			out[id] = fmt.Sprint("任务", id)
		}
		return out, nil
	}
	api := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	api.SetGuard(people.Guard)
	Routes(api, h.Service)
	server := httptest.NewServer(api.Engine)
	t.Cleanup(server.Close)
	h.url, h.one, h.two = server.URL, h.tenant("one"), h.tenant("two")
	return h
}

var password = sync.OnceValue(func() string { return tenant.HashPassword("a good password") })

func (h *house) tenant(code string) context.Context {
	te := &tenant.Tenant{Code: code, Name: code, ShortName: code, State: tenant.Active, HumanSeats: 2}
	must(h.t, h.people.CreateTenant(context.Background(), te))
	ctx := db.WithTenant(context.Background(), te.ID)
	for account, role := range map[string]tenant.Role{"admin": tenant.Admin, "li": tenant.Sales, "zhao": tenant.Sales} {
		u := tenant.User{Account: account, Name: account, Role: role, Enabled: true, Password: password()}
		must(h.t, h.people.CreateUser(ctx, &u))
		h.users[code+"/"+account] = u
	}
	return ctx
}

// as is the ctx of a person's request.
func (h *house) as(who string) context.Context {
	u := h.users[who]
	return tenant.WithPerson(context.Background(), tenant.Person{User: u.ID, Tenant: u.TenantID, Name: u.Name, Role: u.Role})
}

// ended is a call of the tenant in ctx that has just ended, not yet finished.
func (h *house) ended(ctx context.Context, number string, campaign db.ID, outcome call.Outcome, grade string) *call.Finished {
	h.t.Helper()
	p, err := h.vault.Seal(ctx, number)
	must(h.t, err)
	c := call.Call{ID: db.NewID(), Node: "n1", Epoch: 1, CampaignID: campaign, Name: "王先生", SeatNumber: "8001", PhoneCipher: p.Cipher, PhoneDigest: p.Digest,
		PhoneLast4: p.Last4, StartedAt: time.Now().UTC().Truncate(time.Millisecond)}
	must(h.t, h.calls.Open(ctx, &c))
	c.Outcome, c.Grade = outcome, grade
	return &call.Finished{Call: c, Facts: call.Facts{Vars: map[string]string{"城市": "杭州"}}}
}

func (h *house) finish(ctx context.Context, number string, campaign db.ID, outcome call.Outcome, grade string) *call.Finished {
	h.t.Helper()
	f := h.ended(ctx, number, campaign, outcome, grade)
	must(h.t, h.calls.Finish(ctx, f))
	return f
}

// customer is the one with the number.
func (h *house) customer(ctx context.Context, number string) Record {
	h.t.Helper()
	p, err := h.List(ctx, Filter{Digest: h.vault.Digest(ctx, number)}, 0, 10, 10)
	must(h.t, err)
	if len(p.Rows) != 1 {
		h.t.Fatalf("%d customers have %s", len(p.Rows), number)
	}
	return p.Rows[0]
}

const wang, zhang = "+8613800001234", "+8613900005678"

func TestACustomerIsMadeOfCalls(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.finish(h.one, wang, 11, call.NoAnswer, "F")
		if r := h.customer(h.one, wang); r.Grade != "F" || r.Calls != 1 || r.Campaigns != 1 || r.Name != "王先生" || r.Fields["城市"] != "杭州" {
			t.Fatalf("%+v", r)
		}
		a := h.finish(h.one, wang, 11, call.Answered, "A")
		last := h.finish(h.one, wang, 12, call.Busy, "F")
		r := h.customer(h.one, wang)
		if r.Grade != "A" || r.Calls != 3 || r.Campaigns != 2 || r.LastCallID != last.Call.ID {
			t.Fatalf("the grade is that of the last connected call: %+v", r)
		}
		for range 3 { // told again
			must(t, h.Remember(h.one, a))
		}
		if again := h.customer(h.one, wang); again.Calls != 3 || again.Campaigns != 2 || again.LastCallID != last.Call.ID {
			t.Fatalf("a repeated call changed %+v", again)
		}
		if c, err := h.calls.Call(h.one, a.Call.ID); err != nil || c.CustomerID != r.ID {
			t.Fatalf("the call's customer is %d, not %d: %v", c.CustomerID, r.ID, err)
		}
	})
}

func TestOneCustomerUnderManyWorkers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var fs []*call.Finished
		for i := range 24 {
			fs = append(fs, h.ended(h.one, wang, db.ID(11+i%3), call.Answered, "B"))
		}
		var all sync.WaitGroup
		for w := range 8 {
			all.Go(func() {
				for i := w; i < len(fs); i += 8 {
					if err := h.calls.Finish(h.one, fs[i]); err != nil {
						t.Error(err)
					}
					if err := h.Remember(h.one, fs[i]); err != nil { // told again
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if r := h.customer(h.one, wang); r.Calls != 24 || r.Campaigns != 3 || r.Grade != "B" {
			t.Fatalf("%+v", r)
		}
	})
}

func TestHearKeepsTheNewestWhateverTheOrder(t *testing.T) {
	at := func(min int) time.Time { return time.Date(2026, 3, 1, 9, min, 0, 0, time.UTC) }
	heard := func(id db.ID, min int, o call.Outcome, grade string) *call.Finished {
		return &call.Finished{Call: call.Call{ID: id, StartedAt: at(min), Outcome: o, Grade: grade}, Facts: call.Facts{Vars: map[string]string{"城市": grade}}}
	}
	r := Record{Grade: "F"}
	for _, f := range []*call.Finished{heard(1, 10, call.Answered, "A"), heard(3, 30, call.NoAnswer, "F"), heard(2, 20, call.Answered, "C"), heard(0, 5, call.Answered, "D")} {
		r = r.hear(f, false, at(40))
	}
	if r.Grade != "C" || r.LastCallID != 3 || r.Calls != 4 || r.Fields["城市"] != "A" {
		t.Fatalf("%+v", r)
	}
}

func TestWhatPeopleWroteStays(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.finish(h.one, wang, 11, call.Answered, "A")
	name, age := "王大明", 41
	r, err := h.Change(h.as("one/admin"), h.customer(h.one, wang).ID, Edit{Name: &name, Age: &age, Fields: map[string]string{"城市": "宁波"}})
	must(t, err)
	h.finish(h.one, wang, 11, call.Answered, "B")
	after := h.customer(h.one, wang)
	if after.Name != name || after.Age != age || after.Fields["城市"] != "宁波" || after.Grade != "B" || after.Source != r.Source {
		t.Fatalf("%+v", after)
	}
}

func TestAssign(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		f := h.finish(h.one, wang, 11, call.Answered, "A")
		h.finish(h.one, zhang, 11, call.Answered, "B")
		w, z := h.customer(h.one, wang), h.customer(h.one, zhang)
		li, zhao := h.users["one/li"].ID, h.users["one/zhao"].ID
		n, refused, err := h.Assign(h.as("one/admin"), []db.ID{w.ID, 4711}, li, Full)
		if err != nil || n != 1 || len(refused) != 1 || refused[0].Key != "crm.customer_not_found" {
			t.Fatalf("%d %v %v", n, refused, err)
		}
		n, refused, err = h.Assign(h.as("one/admin"), []db.ID{w.ID, z.ID}, zhao, Masked)
		if err != nil || n != 1 || len(refused) != 1 || refused[0].ID != w.ID || refused[0].Args["owner"] != "li" {
			t.Fatalf("who has an owner is refused: %d %v %v", n, refused, err)
		}
		if c, err := h.calls.Call(h.as("one/li"), f.Call.ID); err != nil || c.AssignedTo != li || c.AssignedView != Full {
			t.Fatalf("the calls follow: %v", err)
		}
		next := h.finish(h.one, wang, 11, call.Answered, "A")
		if c, err := h.calls.Call(h.as("one/li"), next.Call.ID); err != nil || c.AssignedTo != li {
			t.Fatalf("the next call follows too: %v", err)
		}
		for who, want := range map[string]string{"one/li": wang, "one/zhao": zhang} {
			p, err := h.List(h.as(who), Filter{}, 0, 10, 10)
			must(t, err)
			if len(p.Rows) != 1 || p.Rows[0].PhoneDigest != h.vault.Digest(h.one, want) {
				t.Fatalf("%s sees %+v", who, p.Rows)
			}
		}
		if _, err := h.Customer(h.as("one/zhao"), w.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("zhao opens li's customer: %v", err)
		}
		if o, err := h.OwnerOf(h.one, &f.Call); err != nil || o != li {
			t.Fatalf("owner %d %v", o, err)
		}
		if m, err := h.CountByOwner(h.one); err != nil || m[li] != 1 || m[zhao] != 1 {
			t.Fatalf("%v %v", m, err)
		}
	})
}

func TestACustomerFollowsItsCall(t *testing.T) {
	h := open(t, dbtest.Open(t))
	first, second := h.finish(h.one, wang, 11, call.Answered, "A"), h.finish(h.one, wang, 12, call.Answered, "A")
	li, zhao := h.users["one/li"].ID, h.users["one/zhao"].ID
	if n, refused, err := h.calls.AssignCalls(h.as("one/admin"), []db.ID{first.Call.ID}, li, Full); err != nil || n != 1 {
		t.Fatalf("%d %v %v", n, refused, err)
	}
	if r := h.customer(h.one, wang); r.OwnerID != li || r.View != Full {
		t.Fatalf("%+v", r)
	}
	n, refused, err := h.calls.AssignCalls(h.as("one/admin"), []db.ID{second.Call.ID}, zhao, Full)
	if err != nil || n != 0 || len(refused) != 1 || refused[0].Key != "crm.already_assigned" {
		t.Fatalf("%d %v %v", n, refused, err)
	}
	if text := call.ShowAssigned(h.as("one/admin"), n, refused).Body.Refused[0].Text; !strings.Contains(text, h.users["one/li"].Name) || strings.Contains(text, "{") {
		t.Errorf("the refusal reads %q", text)
	}
}

func TestAssignNeedsARepAndAPossibleView(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.finish(h.one, wang, 11, call.Answered, "A")
	ids := []db.ID{h.customer(h.one, wang).ID}
	admin, li := h.users["one/admin"].ID, h.users["one/li"].ID
	if _, _, err := h.Assign(h.as("one/admin"), ids, admin, Full); !errs.Is(err, errs.Invalid) {
		t.Fatalf("to an admin: %v", err)
	}
	if _, _, err := h.Assign(h.as("one/admin"), ids, h.users["two/li"].ID, Full); !errs.Is(err, errs.NotFound) {
		t.Fatalf("to another tenant's rep: %v", err)
	}
	if _, _, err := h.Assign(h.as("one/zhao"), ids, li, Full); !errs.Is(err, errs.Forbidden) {
		t.Fatalf("in full by one who may not see numbers: %v", err)
	}
	must(t, h.In(h.one).Model(&tenant.Tenant{}).Where("id = ?", db.TenantOf(h.one)).Update("human_seats", 0).Error)
	if _, _, err := h.Assign(h.as("one/admin"), ids, li, Masked); !errs.Is(err, errs.Invalid) {
		t.Fatalf("masked without human seats: %v", err)
	}
}

func TestDoNotCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		f := h.ended(h.one, wang, 11, call.Answered, "D")
		f.Transcript = []call.Turn{{Who: "callee", Text: "别再打了", Hits: []call.Hit{{Kind: "dnc", Keyword: "别再打"}}}}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := h.MarkDoNotCall(h.one, &f.Call); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		must(t, h.calls.Finish(h.one, f))
		h.finish(h.one, wang, 11, call.Answered, "A") // a later result does not take it off
		w, z := h.vault.Digest(h.one, wang), h.vault.Digest(h.one, zhang)
		many := make([]string, 0, 1200)
		for i := range 1200 {
			many = append(many, fmt.Sprintf("%032x", i))
		}
		got, err := h.Blocked(h.one, append(many, w, z))
		if err != nil || len(got) != 1 || !got[w] {
			t.Fatalf("%v %v", got, err)
		}
		if got, err := h.Blocked(h.two, []string{w, h.vault.Digest(h.two, wang)}); err != nil || len(got) != 0 {
			t.Fatalf("two is blocked by one: %v %v", got, err)
		}
		p, err := h.DoNotCalls(h.one, "1234", 0, 10, 10)
		must(t, err)
		if len(p.Rows) != 1 || p.Rows[0].Source != FromCall {
			t.Fatalf("%+v", p.Rows)
		}
		if err := h.Unblock(h.as("two/admin"), p.Rows[0].ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("two takes it off: %v", err)
		}
		must(t, h.Unblock(h.as("one/admin"), p.Rows[0].ID))
		if got, err := h.Blocked(h.one, []string{w}); err != nil || len(got) != 0 {
			t.Fatalf("%v %v", got, err)
		}
	})
}

// ask sends a request as a logged-in person.
func (h *house) ask(who, method, path, body string) (int, string) {
	h.t.Helper()
	code, account, _ := strings.Cut(who, "/")
	ses, err := h.people.Login(context.Background(), code, account, "a good password", "127.0.0.1", "test")
	must(h.t, err)
	req, _ := http.NewRequest(method, h.url+httpapi.Base+path, strings.NewReader(body))
	req.AddCookie(&http.Cookie{Name: tenant.SessionCookie, Value: ses.Token})
	req.Header.Set("X-CSRF-Token", ses.CSRF)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(h.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(h.t, err)
	return res.StatusCode, string(b)
}

func TestAPI(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.finish(h.one, wang, 11, call.Answered, "A")
	h.finish(h.one, zhang, 11, call.NoAnswer, "F")
	w, z := h.customer(h.one, wang).ID.String(), h.customer(h.one, zhang).ID.String()
	li, zhao := h.users["one/li"].ID.String(), h.users["one/zhao"].ID.String()
	_, body := h.ask("one/admin", "POST", "/dnc", `{"number":"139 0000 5678","note":"投诉过"}`)
	var entry struct{ ID string }
	_ = json.Unmarshal([]byte(body), &entry)
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		has, hasNot             string
	}{
		{"one/admin", "GET", "/customers", "", 200, "138 **** 1234", "00001234"},
		{"one/admin", "GET", "/customers?grade=F", "", 200, "5678", "1234"},
		{"one/admin", "GET", "/customers?q=1234", "", 200, w, z},
		{"one/admin", "GET", "/customers?q=" + wang[3:], "", 200, w, z},
		{"one/admin", "PATCH", "/customers/" + w, `{"name":"Alice Wang"}`, 200, "Alice", ""},
		{"one/admin", "GET", "/customers?q=alice", "", 200, w, z},
		{"one/admin", "GET", "/dnc?q=nothing", "", 200, `"items":[]`, "5678"},
		{"one/admin", "GET", "/customers?q=0000", "", 200, `"items":[]`, w},
		{"one/li", "GET", "/customers", "", 200, `"items":[]`, w},
		{"one/li", "GET", "/customers/" + w, "", 404, "crm.customer_not_found", "王"},
		{"one/li", "POST", "/customers/assign", `{"ids":["` + w + `"],"user_id":"` + li + `","view":"full"}`, 403, "auth.no_right", ""},
		{"one/admin", "POST", "/customers/assign", `{"ids":["` + w + `"],"user_id":"` + li + `","view":"masked"}`, 200, `"assigned":1`, ""},
		{"one/admin", "POST", "/customers/assign", `{"ids":["` + w + `"],"user_id":"` + zhao + `","view":"full"}`, 200, "该客户已分配给 li", ""},
		{"one/admin", "POST", "/customers/assign", `{"ids":["` + z + `"],"user_id":"` + zhao + `","view":"full"}`, 200, `"assigned":1`, ""},
		{"one/li", "GET", "/customers?mine=true", "", 200, "138 **** 1234", z},
		{"one/li", "GET", "/customers?q=" + wang[3:], "", 200, `"items":[]`, w}, // a whole number is no oracle for those who may not see it
		{"one/li", "GET", "/customers/" + w, "", 200, "任务11", "00001234"},
		{"one/zhao", "GET", "/customers/" + z, "", 200, "139 0000 5678", ""},
		{"one/li", "POST", "/customers/" + w + "/reveal", "", 403, "auth.no_right", "00001234"},
		{"one/admin", "POST", "/customers/" + w + "/reveal", "", 200, "138 0000 1234", ""},
		{"one/li", "PATCH", "/customers/" + w, `{"name":"王明","age":40}`, 200, `"age":40`, "00001234"},
		{"one/zhao", "PATCH", "/customers/" + w, `{"name":"x"}`, 404, "crm.customer_not_found", ""},
		{"two/admin", "GET", "/customers/" + w, "", 404, "crm.customer_not_found", "王"},
		{"two/admin", "PATCH", "/customers/" + w, `{"name":"x"}`, 404, "crm.customer_not_found", ""},
		{"two/admin", "DELETE", "/customers/" + w, "", 404, "crm.customer_not_found", ""},
		{"two/admin", "POST", "/customers/" + w + "/reveal", "", 404, "crm.customer_not_found", "1234"},
		{"two/admin", "GET", "/customers", "", 200, `"items":[]`, w},
		{"one/admin", "GET", "/dnc", "", 200, "139 **** 5678", "00005678"},
		{"one/admin", "POST", "/dnc", `{"number":"13900005678"}`, 409, "crm.dnc_exists", ""},
		{"one/admin", "POST", "/dnc", `{"number":"12"}`, 422, "号码格式不正确", ""},
		{"one/li", "GET", "/dnc", "", 403, "auth.no_right", ""},
		{"two/admin", "DELETE", "/dnc/" + entry.ID, "", 404, "crm.dnc_not_found", ""},
		{"one/admin", "DELETE", "/dnc/" + entry.ID, "", 204, "", ""},
		{"one/admin", "DELETE", "/customers/" + z, "", 204, "", ""},
		{"one/admin", "GET", "/customers/" + z, "", 404, "", ""},
	} {
		status, body := h.ask(c.who, c.method, c.path, c.body)
		if status != c.status || !strings.Contains(body, c.has) || c.hasNot != "" && strings.Contains(body, c.hasNot) {
			t.Errorf("%s %s %s: %d %s", c.who, c.method, c.path, status, body)
		}
	}
	log, err := h.people.Log(h.one, "customer", h.customer(h.one, wang).ID, 50)
	must(t, err)
	seen := map[string]int{}
	for _, e := range log {
		seen[e.Action]++
	}
	if seen["customer.reveal"] != 1 || seen["customer.assign"] != 1 || seen["customer.change"] != 2 {
		t.Fatalf("the operation log says %v", seen)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingHappensThatTheLogDoesNotHold: an act whose line cannot be written is undone
// or refused.
func TestNothingHappensThatTheLogDoesNotHold(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.finish(h.one, wang, 11, call.Answered, "A")
	r := h.customer(h.one, wang)
	name := "王明"
	_, err := h.Change(h.as("one/admin"), r.ID, Edit{Name: &name, Fields: map[string]string{"城市": "上海"}})
	must(t, err)
	log, err := h.people.Log(h.one, "customer", r.ID, 1)
	must(t, err)
	if got := fmt.Sprint(tenant.ArgsOf(log[0])["fields"]); got != "[fields.城市 name]" {
		t.Errorf("what was changed is told as %s", got)
	}
	must(t, h.In(db.System(context.Background(), "test")).Exec("DROP TABLE audits").Error)
	if n, err := h.Reveal(h.as("one/admin"), r.ID); err == nil || n != "" {
		t.Errorf("the number %q is shown without a line in the log", n)
	}
	if _, err := h.BlockNumber(h.as("one/admin"), zhang, ""); err == nil {
		t.Error("a number is blocked without a line in the log")
	}
	if err := h.Delete(h.as("one/admin"), r.ID); err == nil {
		t.Error("a customer is deleted without a line in the log")
	}
	if b, err := h.Blocked(h.one, []string{h.vault.Digest(h.one, zhang)}); err != nil || len(b) != 0 || h.customer(h.one, wang).ID != r.ID {
		t.Errorf("half done: %v %v", b, err)
	}
}

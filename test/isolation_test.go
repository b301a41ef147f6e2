package test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/tenant"
)

// probe is a request with ids of another tenant: what goes into the path, the query and
// the body. Its answer must be 404 or 422 (409 where the own part is in the way), or one
// of also, and hold nothing of the other tenant.
type probe struct {
	id    string // what kind of thing the {id} in the path is
	query string // added to the path
	body  any
	also  []int
}

// probes says of every operation how it could reach over the fence. An operation that
// takes no id gets an empty list: it is called as it is, and must show nothing foreign.
// An operation that is not here fails the test: think about its ids and add it.
func probes(a treasure, b own) map[string][]probe {
	empty := []int{http.StatusOK}
	campaign := func(change map[string]any) probe {
		d := maps.Clone(b.draft)
		maps.Copy(d, change)
		return probe{body: d}
	}
	hours := map[string]any{"name": "x", "zone": "Asia/Shanghai", "weekdays": []int{1}, "ranges": []any{}, "exceptions": []any{}}
	byCampaign := []probe{{id: "campaign"}}
	filters := []probe{{query: "campaign=" + a["campaign"], also: empty}, {query: "seat=" + a["seat"], also: empty},
		{query: "customer=" + a["customer"], also: empty}, {query: "q=" + a["last4"], also: empty}}
	return map[string][]probe{
		"login": nil, "logout": nil, "get-me": nil, "change-me": nil, "change-password": nil, "list-tasks": nil, "get-system": nil,
		"get-operator-health": nil, "list-tenants": nil, "list-sandbox-sms": nil, "list-sandbox-wechat": nil, "get-checklist": nil,
		"get-sample": nil, "get-script-template": nil, "list-scripts": nil, "list-sms-templates": nil, "get-sms-credit": nil,
		"list-time-templates": nil, "create-time-template": nil, "list-users": nil, "upload-leads": nil,
		"get-summary":    {{query: "campaign=" + a["campaign"], also: empty}},
		"list-campaigns": {{query: "script=" + a["script"], also: empty}, {query: "q=" + campaignName, also: empty}},
		"list-seats":     {{query: "q=" + a["campaign"], also: empty}},
		"list-customers": {{query: "owner=" + a["user"], also: empty}, {query: "q=" + a["last4"], also: empty}},
		"list-dnc":       {{query: "q=" + a["last4"], also: empty}},
		"list-calls":     filters, "export-calls": filters,
		"get-call": {{id: "call"}}, "get-peaks": {{id: "call"}}, "get-recording": {{id: "call"}, {id: "call", query: "download=true"}},
		"assign-calls": {{body: map[string]any{"call_ids": []string{a["call"]}, "user_id": b.rep, "view": "full"}, also: empty},
			{body: map[string]any{"call_ids": []string{a["call"]}, "user_id": a["user"], "view": "full"}}},
		"create-campaign": {campaign(map[string]any{"script_id": a["script"]}), campaign(map[string]any{"import_id": a["import"]}),
			campaign(map[string]any{"template_id": a["template"]}), campaign(map[string]any{"seat_ids": []string{a["seat"]}, "start": "now"}),
			campaign(map[string]any{"keyword_sms": map[string]any{"template_id": a["sms"]}}),
			campaign(map[string]any{"screening_sms": []any{map[string]any{"template_id": a["sms"], "grades": []string{"A"}}}}),
			campaign(map[string]any{"push": map[string]any{"grades": []string{"A"}, "mode": "each", "rep_ids": []string{a["user"]}}})},
		"get-campaign": byCampaign, "delete-campaign": byCampaign, "list-leads": byCampaign, "get-campaign-log": byCampaign,
		"start-campaign": byCampaign, "pause-campaign": byCampaign, "resume-campaign": byCampaign, "terminate-campaign": byCampaign,
		"change-campaign": {{id: "campaign", body: map[string]any{"name": "x"}}, {id: "own campaign", body: map[string]any{"script_id": a["script"]}}},
		"copy-campaign":   {{id: "campaign", body: map[string]any{"name": "x"}}},
		"assign-customers": {{body: map[string]any{"ids": []string{a["customer"]}, "user_id": b.rep, "view": "full"}, also: empty},
			{body: map[string]any{"ids": []string{a["customer"]}, "user_id": a["user"], "view": "full"}}},
		"get-customer": {{id: "customer"}}, "delete-customer": {{id: "customer"}}, "reveal-customer": {{id: "customer"}},
		"change-customer": {{id: "customer", body: map[string]any{"name": "x"}}},
		"add-dnc":         nil, "remove-dnc": {{id: "dnc"}},
		"get-import": {{id: "import"}}, "cancel-import": {{id: "import"}}, "get-rejects": {{id: "import"}},
		"map-import":     {{id: "import", body: map[string]any{"phone": "B"}}},
		"resend-promise": {{id: "promise"}},
		"upload-script":  nil, // its id is a form field: TestScriptsOfOthersAreNotOverwritten
		"get-script":     {{id: "script"}, {id: "script", query: "version=1"}}, "download-script": {{id: "script"}, {id: "script", query: "format=json"}},
		"publish-script": {{id: "script"}}, "delete-script": {{id: "script"}},
		"get-seat": {{id: "seat"}}, "change-seat": {{id: "seat", body: map[string]any{"name": "x"}}},
		"cancel-task": {{id: "task"}}, "see-task": {{id: "task"}},
		"delete-time-template": {{id: "template"}}, "change-time-template": {{id: "template", body: hours}},
	}
}

const campaignName = "首轮回访七三"

// TestTenantsDoNotMeet calls every operation of the API's own document with the ids of
// another tenant's things.
func TestTenantsDoNotMeet(t *testing.T) {
	h := calledHouse(t)
	a := h.treasure()
	b := h.own()
	rules := probes(a, b)
	before := h.admin.everything(t)
	foreign := foreignTo(h.other.everything(t), before)
	known := map[string]bool{}
	for _, op := range operations(t, h.admin) {
		known[op.id] = true
		ps, has := rules[op.id]
		if !has {
			t.Errorf("operation %s (%s %s) has no rule here: which ids does it take?", op.id, op.method, op.path)
			continue
		}
		if strings.Contains(op.path, "{id}") && len(ps) == 0 {
			t.Errorf("operation %s takes an id, its rule does not", op.id)
		}
		for _, p := range ps {
			h.try(t, op, p, a, b, foreign)
		}
		if op.method == "GET" && !strings.Contains(op.path, "{id}") && h.other.may(op) {
			mustHold(t, op.id, h.other.do("GET", op.path, nil), foreign)
		}
	}
	for id := range rules {
		if !known[id] {
			t.Errorf("there is no operation %s any more", id)
		}
	}
	if after := h.admin.everything(t); !maps.Equal(before, after) {
		for path := range before {
			if before[path] != after[path] {
				t.Errorf("the other tenant changed %s:\nbefore %s\nafter  %s", path, clip(before[path], 1500), clip(after[path], 1500))
			}
		}
	}
}

// try sends one probe as the other tenant's admin.
func (h *demoHouse) try(t *testing.T, op operation, p probe, a treasure, b own, foreign map[string]bool) {
	t.Helper()
	id := a[p.id]
	if p.id == "own campaign" {
		id = b.campaign
	}
	path := strings.Replace(op.path, "{id}", id, 1)
	if p.query != "" {
		path += "?" + p.query
	}
	got := h.other.do(op.method, path, p.body)
	sent, _ := json.Marshal(p.body)
	what := fmt.Sprintf("%s %s %s", op.method, path, sent)
	if !slices.Contains(append(p.also, http.StatusNotFound, http.StatusUnprocessableEntity), got.status) {
		t.Errorf("%s by another tenant: %s", what, got)
	}
	for secret := range foreign {
		if !strings.Contains(what, secret) && bytes.Contains(got.body, []byte(secret)) {
			t.Errorf("%s by another tenant shows %q: %s", what, secret, got)
		}
	}
}

// TestScriptsOfOthersAreNotOverwritten: the id of an upload is a form field.
func TestScriptsOfOthersAreNotOverwritten(t *testing.T) {
	h := calledHouse(t)
	file := h.other.do("GET", "/scripts/template?format=json", nil)
	got := h.other.upload("/scripts/upload", "script.json", file.body, map[string]string{"id": h.treasure()["script"]})
	if got.status != http.StatusNotFound {
		t.Errorf("an upload over another tenant's script: %s", got)
	}
}

// TestEveryOperationAsksWhoYouAre: nobody without a login, nobody without the right.
func TestEveryOperationAsksWhoYouAre(t *testing.T) {
	h := sharedHouse(t)
	people := map[tenant.Role]*person{tenant.Admin: h.admin, tenant.Sales: h.sales, tenant.Operator: h.operator}
	stranger := visitor(t, h.server.base)
	for _, op := range operations(t, h.admin) {
		path := strings.Replace(op.path, "{id}", "1", 1)
		if op.id == "login" {
			continue
		}
		if got := stranger.do(op.method, path, nil); got.status != http.StatusUnauthorized || got.problem(t).Key != "auth.required" {
			t.Errorf("%s without a login: %s", op.id, got)
		}
		if op.right == "" {
			continue
		}
		holders := 0
		for role, p := range people {
			if slices.Contains(tenant.RightsOf(role), op.right) {
				holders++
			} else if got := p.do(op.method, path, nil); got.status != http.StatusForbidden || got.problem(t).Key != "auth.no_right" {
				t.Errorf("%s by role %s, which lacks %s: %s", op.id, role, op.right, got)
			}
		}
		if holders == 0 {
			t.Errorf("%s asks for %q, which no role holds", op.id, op.right)
		}
	}
	if got := stranger.do("GET", "/events", nil); got.status != http.StatusUnauthorized {
		t.Errorf("the event stream without a login: %s", got)
	}
}

// TestRepsSeeTheirOwnOnly: a sales rep sees what was given to them, numbers masked.
func TestRepsSeeTheirOwnOnly(t *testing.T) {
	h := calledHouse(t)
	mine := h.pushed() // a push links to its call
	for _, c := range page[struct{ ID, Number string }](h.sales, "/calls?") {
		mine[c.ID] = true
		if regexp.MustCompile(`\d{8}`).MatchString(c.Number) {
			t.Errorf("the rep reads a number that was not given in full: %s", c.Number)
		}
	}
	others := 0
	for _, c := range page[struct{ ID, Grade string }](h.admin, "/calls?") {
		if mine[c.ID] {
			continue
		}
		others++
		for _, path := range []string{"/calls/" + c.ID, "/calls/" + c.ID + "/recording", "/calls/" + c.ID + "/peaks"} {
			if got := h.sales.do("GET", path, nil); got.status != http.StatusNotFound {
				t.Errorf("%s of a %s call that is not the rep's: %s", path, c.Grade, got)
			}
		}
	}
	if others == 0 {
		t.Error("every call is the rep's: this proves nothing")
	}
}

// pushed are the calls that a rep was told of.
func (h *demoHouse) pushed() map[string]bool {
	out := map[string]bool{}
	for _, c := range page[named](h.admin, "/calls?") {
		var d struct{ Promises []struct{ Kind string } }
		h.admin.must("GET", "/calls/"+c.ID, nil, &d)
		for _, p := range d.Promises {
			if p.Kind == "wechat" {
				out[c.ID] = true
			}
		}
	}
	return out
}

// TestEventsStayInTheirTenant: while the demo tenant's campaign ran, its admin and the
// other tenant's admin both listened.
func TestEventsStayInTheirTenant(t *testing.T) {
	h := calledHouse(t)
	own, other := shared.heard.String(), shared.otherHeard.String()
	for _, topic := range []string{"event: campaign", "event: call", "event: turn", "event: task", "event: sandbox"} {
		if !strings.Contains(own, topic) {
			t.Errorf("the tenant's own admin heard no %q in:\n%s", topic, clip(own, 2000))
		}
		if strings.Contains(other, topic) {
			t.Errorf("the other tenant's admin heard %q:\n%s", topic, clip(other, 2000))
		}
	}
	if !strings.Contains(other, "event: hello") {
		t.Errorf("the other tenant's stream was not open: %q", other)
	}
	for secret := range foreignTo(h.other.everything(t), h.admin.everything(t)) {
		if strings.Contains(other, secret) {
			t.Errorf("the other tenant's stream holds %q", secret)
		}
	}
}

// operation of the API's document.
type operation struct{ id, method, path, right string }

func operations(t *testing.T, p *person) (all []operation) {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Right       string `json:"x-right"`
		}
	}
	p.must("GET", "/openapi.json", nil, &doc)
	for path, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, operation{op.OperationID, strings.ToUpper(method), path, op.Right})
		}
	}
	slices.SortFunc(all, func(x, y operation) int { return strings.Compare(x.id, y.id) })
	if len(all) < 50 {
		t.Fatalf("the document has only %d operations", len(all))
	}
	return all
}

// may says whether an admin holds what the operation asks for.
func (p *person) may(op operation) bool {
	return op.right == "" || slices.Contains(tenant.RightsOf(tenant.Admin), op.right)
}

func mustHold(t *testing.T, what string, got answer, foreign map[string]bool) {
	t.Helper()
	if got.status != http.StatusOK {
		t.Errorf("%s: %s", what, got)
	}
	for secret := range foreign {
		if bytes.Contains(got.body, []byte(secret)) {
			t.Errorf("%s shows another tenant's %q: %s", what, secret, got)
		}
	}
}

// treasure is an id of each kind of the demo tenant's things, and the last four digits of
// a lead's number.
type treasure map[string]string

func (h *demoHouse) treasure() treasure {
	h.admin.t.Helper()
	a := treasure{"campaign": h.campaign, "import": h.list}
	for kind, path := range map[string]string{"customer": "/customers?", "seat": "/seats?", "template": "/time-templates?", "script": "/scripts?", "dnc": "/dnc?"} {
		all := page[named](h.admin, path)
		if len(all) == 0 {
			h.admin.t.Fatalf("the demo tenant has nothing in %s", path)
		}
		a[kind] = all[0].ID
	}
	for _, c := range page[struct{ ID, Grade, Number string }](h.admin, "/calls?") {
		if c.Grade == "A" {
			a["call"], a["last4"] = c.ID, c.Number[len(c.Number)-4:]
		}
	}
	var call struct{ Promises []named }
	h.admin.must("GET", "/calls/"+a["call"], nil, &call)
	var tasks, sms []named
	h.admin.must("GET", "/tasks", nil, &tasks)
	h.admin.must("GET", "/sms/templates", nil, &sms)
	a["promise"], a["task"], a["sms"] = call.Promises[0].ID, tasks[0].ID, sms[0].ID
	a["user"] = page[named](h.admin, "/users?role=sales&")[0].ID
	return a
}

// everything reads the tenant's lists and the campaign's, the call's and the customer's
// pages: path → body. What changes by itself (the clock, who logged in) is not in it.
func (p *person) everything(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	read := func(path string) string {
		got := p.do("GET", path, nil)
		if got.status != http.StatusOK {
			t.Fatalf("%s: %s", path, got)
		}
		all[path] = string(got.body)
		return all[path]
	}
	for _, list := range []string{"/campaigns", "/calls", "/customers", "/seats", "/time-templates", "/scripts", "/dnc", "/users"} {
		items := read(list)
		if list == "/users" || list == "/dnc" || list == "/time-templates" {
			continue
		}
		var l struct{ Items []struct{ ID string } }
		if err := json.Unmarshal([]byte(items), &l); err != nil {
			t.Fatal(err)
		}
		for _, one := range l.Items {
			read(list + "/" + one.ID)
			if list == "/campaigns" {
				read("/campaigns/" + one.ID + "/leads")
			}
		}
	}
	read("/sms/templates")
	read("/tasks")
	return all
}

var secretLike = regexp.MustCompile(`"(\d{15,20})"|"name":"([^"]{2,})"|"number":"([^"]{6,})"`)

// foreignTo gathers ids, names and numbers that are in theirs and not in mine.
func foreignTo(mine, theirs map[string]string) map[string]bool {
	found := func(bodies map[string]string) map[string]bool {
		all := map[string]bool{}
		for _, b := range bodies {
			for _, m := range secretLike.FindAllStringSubmatch(b, -1) {
				all[m[1]+m[2]+m[3]] = true
			}
		}
		return all
	}
	out := found(theirs)
	for s := range found(mine) {
		delete(out, s)
	}
	return out
}

// own is what the other tenant has itself, so that a probe fails for the foreign id and
// for nothing else.
type own struct {
	rep, campaign string
	draft         map[string]any
}

// own builds the other tenant's script, list and campaign at first use; the campaign is
// not started.
func (h *demoHouse) own() own {
	p := h.other
	b := own{rep: page[named](p, "/users?role=sales&")[0].ID}
	if page[named](p, "/scripts?state=published&") == nil {
		publishTemplate(p)
		p.must("POST", "/time-templates", map[string]any{"name": "day", "zone": "Asia/Shanghai", "weekdays": []int{1, 2, 3, 4, 5, 6, 7},
			"ranges": []any{map[string]string{"from": "00:00", "to": "24:00"}}, "exceptions": []any{}}, nil)
		list := p.importLeads(sheet(p.t, []any{"Name", "Phone"}, []any{"Mr Smith", "13911112222"}))
		d := p.draft("Acme first", list)
		d["start"], d["seat_ids"] = "manual", d["seat_ids"].([]string)[:1]
		p.launch(d)
	}
	b.campaign = page[named](p, "/campaigns?")[0].ID
	b.draft = p.draft("Acme second", p.importLeads(sheet(p.t, []any{"Name", "Phone"}, []any{"Mrs Jones", "13911113333"})))
	b.draft["start"], b.draft["seat_ids"] = "manual", b.draft["seat_ids"].([]string)[:1]
	return b
}

func publishTemplate(p *person) {
	p.t.Helper()
	file := p.do("GET", "/scripts/template?format=json", nil)
	var s named
	a := p.upload("/scripts/upload", "script.json", bytes.Replace(file.body, []byte(`"name"`), []byte(`"name"`), 1), map[string]string{"id": ""})
	if a.status != http.StatusCreated {
		p.t.Fatalf("upload: %s", a)
	}
	a.into(p.t, &s)
	p.must("POST", "/scripts/"+s.ID+"/publish", nil, nil)
	waitFor(p.t, 30*time.Second, "the script published", func() bool { return len(page[named](p, "/scripts?state=published&")) == 1 })
}

// listen keeps everything that a person's event stream says until stop.
func (p *person) listen() (heard *lines, stop func()) {
	p.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", p.base+"/api/v1/events", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := p.http.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("event stream: %v %v", err, res)
	}
	heard = &lines{}
	go func() {
		defer res.Body.Close()
		_, _ = io.Copy(heard, bufio.NewReader(res.Body))
	}()
	return heard, stop
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yingda/call"
	"yingda/campaign"
	"yingda/crm"
	"yingda/platform/db"
	"yingda/platform/httpapi"
	"yingda/scriptflow/demo"
	"yingda/tenant"
)

// stranger holds every right and owns nothing.
type stranger struct{}

func (stranger) Has(string) bool { return true }
func (stranger) CSRF() string    { return "token" }

// TestRightsDoNotWidenTheReach walks every operation of a house full of another person's
// things, as somebody who holds every right but whose reach is what they own. Each operation
// must say whose data it touches, and keep to it.
func TestRightsDoNotWidenTheReach(t *testing.T) {
	h := open(t)
	things, bodies := h.things(t)
	own := things["tenant"]
	h.API.SetGuard(func(ctx context.Context, _ *http.Request) (context.Context, httpapi.Person, error) {
		return tenant.WithPerson(ctx, tenant.Person{User: db.NewID(), Tenant: own, Name: "外人", Role: tenant.Sales}), stranger{}, nil
	})
	for _, op := range h.API.Ops() {
		if op.Public || op.Scope == httpapi.Mine || op.Scope == httpapi.Shared {
			continue
		}
		path := op.Path
		kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		if strings.Contains(path, "{id}") {
			if things[kind] == 0 && op.Scope == httpapi.Reach {
				t.Errorf("%s: there is no %s to try it on", op.ID, kind)
			}
			path = strings.Replace(path, "{id}", things[kind].String(), 1)
		}
		r := httptest.NewRequest(op.Method, httpapi.Base+path, strings.NewReader(bodies[op.ID]))
		r.Header.Set("X-CSRF-Token", "token")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.API.Engine.ServeHTTP(w, r)
		want := map[bool]int{true: http.StatusNotFound, false: http.StatusOK}[strings.Contains(op.Path, "{id}")]
		switch {
		case op.Scope == httpapi.All:
			want = http.StatusForbidden
		case strings.HasPrefix(op.ID, "create-"):
			want = http.StatusUnprocessableEntity // nothing in it
		case strings.HasPrefix(op.ID, "upload-"):
			want = http.StatusUnsupportedMediaType // no file
		}
		if w.Code != want {
			t.Errorf("%s %s (%s): %d %s, want %d", op.Method, op.Path, op.Scope, w.Code, w.Body, want)
		}
		for _, secret := range []string{"秘密", "8001", "8002"} {
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s %s tells %s: %s", op.Method, op.Path, secret, w.Body)
			}
		}
	}
	var done []tenant.Entry // but an export of nothing
	must(t, h.DB.In(db.WithTenant(t.Context(), own)).Where("user_name = ? AND action <> ?", "外人", "call.export").Find(&done).Error)
	if len(done) > 0 {
		t.Errorf("it was refused, and done all the same: %+v", done)
	}
}

// things are one of each kind in a tenant, by the first word of its operations' paths, all
// another person's; bodies is what operations that need one are sent.
func (h *House) things(t *testing.T) (things map[string]db.ID, bodies map[string]string) {
	t.Helper()
	own := h.acme(t)
	u := &tenant.User{Account: "owner", Name: "主人", Role: tenant.Admin, Enabled: true}
	must(t, h.People.CreateUser(own, u))
	owner := tenant.WithPerson(own, tenant.Person{User: u.ID, Tenant: db.TenantOf(own), Name: u.Name, Role: tenant.Admin})
	s := demo.Script()
	s.Name = "秘密话术"
	script, err := h.Library.Save(owner, 0, s)
	must(t, err)
	hours := campaign.Hours{Zone: "Asia/Shanghai", Weekdays: []int{1}, Ranges: []campaign.Range{{From: "09:00", To: "12:00"}}, Exceptions: []campaign.Exception{}}
	template, err := h.Campaign.CreateTemplate(owner, "秘密时间", hours)
	must(t, err)
	seats, err := h.Campaign.Seats(own, "")
	must(t, err)
	x := excelize.NewFile()
	must(t, x.SetSheetRow("Sheet1", "A1", &[]any{"姓名", "电话"}))
	must(t, x.SetSheetRow("Sheet1", "A2", &[]any{"秘密", "13800001234"}))
	file := filepath.Join(t.TempDir(), "leads.xlsx")
	must(t, x.SaveAs(file))
	list, err := h.Campaign.Upload(owner, "秘密.xlsx", file)
	must(t, err)
	now := time.Now().UTC()
	c := campaign.Campaign{ID: db.NewID(), OwnerID: u.ID, Name: "秘密任务", ListID: list.ID, ScriptID: script.ID, TemplateID: template.ID, State: campaign.NotStarted,
		Rules: []byte("{}"), CreatedAt: now, UpdatedAt: now}
	must(t, h.DB.In(own).Create(&c).Error)
	r := crm.Record{ID: db.NewID(), OwnerID: u.ID, Name: "秘密客户", PhoneDigest: "d", PhoneLast4: "1234", Fields: map[string]string{}, CreatedAt: now, UpdatedAt: now}
	must(t, h.DB.In(own).Create(&r).Error)
	k := call.Call{ID: db.NewID(), Node: h.Lease.Name, Epoch: h.Lease.Epoch, CampaignID: c.ID, CustomerID: r.ID, Name: "秘密通话", PhoneDigest: "d", PhoneLast4: "1234", StartedAt: now}
	must(t, h.Calls.Open(own, &k))
	wish, err := json.Marshal(map[string]any{"name": "新", "zone": hours.Zone, "weekdays": hours.Weekdays, "ranges": hours.Ranges, "exceptions": hours.Exceptions})
	must(t, err)
	rep := &tenant.User{Account: "rep", Name: "小林", Role: tenant.Sales, Enabled: true}
	must(t, h.People.CreateUser(own, rep))
	assign := func(ids string, id db.ID) string {
		return fmt.Sprintf(`{%q:["%d"],"user_id":"%d","view":"masked"}`, ids, id, rep.ID)
	}
	must(t, h.DB.In(own).Model(&tenant.Tenant{}).Where("id = ?", db.TenantOf(own)).Update("human_seats", 1).Error)
	return map[string]db.ID{"tenant": db.TenantOf(own), "scripts": script.ID, "time-templates": template.ID, "seats": seats[0].ID, "imports": list.ID, "campaigns": c.ID,
			"customers": r.ID, "calls": k.ID, "dnc": 1, "promises": 1},
		map[string]string{"change-campaign": `{"name":"新"}`, "copy-campaign": `{"name":"新"}`, "change-customer": `{"name":"新"}`, "change-seat": `{"name":"新"}`,
			"map-import": `{"phone":"B"}`, "change-time-template": string(wish), "assign-calls": assign("call_ids", k.ID), "assign-customers": assign("ids", r.ID),
			"create-campaign": `{}`, "create-time-template": `{}`}
}

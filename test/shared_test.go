package test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"yingda/platform/db"
	"yingda/tenant"
)

// demoHouse is one server that several tests look at, so that its calls are made once:
// two tenants, the callees in a process of their own, and a campaign of the demo tenant
// that is over, seen by a packet capture where there is one.
type demoHouse struct {
	dir    string
	server *server
	phones *phones
	wire   *capture

	admin, sales, operator *person // of the demo tenant, and of the installation
	other                  *person // the admin of another tenant
	campaign, list         string  // the campaign that is over; its import, some of whose rows were rejected
	heard, otherHeard      *lines  // what the two admins' event streams said meanwhile
}

var (
	shared     demoHouse
	sharedOnce sync.Once
	sharedUp   bool
	calledOnce sync.Once
	calledUp   bool
)

// sharedHouse starts the house at its first use.
func sharedHouse(t *testing.T) *demoHouse {
	t.Helper()
	sharedOnce.Do(func() { shared.open(t); sharedUp = true })
	if !sharedUp {
		t.Fatal("the house that this test looks at did not come up")
	}
	return shared.seenBy(t)
}

// calledHouse is the shared house after its campaign, which runs at the first use.
func calledHouse(t *testing.T) *demoHouse {
	t.Helper()
	if testing.Short() {
		t.Skip("calls in real time: about half a minute")
	}
	sharedHouse(t)
	calledOnce.Do(func() { shared.seenBy(t).run(t); calledUp = true })
	if !calledUp {
		t.Fatal("the campaign that this test looks at did not end")
	}
	return shared.seenBy(t)
}

// seenBy is the house for one test: everybody speaks through a person of its own.
func (h *demoHouse) seenBy(t *testing.T) *demoHouse {
	c := *h
	c.admin, c.sales, c.operator, c.other = h.admin.in(t), h.sales.in(t), h.operator.in(t), h.other.in(t)
	return &c
}

var oneTime = regexp.MustCompile(`one-time password (\S+)`)

func (h *demoHouse) open(t *testing.T) {
	t.Helper()
	bin := program(t)
	var err error
	if h.dir, err = os.MkdirTemp("", "yingda-test-house-"); err != nil {
		t.Fatal(err)
	}
	data := h.dir + "/data"
	said := runProgram(t, bin, "tenant", "--data", data, "--code", "acme", "--name", "Acme Homes", "--seats", "3")
	password := oneTime.FindStringSubmatch(said)
	if password == nil {
		t.Fatalf("`yingda tenant` printed no password: %s", said)
	}
	addRep(t, data, "acme")
	h.phones = newPhones(t, bin, h.dir)
	h.server = newServer(t, bin, data, "--line-address", h.phones.addr, "--speech-recognizer", "none")
	h.server.start()
	h.admin = login(t, h.server.base, "demo", "admin", "demo-admin-2026")
	h.sales = login(t, h.server.base, "demo", "sales", "demo-sales-2026")
	h.operator = login(t, h.server.base, "operator", "operator", "demo-operator-2026")
	h.other = login(t, h.server.base, "acme", "admin", password[1])
	if got := h.other.do("GET", "/campaigns", nil); got.problem(t).Key != "auth.must_change" {
		t.Errorf("a one-time password opens more than the change of password: %s", got)
	}
	h.other.must("POST", "/me/password", map[string]string{"old": password[1], "new": "acme-admin-2026"}, nil)
}

// addRep adds a sales rep to a tenant, which no operation can do yet.
func addRep(t *testing.T, data, code string) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(data, "yingda.db"), slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	sys, people := db.System(ctx, "test"), tenant.NewStore(d)
	own, err := people.ByCode(sys, code)
	if err == nil {
		err = people.CreateUser(sys, &tenant.User{TenantID: own.ID, Account: "rep", Name: "Rep of " + code, Role: tenant.Sales,
			Password: tenant.HashPassword("not-used-by-anybody"), Enabled: true})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// cast are personas whose calls together leave a trace everywhere: a text, a push, a
// do-not-call mark, customers, a line that is busy.
var cast = []string{"interested_buyer", "barge_in", "sms_wisher", "do_not_call", "busy"}

// run makes the demo tenant's calls. Besides the leads the sheet holds rows that are
// rejected, so that there is a rejects file.
func (h *demoHouse) run(t *testing.T) {
	bin := program(t)
	rows := [][]any{{"姓名", "电话", "项目"}}
	chosen := map[string]bool{}
	for _, l := range leadsOf(t, bin, 60) {
		if slices.Contains(cast, l.persona) && !chosen[l.persona] {
			chosen[l.persona] = true
			rows = append(rows, l.row())
		}
	}
	rows = append(rows, rows[1], []any{"不是号码", "abc", ""})
	heard, stop := h.admin.listen()
	otherHeard, stopOther := h.other.listen()
	defer stop()
	defer stopOther()
	h.heard, h.otherHeard = heard, otherHeard
	h.list = h.admin.importLeads(sheet(t, rows...))
	h.wire = startCapture(t, h.dir)
	h.campaign = h.admin.launch(h.admin.draft(campaignName, h.list))
	h.admin.finish(h.campaign, 90*time.Second)
	time.Sleep(2 * time.Second) // the last messages and events are on their way
	h.wire.stop()
	shared.heard, shared.otherHeard, shared.list, shared.wire, shared.campaign = h.heard, h.otherHeard, h.list, h.wire, h.campaign
}

// close ends what open started.
func (h *demoHouse) close() {
	if h.server != nil && h.server.cmd != nil {
		if err := h.server.stop(); err != nil {
			os.Stderr.WriteString(err.Error())
		}
	}
	if h.phones != nil {
		h.phones.stop()
	}
	if h.dir != "" {
		_ = os.RemoveAll(h.dir)
	}
}

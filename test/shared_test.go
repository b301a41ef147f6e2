package test

import (
	"os"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"
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
}

var (
	shared     demoHouse
	sharedOnce sync.Once
	sharedUp   bool
)

// sharedHouse starts it at its first use.
func sharedHouse(t *testing.T) *demoHouse {
	t.Helper()
	sharedOnce.Do(func() { shared.open(t); sharedUp = true })
	if !sharedUp {
		t.Fatal("the house that this test looks at did not come up")
	}
	h := shared // each test speaks through persons of its own
	return &demoHouse{dir: h.dir, server: h.server, phones: h.phones, wire: h.wire, campaign: h.campaign, list: h.list,
		admin: h.admin.in(t), sales: h.sales.in(t), operator: h.operator.in(t), other: h.other.in(t)}
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
	h.phones = newPhones(t, bin, h.dir)
	h.server = newServer(t, bin, data, "--line-address", h.phones.addr, "--speech-recognizer", "none")
	h.server.start()
	h.admin = login(t, h.server.base, "demo", "admin", "demo-admin-2026")
	h.sales = login(t, h.server.base, "demo", "sales", "demo-sales-2026")
	h.operator = login(t, h.server.base, "operator", "operator", "demo-operator-2026")
	h.other = login(t, h.server.base, "acme", "admin", password[1])
	h.run(t, bin)
}

// cast are personas whose calls together leave a trace everywhere: a text, a push, a
// do-not-call mark, customers, a line that is busy.
var cast = []string{"interested_buyer", "barge_in", "sms_wisher", "do_not_call", "busy"}

// run makes the demo tenant's calls. Besides the leads the sheet holds rows that are
// rejected, so that there is a rejects file.
func (h *demoHouse) run(t *testing.T, bin string) {
	rows := [][]any{{"姓名", "电话", "项目"}}
	chosen := map[string]bool{}
	for _, l := range leadsOf(t, bin, 60) {
		if slices.Contains(cast, l.persona) && !chosen[l.persona] {
			chosen[l.persona] = true
			rows = append(rows, l.row())
		}
	}
	rows = append(rows, rows[1], []any{"不是号码", "abc", ""})
	h.list = h.admin.importLeads(sheet(t, rows...))
	h.wire = startCapture(t, h.dir)
	h.campaign = h.admin.launch(h.admin.draft("项目甲首轮", h.list))
	h.admin.finish(h.campaign, 90*time.Second)
	h.wire.stop()
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

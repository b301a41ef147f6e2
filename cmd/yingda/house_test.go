package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/campaign"
	"yingda/platform/config"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/lease"
	"yingda/scriptflow/demo"
	"yingda/tenant"
)

// settings are those of a house in a folder of its own that neither hears nor speaks.
func settings(dir string, more ...string) []string {
	return append([]string{"--data", dir, "--redis-url=memory", "--http-listen=127.0.0.1:0", "--http-private=", "--sip-listen=127.0.0.1:0",
		"--speech-recognizer=none", "--speech-voice=none", "--log-level=error"}, more...)
}

func open(t *testing.T, more ...string) *House {
	t.Helper()
	c, err := config.Load(settings(t.TempDir(), more...), func(string) string { return "" }, os.ReadFile)
	must(t, err)
	h, err := Open(t.Context(), c, slog.New(slog.NewTextHandler(io.Discard, nil)))
	must(t, err)
	t.Cleanup(h.Close)
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestWhatANodeTakesOn: loops, recogniser and drain each have their say.
func TestWhatANodeTakesOn(t *testing.T) {
	for _, r := range []struct {
		what string
		m    moment
		want int
	}{
		{"media only", moment{carries: 1800}, 1800},
		{"no more than the recogniser hears", moment{carries: 1800, hears: 50}, 50},
		{"no more than the loops carry", moment{carries: 30, hears: 50}, 30},
		{"late packets: what there is", moment{carries: 1800, hears: 50, calls: 33, lag: 30 * time.Millisecond}, 33},
		{"no media", moment{}, 0},
		{"about to end", moment{carries: 1800, calls: 7, draining: true}, lease.Draining},
		{"about to end, without media", moment{draining: true}, lease.Draining},
	} {
		if got := r.m.most(); got != r.want {
			t.Errorf("%s: %d, want %d", r.what, got, r.want)
		}
	}
	for _, r := range []struct {
		c    config.Speech
		want int
	}{{config.Speech{}, 50}, {config.Speech{Workers: 3}, 75}, {config.Speech{Calls: 40}, 40}, {config.Speech{Workers: 1, Calls: 400}, 64}} {
		if got := speechCalls(r.c, 2); got != r.want {
			t.Errorf("%+v on two cores: %d calls, want %d", r.c, got, r.want)
		}
	}
	if got := earArgs(config.Speech{Workers: 3}); !slices.Equal(got, []string{"-workers", "3"}) {
		t.Errorf("yingda-asr is started with %v", got)
	}
}

func TestWhoLeads(t *testing.T) {
	node := func(name, roles string, most int) lease.Holder {
		return lease.Holder{Name: name, Roles: roles, Load: lease.Load{MaxCalls: most}}
	}
	for _, r := range []struct {
		what  string
		nodes []lease.Holder
		want  string
	}{
		{"nobody", nil, ""},
		{"the first that has a dispatcher", []lease.Holder{node("m", "media", 900), node("a", "api,worker", 0), node("b", "all", 900)}, "a"},
		{"not one that is about to end", []lease.Holder{node("a", "api,worker", lease.Draining), node("b", "all", 900)}, "b"},
		{"media alone do not dispatch", []lease.Holder{node("m", "media", 900)}, ""},
	} {
		if got := leading(r.nodes); got != r.want {
			t.Errorf("%s: %q leads, want %q", r.what, got, r.want)
		}
	}
}

// TestADrainingNodeSaysSo, also one without media: others lead at once.
func TestADrainingNodeSaysSo(t *testing.T) {
	for _, roles := range []string{"api,worker", "all"} {
		h := open(t, "--roles="+roles)
		leads := h.dispatcher().Leader
		if !leads(t.Context()) {
			t.Fatalf("%s: the only node does not lead", roles)
		}
		h.drain(0)
		began := time.Now()
		eventually(t, "it tells that it is draining", func() bool {
			all, err := lease.Live(t.Context(), h.DB)
			return err == nil && len(all) == 1 && all[0].Load.MaxCalls == lease.Draining
		})
		if late := time.Since(began); late > time.Second {
			t.Errorf("%s: it told so %v later", roles, late)
		}
		if leads(t.Context()) {
			t.Errorf("%s: it still leads", roles)
		}
	}
}

// TestDemoWithoutSandboxes opens the demo house by --demo alone.
func TestDemoWithoutSandboxes(t *testing.T) {
	h := open(t, "--demo")
	for range 2 { // the second start finds the house as the first left it
		must(t, h.demoHouse(t.Context(), demoOptions{}))
	}
}

// TestPublishPressedTwice: each press has its own work, and both end.
func TestPublishPressedTwice(t *testing.T) {
	h := open(t)
	own := h.acme(t)
	row, err := h.Library.Save(own, 0, demo.Script())
	must(t, err)
	for range 2 {
		_, err := h.Library.Publish(own, row.ID)
		must(t, err)
	}
	must(t, h.Start(t.Context()))
	eventually(t, "both works end", func() bool {
		ws, err := h.People.MyWork(own)
		must(t, err)
		return len(ws) == 2 && !slices.ContainsFunc(ws, func(w tenant.Work) bool { return w.State == tenant.Queued || w.State == tenant.Running })
	})
}

// acme is the ctx of a tenant of its own.
func (h *House) acme(t *testing.T) context.Context {
	t.Helper()
	sys := db.System(t.Context(), "test")
	_, err := h.add(sys, newcomers{code: "acme", name: "Acme", account: "admin", seats: 2, calls: 2})
	must(t, err)
	te, err := h.People.ByCode(sys, "acme")
	must(t, err)
	return db.WithTenant(t.Context(), te.ID)
}

// TestChecklistLinksLeadSomewhere: what the operator provides has no link.
func TestChecklistLinksLeadSomewhere(t *testing.T) {
	for _, c := range open(t).Campaign.Checks {
		if (c.Link == "") != (c.Key == "sms" || c.Key == "wechat") {
			t.Errorf("%s leads to %q", c.Key, c.Link)
		}
	}
}

// TestTheLineOfTheSettings keeps login and caller id, sealed, and leaves what somebody put in
// by hand where the settings say nothing.
func TestTheLineOfTheSettings(t *testing.T) {
	h := open(t, "--line-address=192.0.2.1:5060", "--line-username=trunk1", "--line-password=s3cret", "--line-caller-id=02088886666")
	must(t, h.saveLine(t.Context(), "default"))
	row, err := h.Campaign.TheTrunk(t.Context())
	must(t, err)
	if bytes.Contains(row.PasswordCipher, []byte("s3cret")) {
		t.Error("the password is kept in the clear")
	}
	h.Config.Line = config.Line{Address: "192.0.2.2:5060", Channels: 7, CPS: 2}
	must(t, h.saveLine(t.Context(), "default"))
	got, err := h.trunk(t.Context())
	must(t, err)
	if got.Address != "192.0.2.2:5060" || got.Channels != 7 || got.Username != "trunk1" || got.Password != "s3cret" || got.CallerID != "02088886666" {
		t.Errorf("%+v", got)
	}
	must(t, h.Campaign.OnlyTrunk(t.Context(), campaign.Trunk{Name: "other", Address: "192.0.2.3:5060", Enabled: true}))
	if got, err = h.trunk(t.Context()); err != nil || got.Username != "" || got.Password != "" {
		t.Errorf("a new line has the login of another: %+v %v", got, err)
	}
}

// terminal runs the program as a person at a terminal does.
func terminal(t *testing.T, args ...string) (code int, out, told string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), outside{args, func(string) string { return "" }, strings.NewReader(""), &o, &e})
	return code, o.String(), e.String()
}

// TestPeopleFromTheTerminal: whoever is made can log in with what was printed.
func TestPeopleFromTheTerminal(t *testing.T) {
	dir := t.TempDir()
	tenantCmd := func(args ...string) (int, string, string) {
		return terminal(t, append(append([]string{"tenant"}, args...), settings(dir)...)...)
	}
	printed := regexp.MustCompile(`one-time password (\S+)`)
	passwords := map[string]string{}
	for who, args := range map[string][]string{
		"acme/admin":      {"--code", " Acme ", "--name", "Acme", "--account", "Admin", "--seats", "1"},
		"operator/ops":    {"--person", "Ops", "--role", "operator", "--name", "运营"},
		"operator/second": {"--code", "operator", "--person", "second", "--role", "operator", "--name", "运营二"},
	} {
		code, out, told := tenantCmd(args...)
		if m := printed.FindStringSubmatch(out); code != 0 || m == nil {
			t.Fatalf("%s: %d %s%s", who, code, out, told)
		} else {
			passwords[who] = m[1]
		}
	}
	for who, args := range map[string][]string{
		"acme/sales1": {"--code", "acme", "--person", "Sales1", "--name", "小林", "--phone", "138 0000 1234"},
		"acme/boss":   {"--code", "ACME", "--person", "boss", "--role", "admin", "--name", "老板"},
	} {
		code, out, told := tenantCmd(args...)
		if m := printed.FindStringSubmatch(out); code != 0 || m == nil {
			t.Fatalf("%s: %d %s%s", who, code, out, told)
		} else {
			passwords[who] = m[1]
		}
	}
	for _, args := range [][]string{
		{"--code", "operator", "--name", "Evil"}, {"--code", "acme", "--name", "Again"}, {"--code", "nowhere", "--person", "x", "--name", "X", "--phone", "13800001235"},
		{"--code", "acme", "--person", "sales2", "--name", "无号"}, {"--code", "acme", "--person", "sales2", "--name", "同号", "--phone", "13800001234"},
		{"--code", "acme", "--person", "sales1", "--name", "同名", "--phone", "13800001236"}, {"--code", "acme", "--person", "x", "--role", "king", "--name", "X"},
		{"--code", "acme", "--person", "x", "--role", "operator", "--name", "X"}, {"--code", "acme"}, {"--name", "no code"},
	} {
		if code, out, _ := tenantCmd(args...); code == 0 || strings.Contains(out, "password") {
			t.Errorf("%q: %d %s", args, code, out)
		}
	}
	c, err := config.Load(settings(dir), func(string) string { return "" }, os.ReadFile)
	must(t, err)
	h, err := Open(t.Context(), c, slog.New(slog.NewTextHandler(io.Discard, nil)))
	must(t, err)
	defer h.Close()
	for who, password := range passwords {
		code, account, _ := strings.Cut(who, "/")
		if _, err := h.People.Login(t.Context(), code, strings.ToUpper(account), password, "127.0.0.1", ""); err != nil {
			t.Errorf("%s cannot log in: %v", who, err)
		}
	}
	if _, err := h.People.ByCode(db.System(t.Context(), "test"), tenant.OperatorCode); !errs.Is(err, errs.NotFound) {
		t.Errorf("a tenant has the operators' code: %v", err)
	}
}

// TestEverySettingDoesSomething looks for a place that reads each: a setting that is offered
// and does nothing is worse than none.
func TestEverySettingDoesSomething(t *testing.T) {
	var code strings.Builder
	for _, pattern := range []string{"*.go", "../../platform/config/*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			must(t, err)
			code.Write(b)
		}
	}
	sections := reflect.TypeOf(config.Config{})
	for i := range sections.NumField() {
		s := sections.Field(i)
		fields := []string{s.Name}
		if s.Type.Kind() == reflect.Struct {
			fields = nil
			for j := range s.Type.NumField() {
				fields = append(fields, s.Type.Field(j).Name)
			}
		}
		for _, f := range fields {
			if s.IsExported() && !regexp.MustCompile(`\b(Config|c|l|`+s.Name+`)\.`+f+`\b`).MatchString(code.String()) {
				t.Errorf("nothing reads %s.%s", s.Name, f)
			}
		}
	}
}

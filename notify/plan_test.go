package notify

import (
	"slices"
	"testing"
	"time"

	"yingda/call"
	"yingda/notify/delivery"
	"yingda/platform/db"
)

func TestPlan(t *testing.T) {
	rules := Rules{
		Keyword:   &KeywordRule{TemplateID: 5},
		Screening: []ScreeningRule{{TemplateID: 6, Grades: []string{"A", "F"}}},
		Push:      &PushRule{Grades: []string{"A", "B"}, Reps: []db.ID{1, 2}, Mode: Each},
	}
	with := func(change func(*Rules)) Rules {
		r := rules
		change(&r)
		return r
	}
	round := with(func(r *Rules) { r.Push = &PushRule{Grades: []string{"A"}, Reps: []db.ID{1, 2}, Mode: RoundRobin} })
	owner := with(func(r *Rules) { r.Push = &PushRule{Grades: []string{"A"}, Mode: Owner} })
	asked := []call.Mark{{Kind: "answered"}, {Kind: "sms"}}
	for _, c := range []struct {
		name  string
		rules Rules
		grade string
		marks []call.Mark
		final bool
		want  []string
	}{
		{"no rules, no wishes", Rules{}, "A", asked, true, nil},
		{"an A gets the screening SMS and both reps hear of it", rules, "A", nil, true, []string{"sms:screening:9:6:4", "push:9:3:1", "push:9:3:2"}},
		{"a B only goes to the reps", rules, "B", nil, true, []string{"push:9:3:1", "push:9:3:2"}},
		{"a C goes nowhere", rules, "C", nil, true, nil},
		{"who asked for a text gets it whatever the grade", rules, "C", asked, true, []string{"sms:keyword:9:5:3"}},
		{"an F that will be tried again gets nothing yet", rules, "F", nil, false, nil},
		{"the last F gets its SMS", rules, "F", nil, true, []string{"sms:screening:9:6:4"}},
		{"an A that will be tried again (interrupted) gets it now", rules, "A", nil, false, []string{"sms:screening:9:6:4", "push:9:3:1", "push:9:3:2"}},
		{"round robin is one push", round, "A", nil, true, []string{"sms:screening:9:6:4", "push:9:3:one"}},
		{"the owner is one push", owner, "A", nil, true, []string{"sms:screening:9:6:4", "push:9:3:one"}},
	} {
		f := &call.Finished{Call: call.Call{ID: 3, CampaignID: 9, LeadID: 4, Grade: c.grade}, Facts: call.Facts{Timeline: c.marks}}
		var got []string
		for _, w := range Plan(c.rules, f, c.final) {
			got = append(got, w.Key)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestJudge(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	refused, later, lost := delivery.Fail(delivery.Refused, "1", ""), delivery.Fail(delivery.Later, "2", ""), delivery.Fail(delivery.Lost, "", "")
	for _, c := range []struct {
		name    string
		tries   int
		err     error
		askable bool
		want    State
		again   time.Duration // 0: nobody tries again
		refund  bool
	}{
		{"accepted", 1, nil, true, Sent, 0, false},
		{"refused gives the credit back", 1, refused, true, Failed, 0, true},
		{"busy waits", 1, later, false, Pending, 2 * time.Second, false},
		{"busy waits longer", 4, later, false, Pending, time.Minute, false},
		{"busy too often", delivery.MaxTries, later, true, Failed, 0, true},
		{"lost is asked back", 1, lost, true, Unknown, 2 * time.Second, false},
		{"lost and nobody to ask", 1, lost, false, Unknown, 0, false},
		{"lost too often", delivery.MaxTries, lost, true, Unknown, 0, false},
	} {
		v := judge(c.tries, c.err, c.askable, now)
		again := time.Duration(0)
		if v.NextAt != nil {
			again = v.NextAt.Sub(now)
		}
		if v.State != c.want || again != c.again || v.Refund != c.refund {
			t.Errorf("%s: %+v (again in %v)", c.name, v, again)
		}
	}
}

func TestEveryStateHasItsArrowsAndNames(t *testing.T) {
	for _, s := range States {
		if s == Delivered {
			if len(canGo[s]) != 0 {
				t.Errorf("%s is the end", s)
			}
			continue
		}
		if len(canGo[s]) == 0 {
			t.Errorf("%s leads nowhere", s)
		}
	}
	if len(canGo)+1 != len(States) {
		t.Error("a state is missing from States")
	}
}

func TestRender(t *testing.T) {
	got := Render("您好{姓名}（{{name}}），{{ 项目 }}{没有的}在{城市}", "王先生", map[string]string{"项目": "湖畔花园", "城市": "杭州"})
	if want := "您好王先生（王先生），湖畔花园在杭州"; got != want {
		t.Fatalf("%q, want %q", got, want)
	}
}

func TestKeyRoundTrip(t *testing.T) {
	for _, p := range []Promise{{ID: 123456789012345678}, {ID: 5, Resent: 3}} {
		id, resent, ok := parseKey(p.key())
		if !ok || id != p.ID || resent != p.Resent || len(p.key()) > 32 {
			t.Errorf("%s came back as %d %d %v", p.key(), id, resent, ok)
		}
	}
	for _, s := range []string{"", "-", "x-1", "5", "0-0"} {
		if _, _, ok := parseKey(s); ok {
			t.Errorf("%q was taken for a key", s)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add("123456789012345678-0")
	f.Add("5--1")
	f.Fuzz(func(t *testing.T, s string) {
		if id, resent, ok := parseKey(s); ok && (id <= 0 || resent < 0) {
			t.Fatalf("%q is %d %d", s, id, resent)
		}
	})
}

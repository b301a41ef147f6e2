package callee

import (
	"strings"
	"testing"
	"time"

	scriptdemo "yingda/scriptflow/demo"
	talkfile "yingda/scriptflow/talk"
)

func parse(t *testing.T, yaml string) *Personas {
	t.Helper()
	p, err := Parse("people.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestMistakesNameTheirPlace: whoever writes a persona is told file, line, persona and turn.
func TestMistakesNameTheirPlace(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"", "people.yaml: the file is empty"},
		{"personas: []", "people.yaml: no personas"},
		{"personas:\n  - name: a\n    colour: red\n", "line 3: field colour not found"},
		{"personas:\n  - name: a\n    ring: soon\n", `line 3: "soon" is no duration`},
		{"personas:\n  - name: a\n    ring: 2s-1s\n", `line 3: "2s-1s" is no duration`},
		{"personas:\n  - name: a\n  - grade: G\n", `people.yaml:3: persona 2 "": name is missing`},
		{"personas:\n  - name: a\n  - name: b\n    grade: G\n", `people.yaml:3: persona 2 "b": grade "G" is not one of`},
		{"personas:\n  - name: a\n  - name: a\n", `people.yaml:3: persona 2 "a": the name is used twice`},
		{"personas:\n  - name: a\n    turns:\n      - say: 好\n      - think: 1s\n", `persona 1 "a": turn 2: wants one of say, press, beep, or quiet alone`},
		{"personas:\n  - name: a\n    turns: [{say: 好, over: 1s, at: 1s}]\n", "turn 1: over and at exclude each other"},
		{"personas:\n  - name: a\n    turns: [{press: 1x}]\n", `press "1x" is not made of`},
		{"personas:\n  - name: a\n    turns: [{say: ['', 好]}]\n", "turn 1: say is empty"},
		{"personas:\n  - name: a\n    reject: {status: 200}\n", "reject.status 200 is not within"},
		{"personas:\n  - name: a\n    reject: {status: 486}\n    turns: [{say: 好}]\n", "rejects the call and has turns"},
		{"personas:\n  - name: a\n    numbers: ['123']\n", `number "123" is neither`},
		{"personas:\n  - {name: a, numbers: ['13900000001-13900000009']}\n  - {name: b, numbers: ['13900000005']}\n", `number 13900000005 belongs to "a" already`},
		{"first_number: '12'\npersonas: [{name: a}]\n", `first_number "12" is not 11 digits`},
	} {
		_, err := Parse("people.yaml", []byte(c.yaml))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.yaml, err, c.want)
		}
	}
}

func TestSpansAndLines(t *testing.T) {
	p := parse(t, "personas: [{name: a, ring: 300ms-900ms, patience: 5s, turns: [{say: 好, after: 1s}, {say: [是, 对], over: 400ms}]}]")
	a := p.All[0]
	if a.Ring != (Span{300 * ms, 900 * ms}) || a.Patience != 5*time.Second || a.Turns[0].After != (Span{time.Second, time.Second}) {
		t.Errorf("%+v", a)
	}
	if len(a.Turns[1].Say) != 2 || a.Turns[1].Over.Min != 400*ms || a.SpokenTurns() != 2 {
		t.Errorf("%+v", a.Turns)
	}
}

// TestFromTalks: every talk that proves the demo script becomes somebody who can be called.
func TestFromTalks(t *testing.T) {
	talks, err := talkfile.Load(scriptdemo.Files(), "talks")
	if err != nil {
		t.Fatal(err)
	}
	p, err := FromTalks(talks)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.All) != len(talks) || len(talks) < 25 {
		t.Fatalf("%d personas of %d talks", len(p.All), len(talks))
	}
	if who := p.Of("barge_in"); len(who.Turns) != 3 || who.Turns[1].Over == nil || who.HangUp == nil || who.Grade != "A" {
		t.Errorf("%+v", who)
	}
	if aside := p.Of("backchannel").Turns[1]; !aside.Aside || p.Of("barge_in").Turns[1].Aside {
		t.Errorf("an aside is what the robot talks through: %+v", aside)
	}
	if who := p.Of("silent"); len(who.Turns) == 0 || !who.Turns[0].Quiet {
		t.Errorf("%+v", who)
	}
	if who := p.Of("busy_line"); who.Reject == nil || who.Reject.Status != 486 {
		t.Errorf("%+v", who)
	}
}

// TestRoster: what Assign gives out, Of finds again, with any prefix.
func TestRoster(t *testing.T) {
	p := parse(t, `
first_number: "13800000001"
personas:
  - {name: a, count: 3}
  - {name: b, count: 1, numbers: ["13900000001-13900000002"]}
  - {name: c, count: 2}
`)
	if p.Count() != 6 {
		t.Fatalf("round of %d", p.Count())
	}
	seen, per := map[string]bool{}, map[string]int{}
	for i := range 12 {
		number, who := p.Assign(i)
		if seen[number] {
			t.Errorf("number %s twice", number)
		}
		seen[number] = true
		per[who.Name]++
		for _, as := range []string{number, "+86" + number, "0" + number, "9" + number} {
			if got := p.Of(as); got != who {
				t.Errorf("lead %d: %s answers at %s, want %s", i, got.Name, as, who.Name)
			}
		}
	}
	if per["a"] != 6 || per["b"] != 2 || per["c"] != 4 {
		t.Errorf("two rounds: %v", per)
	}
	if !seen["13900000001"] || !seen["13900000002"] {
		t.Error("b's own numbers were not used")
	}
	if p.Of("b").Name != "b" || p.Of("reception") == nil {
		t.Error("a persona cannot be dialled by name, or an unknown name by nobody")
	}
}

// TestRosterMixes: no persona comes in a clump.
func TestRosterMixes(t *testing.T) {
	p := parse(t, "personas: [{name: a, count: 6}, {name: b, count: 6}]")
	for i := range 11 {
		if _, x := p.Assign(i); i > 0 {
			if _, before := p.Assign(i - 1); x == before {
				t.Errorf("leads %d and %d are both %s", i-1, i, x.Name)
			}
		}
	}
}

// TestDemo: FEATURES A4 has six grades, the demo has at least five callees for each and one
// of every kind; thirty of those who answer speak at least twice.
func TestDemo(t *testing.T) {
	p, err := Demo()
	if err != nil {
		t.Fatal(err)
	}
	grades, spoken := map[string]int{}, 0
	leads := p.Leads(0)
	for _, l := range leads {
		grades[l.Grade]++
		if l.Spoken >= 2 {
			spoken++
		}
	}
	if len(leads) < 48 || spoken < 30 {
		t.Errorf("%d leads, %d of them speak twice", len(leads), spoken)
	}
	for _, g := range []string{"A", "B", "C", "D", "E", "F"} {
		if grades[g] < 5 {
			t.Errorf("grade %s: %d leads", g, grades[g])
		}
	}
	for _, kind := range []string{"no_answer", "busy", "rejected", "bad_number", "silent_hangup", "silent_line", "polite_refusal", "in_meeting", "interested_buyer",
		"sms_wisher", "ready_buyer", "transfer_wisher", "do_not_call", "three_rounds", "one_word", "answering_machine", "barge_in", "dtmf", "homophone"} {
		if p.Of(kind).Name != kind {
			t.Errorf("no persona %s", kind)
		}
	}
}

package scriptflow

import (
	"fmt"
	"slices"
	"time"
)

// Grade is how much a callee wants (客户意向等级), A to F.
type Grade string

const (
	A Grade = "A"
	B Grade = "B"
	C Grade = "C"
	D Grade = "D"
	E Grade = "E"
	F Grade = "F"
)

// Grades are all grades, the best first.
var Grades = []Grade{A, B, C, D, E, F}

// Facts is what a grade is made of. It can be kept with the call, to try other rules later.
type Facts struct {
	Outcome   string `json:"outcome"`           // telephony.Outcome as a word: answered, busy, no_answer …
	Machine   FarEnd `json:"machine,omitempty"` // a machine answered
	Turns     int    `json:"turns"`             // recognised inputs
	Rounds    int    `json:"rounds"`            // effective rounds
	Completed bool   `json:"completed"`         // the last step was reached
	Hits      []Hit  `json:"hits,omitempty"`
	TalkMS    int64  `json:"talk_ms"`
}

// Answered is the outcome of a call that somebody or something picked up.
const Answered = "answered"

// FactsOf gathers the facts of a call: what the script saw, and how the line fared. For a
// call that was never answered the state is the zero State.
func FactsOf(s State, outcome string, talk time.Duration) Facts {
	return Facts{outcome, s.Machine, s.Turns, s.Rounds, s.Last, s.Hits, talk.Milliseconds()}
}

// Policy is how a tenant grades. The zero value is the usual way.
type Policy struct {
	RefusalFirst bool  `json:"refusal_first,omitempty"` // 拒绝优先于走完主流程
	Gate         *Gate `json:"gate,omitempty"`
}

// Gate is the valid-A gate of a campaign (有效A级客户设置, FEATURES A4.3). What is zero is not
// set; all that is set must hold.
type Gate struct {
	Keywords    []string `json:"keywords,omitempty"`     // the ones that count; empty = all that count for A
	MinKeywords int      `json:"min_keywords,omitempty"` // distinct ones; with Keywords at least 1
	MinTalk     int      `json:"min_talk_s,omitempty"`   // seconds
	MinRounds   int      `json:"min_rounds,omitempty"`
}

// Verdict is a grade that explains itself.
type Verdict struct {
	Grade  Grade          `json:"grade"`
	Rule   int            `json:"rule"` // 1…7 of FEATURES A4.2
	Key    string         `json:"key"`  // message key, one of MessageKeys
	Args   map[string]any `json:"args,omitempty"`
	Hit    *Hit           `json:"hit,omitempty"` // the keyword that decided
	Rounds int            `json:"rounds"`
	TalkMS int64          `json:"talk_ms"`
	Gate   []GateValue    `json:"gate,omitempty"` // what the gate asked and found, where one is set
}

// GateValue is one condition of the gate; for talk time in seconds.
type GateValue struct {
	Key  string `json:"key"`
	Need int    `json:"need"`
	Got  int    `json:"got"`
	OK   bool   `json:"ok"`
}

// Grade applies FEATURES A4.2: the first rule that holds. A do-not-call wish counts as a
// refusal (rule 3): nobody says no more plainly. A failed gate only closes rules 2 and 5, so
// such a call is B or C by its rounds, unless it was refused or busy.
func (p Policy) Grade(f Facts) Verdict {
	gate := p.Gate.values(f)
	rules := []func(Facts, []GateValue) *Verdict{notAPerson, completed, refused, busy, interested, rounds}
	if p.RefusalFirst {
		rules[1], rules[2] = refused, completed
	}
	verdict := &Verdict{Grade: C, Rule: 7, Key: "grade.rule.rest"}
	for _, rule := range rules {
		if v := rule(f, gate); v != nil {
			verdict = v
			break
		}
	}
	verdict.Rounds, verdict.TalkMS, verdict.Gate = f.Rounds, f.TalkMS, gate
	return *verdict
}

func notAPerson(f Facts, _ []GateValue) *Verdict {
	switch {
	case f.Outcome != Answered:
		return &Verdict{Grade: F, Rule: 1, Key: "grade.rule.not_answered", Args: map[string]any{"outcome": orElse(f.Outcome, "unknown")}}
	case f.Machine != Person:
		return &Verdict{Grade: F, Rule: 1, Key: "grade.rule." + string(f.Machine)}
	}
	return nil
}

func completed(f Facts, gate []GateValue) *Verdict {
	if !f.Completed || f.Rounds < 1 || !holds(gate) {
		return nil
	}
	return &Verdict{Grade: A, Rule: 2, Key: "grade.rule.completed", Args: map[string]any{"rounds": f.Rounds}}
}

func refused(f Facts, _ []GateValue) *Verdict {
	for i, h := range f.Hits {
		switch h.Kind {
		case Refusal:
			return byHit(D, 3, "grade.rule.refusal", &f.Hits[i])
		case DoNotCall:
			return byHit(D, 3, "grade.rule.do_not_call", &f.Hits[i])
		}
	}
	if f.Turns == 0 {
		return &Verdict{Grade: D, Rule: 3, Key: "grade.rule.silent"}
	}
	return nil
}

func busy(f Facts, _ []GateValue) *Verdict {
	for i, h := range f.Hits {
		if h.Kind == Busy {
			return byHit(E, 4, "grade.rule.busy", &f.Hits[i])
		}
	}
	return nil
}

func interested(f Facts, gate []GateValue) *Verdict {
	for i, h := range f.Hits {
		if h.CountsA && holds(gate) {
			return byHit(A, 5, "grade.rule.keyword", &f.Hits[i])
		}
	}
	return nil
}

func rounds(f Facts, _ []GateValue) *Verdict {
	if f.Rounds < enoughRounds {
		return nil
	}
	return &Verdict{Grade: B, Rule: 6, Key: "grade.rule.rounds", Args: map[string]any{"rounds": f.Rounds}}
}

// enoughRounds is rule 6.
const enoughRounds = 3

func byHit(g Grade, rule int, key string, h *Hit) *Verdict {
	return &Verdict{Grade: g, Rule: rule, Key: key, Hit: h, Args: map[string]any{"keyword": h.Keyword, "class": h.Label, "at": clock(h.At)}}
}

// clock writes an offset as people read it on the player: 1:05.
func clock(ms int64) string { s := (ms + 500) / 1000; return fmt.Sprintf("%d:%02d", s/60, s%60) }

// values measures the call against the gate, one value for each condition that is set.
func (g *Gate) values(f Facts) []GateValue {
	if g == nil {
		return nil
	}
	var out []GateValue
	add := func(key string, need, got int) {
		if need > 0 {
			out = append(out, GateValue{"grade.gate." + key, need, got, got >= need})
		}
	}
	need := g.MinKeywords
	if len(g.Keywords) > 0 {
		need = max(need, 1)
	}
	add("keywords", need, g.distinct(f.Hits))
	add("talk", g.MinTalk, int(f.TalkMS/1000))
	add("rounds", g.MinRounds, f.Rounds)
	return out
}

// distinct counts the different keywords that the gate lets count.
func (g *Gate) distinct(hits []Hit) int {
	seen := map[string]bool{}
	for _, h := range hits {
		if len(g.Keywords) == 0 && h.CountsA || slices.Contains(g.Keywords, h.Keyword) {
			seen[h.Keyword] = true
		}
	}
	return len(seen)
}

func holds(gate []GateValue) bool {
	return !slices.ContainsFunc(gate, func(v GateValue) bool { return !v.OK })
}

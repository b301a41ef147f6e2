package callee

import (
	"errors"
	"fmt"
	"strings"
)

// sound joins what check finds.
func (p *Personas) sound(place func(i int) string) error { return errors.Join(p.check(place)...) }

// check lists everything wrong with the personas; place names the persona with that index.
func (p *Personas) check(place func(i int) string) []error {
	var wrong []error
	say := func(i int, format string, a ...any) {
		wrong = append(wrong, fmt.Errorf("%s: %s", place(i), fmt.Sprintf(format, a...)))
	}
	if len(p.All) == 0 {
		say(-1, "no personas")
	}
	if digitsOf(p.first) != p.first || len(p.first) != 11 {
		say(-1, "first_number %q is not 11 digits", p.first)
	}
	seen, owner := map[string]bool{}, map[string]string{}
	for i := range p.All {
		q := &p.All[i]
		for _, fault := range q.faults() {
			say(i, "%s", fault)
		}
		if seen[q.Name] {
			say(i, "the name is used twice")
		}
		seen[q.Name] = true
		for _, n := range q.numbers() {
			if other := owner[n]; other != "" && other != q.Name {
				say(i, "number %s belongs to %q already", n, other)
			}
			owner[n] = q.Name
		}
	}
	return wrong
}

// faults of one persona by itself.
func (q *Persona) faults() (faults []string) {
	add := func(bad bool, format string, a ...any) {
		if bad {
			faults = append(faults, fmt.Sprintf(format, a...))
		}
	}
	add(q.Name == "", "name is missing")
	add(q.Grade != "" && (len(q.Grade) != 1 || !strings.Contains("ABCDEF", q.Grade)), "grade %q is not one of A B C D E F", q.Grade)
	add(q.Count < 0, "count %d is negative", q.Count)
	for _, n := range q.Numbers {
		add(expand(n) == nil, "number %q is neither 11 digits nor a range of at most %d such numbers", n, maxRange)
	}
	if q.Reject != nil {
		add(q.Reject.Status < 300 || q.Reject.Status > 699, "reject.status %d is not within 300…699", q.Reject.Status)
		add(len(q.Turns) > 0, "rejects the call and has turns")
	}
	add(q.HangUp != nil && q.HangUpAt != nil, "hang_up and hang_up_at exclude each other")
	for k, t := range q.Turns {
		for _, f := range t.faults() {
			add(true, "turn %d: %s", k+1, f)
		}
	}
	return faults
}

func (t *Turn) faults() (faults []string) {
	acts := len(t.Say) > 0 || t.Press != "" || t.Beep
	if acts == t.Quiet {
		faults = append(faults, "wants one of say, press, beep, or quiet alone")
	}
	for _, line := range t.Say {
		if strings.TrimSpace(line) == "" {
			faults = append(faults, "say is empty")
		}
	}
	if strings.Trim(t.Press, "0123456789*#ABCD") != "" {
		faults = append(faults, fmt.Sprintf("press %q is not made of 0-9 * # A-D", t.Press))
	}
	if t.Over != nil && t.At != nil {
		faults = append(faults, "over and at exclude each other")
	}
	if t.Aside && t.Over == nil {
		faults = append(faults, "aside is for turns with over")
	}
	if t.Repeat < 0 {
		faults = append(faults, fmt.Sprintf("repeat %d is negative", t.Repeat))
	}
	return faults
}

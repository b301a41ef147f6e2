package scriptflow

import (
	"fmt"
	"strings"

	"yingda/scriptflow/words"
)

// Check finds what is wrong with a script: errors, which keep it from being compiled, and
// warnings. Places are JSON pointers. A script without errors cannot lead nowhere, cannot
// fall silent, and ends.
func Check(s *Script) Problems {
	c := newChecker(s)
	if c.size(); c.problems.Bad() {
		return c.problems
	}
	c.head()
	c.variables()
	c.classes()
	for i := range s.Nodes {
		c.node(fmt.Sprintf("/nodes/%d", i), &s.Nodes[i])
	}
	c.answers()
	c.silence("/silence", &s.Silence)
	c.noMatch("/no_match", &s.NoMatch)
	c.machine()
	if !c.problems.Bad() {
		c.shape()
	}
	return c.problems
}

// checker knows the names of a script while it is looked through.
type checker struct {
	s        *Script
	problems Problems
	nodes    map[string]*Node
	class    map[string]*Class
	variable map[string]bool
	word     map[string]string // normal form → the class that has it
}

func newChecker(s *Script) *checker {
	c := &checker{s: s, nodes: map[string]*Node{}, class: map[string]*Class{}, variable: map[string]bool{}, word: map[string]string{}}
	for i := range s.Nodes {
		if id := s.Nodes[i].ID; c.nodes[id] == nil {
			c.nodes[id] = &s.Nodes[i]
		}
	}
	return c
}

func (c *checker) wrong(place, key string, kv ...any) { c.problems.add(Error, place, key, kv...) }
func (c *checker) doubt(place, key string, kv ...any) { c.problems.add(Warning, place, key, kv...) }

// The most that a script may hold: far above what people write, and low enough that checking
// a stranger's file costs no more than reading it.
const (
	mostNodes    = 1_000 // classes and answers, too
	mostBranches = 10_000
	mostKeywords = 100_000
	mostRunes    = 500 // of one line: two minutes of talk
)

func (c *checker) size() {
	within := func(place string, n, most int) {
		if n > most {
			c.wrong(place, "too_many", "count", n, "limit", most)
		}
	}
	within("/nodes", len(c.s.Nodes), mostNodes)
	within("/classes", len(c.s.Classes), mostNodes)
	within("/answers", len(c.s.Answers), mostNodes)
	within("/variables", len(c.s.Variables), mostNodes)
	branches, words := 0, 0
	for _, k := range c.s.Classes {
		words += len(k.Keywords)
	}
	for _, n := range c.s.Nodes {
		branches += len(n.Branches)
		for _, b := range n.Branches {
			words += len(b.Keywords) + len(b.Classes) + len(b.Digits)
		}
	}
	within("/nodes", branches, mostBranches)
	within("/classes", words, mostKeywords)
}

func (c *checker) head() {
	if strings.TrimSpace(c.s.Name) == "" {
		c.wrong("/name", "no_name")
	}
	if len(c.s.Nodes) == 0 {
		c.wrong("/nodes", "no_nodes")
		return
	}
	c.target("/entry", c.s.Entry)
	c.target("/give_up", c.s.GiveUp)
	if n := c.nodes[c.s.GiveUp]; n != nil && n.Kind != End {
		c.wrong("/give_up", "give_up_goes_on", "node", n.ID)
	}
	for place, n := range map[string]int{"turns": c.s.Limits.Turns, "seconds": c.s.Limits.Seconds, "visits": c.s.Limits.Visits} {
		if n < 0 {
			c.wrong("/limits/"+place, "negative", "value", n)
		}
	}
	c.lastStep()
}

func (c *checker) lastStep() {
	count := 0
	for i, n := range c.s.Nodes {
		if n.Last {
			if count++; count > 1 {
				c.wrong(fmt.Sprintf("/nodes/%d/last", i), "two_last_steps", "node", n.ID)
			}
		}
	}
	if count == 0 {
		c.wrong("/nodes", "no_last_step")
	}
}

// target checks that a way on leads to a node.
func (c *checker) target(place, id string) {
	switch {
	case id == "":
		c.wrong(place, "no_target")
	case c.nodes[id] == nil:
		c.wrong(place, "unknown_target", "target", id)
	}
}

// optional is a target that may be left out.
func (c *checker) optional(place, id string) {
	if id != "" {
		c.target(place, id)
	}
}

func (c *checker) variables() {
	for i, v := range c.s.Variables {
		place := fmt.Sprintf("/variables/%d/name", i)
		switch {
		case strings.TrimSpace(v.Name) == "" || strings.ContainsAny(v.Name, "{}"):
			c.wrong(place, "bad_variable", "variable", v.Name)
		case c.variable[v.Name]:
			c.wrong(place, "duplicate", "id", v.Name)
		}
		c.variable[v.Name] = true
	}
}

func (c *checker) classes() {
	for i := range c.s.Classes {
		place, k := fmt.Sprintf("/classes/%d", i), &c.s.Classes[i]
		switch {
		case strings.TrimSpace(k.ID) == "":
			c.wrong(place+"/id", "no_id")
		case c.class[k.ID] != nil:
			c.wrong(place+"/id", "duplicate", "id", k.ID)
		}
		c.class[k.ID] = k
		if !k.Kind.known() {
			c.wrong(place+"/kind", "unknown_kind", "value", string(k.Kind))
		}
		if len(k.Keywords) == 0 {
			c.doubt(place+"/keywords", "no_keywords", "class", k.ID)
		}
		for j, w := range k.Keywords {
			c.keyword(fmt.Sprintf("%s/keywords/%d", place, j), w, k.ID)
		}
	}
}

func (c *checker) keyword(place, w, class string) {
	normal := words.Normal(w)
	if !c.readable(place, w) {
		return
	}
	switch other, taken := c.word[normal]; {
	case !taken:
		c.word[normal] = class
	case other == class:
		c.doubt(place, "keyword_twice", "keyword", w)
	default:
		c.doubt(place, "keyword_in_two_classes", "keyword", w, "class", class, "other", other)
	}
}

// readable checks a keyword by itself: it must have something to hear, and no punctuation,
// which no recogniser promises to write and which the Excel form cuts lists at.
func (c *checker) readable(place, w string) bool {
	normal := words.Normal(w)
	switch {
	case strings.Trim(normal, "|") == "":
		c.wrong(place, "empty_keyword")
		return false
	case strings.Contains(normal, "|"):
		c.doubt(place, "keyword_punctuation", "keyword", w)
	}
	return true
}

func (c *checker) answers() {
	taken := map[string]bool{}
	for i := range c.s.Answers {
		place, a := fmt.Sprintf("/answers/%d", i), &c.s.Answers[i]
		if len(a.Classes) == 0 {
			c.wrong(place+"/classes", "no_class")
		}
		for j, id := range a.Classes {
			at := fmt.Sprintf("%s/classes/%d", place, j)
			c.knownClass(at, id)
			if taken[id] {
				c.wrong(at, "answered_twice", "class", id)
			}
			taken[id] = true
		}
		c.optional(place+"/to", a.To)
		c.optional(place+"/then", a.Then)
		c.lines(place+"/say", a.Say, a.To == "")
		if a.Times < 0 {
			c.wrong(place+"/times", "negative", "value", a.Times)
		}
	}
}

func (c *checker) knownClass(place, id string) {
	if c.class[id] == nil {
		c.wrong(place, "unknown_class", "class", id)
	}
}

func (c *checker) silence(place string, s *Silence) {
	if s.AfterMS < 0 || s.AfterMS > 60_000 {
		c.wrong(place+"/after_ms", "bad_wait", "value", s.AfterMS)
	}
	c.repeats(place, s.Times, s.Say, s.To)
}

func (c *checker) noMatch(place string, f *Fallback) { c.repeats(place, f.Times, f.Say, f.To) }

func (c *checker) repeats(place string, times int, say []Line, to string) {
	if times < 0 || times > 10 {
		c.wrong(place+"/times", "bad_times", "value", times)
	}
	c.lines(place+"/say", say, times > 0)
	c.optional(place+"/to", to)
}

func (c *checker) machine() {
	short := func(place string, phrases []string) {
		for i, p := range phrases {
			if n := len([]rune(strings.Trim(words.Normal(p), "|"))); n < 4 {
				c.doubt(fmt.Sprintf("/machine/%s/%d", place, i), "short_machine_phrase", "phrase", p)
			}
		}
	}
	short("voicemail", c.s.Machine.Voicemail)
	short("announcement", c.s.Machine.Announcement)
}

// lines checks what is said; needed says that there must be something.
func (c *checker) lines(place string, lines []Line, needed bool) {
	if len(lines) == 0 && needed {
		c.wrong(place, "nothing_to_say")
	}
	for i, l := range lines {
		c.line(fmt.Sprintf("%s/%d", place, i), l)
	}
}

func (c *checker) line(place string, l Line) {
	names := variablesIn(l.Text)
	if !audible(l.Text) {
		c.wrong(place, "empty_line")
	}
	if n := len([]rune(l.Text)); n > mostRunes {
		c.wrong(place, "long_line", "count", n, "limit", mostRunes)
	}
	if strings.ContainsAny(l.Text, "\n\r\t") {
		c.wrong(place, "line_break")
	}
	for _, name := range names {
		if !c.variable[name] {
			c.wrong(place, "unknown_variable", "variable", name)
		}
	}
	fixed := 0
	for _, p := range piecesOf(Line{Text: l.Text}) {
		if p.variable == "" {
			fixed++
		}
	}
	if n := len(l.Audio); n > 0 && n != fixed {
		c.wrong(place, "audio_count", "files", n, "pieces", fixed)
	}
}

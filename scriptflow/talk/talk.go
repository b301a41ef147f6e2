package talk

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yingda/scriptflow"
)

// Talk is one conversation.
type Talk struct {
	Name    string // of the file
	Flow    string // the script's file name
	Vars    map[string]string
	Policy  scriptflow.Policy
	Outcome string // of the call; scriptflow.Answered unless told
	Grade   scriptflow.Grade
	Rule    int // 0 = any
	Lines   []Line
}

// Tag is the mark at the beginning of a line.
type Tag string

const (
	Note   Tag = "#" // a comment
	Blank  Tag = ""
	FlowIs Tag = "flow>"
	Vars   Tag = "vars>"
	Rules  Tag = "rule>"
	Call   Tag = "call>"
	Bot    Tag = "bot>"
	Does   Tag = "does>"
	Man    Tag = "man>"
	Over   Tag = "man!"
	Quiet  Tag = "man~"
	Key    Tag = "man#"
	Bye    Tag = "bye>"
	Take   Tag = "take>"
	Ends   Tag = "end>"
	Graded Tag = "grade>"
)

var tags = []Tag{FlowIs, Vars, Rules, Call, Bot, Does, Man, Over, Quiet, Key, Bye, Take, Ends, Graded}

// robots are the tags that Run writes.
var robots = []Tag{Bot, Does, Ends}

// turns are the tags that are the callee's part.
var turns = []Tag{Man, Over, Quiet, Key, Bye, Take}

// Line is one line of the file.
type Line struct {
	Tag  Tag
	Text string
	At   int // its number in the file, from 1; 0 = Run wrote it
}

func (l Line) String() string {
	switch {
	case l.Tag == Note, l.Tag == Blank:
		return l.Text
	case l.Text == "":
		return string(l.Tag)
	}
	return fmt.Sprintf("%-6s %s", l.Tag, l.Text)
}

// New writes down a callee's part as a talk, e.g. from the transcript of a call that went
// wrong. Run adds what the robot says; g is what the call should have been graded.
func New(name, flow string, vars map[string]string, g scriptflow.Grade, turns ...Line) *Talk {
	t := &Talk{Name: name, Flow: flow, Vars: vars, Outcome: scriptflow.Answered, Grade: g, Lines: []Line{{Tag: FlowIs, Text: flow}}}
	var set []string
	for _, k := range slices.Sorted(maps.Keys(vars)) {
		set = append(set, k+"="+strings.Join(strings.Fields(vars[k]), ""))
	}
	if len(set) > 0 {
		t.Lines = append(t.Lines, Line{Tag: Vars, Text: strings.Join(set, " ")})
	}
	t.Lines = append(append(t.Lines, Line{}), turns...)
	if g != "" {
		t.Lines = append(t.Lines, Line{Tag: Graded, Text: string(g)})
	}
	return t
}

// Parse reads a .talk file. The error names the line.
func Parse(name string, data []byte) (*Talk, error) {
	t := &Talk{Name: name, Vars: map[string]string{}, Outcome: scriptflow.Answered}
	for i, raw := range strings.Split(strings.TrimRight(string(data), "\r\n\t "), "\n") {
		l, err := parseLine(strings.TrimSpace(raw), i+1)
		if err == nil {
			err = t.head(l)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
		t.Lines = append(t.Lines, l)
	}
	if t.Flow == "" {
		return nil, fmt.Errorf("%s: no flow> line", name)
	}
	return t, nil
}

func parseLine(s string, at int) (Line, error) {
	if s == "" || strings.HasPrefix(s, "#") {
		return Line{Tag: map[bool]Tag{true: Blank, false: Note}[s == ""], Text: s, At: at}, nil
	}
	for _, tag := range tags {
		if rest, ok := strings.CutPrefix(s, string(tag)); ok {
			return Line{Tag: tag, Text: strings.TrimSpace(rest), At: at}, nil
		}
	}
	return Line{}, fmt.Errorf("unknown line %q", s)
}

// head takes what a line says about the whole talk.
func (t *Talk) head(l Line) (err error) {
	switch l.Tag {
	case FlowIs:
		t.Flow = l.Text
	case Call:
		t.Outcome = l.Text
	case Vars:
		err = each(l.Text, func(name, value string) error { t.Vars[name] = value; return nil })
	case Rules:
		err = each(l.Text, t.rule)
	case Graded:
		g, rule, _ := strings.Cut(l.Text, " ")
		if t.Grade = scriptflow.Grade(g); !slices.Contains(scriptflow.Grades, t.Grade) {
			return fmt.Errorf("no grade %q", g)
		}
		if rule != "" {
			t.Rule, err = strconv.Atoi(strings.TrimSpace(rule))
		}
	}
	return err
}

// each splits "a=1 b=2".
func each(s string, set func(name, value string) error) error {
	for _, f := range strings.Fields(s) {
		name, value, _ := strings.Cut(f, "=")
		if err := set(name, value); err != nil {
			return err
		}
	}
	return nil
}

func (t *Talk) rule(name, value string) (err error) {
	if name == "refusal_first" {
		t.Policy.RefusalFirst = true
		return nil
	}
	if t.Policy.Gate == nil {
		t.Policy.Gate = &scriptflow.Gate{}
	}
	switch g := t.Policy.Gate; name {
	case "gate_rounds":
		g.MinRounds, err = strconv.Atoi(value)
	case "gate_keywords":
		g.MinKeywords, err = strconv.Atoi(value)
	case "gate_talk":
		g.MinTalk, err = strconv.Atoi(value)
	case "gate_word":
		g.Keywords = append(g.Keywords, value)
	default:
		err = fmt.Errorf("no rule %q", name)
	}
	return err
}

// Turns are the callee's part, in order.
func (t *Talk) Turns() []Line { return t.only(turns) }

// Bot are the robot's lines as the file has them.
func (t *Talk) Bot() (texts []string) {
	for _, l := range t.only([]Tag{Bot}) {
		texts = append(texts, l.Text)
	}
	return texts
}

func (t *Talk) only(tags []Tag) (lines []Line) {
	for _, l := range t.Lines {
		if slices.Contains(tags, l.Tag) {
			lines = append(lines, l)
		}
	}
	return lines
}

// Format writes the file.
func (t *Talk) Format() []byte {
	var b bytes.Buffer
	for _, l := range t.Lines {
		b.WriteString(l.String())
		b.WriteByte('\n')
	}
	return b.Bytes()
}

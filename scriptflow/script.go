package scriptflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"yingda/platform/errs"
)

// Format is the version of the script format that this package reads and writes.
const Format = 1

// MaxBytes is the largest script accepted, in either form.
const MaxBytes = 8 << 20

// Script is a conversation as its author wrote it. docs/script-format.md explains every field.
type Script struct {
	Format      int        `json:"format"`
	Name        string     `json:"name"`
	Locale      string     `json:"locale"`                // BCP 47; "zh-CN" unless told
	Description string     `json:"description,omitempty"` //
	Entry       string     `json:"entry"`                 // the node that speaks first
	GiveUp      string     `json:"give_up"`               // the end node for whatever has no way on
	Variables   []Variable `json:"variables,omitempty"`
	Classes     []Class    `json:"classes"`
	Nodes       []Node     `json:"nodes"`
	Answers     []Answer   `json:"answers,omitempty"` // hold at every node
	Silence     Silence    `json:"silence"`           // where a node has none of its own
	NoMatch     Fallback   `json:"no_match"`          // where a node has none of its own
	Machine     Machine    `json:"machine"`
	Limits      Limits     `json:"limits"`
}

// Variable is filled per lead from an extra column of the Excel sheet.
type Variable struct {
	Name    string `json:"name"`
	Label   string `json:"label,omitempty"`   // the column header, too
	Default string `json:"default,omitempty"` // used where the lead has no value
}

// Class is a keyword class (关键词类), FEATURES A4.1.
type Class struct {
	ID       string   `json:"id"`
	Label    string   `json:"label"`
	Kind     Kind     `json:"kind"`
	CountsA  *bool    `json:"counts_for_a,omitempty"` // nil = the kind's default
	Strict   bool     `json:"strict,omitempty"`       // true = homophones do not count
	Keywords []string `json:"keywords"`
}

// CountsForA says whether a hit of this class counts for grade A (计入A).
func (c Class) CountsForA() bool {
	if c.CountsA != nil {
		return *c.CountsA
	}
	return c.Kind == Question || c.Kind == TransferWish
}

// NodeKind says what happens after a node has spoken.
type NodeKind string

const (
	Talk    NodeKind = "talk"     // listen, then go by the branches
	Pass    NodeKind = "pass"     // go on to Next at once
	HandOff NodeKind = "transfer" // hand over to Queue; Next is where to go when nobody takes the call
	End     NodeKind = "end"      // hang up
)

// Node is one thing the robot says and what may follow.
type Node struct {
	ID        string    `json:"id"`
	Label     string    `json:"label"`
	Kind      NodeKind  `json:"kind"`
	Step      int       `json:"step,omitempty"`      // place in the main flow (主流程), 0 = beside it
	Last      bool      `json:"last,omitempty"`      // the last step: 走完主流程
	Say       []Line    `json:"say"`                 // one of them, in turn at each visit
	Again     []Line    `json:"again,omitempty"`     // picks the question up again after an answer or a silence
	Interrupt Interrupt `json:"interrupt,omitempty"` // may the callee talk over it
	Branches  []Branch  `json:"branches,omitempty"`  // Talk only
	Silence   *Silence  `json:"silence,omitempty"`   // Talk only
	NoMatch   *Fallback `json:"no_match,omitempty"`  // Talk only
	Next      string    `json:"next,omitempty"`      // Pass; HandOff: when it fails
	Queue     string    `json:"queue,omitempty"`     // HandOff
	Reason    string    `json:"reason,omitempty"`    // End: a word for the record, e.g. refused
	SMS       bool      `json:"sms,omitempty"`       // promise the keyword SMS here
	DNC       bool      `json:"dnc,omitempty"`       // mark the number do-not-call here
	MaxVisits int       `json:"max_visits,omitempty"`
}

// Line is something to say. Audio names recorded files, one for each piece between variables.
type Line struct {
	Text  string   `json:"text"`
	Audio []string `json:"audio,omitempty"`
}

// Branch leads on to To when one of its conditions holds.
type Branch struct {
	Label    string   `json:"label,omitempty"`
	Classes  []string `json:"classes,omitempty"`
	Keywords []string `json:"keywords,omitempty"` // this node's own
	Digits   []string `json:"digits,omitempty"`   // keys, pressed or said
	Any      bool     `json:"any,omitempty"`      // whatever else was understood
	Means    string   `json:"means,omitempty"`    // class that its keywords and keys count as, for the grade
	To       string   `json:"to"`
}

// Answer is a rule that holds at every node: a class, what is said, and where to go then.
// Without To the talk returns to where it was.
type Answer struct {
	Classes []string `json:"classes"`
	Say     []Line   `json:"say,omitempty"`
	To      string   `json:"to,omitempty"`
	Times   int      `json:"times,omitempty"` // so often at most, 0 = always
	Then    string   `json:"then,omitempty"`  // where to go after that; "" = give up
}

// Silence is what to do when the callee says nothing.
type Silence struct {
	AfterMS int    `json:"after_ms"`
	Times   int    `json:"times"`        // ask so often, then go To
	Say     []Line `json:"say"`          //
	To      string `json:"to,omitempty"` // "" = give up
}

// Fallback is what to do with words that no rule answers.
type Fallback struct {
	Times int    `json:"times"` // in a row; then go To
	Say   []Line `json:"say"`
	To    string `json:"to,omitempty"` // "" = give up
}

// Machine lists what only machines say, and what is no interruption.
type Machine struct {
	Voicemail    []string `json:"voicemail,omitempty"`    // 请在嘀声后留言
	Announcement []string `json:"announcement,omitempty"` // 您拨打的号码是空号, heard after the answer
	Backchannel  []string `json:"backchannel,omitempty"`  // 嗯: no interruption; empty = the usual ones
}

// Limits end a talk that does not end itself. Zero means the default.
type Limits struct {
	Turns   int `json:"turns,omitempty"`   // inputs of the callee, default 40
	Seconds int `json:"seconds,omitempty"` // default 300
	Visits  int `json:"visits,omitempty"`  // of one node, default 3
}

// UnmarshalJSON takes a bare string for a line without recordings.
func (l *Line) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*l = Line{}
		return json.Unmarshal(b, &l.Text)
	}
	type plain Line
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode((*plain)(l))
}

// MarshalJSON writes a line without recordings as a bare string.
func (l Line) MarshalJSON() ([]byte, error) {
	if len(l.Audio) == 0 {
		return json.Marshal(l.Text)
	}
	type plain Line
	return json.Marshal(plain(l))
}

// Parse reads a script from JSON. The error is errs.Invalid and names line and column, or
// the unknown field; whether the script makes sense is for Check to say.
func Parse(data []byte) (*Script, error) {
	if len(data) > MaxBytes {
		return nil, errs.New(errs.TooLarge, "script.too_large", "limit_mb", MaxBytes>>20)
	}
	s := &Script{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, unreadable(data, d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, unreadable(data, d.InputOffset(), errMore)
	}
	if s.Format != Format {
		return nil, errs.New(errs.Invalid, "script.format", "format", s.Format, "known", Format)
	}
	return s, nil
}

// unreadable says where the text stops being a script, and in which of our words why.
func unreadable(data []byte, at int64, err error) error {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	why, field := "syntax", ""
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset - 1 // it counts the offending character
	case errors.As(err, &typed):
		at, why, field = typed.Offset, "type", typed.Field
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		at, why = int64(len(data)), "cut"
	case errors.Is(err, errMore):
		why = "more"
	default: // encoding/json has no type for it: json: unknown field "x"
		if _, name, is := strings.Cut(err.Error(), "unknown field "); is {
			why, field = "unknown_field", strings.Trim(name, `"`)
		}
	}
	if field != "" {
		field = " “" + field + "”"
	}
	before := data[:min(max(at, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(bytes.Runes(before[bytes.LastIndexByte(before, '\n')+1:])) + 1
	return errs.New(errs.Invalid, "script.unreadable", "line", line, "column", column, "why", why, "field", field).Because(err)
}

var errMore = errors.New("something follows the script")

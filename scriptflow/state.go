package scriptflow

import (
	"slices"
	"time"
)

// State is where a conversation stands: a plain value, JSON in the journal. Step takes one
// and returns another, and never writes to what it was given. Offsets are in ms.
type State struct {
	Node    string            `json:"node"`
	Vars    map[string]string `json:"vars,omitempty"` // never written after Start
	Path    []Visit           `json:"path"`           // the nodes entered, in order
	Hits    []Hit             `json:"hits,omitempty"` // the keywords heard, in order
	Turns   int               `json:"turns"`          // recognised inputs, answered or not
	Rounds  int               `json:"rounds"`         // effective rounds (FEATURES A4.2)
	Last    bool              `json:"last,omitempty"` // the main flow's last step was reached
	SMS     bool              `json:"sms,omitempty"`  // the SMS is promised
	DNC     bool              `json:"dnc,omitempty"`  // the number is marked
	Machine FarEnd            `json:"machine,omitempty"`
	Ended   string            `json:"ended,omitempty"` // why the robot ended the talk; "" = it did not (yet)
	HungUp  string            `json:"hung_up,omitempty"`

	Said     int      `json:"said"` // lines so far: the ID of the last Say
	Playing  *Playing `json:"playing,omitempty"`
	Cut      bool     `json:"cut,omitempty"` // the last line was cut
	SaidAt   int64    `json:"said_at_ms"`    // when the last line ended
	Pending  *Pending `json:"pending,omitempty"`
	Silences int      `json:"silences,omitempty"` // NoInputs in a row
	Misses   int      `json:"misses,omitempty"`   // inputs without a rule in a row
	Used     []Count  `json:"used,omitempty"`     // how often lines and answers had their turn
	AtMS     int64    `json:"at_ms"`              // the latest event
}

// FarEnd is what the far end turned out to be. The zero value is a person.
type FarEnd string

const (
	Person       FarEnd = ""
	Voicemail    FarEnd = "voicemail"    // 语音信箱
	Announcement FarEnd = "announcement" // 空号, 关机 … said after the answer
)

// Visit is one entry of a node.
type Visit struct {
	Node string `json:"node"`
	At   int64  `json:"at_ms"`
}

// Hit is one keyword heard, with everything the call page and the grade need.
type Hit struct {
	Class   string `json:"class"`
	Label   string `json:"label"`
	Kind    Kind   `json:"kind"`
	CountsA bool   `json:"counts_for_a,omitempty"`
	Keyword string `json:"keyword"`          // as the script has it
	Text    string `json:"text"`             // as it was heard
	Sounds  bool   `json:"sounds,omitempty"` // matched by sound, not by its characters
	From    int    `json:"from"`             // place in the input, in characters
	To      int    `json:"to"`               //
	Turn    int    `json:"turn"`             // the input it came in, from 1
	At      int64  `json:"at_ms"`            // offset in the recording
}

// Playing is the line being said.
type Playing struct {
	ID        int       `json:"id"`
	Since     int64     `json:"since_ms"`
	Interrupt Interrupt `json:"interrupt,omitempty"`
	Stopped   bool      `json:"stopped,omitempty"` // Stop was asked for, Said has not come yet
	Answers   bool      `json:"answers,omitempty"` // it answers an effective round
}

// Pending is an input that mattered and came while the line could not be interrupted.
type Pending struct {
	Text   string `json:"text"`
	Source Source `json:"source"`
	At     int64  `json:"at_ms"`
	End    int64  `json:"end_ms"`
}

// Count is how often something was used.
type Count struct {
	What string `json:"what"`
	N    int    `json:"n"`
}

// Over says whether the script has nothing more to decide.
func (s State) Over() bool { return s.Ended != "" || s.HungUp != "" }

// own makes s safe to append to: the first append copies.
func (s State) own() State {
	s.Path, s.Hits, s.Used = slices.Clip(s.Path), slices.Clip(s.Hits), slices.Clip(s.Used)
	return s
}

// use counts one more use of what and returns how often it was used before.
func (s *State) use(what string) int {
	for i, c := range s.Used {
		if c.What == what {
			s.Used = slices.Clone(s.Used)
			s.Used[i].N++
			return c.N
		}
	}
	s.Used = append(s.Used, Count{what, 1})
	return 0
}

func (s *State) used(what string) int {
	for _, c := range s.Used {
		if c.What == what {
			return c.N
		}
	}
	return 0
}

func ms(d time.Duration) int64 { return d.Milliseconds() }

func since(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

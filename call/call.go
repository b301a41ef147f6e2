package call

import (
	"context"
	"encoding/json"
	"time"

	"yingda/platform/db"
)

// State of a call row.
type State string

const (
	Live  State = "live"
	Ended State = "ended"
)

// Outcome is how a call ended, in the words the console filters by.
type Outcome string

const (
	Answered    Outcome = "answered"
	Machine     Outcome = "machine" // an answering machine or announcement picked up
	NoAnswer    Outcome = "no_answer"
	NoProgress  Outcome = "no_progress"
	Busy        Outcome = "busy"
	Refused     Outcome = "refused"
	BadNumber   Outcome = "bad_number"
	LineFailure Outcome = "line_failure"
	Cancelled   Outcome = "cancelled"
	Interrupted Outcome = "interrupted" // the node died or was drained before the answer
	Unknown     Outcome = "unknown"
)

// Outcomes lists all of them, in the order the console shows.
var Outcomes = []Outcome{Answered, Machine, NoAnswer, NoProgress, Busy, Refused, BadNumber, LineFailure, Cancelled, Interrupted, Unknown}

// Connected says whether the network connected the call (接通), whoever or whatever answered.
func (o Outcome) Connected() bool { return o == Answered || o == Machine }

// Call is one row: where it stands while Live, the facts once Ended.
type Call struct {
	ID             db.ID
	TenantID       db.ID
	OwnerID        db.ID // the campaign's owner until it is assigned
	DepartmentID   db.ID
	State          State
	Node           string // the fence: who may write this row while it is live
	Epoch          int64
	Direction      string // "out", "in"
	CampaignID     db.ID
	LeadID         db.ID
	AttemptID      db.ID
	CustomerID     db.ID
	SeatID         db.ID
	SeatNumber     string
	Trunk          string
	Name           string // of the callee, as the list gave it
	PhoneCipher    []byte
	PhoneDigest    string
	PhoneLast4     string
	Outcome        Outcome
	Grade          string          // "A"…"F"
	Reason         json.RawMessage `gorm:"type:json"` // why: scriptflow's verdict
	Rounds         int
	StartedAt      time.Time
	AnsweredAt     *time.Time
	EndedAt        *time.Time
	DurationMs     int64 // from the INVITE to the end
	TalkMs         int64 // from the answer to the end
	EndedBy        string
	SIPStatus      int    `gorm:"column:sip_status"`
	SIPReason      string `gorm:"column:sip_reason"`
	ScriptID       db.ID
	ScriptVersion  int
	Interrupted    bool
	RecordingKey   string
	RecordingBytes int64
	Facts          json.RawMessage `gorm:"type:json"` // path, timeline, latency: Facts
	AssignedTo     db.ID
	AssignedView   string // "", "masked", "full"
}

// FileName is what the recording is called on the disk of whoever downloads it: by the
// clock that they read on the call's page.
func (c Call) FileName(zone *time.Location) string {
	return c.StartedAt.In(zone).Format("20060102-150405") + "-" + c.PhoneLast4 + ".wav"
}

// Turn is one line of the transcript. Times are ms since the answer, the recording's clock.
type Turn struct {
	Who         string `json:"who"` // "callee", "robot"
	Text        string `json:"text"`
	AtMs        int64  `json:"at_ms"`
	EndMs       int64  `json:"end_ms"`
	Source      string `json:"source"` // callee: asr, text, digit; robot: prompt, tts
	Node        string `json:"node,omitempty"`
	NodeLabel   string `json:"node_label,omitempty"`
	Interrupted bool   `json:"interrupted,omitempty"`
	Hits        []Hit  `json:"hits,omitempty"`
	LatencyMs   int64  `json:"latency_ms,omitempty"` // robot: callee's last voiced sample → our first frame
}

// Hit is a keyword found in what the callee said. From and To are rune offsets in the turn's text.
type Hit struct {
	Class      string `json:"class"`
	ClassLabel string `json:"class_label"`
	Kind       string `json:"kind"`
	Keyword    string `json:"keyword"`
	Matched    string `json:"matched"`
	CountsForA bool   `json:"counts_for_a"`
	From       int    `json:"from"`
	To         int    `json:"to"`
	AtMs       int64  `json:"at_ms"`
	Turn       int    `json:"turn"`
}

// Step is one visit of a node of the script.
type Step struct {
	Node  string `json:"node"`
	Label string `json:"label"`
	AtMs  int64  `json:"at_ms"`
}

// Mark is one thing that happened on the line; AtMs counts from the INVITE.
type Mark struct {
	AtMs int64  `json:"at_ms"`
	Kind string `json:"kind"` // invite, ringing, answered, hangup, sms, transfer, digit
	Note string `json:"note,omitempty"`
}

// Facts is what the call page shows beside the transcript.
type Facts struct {
	Path     []Step            `json:"path"`
	Timeline []Mark            `json:"timeline"`
	Turns    []int64           `json:"turn_latency_ms,omitempty"`
	BargeIns []int64           `json:"barge_in_ms,omitempty"`
	Vars     map[string]string `json:"vars,omitempty"`
}

// Finished is a call at its end, as the hooks get it.
type Finished struct {
	Call       Call
	Transcript []Turn
	Facts      Facts
}

// Hook runs inside the finishing transaction (db.Tx is in ctx); an error rolls all of it back.
type Hook func(ctx context.Context, f *Finished) error

// Listener hears of an ended call after the commit, with the tenant in ctx. It may
// hear of the same call twice.
type Listener func(ctx context.Context, f *Finished)

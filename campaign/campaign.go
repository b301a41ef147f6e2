package campaign

import (
	"encoding/json"
	"slices"
	"time"

	"yingda/platform/db"
	"yingda/scriptflow"
)

// State is where a campaign stands in its life (FEATURES A3.1). The arrows are in canGo.
type State string

const (
	NotStarted State = "not_started"
	Running    State = "running"
	Paused     State = "paused"
	Terminated State = "terminated"
	Completed  State = "completed"
)

var canGo = map[State][]State{
	NotStarted: {Running, Terminated},
	Running:    {Paused, Terminated, Completed},
	Paused:     {Running, Terminated},
	Completed:  {Running}, // 二次外呼 (FEATURES A3.5)
}

// CanGo says whether a campaign may move from s to next.
func (s State) CanGo(next State) bool { return slices.Contains(canGo[s], next) }

// Live says whether the campaign holds its seats and its leads: it runs, it is paused,
// or it waits for its time.
func (s State) Live() bool { return s == NotStarted || s == Running || s == Paused }

// Campaign is one task of calling a list of leads with one script (营销任务).
type Campaign struct {
	ID            db.ID
	TenantID      db.ID
	OwnerID       db.ID
	DepartmentID  db.ID
	Name          string
	State         State
	ScriptID      db.ID
	ScriptVersion int
	ListID        db.ID // the import that is its lead list
	TemplateID    db.ID
	Rules         json.RawMessage `gorm:"type:json"` // Rules
	StartAt       *time.Time      // scheduled start (定时启动)
	Total         int64           // leads
	Called        int64           // leads whose last attempt is over
	Connected     int64           // calls that were connected
	CreatedByName string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	StartedAt     *time.Time
	EndedAt       *time.Time
}

// Rules is what a campaign does besides calling: its seats, its gate, its messages.
type Rules struct {
	Seats      []db.ID          `json:"seats"`
	Gate       *scriptflow.Gate `json:"gate,omitempty"`
	KeywordSMS *SMSRule         `json:"keyword_sms,omitempty"`
	Screening  []ScreeningRule  `json:"screening_sms,omitempty"`
	Push       *PushRule        `json:"push,omitempty"`
}

// SMSRule names the template of the keyword SMS (FEATURES A7.1).
type SMSRule struct {
	TemplateID db.ID `json:"template_id"`
}

// ScreeningRule sends a template after calls of the ticked grades (FEATURES A7.1).
type ScreeningRule struct {
	TemplateID db.ID    `json:"template_id"`
	Grades     []string `json:"grades" minItems:"1" nullable:"false"`
}

// PushRule tells sales reps by WeChat of calls of the ticked grades (FEATURES A8.1).
type PushRule struct {
	Grades []string `json:"grades" minItems:"1" nullable:"false"`
	Reps   []db.ID  `json:"rep_ids" nullable:"false"`
	Mode   string   `json:"mode" enum:"each,round_robin,owner"`
}

func (c Campaign) rules() (r Rules) {
	_ = json.Unmarshal(c.Rules, &r)
	return r
}

// Seat is a robot seat (机器坐席): one concurrent call (FEATURES A5.2).
type Seat struct {
	ID           db.ID
	TenantID     db.ID
	OwnerID      db.ID
	DepartmentID db.ID
	Number       string
	Name         string
	Enabled      bool
	CampaignID   db.ID // who holds it, 0 = idle
	AttemptID    db.ID // the call it is busy with
	DialCount    int64
	ValidUntil   *time.Time
	CreatedAt    time.Time
}

// SeatState is what the console shows of a seat.
type SeatState string

const (
	SeatIdle      SeatState = "idle"
	SeatInService SeatState = "in_service"
	SeatDisabled  SeatState = "disabled"
	SeatExpired   SeatState = "expired"
)

// State of a seat at now. An expired or disabled seat never dials.
func (s Seat) State(now time.Time) SeatState {
	switch {
	case s.ValidUntil != nil && !now.Before(*s.ValidUntil):
		return SeatExpired
	case !s.Enabled:
		return SeatDisabled
	case s.CampaignID != 0:
		return SeatInService
	}
	return SeatIdle
}

// Free says whether the seat may take a call of its campaign now.
func (s Seat) Free(now time.Time) bool {
	return s.State(now) == SeatInService && s.AttemptID == 0
}

// DaysLeft is shown for a seat that expires within 30 days (FEATURES A5.1); ok is false else.
func (s Seat) DaysLeft(now time.Time) (days int, ok bool) {
	if s.ValidUntil == nil {
		return 0, false
	}
	left := s.ValidUntil.Sub(now)
	return max(0, int(left.Hours()/24)), left < 30*24*time.Hour
}

// LeadState is where a lead of a list stands.
type LeadState string

const (
	Waiting  LeadState = "waiting"
	Calling  LeadState = "calling"
	Finished LeadState = "done"
)

// leadRow is one lead of a list.
type leadRow struct {
	ID          db.ID
	TenantID    db.ID
	ListID      db.ID
	RowNo       int64
	Name        string
	PhoneCipher []byte
	PhoneDigest string
	PhoneLast4  string
	Vars        json.RawMessage `gorm:"type:json"`
	State       LeadState
	Grade       string
	Tries       int
	LastOutcome string
	LastCallID  db.ID
	NextAt      *time.Time
	UpdatedAt   time.Time
}

func (leadRow) TableName() string { return "leads" }

func (l leadRow) vars() map[string]string {
	m := map[string]string{}
	_ = json.Unmarshal(l.Vars, &m)
	return m
}

// attemptRow is the truth about one try to reach one lead (DESIGN mechanism 1).
type attemptRow struct {
	ID           db.ID
	TenantID     db.ID
	CampaignID   db.ID
	LeadID       db.ID
	TryNo        int
	State        AttemptState
	Node         string // the fence: only this node, in this epoch, may move it
	Epoch        int64
	SeatID       db.ID
	PhoneDigest  string
	CallID       db.ID
	Outcome      string
	Grade        string
	ClaimedAt    time.Time
	DialledAt    *time.Time
	TalkingAt    *time.Time
	EndedAt      *time.Time
	TurnaroundMs int64 // since this seat's last call ended; 0 = it was the first
}

func (attemptRow) TableName() string { return "attempts" }

// inFlight holds a number of a tenant while an attempt is under way: one at a time.
type inFlight struct {
	ID          db.ID
	TenantID    db.ID
	PhoneDigest string
	AttemptID   db.ID
	CreatedAt   time.Time
}

// importRow is an uploaded Excel file on its way to being a lead list.
type importRow struct {
	ID           db.ID
	TenantID     db.ID
	OwnerID      db.ID
	DepartmentID db.ID
	FileName     string
	BlobKey      string
	RejectKey    string
	State        ImportState
	Look         json.RawMessage `gorm:"type:json"` // Sheet
	Mapping      json.RawMessage `gorm:"type:json"` // Mapping
	CampaignID   db.ID
	TaskID       db.ID
	Done         int64
	Total        int64
	Accepted     int64
	Invalid      int64
	Duplicate    int64
	DNC          int64 `gorm:"column:dnc"`
	InCampaign   int64
	Cancel       bool
	FailKey      string
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

func (importRow) TableName() string { return "imports" }

// ImportState is where an import stands.
type ImportState string

const (
	Uploaded ImportState = "uploaded"
	Checking ImportState = "checking"
	Ready    ImportState = "ready"
	Broken   ImportState = "failed"
)

// Template is a time template (时间模板, FEATURES A9.1).
type Template struct {
	ID           db.ID
	TenantID     db.ID
	OwnerID      db.ID
	DepartmentID db.ID
	Name         string
	Zone         string
	Spec         json.RawMessage `gorm:"type:json"` // Hours
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

func (Template) TableName() string { return "time_templates" }

// hours are never open where they cannot be read.
func (t Template) hours() (h Hours) {
	_ = json.Unmarshal(t.Spec, &h)
	return h
}

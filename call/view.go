package call

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/tenant"
)

// Ref names a thing of another room.
type Ref struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// View is a call in a list.
type View struct {
	ID           db.ID     `json:"id"`
	Campaign     *Ref      `json:"campaign"`
	LeadID       db.ID     `json:"lead_id"`
	CustomerID   db.ID     `json:"customer_id"`
	Name         string    `json:"name"`
	Number       string    `json:"number"`
	Grade        string    `json:"grade" enum:"A,B,C,D,E,F,"`
	Outcome      Outcome   `json:"outcome"`
	DurationMs   int64     `json:"duration_ms"`
	TalkMs       int64     `json:"talk_ms"`
	Rounds       int       `json:"rounds"`
	StartedAt    time.Time `json:"started_at"`
	Seat         string    `json:"seat"`
	AssignedTo   *Ref      `json:"assigned_to"`
	HasRecording bool      `json:"has_recording"`
	Interrupted  bool      `json:"interrupted"`
}

// Detail is everything about one call.
type Detail struct {
	View
	AnsweredAt *time.Time        `json:"answered_at"`
	EndedAt    *time.Time        `json:"ended_at"`
	Why        Why               `json:"grade_reason"`
	Transcript []TurnView        `json:"transcript" nullable:"false"`
	Path       []Step            `json:"path" nullable:"false"`
	Timeline   []MarkView        `json:"timeline" nullable:"false"`
	Promises   []PromiseView     `json:"promises" nullable:"false"`
	Recording  *Recording        `json:"recording"`
	Script     *ScriptRef        `json:"script"`
	Latency    Latency           `json:"latency"`
	SIP        SIPView           `json:"sip"`
	AttemptID  db.ID             `json:"attempt_id"`
	Line       string            `json:"line"`
	Vars       map[string]string `json:"vars" nullable:"false"`
}

// Why explains the grade (FEATURES A4.4).
type Why struct {
	Rule   int            `json:"rule"`
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
	Text   string         `json:"text"`
	Hits   []Hit          `json:"hits" nullable:"false"`
	Gate   []GateView     `json:"gate" nullable:"false"`
	Rounds int            `json:"rounds"`
	TalkMs int64          `json:"talk_ms"`
}

// GateView is one condition of the valid-A gate.
type GateView struct {
	Key  string `json:"key"`
	Text string `json:"text"`
	Need int    `json:"need"`
	Got  int    `json:"got"`
	OK   bool   `json:"ok"`
}

// TurnView is a line of the transcript with its number.
type TurnView struct {
	I int `json:"i"`
	Turn
}

// MarkView is one thing on the call's timeline.
type MarkView struct {
	AtMs int64  `json:"at_ms"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// PromiseView is an SMS or push that the call promised, as notify tells it.
type PromiseView struct {
	ID    db.ID      `json:"id"`
	Error string     `json:"error"`
	Kind  string     `json:"kind"`
	State string     `json:"state"`
	To    string     `json:"to"`
	Text  string     `json:"text"`
	At    *time.Time `json:"at"`
}

// Recording says where to hear the call.
type Recording struct {
	URL        string `json:"url"`
	DurationMs int64  `json:"duration_ms"`
	Bytes      int64  `json:"bytes"`
}

// ScriptRef is the version that talked.
type ScriptRef struct {
	Ref
	Version int `json:"version"`
}

// Latency is measured from our own RTP: the callee's last voiced sample to our first audible frame, and the callee's start to our silence.
type Latency struct {
	Turn    Quantiles `json:"turn_ms"`
	BargeIn Quantiles `json:"barge_in_ms"`
}

// Quantiles of some milliseconds; zero where there are none.
type Quantiles struct {
	P50 int64 `json:"p50"`
	P95 int64 `json:"p95"`
	N   int   `json:"n"`
}

// QuantilesOf sorts and reads off.
func QuantilesOf(ms []int64) Quantiles {
	if len(ms) == 0 {
		return Quantiles{}
	}
	s := slices.Clone(ms)
	slices.Sort(s)
	at := func(q float64) int64 { return s[min(len(s)-1, int(q*float64(len(s))))] }
	return Quantiles{P50: at(0.5), P95: at(0.95), N: len(s)}
}

// SIPView is what the line said.
type SIPView struct {
	Status int    `json:"status"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// names looks every foreign name of a page up at once.
type names struct{ campaigns, scripts, people map[db.ID]string }

func (s *Service) namesOf(ctx context.Context, cs []Call) (n names, err error) {
	var campaigns, scripts []db.ID
	for _, c := range cs {
		campaigns, scripts = append(campaigns, c.CampaignID), append(scripts, c.ScriptID)
	}
	if n.campaigns, err = lookUp(ctx, s.Campaigns, campaigns); err != nil {
		return n, err
	}
	if n.scripts, err = lookUp(ctx, s.Scripts, scripts); err != nil {
		return n, err
	}
	us, err := s.People.Users(ctx, tenant.Sales)
	n.people = map[db.ID]string{}
	for _, u := range us {
		n.people[u.ID] = u.Name
	}
	return n, err
}

func lookUp(ctx context.Context, f Names, ids []db.ID) (map[db.ID]string, error) {
	if f == nil || len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	return f(ctx, slices.Compact(ids))
}

func ref(id db.ID, in map[db.ID]string) *Ref {
	if id == 0 {
		return nil
	}
	return &Ref{id, in[id]}
}

func (s *Service) view(ctx context.Context, c Call, n names) View {
	full := c.AssignedView == "full" && c.AssignedTo == tenant.PersonOf(ctx).User
	return View{
		ID: c.ID, Campaign: ref(c.CampaignID, n.campaigns), LeadID: c.LeadID, CustomerID: c.CustomerID, Name: c.Name,
		Number: s.Vault.ShowPhone(ctx, c.PhoneCipher, c.PhoneLast4, full), Grade: c.Grade, Outcome: c.Outcome, DurationMs: c.DurationMs, TalkMs: c.TalkMs,
		Rounds: c.Rounds, StartedAt: c.StartedAt, Seat: c.SeatNumber, AssignedTo: ref(c.AssignedTo, n.people), HasRecording: c.RecordingKey != "", Interrupted: c.Interrupted,
	}
}

func (s *Service) detail(ctx context.Context, c Call) (*Detail, error) {
	n, err := s.namesOf(ctx, []Call{c})
	if err != nil {
		return nil, err
	}
	turns, err := s.Transcript(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	var f Facts
	_ = json.Unmarshal(c.Facts, &f)
	d := &Detail{View: s.view(ctx, c, n), AnsweredAt: c.AnsweredAt, EndedAt: c.EndedAt, Why: WhyOf(ctx, c.Reason, turns), Transcript: make([]TurnView, 0, len(turns)),
		Path: append([]Step{}, f.Path...), Timeline: timeline(ctx, f.Timeline), Promises: []PromiseView{}, AttemptID: c.AttemptID, Line: c.Trunk, Vars: f.Vars,
		Latency: Latency{Turn: QuantilesOf(f.Turns), BargeIn: QuantilesOf(f.BargeIns)}, SIP: SIPView{c.SIPStatus, c.SIPReason, c.EndedBy}}
	if d.Vars == nil {
		d.Vars = map[string]string{}
	}
	for i, t := range turns {
		d.Transcript = append(d.Transcript, TurnView{i, t})
	}
	if c.ScriptID != 0 {
		d.Script = &ScriptRef{Ref{c.ScriptID, n.scripts[c.ScriptID]}, c.ScriptVersion}
	}
	if c.RecordingKey != "" {
		d.Recording = &Recording{URL: "/api/v1/calls/" + c.ID.String() + "/recording", DurationMs: c.TalkMs, Bytes: c.RecordingBytes}
	}
	if s.Promises != nil {
		d.Promises, err = s.Promises(ctx, c.ID)
	}
	return d, err
}

// WhyOf tells a grade's reason in the language of ctx.
func WhyOf(ctx context.Context, reason json.RawMessage, turns []Turn) Why {
	var v struct {
		Rule   int            `json:"rule"`
		Key    string         `json:"key"`
		Args   map[string]any `json:"args"`
		Rounds int            `json:"rounds"`
		TalkMS int64          `json:"talk_ms"`
		Gate   []GateView     `json:"gate"`
	}
	_ = json.Unmarshal(reason, &v)
	w := Why{Rule: v.Rule, Key: v.Key, Args: v.Args, Text: locale.Say(ctx, v.Key, v.Args), Rounds: v.Rounds, TalkMs: v.TalkMS, Gate: append([]GateView{}, v.Gate...), Hits: []Hit{}}
	for i, g := range w.Gate {
		w.Gate[i].Text = locale.Say(ctx, g.Key, map[string]any{"need": g.Need, "got": g.Got})
	}
	for _, t := range turns {
		w.Hits = append(w.Hits, t.Hits...)
	}
	return w
}

func timeline(ctx context.Context, marks []Mark) []MarkView {
	out := make([]MarkView, 0, len(marks))
	for _, m := range marks {
		out = append(out, MarkView{m.AtMs, m.Kind, locale.Say(ctx, "call.mark."+m.Kind, map[string]any{"note": m.Note})})
	}
	return out
}

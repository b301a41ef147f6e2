package campaign

import (
	"context"
	"encoding/json"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/scriptflow"
	"yingda/tenant"
)

// View is a campaign in a list, and what the event stream sends.
type View struct {
	ID          db.ID            `json:"id"`
	Name        string           `json:"name"`
	State       State            `json:"state" enum:"not_started,running,paused,terminated,completed"`
	Script      ScriptView       `json:"script"`
	Seats       int              `json:"seats"`
	Template    call.Ref         `json:"template"`
	Counts      Counts           `json:"counts"`
	Grades      map[string]int64 `json:"grades" nullable:"false"`
	ConnectRate float64          `json:"connect_rate"`
	StartAt     *time.Time       `json:"start_at"`
	StartedAt   *time.Time       `json:"started_at"`
	EndedAt     *time.Time       `json:"ended_at"`
	CreatedAt   time.Time        `json:"created_at"`
	CreatedBy   call.Ref         `json:"created_by"`
	Why         *WhyView         `json:"why_waiting"`
}

// ScriptView is the version that a campaign talks by.
type ScriptView struct {
	ID      db.ID  `json:"id"`
	Name    string `json:"name"`
	Version int    `json:"version"`
}

// Counts of a campaign's leads and calls.
type Counts struct {
	Total     int64 `json:"total"`
	Called    int64 `json:"called"`
	Connected int64 `json:"connected"`
	Active    int64 `json:"active"`
	Waiting   int64 `json:"waiting"`
}

// WhyView says why no call is placed right now.
type WhyView struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	Text string         `json:"text"`
}

// Detail is a campaign with everything its page shows.
type Detail struct {
	View
	SeatList   []SeatView       `json:"seat_list" nullable:"false"`
	Rules      Rules            `json:"rules"`
	Funnel     Funnel           `json:"funnel"`
	LeadGrades map[string]int64 `json:"lead_grades" nullable:"false"`
	Outcomes   map[string]int64 `json:"outcomes" nullable:"false"`
	Turnaround *call.Quantiles  `json:"seat_turnaround_ms"`
	Active     []ActiveCall     `json:"active_calls" nullable:"false"`
	Import     *call.Ref        `json:"import"`
}

// Funnel is dialled → connected → at least one effective round → A or B (FEATURES A3.4).
type Funnel struct {
	Dialled   int64 `json:"dialled"`
	Connected int64 `json:"connected"`
	Round1    int64 `json:"round1"`
	AB        int64 `json:"ab"`
}

// ActiveCall is one call under way.
type ActiveCall struct {
	CallID db.ID     `json:"call_id"`
	LeadID db.ID     `json:"lead_id"`
	Seat   string    `json:"seat"`
	Name   string    `json:"name"`
	Number string    `json:"number"`
	State  string    `json:"state"`
	Since  time.Time `json:"since"`
}

// SeatView is a robot seat.
type SeatView struct {
	ID         db.ID      `json:"id"`
	Number     string     `json:"number"`
	Name       string     `json:"name"`
	State      SeatState  `json:"state" enum:"idle,in_service,disabled,expired"`
	Busy       bool       `json:"busy"`
	Campaign   *call.Ref  `json:"campaign"`
	DialCount  int64      `json:"dial_count"`
	ValidUntil *time.Time `json:"valid_until"`
	DaysLeft   *int       `json:"days_left"`
	CreatedAt  time.Time  `json:"created_at"`
}

func (s *Service) viewOf(ctx context.Context, c Campaign) (View, error) {
	vs, err := s.views(ctx, []Campaign{c})
	if err != nil {
		return View{}, err
	}
	return vs[0], nil
}

// views tells a page of campaigns; names and sums are read for all at once.
func (s *Service) views(ctx context.Context, cs []Campaign) ([]View, error) {
	var ids, scripts []db.ID
	for _, c := range cs {
		ids, scripts = append(ids, c.ID), append(scripts, c.ScriptID)
	}
	names, err := s.Scripts.Names(ctx, scripts)
	if err != nil {
		return nil, err
	}
	templates, _, err := s.Templates(ctx)
	if err != nil {
		return nil, err
	}
	sums, err := s.Calls.SumsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	active, err := s.activeOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]View, len(cs))
	for i, c := range cs {
		out[i] = s.view(ctx, c, names[c.ScriptID], templateName(templates, c.TemplateID), sums[c.ID], active[c.ID])
	}
	return out, nil
}

func templateName(ts []Template, id db.ID) string {
	for _, t := range ts {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

func (s *Service) view(ctx context.Context, c Campaign, script, template string, t call.Totals, active int64) View {
	v := View{ID: c.ID, Name: c.Name, State: c.State, Script: ScriptView{c.ScriptID, script, c.ScriptVersion}, Seats: len(c.rules().Seats),
		Template: call.Ref{ID: c.TemplateID, Name: template}, Grades: sixGrades(t.Grades), ConnectRate: t.ConnectRate(), StartAt: c.StartAt, StartedAt: c.StartedAt,
		EndedAt: c.EndedAt, CreatedAt: c.CreatedAt, CreatedBy: call.Ref{ID: c.OwnerID, Name: c.CreatedByName},
		Counts: Counts{Total: c.Total, Called: c.Called, Connected: c.Connected, Active: active, Waiting: max(0, c.Total-c.Called-active)}}
	if why, ok := s.why.Load(c.ID); ok && c.State == Running {
		w := why.(Why)
		v.Why = &WhyView{Key: w.Key, Args: w.Args, Text: locale.Say(ctx, w.Key, w.Args)}
	}
	return v
}

func sixGrades(in map[string]int64) map[string]int64 {
	out := map[string]int64{}
	for _, g := range scriptflow.Grades {
		out[string(g)] = in[string(g)]
	}
	return out
}

// activeOf counts the calls under way of each campaign.
func (s *Store) activeOf(ctx context.Context, ids []db.ID) (map[db.ID]int64, error) {
	var rows []struct {
		CampaignID db.ID
		N          int64
	}
	err := s.db.In(ctx).Model(&attemptRow{}).Where("campaign_id IN ? AND state IN ?", ids, openStates).
		Select("campaign_id, count(*) AS n").Group("campaign_id").Scan(&rows).Error
	out := map[db.ID]int64{}
	for _, r := range rows {
		out[r.CampaignID] = r.N
	}
	return out, err
}

func (s *Service) detail(ctx context.Context, c Campaign) (*Detail, error) {
	v, err := s.viewOf(ctx, c)
	if err != nil {
		return nil, err
	}
	d := &Detail{View: v, Rules: c.rules(), SeatList: []SeatView{}, Active: []ActiveCall{}, Outcomes: map[string]int64{}}
	seats, err := s.seatsOf(ctx, d.Rules.Seats)
	if err != nil {
		return nil, err
	}
	for _, seat := range seats {
		d.SeatList = append(d.SeatList, s.seatView(seat, map[db.ID]string{c.ID: c.Name}))
	}
	if im, err := s.Import(ctx, c.ListID); err == nil { // a list that was cleaned up takes its file's name along
		d.Import = &call.Ref{ID: im.ID, Name: im.FileName}
	}
	sums, err := s.Calls.SumsOf(ctx, []db.ID{c.ID})
	if err != nil {
		return nil, err
	}
	t := sums[c.ID]
	for o, n := range t.Outcomes {
		d.Outcomes[string(o)] = n
	}
	d.Funnel = Funnel{Dialled: t.Dialled, Connected: t.Connected, Round1: t.Rounds[1] + t.Rounds[2] + t.Rounds[3], AB: t.Grades["A"] + t.Grades["B"]}
	if d.LeadGrades, err = s.gradesPerLead(ctx, c.ListID); err != nil {
		return nil, err
	}
	d.LeadGrades = sixGrades(d.LeadGrades)
	return d, s.addLive(ctx, c, d)
}

// addLive adds what changes by the second: the calls under way and the seats' turnaround.
func (s *Service) addLive(ctx context.Context, c Campaign, d *Detail) error {
	ms, err := s.Turnarounds(ctx, c.ID)
	if err != nil {
		return err
	}
	if len(ms) > 0 {
		q := call.QuantilesOf(ms)
		d.Turnaround = &q
	}
	live, err := s.Calls.LiveOf(ctx, c.ID, 200)
	if err != nil {
		return err
	}
	for _, l := range live {
		a := ActiveCall{CallID: l.ID, LeadID: l.LeadID, Seat: l.SeatNumber, Name: l.Name, State: "dialling", Since: l.StartedAt,
			Number: s.People.Vault.ShowPhone(ctx, l.PhoneCipher, l.PhoneLast4, false)}
		if l.AnsweredAt != nil {
			a.State, a.Since = "talking", *l.AnsweredAt
		}
		d.Active = append(d.Active, a)
	}
	return nil
}

func (s *Service) seatView(seat Seat, campaigns map[db.ID]string) SeatView {
	now := s.Clock.Now()
	v := SeatView{ID: seat.ID, Number: seat.Number, Name: seat.Name, State: seat.State(now), Busy: seat.AttemptID != 0, DialCount: seat.DialCount,
		ValidUntil: seat.ValidUntil, CreatedAt: seat.CreatedAt}
	if seat.CampaignID != 0 {
		v.Campaign = &call.Ref{ID: seat.CampaignID, Name: campaigns[seat.CampaignID]}
	}
	if days, soon := seat.DaysLeft(now); soon {
		v.DaysLeft = &days
	}
	return v
}

// LeadView is one lead of a campaign.
type LeadView struct {
	ID       db.ID             `json:"id"`
	Row      int64             `json:"row"`
	Name     string            `json:"name"`
	Number   string            `json:"number"`
	State    LeadState         `json:"state" enum:"waiting,calling,done"`
	Grade    string            `json:"grade"`
	Tries    int               `json:"tries"`
	Outcome  string            `json:"last_outcome"`
	LastCall db.ID             `json:"last_call_id"`
	Vars     map[string]string `json:"vars" nullable:"false"`
	At       time.Time         `json:"at"`
}

func (s *Service) leadView(ctx context.Context, l leadRow) LeadView {
	return LeadView{ID: l.ID, Row: l.RowNo, Name: l.Name, Number: s.People.Vault.ShowPhone(ctx, l.PhoneCipher, l.PhoneLast4, false), State: l.State,
		Grade: l.Grade, Tries: l.Tries, Outcome: l.LastOutcome, LastCall: l.LastCallID, Vars: l.vars(), At: l.UpdatedAt}
}

// ImportView is an uploaded file on its way to being a lead list.
type ImportView struct {
	ID       db.ID       `json:"id"`
	FileName string      `json:"file_name"`
	State    ImportState `json:"state" enum:"uploaded,checking,ready,failed"`
	Sheet    Sheet       `json:"sheet"`
	Mapping  Mapping     `json:"mapping"`
	Done     int64       `json:"done"`
	Total    int64       `json:"total"`
	Accepted int64       `json:"accepted"`
	Rejected Rejected    `json:"rejected"`
	Rejects  string      `json:"rejects_url"`
	Failure  string      `json:"failure"`
}

// Rejected counts the rows that may not be called, by why.
type Rejected struct {
	Invalid    int64 `json:"invalid"`
	Duplicate  int64 `json:"duplicate"`
	DNC        int64 `json:"dnc"`
	InCampaign int64 `json:"in_campaign"`
}

// importView shows an import; what its rows look like only to those who may make campaigns of it.
func importView(ctx context.Context, im importRow) ImportView {
	if !tenant.PersonOf(ctx).Has("campaign:write") {
		im.Look = withoutSamples(im.Look)
	}
	v := ImportView{ID: im.ID, FileName: im.FileName, State: im.State, Done: im.Done, Total: im.Total, Accepted: im.Accepted,
		Rejected: Rejected{im.Invalid, im.Duplicate, im.DNC, im.InCampaign}}
	_ = json.Unmarshal(im.Look, &v.Sheet)
	_ = json.Unmarshal(im.Mapping, &v.Mapping)
	if im.RejectKey != "" {
		v.Rejects = "/api/v1/imports/" + im.ID.String() + "/rejects"
	}
	if im.FailKey != "" {
		v.Failure = locale.Say(ctx, im.FailKey, nil)
	}
	return v
}

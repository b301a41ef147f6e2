package campaign

import (
	"context"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
	"yingda/scriptflow"
	"yingda/tenant"
)

type handlers struct{ *Service }

// Routes registers the room's operations.
func Routes(a *httpapi.API, s *Service) {
	h := handlers{s}
	campaignRoutes(a, h)
	listRoutes(a, h)
	seatRoutes(a, h)
	templateRoutes(a, h)
	homeRoutes(a, h)
}

func campaignRoutes(a *httpapi.API, h handlers) {
	httpapi.Register(a, httpapi.Op{ID: "list-campaigns", Method: "GET", Path: "/campaigns", Right: "campaign:read", Scope: httpapi.Reach}, h.list)
	httpapi.Register(a, httpapi.Op{ID: "create-campaign", Method: "POST", Path: "/campaigns", Right: "campaign:write", Scope: httpapi.Reach, Status: 201}, h.create)
	httpapi.Register(a, httpapi.Op{ID: "get-campaign", Method: "GET", Path: "/campaigns/{id}", Right: "campaign:read", Scope: httpapi.Reach}, h.get)
	httpapi.Register(a, httpapi.Op{ID: "change-campaign", Method: "PATCH", Path: "/campaigns/{id}", Right: "campaign:write", Scope: httpapi.Reach}, h.change)
	httpapi.Register(a, httpapi.Op{ID: "delete-campaign", Method: "DELETE", Path: "/campaigns/{id}", Right: "campaign:write", Scope: httpapi.Reach}, h.remove)
	httpapi.Register(a, httpapi.Op{ID: "copy-campaign", Method: "POST", Path: "/campaigns/{id}/copy", Right: "campaign:write", Scope: httpapi.Reach, Status: 201}, h.copy)
	for name, do := range map[string]func(context.Context, db.ID) error{"start": h.Start, "pause": h.Pause, "resume": h.Resume, "terminate": h.Terminate} {
		httpapi.Register(a, httpapi.Op{ID: name + "-campaign", Method: "POST", Path: "/campaigns/{id}/" + name, Right: "campaign:run", Scope: httpapi.Reach}, h.moving(do))
	}
	httpapi.Register(a, httpapi.Op{ID: "list-leads", Method: "GET", Path: "/campaigns/{id}/leads", Right: "campaign:read", Scope: httpapi.Reach}, h.leads)
	httpapi.Register(a, httpapi.Op{ID: "get-campaign-log", Method: "GET", Path: "/campaigns/{id}/log", Right: "campaign:read", Scope: httpapi.Reach}, h.log)
}

type listIn struct {
	httpapi.PageIn
	Q      string `query:"q" maxLength:"60"`
	State  string `query:"state" maxLength:"80"`
	Script db.ID  `query:"script"`
	From   string `query:"from" maxLength:"30"`
	To     string `query:"to" maxLength:"30"`
}

func (h handlers) list(ctx context.Context, in *listIn) (*httpapi.ListOut[View], error) {
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	zone, err := h.Calls.Zone(ctx)
	if err != nil {
		return nil, err
	}
	f := CampaignFilter{Text: in.Q, States: call.Split(in.State), Script: in.Script}
	if f.From, f.To, err = call.Span(in.From, in.To, zone); err != nil {
		return nil, err
	}
	p, err := h.Campaigns(ctx, f, after, in.Limit, httpapi.CountCap)
	if err != nil {
		return nil, err
	}
	views, err := h.views(ctx, p.Rows)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(db.Page[View]{Rows: views, Next: p.Next, Total: p.Total}, func(v View) View { return v }), nil
}

type createIn struct {
	Body struct {
		Name     string     `json:"name" minLength:"1" maxLength:"60"`
		Script   db.ID      `json:"script_id"`
		Import   db.ID      `json:"import_id"`
		Seats    []db.ID    `json:"seat_ids" maxItems:"1000" nullable:"false"`
		Template db.ID      `json:"template_id"`
		Start    string     `json:"start" enum:"now,later,manual"`
		StartAt  *time.Time `json:"start_at,omitempty"`
		RuleBody
	}
}

// RuleBody is the part of a new campaign that is its rules.
type RuleBody struct {
	KeywordSMS *SMSRule        `json:"keyword_sms,omitempty"`
	Screening  []ScreeningRule `json:"screening_sms,omitempty"`
	Push       *PushRule       `json:"push,omitempty"`
	Gate       *GateBody       `json:"gate,omitempty"`
}

// GateBody is the valid-A gate (FEATURES A4.3); what is zero is not asked.
type GateBody struct {
	Keywords    []string `json:"keywords,omitempty"`
	MinKeywords int      `json:"min_keywords,omitempty" minimum:"0" maximum:"50"`
	MinTalk     int      `json:"min_talk_s,omitempty" minimum:"0" maximum:"3600"`
	MinRounds   int      `json:"min_rounds,omitempty" minimum:"0" maximum:"50"`
}

func (h handlers) create(ctx context.Context, in *createIn) (*httpapi.Out[View], error) {
	b := in.Body
	d := Draft{Name: b.Name, ScriptID: b.Script, ImportID: b.Import, TemplateID: b.Template, Start: b.Start, StartAt: b.StartAt,
		Rules: Rules{Seats: b.Seats, KeywordSMS: b.KeywordSMS, Screening: b.Screening, Push: b.Push}}
	if b.Gate != nil {
		d.Rules.Gate = gateOf(*b.Gate)
	}
	c, err := h.Create(ctx, d)
	if err != nil {
		return nil, err
	}
	return h.shown(ctx, c.ID)
}

func (h handlers) shown(ctx context.Context, id db.ID) (*httpapi.Out[View], error) {
	c, err := h.Campaign(ctx, id)
	if err != nil {
		return nil, err
	}
	v, err := h.viewOf(ctx, *c)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[View]{Body: v}, nil
}

func (h handlers) get(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[Detail], error) {
	c, err := h.Campaign(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := h.detail(ctx, *c)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Detail]{Body: *d}, nil
}

type changeIn struct {
	httpapi.ByID
	Body struct {
		Name     string  `json:"name,omitempty" maxLength:"60"`
		Script   db.ID   `json:"script_id,omitempty"`
		Template db.ID   `json:"template_id,omitempty"`
		Seats    []db.ID `json:"seat_ids,omitempty" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

func (h handlers) change(ctx context.Context, in *changeIn) (*httpapi.Out[View], error) {
	b := in.Body
	if err := h.Change(ctx, in.ID, Changes{Name: b.Name, Script: b.Script, Template: b.Template, Seats: b.Seats}); err != nil {
		return nil, err
	}
	return h.shown(ctx, in.ID)
}

func (h handlers) remove(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.Delete(ctx, in.ID)
}

type copyIn struct {
	httpapi.ByID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"60"`
	}
}

func (h handlers) copy(ctx context.Context, in *copyIn) (*httpapi.Out[View], error) {
	c, err := h.Copy(ctx, in.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return h.shown(ctx, c.ID)
}

func (h handlers) moving(do func(context.Context, db.ID) error) func(context.Context, *httpapi.ByID) (*httpapi.Out[View], error) {
	return func(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[View], error) {
		if err := do(ctx, in.ID); err != nil {
			return nil, err
		}
		return h.shown(ctx, in.ID)
	}
}

type leadsIn struct {
	httpapi.ByID
	httpapi.PageIn
	Q     string `query:"q" maxLength:"60"`
	State string `query:"state" maxLength:"40"`
	Grade string `query:"grade" maxLength:"20"`
}

func (h handlers) leads(ctx context.Context, in *leadsIn) (*httpapi.ListOut[LeadView], error) {
	c, err := h.Campaign(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	p, err := h.Leads(ctx, c.ListID, LeadFilter{Text: in.Q, States: call.Split(in.State), Grades: call.Split(in.Grade)}, after, in.Limit, httpapi.CountCap)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(p, func(l leadRow) LeadView { return h.leadView(ctx, l) }), nil
}

// LogLine is one entry of a campaign's operation log.
type LogLine struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Text   string    `json:"text"`
}

func (h handlers) log(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[[]LogLine], error) {
	if _, err := h.Campaign(ctx, in.ID); err != nil {
		return nil, err
	}
	es, err := h.People.Log(ctx, "campaign", in.ID, 200)
	if err != nil {
		return nil, err
	}
	out := httpapi.Out[[]LogLine]{Body: []LogLine{}}
	for _, e := range es {
		out.Body = append(out.Body, LogLine{e.CreatedAt, e.UserName, e.Action, locale.Say(ctx, "log."+e.Action, tenant.ArgsOf(e))})
	}
	return &out, nil
}

func gateOf(b GateBody) *scriptflow.Gate {
	return &scriptflow.Gate{Keywords: b.Keywords, MinKeywords: b.MinKeywords, MinTalk: b.MinTalk, MinRounds: b.MinRounds}
}

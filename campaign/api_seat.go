package campaign

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/tenant"
)

func seatRoutes(a *httpapi.API, h handlers) {
	httpapi.Register(a, httpapi.Op{ID: "list-seats", Method: "GET", Path: "/seats", Right: "seat:read", Scope: httpapi.Reach}, h.seats)
	httpapi.Register(a, httpapi.Op{ID: "get-seat", Method: "GET", Path: "/seats/{id}", Right: "seat:read", Scope: httpapi.Reach}, h.seat)
	httpapi.Register(a, httpapi.Op{ID: "change-seat", Method: "PATCH", Path: "/seats/{id}", Right: "seat:write", Scope: httpapi.Reach}, h.changeSeat)
}

type seatsIn struct {
	Q     string `query:"q" maxLength:"60"`
	State string `query:"state" maxLength:"60"`
	Free  bool   `query:"free" doc:"only seats that a new campaign may take"`
}

func (h handlers) seats(ctx context.Context, in *seatsIn) (*httpapi.ListOut[SeatView], error) {
	all, err := h.Seats(ctx, in.Q)
	if err != nil {
		return nil, err
	}
	names, err := h.holders(ctx, all)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, s := range call.Split(in.State) {
		wanted[s] = true
	}
	p := db.Page[SeatView]{Rows: []SeatView{}}
	for _, s := range all {
		v := h.seatView(s, names)
		if (len(wanted) == 0 || wanted[string(v.State)]) && (!in.Free || v.State == SeatIdle) {
			p.Rows = append(p.Rows, v)
		}
	}
	p.Total = len(p.Rows)
	return httpapi.ListOf(p, func(v SeatView) SeatView { return v }), nil
}

func (s *Service) holders(ctx context.Context, seats []Seat) (map[db.ID]string, error) {
	var ids []db.ID
	for _, x := range seats {
		if x.CampaignID != 0 {
			ids = append(ids, x.CampaignID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.Names(ctx, ids)
}

// SeatDetail is a seat with its statistics.
type SeatDetail struct {
	SeatView
	Stats SeatStats `json:"stats"`
}

// SeatStats is what came of a seat's calls (FEATURES A5.1).
type SeatStats struct {
	Dialled   int64            `json:"dialled"`
	Connected int64            `json:"connected"`
	TalkMs    int64            `json:"talk_ms"`
	Outcomes  map[string]int64 `json:"outcomes" nullable:"false"`
	Grades    map[string]int64 `json:"grades" nullable:"false"`
	Rounds    []int64          `json:"rounds" nullable:"false" doc:"connected calls with 0, 1, 2, 3 and more effective rounds"`
}

func (h handlers) seat(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[SeatDetail], error) {
	seat, err := h.Seat(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := h.holders(ctx, []Seat{*seat})
	if err != nil {
		return nil, err
	}
	sums, err := h.Calls.SumsOfSeats(ctx, []db.ID{in.ID})
	if err != nil {
		return nil, err
	}
	t := sums[in.ID]
	d := SeatDetail{SeatView: h.seatView(*seat, names), Stats: SeatStats{Dialled: t.Dialled, Connected: t.Connected, TalkMs: t.TalkMs, Outcomes: map[string]int64{},
		Grades: sixGrades(t.Grades), Rounds: t.Rounds[:]}}
	for o, n := range t.Outcomes {
		d.Stats.Outcomes[string(o)] = n
	}
	return &httpapi.Out[SeatDetail]{Body: d}, nil
}

type changeSeatIn struct {
	httpapi.ByID
	Body struct {
		Name    *string `json:"name,omitempty" minLength:"1" maxLength:"40"`
		Enabled *bool   `json:"enabled,omitempty"`
	}
}

func (h handlers) changeSeat(ctx context.Context, in *changeSeatIn) (*httpapi.Out[SeatDetail], error) {
	if _, err := h.Seat(ctx, in.ID); err != nil {
		return nil, err
	}
	set := map[string]any{}
	if in.Body.Name != nil {
		set["name"] = *in.Body.Name
	}
	if in.Body.Enabled != nil {
		set["enabled"] = *in.Body.Enabled
	}
	if len(set) > 0 {
		change := func(ctx context.Context) error { return update[Seat](ctx, h.Store, in.ID, set) }
		if err := h.logged(ctx, change, "seat.change", "seat", in.ID, "set", maps.Clone(set)); err != nil {
			return nil, err
		}
		h.Wake()
	}
	return h.seat(ctx, &in.ByID)
}

func templateRoutes(a *httpapi.API, h handlers) {
	httpapi.Register(a, httpapi.Op{ID: "list-time-templates", Method: "GET", Path: "/time-templates", Right: "template:read", Scope: httpapi.Reach}, h.templates)
	httpapi.Register(a, httpapi.Op{ID: "create-time-template", Method: "POST", Path: "/time-templates", Right: "template:write", Scope: httpapi.Reach, Status: 201}, h.createTemplate)
	httpapi.Register(a, httpapi.Op{ID: "change-time-template", Method: "PUT", Path: "/time-templates/{id}", Right: "template:write", Scope: httpapi.Reach}, h.changeTemplate)
	httpapi.Register(a, httpapi.Op{ID: "delete-time-template", Method: "DELETE", Path: "/time-templates/{id}", Right: "template:write", Scope: httpapi.Reach}, h.deleteTemplate)
}

// TemplateView is a time template.
type TemplateView struct {
	ID        db.ID     `json:"id"`
	Name      string    `json:"name"`
	UsedBy    int64     `json:"used_by"`
	CreatedAt time.Time `json:"created_at"`
	Hours
}

func templateView(t Template, used int64) TemplateView {
	v := TemplateView{ID: t.ID, Name: t.Name, UsedBy: used, CreatedAt: t.CreatedAt}
	_ = json.Unmarshal(t.Spec, &v.Hours)
	return v
}

func (h handlers) templates(ctx context.Context, _ *struct{}) (*httpapi.ListOut[TemplateView], error) {
	ts, used, err := h.Templates(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(db.Page[Template]{Rows: ts, Total: len(ts)}, func(t Template) TemplateView { return templateView(t, used[t.ID]) }), nil
}

type templateBody struct {
	Name string `json:"name" minLength:"1" maxLength:"40"`
	Hours
}

type templateIn struct{ Body templateBody }

func (h handlers) createTemplate(ctx context.Context, in *templateIn) (*httpapi.Out[TemplateView], error) {
	t, err := h.CreateTemplate(ctx, in.Body.Name, in.Body.Hours)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[TemplateView]{Body: templateView(*t, 0)}, nil
}

// CreateTemplate adds a time template.
func (s *Service) CreateTemplate(ctx context.Context, name string, hours Hours) (*Template, error) {
	if err := hours.Check(); err != nil {
		return nil, err
	}
	spec, err := json.Marshal(hours)
	if err != nil {
		return nil, err
	}
	p, now := tenant.PersonOf(ctx), s.Clock.Now()
	t := &Template{ID: db.NewID(), OwnerID: p.User, DepartmentID: p.Department, Name: name, Zone: hours.Zone, Spec: spec, CreatedAt: now, UpdatedAt: now}
	add := func(ctx context.Context) error { return create(ctx, s.Store, t, "template.name_taken", "name", name) }
	if err := s.logged(ctx, add, "template.create", "template", t.ID, "name", name); err != nil {
		return nil, err
	}
	return t, nil
}

// logged does an act and writes it into the operation log: both, or neither.
func (s *Service) logged(ctx context.Context, act func(context.Context) error, action, object string, id db.ID, kv ...any) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := act(ctx); err != nil {
			return err
		}
		return s.People.Audit(ctx, action, object, id, kv...)
	})
}

type changeTemplateIn struct {
	httpapi.ByID
	Body templateBody
}

func (h handlers) changeTemplate(ctx context.Context, in *changeTemplateIn) (*httpapi.Out[TemplateView], error) {
	if _, err := h.Template(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := in.Body.Check(); err != nil {
		return nil, err
	}
	spec, err := json.Marshal(in.Body.Hours)
	if err != nil {
		return nil, err
	}
	change := func(ctx context.Context) error {
		err := update[Template](ctx, h.Store, in.ID, map[string]any{"name": in.Body.Name, "zone": in.Body.Zone, "spec": spec, "updated_at": h.Clock.Now()})
		if db.IsDuplicate(err) {
			return errs.New(errs.Conflict, "template.name_taken", "name", in.Body.Name)
		}
		return err
	}
	if err := h.logged(ctx, change, "template.change", "template", in.ID, "name", in.Body.Name); err != nil {
		return nil, err
	}
	h.Wake()
	t, err := h.Template(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[TemplateView]{Body: templateView(*t, 0)}, nil
}

func (h handlers) deleteTemplate(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	t, err := h.Template(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	remove := func(ctx context.Context) error {
		_, used, err := h.Templates(ctx)
		if err == nil && used[in.ID] > 0 {
			err = errs.New(errs.Conflict, "template.in_use", "name", t.Name, "n", used[in.ID])
		}
		if err != nil {
			return err
		}
		return h.db.In(ctx).Delete(&Template{}, in.ID).Error
	}
	return nil, h.logged(ctx, remove, "template.delete", "template", in.ID, "name", t.Name)
}

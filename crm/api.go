package crm

import (
	"context"
	"strings"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/tenant"
)

type handlers struct{ *Service }

// Routes registers the room's operations.
func Routes(a *httpapi.API, s *Service) {
	h := handlers{s}
	httpapi.Register(a, httpapi.Op{ID: "list-customers", Method: "GET", Path: "/customers", Right: "customer:read", Scope: httpapi.Reach}, h.list)
	httpapi.Register(a, httpapi.Op{ID: "assign-customers", Method: "POST", Path: "/customers/assign", Right: "customer:assign", Scope: httpapi.Reach}, h.assign)
	httpapi.Register(a, httpapi.Op{ID: "get-customer", Method: "GET", Path: "/customers/{id}", Right: "customer:read", Scope: httpapi.Reach}, h.get)
	httpapi.Register(a, httpapi.Op{ID: "change-customer", Method: "PATCH", Path: "/customers/{id}", Right: "customer:write", Scope: httpapi.Reach}, h.change)
	httpapi.Register(a, httpapi.Op{ID: "delete-customer", Method: "DELETE", Path: "/customers/{id}", Right: "customer:assign", Scope: httpapi.Reach}, h.remove)
	httpapi.Register(a, httpapi.Op{ID: "reveal-customer", Method: "POST", Path: "/customers/{id}/reveal", Right: "phone:reveal", Scope: httpapi.Reach}, h.reveal)
	httpapi.Register(a, httpapi.Op{ID: "list-dnc", Method: "GET", Path: "/dnc", Right: "dnc:read", Scope: httpapi.All}, h.listDNC)
	httpapi.Register(a, httpapi.Op{ID: "add-dnc", Method: "POST", Path: "/dnc", Right: "dnc:write", Scope: httpapi.Shared, Status: 201}, h.addDNC)
	httpapi.Register(a, httpapi.Op{ID: "remove-dnc", Method: "DELETE", Path: "/dnc/{id}", Right: "dnc:write", Scope: httpapi.All}, h.removeDNC)
}

type customersIn struct {
	httpapi.PageIn
	Q     string `query:"q" maxLength:"60" doc:"part of the name, the last four digits, or the whole number for those who may see numbers"`
	Grade string `query:"grade" maxLength:"20" doc:"grades, separated by commas"`
	Owner string `query:"owner" maxLength:"20" doc:"a rep's id, or none"`
	Mine  bool   `query:"mine"`
}

func (h handlers) filter(ctx context.Context, in *customersIn) (Filter, error) {
	f := Filter{Text: in.Q, Nobody: in.Owner == "none"}
	if in.Grade != "" {
		f.Grades = strings.Split(in.Grade, ",")
	}
	p := tenant.PersonOf(ctx)
	if in.Mine {
		f.Owner = p.User
	} else if !f.Nobody {
		if err := f.Owner.UnmarshalText([]byte(in.Owner)); err != nil {
			return f, errs.New(errs.Invalid, "invalid").With(errs.Field{Path: "owner", Key: "crm.customer_not_found"}).Because(err)
		}
	}
	if e164, ok := tenant.ParsePhone(in.Q); ok && p.Has("phone:reveal") {
		f.Digest = h.vault.Digest(ctx, e164)
	}
	return f, nil
}

func (h handlers) list(ctx context.Context, in *customersIn) (*httpapi.ListOut[Customer], error) {
	f, err := h.filter(ctx, in)
	if err != nil {
		return nil, err
	}
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	p, err := h.List(ctx, f, after, in.Limit, httpapi.CountCap)
	if err != nil {
		return nil, err
	}
	people, err := h.names(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(p, func(r Record) Customer { return h.view(ctx, r, people) }), nil
}

func (h handlers) get(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[CustomerDetail], error) {
	r, err := h.Customer(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := h.detail(ctx, *r)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[CustomerDetail]{Body: *d}, nil
}

type changeIn struct {
	httpapi.ByID
	Body struct {
		Name   *string           `json:"name,omitempty" maxLength:"80"`
		Age    *int              `json:"age,omitempty" minimum:"0" maximum:"150" nullable:"true"`
		Source *string           `json:"source,omitempty" maxLength:"60"`
		Fields map[string]string `json:"fields,omitempty" maxProperties:"100"`
	}
}

func (h handlers) change(ctx context.Context, in *changeIn) (*httpapi.Out[Customer], error) {
	r, err := h.Change(ctx, in.ID, Edit{Name: in.Body.Name, Age: in.Body.Age, Source: in.Body.Source, Fields: in.Body.Fields})
	if err != nil {
		return nil, err
	}
	people, err := h.names(ctx)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Customer]{Body: h.view(ctx, *r, people)}, nil
}

func (h handlers) remove(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.Delete(ctx, in.ID)
}

// Revealed is a number in full.
type Revealed struct {
	Number string `json:"number"`
}

func (h handlers) reveal(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[Revealed], error) {
	n, err := h.Reveal(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Revealed]{Body: Revealed{n}}, nil
}

type assignIn struct {
	Body struct {
		IDs  []db.ID `json:"ids" minItems:"1" maxItems:"500" nullable:"false"`
		User db.ID   `json:"user_id"`
		View string  `json:"view" enum:"masked,full"`
	}
}

func (h handlers) assign(ctx context.Context, in *assignIn) (*httpapi.Out[call.Assigned], error) {
	done, refused, err := h.Assign(ctx, in.Body.IDs, in.Body.User, in.Body.View)
	if err != nil {
		return nil, err
	}
	return call.ShowAssigned(ctx, done, refused), nil
}

type dncIn struct {
	httpapi.PageIn
	Q string `query:"q" maxLength:"60" doc:"the last four digits, or part of the note"`
}

func (h handlers) listDNC(ctx context.Context, in *dncIn) (*httpapi.ListOut[Dnc], error) {
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	p, err := h.DoNotCalls(ctx, in.Q, after, in.Limit, httpapi.CountCap)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(p, func(d DoNotCall) Dnc { return h.viewDNC(ctx, d) }), nil
}

type addDNCIn struct {
	Body struct {
		Number string `json:"number" minLength:"1" maxLength:"30"`
		Note   string `json:"note,omitempty" maxLength:"200"`
	}
}

func (h handlers) addDNC(ctx context.Context, in *addDNCIn) (*httpapi.Out[Dnc], error) {
	d, err := h.BlockNumber(ctx, in.Body.Number, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Dnc]{Body: h.viewDNC(ctx, *d)}, nil
}

func (h handlers) removeDNC(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.Unblock(ctx, in.ID)
}

package call

import (
	"context"
	"errors"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
	"yingda/tenant"
)

// What an assignment lets a rep see of the number (FEATURES A3.6).
const (
	Masked = "masked" // 脱敏显示
	Full   = "full"   // 完整显示
)

// Refusal is a call or a customer that could not be assigned, and why.
type Refusal struct {
	ID   db.ID
	Key  string
	Args map[string]any
}

// Assignee returns the rep who is to be given calls or customers with a view of the
// number: Invalid where they are no active sales rep, or the view is masked and there is
// no human seat to dial through; Forbidden where the person in ctx may not see the number in full themselves.
func (s *Service) Assignee(ctx context.Context, user db.ID, view string) (*tenant.User, error) {
	rep, err := s.rep(ctx, user)
	if err != nil {
		return nil, err
	}
	if p := tenant.PersonOf(ctx); view == Full && p.User != 0 && !p.Has("phone:reveal") {
		return nil, errs.New(errs.Forbidden, "call.full_needs_right")
	}
	if view != Masked {
		return rep, nil
	}
	t, err := s.People.Tenant(ctx, db.TenantOf(ctx))
	if err == nil && t.HumanSeats == 0 {
		err = errs.New(errs.Invalid, "call.masked_needs_seats")
	}
	return rep, err
}

func (s *Service) rep(ctx context.Context, user db.ID) (*tenant.User, error) {
	u, err := s.People.User(ctx, user)
	if err == nil && (u.Role != tenant.Sales || !u.Enabled) {
		err = errs.New(errs.Invalid, "call.assign_not_sales", "name", u.Name)
	}
	return u, err
}

// AssignCalls gives calls to a sales rep with a view of the number. Calls that somebody
// has, or whose customer somebody has, are refused one by one.
func (s *Service) AssignCalls(ctx context.Context, ids []db.ID, user db.ID, view string) (done int, refused []Refusal, err error) {
	if _, err := s.rep(ctx, user); err != nil {
		return 0, nil, err
	}
	cs, err := s.ByIDs(ctx, ids)
	if err != nil {
		return 0, nil, err
	}
	known := map[db.ID]Call{}
	for _, c := range cs {
		known[c.ID] = c
	}
	return AssignEach(ids, func(id db.ID) error {
		c, ok := known[id]
		if !ok {
			return errs.New(errs.NotFound, "call.not_found")
		}
		return s.assignOne(ctx, c, user, view)
	})
}

func (s *Service) assignOne(ctx context.Context, c Call, user db.ID, view string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ok, err := s.assign(ctx, c.ID, user, view)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.Conflict, "call.already_assigned")
		}
		if s.Assigned != nil {
			if err := s.Assigned(ctx, c, user, view); err != nil {
				return err
			}
		}
		return s.People.Audit(ctx, "call.assign", "call", c.ID, "to", user, "view", view)
	})
}

// AssignEach assigns one after the other. What somebody has already, or the person may
// not see, is refused and does not stop the others.
func AssignEach(ids []db.ID, assign func(id db.ID) error) (done int, refused []Refusal, err error) {
	for _, id := range ids {
		var e *errs.Error
		switch err := assign(id); {
		case err == nil:
			done++
		case errors.As(err, &e) && (e.Kind == errs.Conflict || e.Kind == errs.NotFound):
			refused = append(refused, Refusal{id, e.Key, e.Args})
		default:
			return done, refused, err
		}
	}
	return done, refused, nil
}

// Assigned tells how many went to the rep, and which did not and why.
type Assigned struct {
	Assigned int           `json:"assigned"`
	Refused  []RefusedView `json:"refused" nullable:"false"`
}

// RefusedView is one that could not be assigned, told in the person's language.
type RefusedView struct {
	ID   db.ID  `json:"id"`
	Key  string `json:"key"`
	Text string `json:"text"`
}

// ShowAssigned is what came of AssignEach as an answer.
func ShowAssigned(ctx context.Context, done int, refused []Refusal) *httpapi.Out[Assigned] {
	out := httpapi.Out[Assigned]{Body: Assigned{Assigned: done, Refused: []RefusedView{}}}
	for _, r := range refused {
		out.Body.Refused = append(out.Body.Refused, RefusedView{r.ID, r.Key, locale.Say(ctx, r.Key, r.Args)})
	}
	return &out
}

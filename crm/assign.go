package crm

import (
	"context"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// Assign gives customers to a sales rep, with their calls and a view of the number
// (Masked or Full). A customer who has an owner, or whom the person in ctx may not
// see, is refused one by one; Invalid where the rep or the view is not possible.
func (s *Service) Assign(ctx context.Context, ids []db.ID, rep db.ID, view string) (done int, refused []call.Refusal, err error) {
	to, err := s.calls.Assignee(ctx, rep, view)
	if err != nil {
		return 0, nil, err
	}
	return call.AssignEach(ids, func(id db.ID) error { return s.assignOne(ctx, id, to, view) })
}

func (s *Service) assignOne(ctx context.Context, id db.ID, rep *tenant.User, view string) error {
	return s.Tx(ctx, func(ctx context.Context) error {
		r, err := s.customer(ctx, id)
		if err != nil {
			return err
		}
		if err := s.give(ctx, r, rep, view); err != nil {
			return err
		}
		return s.giveCalls(ctx, id, rep.ID, view)
	})
}

// give makes rep the owner, or returns Conflict with the owner's name.
func (s *Service) give(ctx context.Context, r *Record, rep *tenant.User, view string) error {
	ok, err := s.own(ctx, r.ID, rep.ID, rep.DepartmentID, view, s.now())
	if err != nil {
		return err
	}
	if !ok {
		return s.alreadyAssigned(ctx, r.ID)
	}
	return s.people.Audit(ctx, "customer.assign", "customer", r.ID, "to", rep.ID, "view", view)
}

func (s *Service) alreadyAssigned(ctx context.Context, id db.ID) error {
	e := errs.New(errs.Conflict, "crm.already_assigned", "owner", "")
	var r Record
	if err := s.In(ctx).Select("id", "owner_id").First(&r, id).Error; err != nil {
		return e.Because(err)
	}
	if u, err := s.people.User(ctx, r.OwnerID); err == nil {
		e.Args["owner"] = u.Name
	}
	return e
}

// giveCalls gives the customer's unassigned calls to the rep, the newest first.
func (s *Service) giveCalls(ctx context.Context, customer, rep db.ID, view string) error {
	p, err := s.calls.List(ctx, call.Filter{Customer: customer, Assigned: "no"}, 0, historyLimit, 0)
	if err != nil {
		return err
	}
	ids := make([]db.ID, 0, len(p.Rows))
	for _, c := range p.Rows {
		ids = append(ids, c.ID)
	}
	_, _, err = s.calls.AssignCalls(ctx, ids, rep, view)
	return err
}

// Assigned lets the customer follow a call that was given to a rep (call.Service's
// Assigned). Conflict where the customer is another's.
func (s *Service) Assigned(ctx context.Context, c call.Call, rep db.ID, view string) error {
	if c.PhoneDigest == "" {
		return nil
	}
	u, err := s.calls.Assignee(ctx, rep, view)
	if err != nil {
		return err
	}
	return s.Tx(ctx, func(ctx context.Context) error {
		r, err := s.lock(ctx, &c, s.now())
		if err != nil || r.OwnerID == rep {
			return err
		}
		return s.give(ctx, r, u, view)
	})
}

package notify

import (
	"context"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// Resend lets a person send a failed, unknown or uncredited promise again. An SMS is
// a new submission and costs its segments. Conflict where the promise is in no such
// state, has nothing to say or nobody to say it to, or the credit does not suffice.
func (s *Service) Resend(ctx context.Context, id db.ID) (*Promise, error) {
	p, err := s.store().promise(ctx, id)
	if err != nil {
		return nil, err
	}
	to, err := s.again(ctx, *p)
	if err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.resend(ctx, *p, to); err != nil {
			return err
		}
		return s.People.Audit(ctx, "notify.resend", "promise", id, "kind", to.Kind)
	})
	if err != nil {
		return nil, err
	}
	s.wake(ctx, to)
	s.changed(ctx, to)
	return &to, nil
}

// again is p as a new submission.
func (s *Service) again(ctx context.Context, p Promise) (Promise, error) {
	if p.State == Sending || !p.State.canGo(Pending) || p.Kind == SMS && p.Body.Text == "" {
		return p, errs.New(errs.Conflict, "notify.cannot_resend", "state", p.State)
	}
	now := s.now()
	p.State, p.Tries, p.Resent, p.Error, p.VendorID, p.NextAt, p.FirstSentAt = Pending, 0, p.Resent+1, "", "", &now, nil
	if p.Kind == WeChat {
		rep, err := s.People.User(ctx, p.UserID)
		if err != nil {
			return p, err
		}
		if p.OpenID = rep.OpenID; p.OpenID == "" { // they may have bound it meanwhile
			return p, errs.New(errs.Conflict, "notify.rep_not_bound")
		}
	}
	return p, nil
}

func (s *Service) resend(ctx context.Context, was, to Promise) error {
	ok, err := s.store().move(ctx, &was, to, "tries", "resent", "error", "vendor_id", "next_at", "first_sent_at", "open_id")
	if err == nil && !ok {
		err = errs.New(errs.Conflict, "notify.cannot_resend", "state", was.State)
	}
	if err != nil || to.Kind != SMS {
		return err
	}
	if ok, err = s.store().debit(ctx, to.Segments); err == nil && !ok {
		err = errs.New(errs.Conflict, "notify.no_credit", "segments", to.Segments)
	}
	return err
}

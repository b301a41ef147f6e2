package crm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/scriptflow"
	"yingda/tenant"
)

// Service is what can be done about customers and the do-not-call list.
type Service struct {
	store
	vault  *tenant.Vault
	people *tenant.Store
	calls  *call.Service
	now    func() time.Time
}

// NewService makes the service.
func NewService(d *db.DB, vault *tenant.Vault, people *tenant.Store, calls *call.Service) *Service {
	return &Service{store: store{d}, vault: vault, people: people, calls: calls,
		now: func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }}
}

// Remember counts a finished call for its customer, who is made if this is the first.
// It is a call.Hook: in the finishing transaction no call is forgotten. The same call
// again changes nothing. A callee who asked not to be called again is blocked here
// too, in case the call broke before that was written.
func (s *Service) Remember(ctx context.Context, f *call.Finished) error {
	if f.Call.PhoneDigest == "" {
		return nil
	}
	err := s.Tx(ctx, func(ctx context.Context) error {
		if askedNever(f) {
			if err := s.MarkDoNotCall(ctx, &f.Call); err != nil {
				return err
			}
		}
		return s.remember(ctx, f)
	})
	if err != nil {
		return fmt.Errorf("customer of call %d: %w", f.Call.ID, err)
	}
	return nil
}

func (s *Service) remember(ctx context.Context, f *call.Finished) error {
	now := s.now()
	r, err := s.lock(ctx, &f.Call, now)
	if err != nil {
		return err
	}
	fresh, newCampaign, err := s.count(ctx, r, &f.Call, now)
	if err != nil || !fresh {
		return err
	}
	next := r.hear(f, newCampaign, now)
	if err := s.save(ctx, &next); err != nil {
		return err
	}
	if err := s.calls.SetCustomer(ctx, f.Call.ID, r.ID); err != nil {
		return err
	}
	f.Call.CustomerID = r.ID
	return s.follow(ctx, r, f.Call.ID)
}

// follow gives a call to the rep who has its customer. A rep who may not have it any
// more does not stop the call from being finished.
func (s *Service) follow(ctx context.Context, r *Record, callID db.ID) error {
	if r.OwnerID == 0 {
		return nil
	}
	_, _, err := s.calls.AssignCalls(ctx, []db.ID{callID}, r.OwnerID, r.View)
	if k := errs.KindOf(err); err != nil && (k == errs.Invalid || k == errs.NotFound) {
		slog.WarnContext(ctx, "call not given to the customer's owner", "call", callID, "owner", r.OwnerID, "error", err)
		return nil
	}
	return err
}

// askedNever says whether the callee asked not to be called again.
func askedNever(f *call.Finished) bool {
	marked := slices.ContainsFunc(f.Facts.Timeline, func(m call.Mark) bool { return m.Kind == string(scriptflow.DoNotCall) })
	return marked || slices.ContainsFunc(f.Transcript, func(t call.Turn) bool {
		return slices.ContainsFunc(t.Hits, func(h call.Hit) bool { return h.Kind == string(scriptflow.DoNotCall) })
	})
}

// Customer returns one that the person in ctx may see.
func (s *Service) Customer(ctx context.Context, id db.ID) (*Record, error) {
	return s.customer(ctx, id)
}

// List returns a page of the customers that the person in ctx may see, newest first.
func (s *Service) List(ctx context.Context, f Filter, after db.ID, limit, countCap int) (db.Page[Record], error) {
	return s.list(ctx, f, after, limit, countCap)
}

// OwnerOf returns the rep who has the called customer, 0 for nobody.
func (s *Service) OwnerOf(ctx context.Context, c *call.Call) (db.ID, error) {
	var r Record
	err := s.In(ctx).Select("id", "owner_id").Where("phone_digest = ?", c.PhoneDigest).First(&r).Error
	if db.IsMissing(err) {
		return 0, nil
	}
	return r.OwnerID, err
}

// CountByOwner says how many customers each rep has.
func (s *Service) CountByOwner(ctx context.Context) (map[db.ID]int64, error) { return s.owners(ctx) }

// Change edits a customer and writes the operation log.
func (s *Service) Change(ctx context.Context, id db.ID, e Edit) (*Record, error) {
	var next Record
	err := s.Tx(ctx, func(ctx context.Context) error {
		r, err := s.customer(ctx, id)
		if err != nil {
			return err
		}
		if r, err = s.lockDigest(ctx, r.PhoneDigest); err != nil || r == nil { // a call may end meanwhile
			return errors.Join(err, gone(r))
		}
		next = e.apply(*r)
		next.UpdatedAt = s.now()
		if err := s.save(ctx, &next); err != nil {
			return err
		}
		return s.people.Audit(ctx, "customer.change", "customer", id, "fields", e.names())
	})
	return &next, err
}

func gone(r *Record) error {
	if r == nil {
		return errs.New(errs.NotFound, "crm.customer_not_found")
	}
	return nil
}

// Delete forgets a customer; calls and recordings stay, and a further call begins a
// new one.
func (s *Service) Delete(ctx context.Context, id db.ID) error {
	return s.Tx(ctx, func(ctx context.Context) error {
		r, err := s.customer(ctx, id)
		if err != nil {
			return err
		}
		if err := s.people.Audit(ctx, "customer.delete", "customer", id, "name", r.Name); err != nil {
			return err
		}
		return s.remove(ctx, id)
	})
}

// Reveal returns a customer's whole number. Every reveal is in the operation log: where
// that cannot be written, the number is not shown.
func (s *Service) Reveal(ctx context.Context, id db.ID) (string, error) {
	r, err := s.customer(ctx, id)
	if err != nil {
		return "", err
	}
	n, err := s.vault.Open(ctx, r.PhoneCipher)
	if err != nil {
		return "", errs.New(errs.Unavailable, "crm.number_unreadable").Because(err)
	}
	if err := s.people.Audit(ctx, "customer.reveal", "customer", id); err != nil {
		return "", err
	}
	return tenant.Format(n, true), nil
}

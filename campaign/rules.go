package campaign

import (
	"context"
	"fmt"
	"slices"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// Texts are the SMS templates of a kind ("keyword", "screening") that may be sent.
type Texts func(ctx context.Context, kind string) ([]db.ID, error)

// wrongRules names what the rules use and the tenant has not: a seat, a text, a rep. A
// campaign with such a rule would call and then silently promise nothing.
func (s *Service) wrongRules(ctx context.Context, r Rules) (wrong []errs.Field, err error) {
	if wrong, err = s.wrongSeats(ctx, r.Seats); err != nil {
		return nil, err
	}
	for path, kind := range r.texts() {
		known, err := s.texts(ctx, kind.kind)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(known, kind.id) {
			wrong = append(wrong, errs.Field{Path: path, Key: "campaign.no_such_text"})
		}
	}
	if r.Push == nil {
		return wrong, nil
	}
	if len(r.Push.Reps) == 0 && r.Push.Mode != "owner" {
		wrong = append(wrong, errs.Field{Path: "push.rep_ids", Key: "campaign.no_reps"})
	}
	reps, err := s.People.Users(ctx, tenant.Sales)
	for i, id := range r.Push.Reps {
		if !slices.ContainsFunc(reps, func(u tenant.User) bool { return u.ID == id && u.Enabled }) {
			wrong = append(wrong, errs.Field{Path: fmt.Sprintf("push.rep_ids[%d]", i), Key: "campaign.no_such_rep"})
		}
	}
	return wrong, err
}

func (s *Service) wrongSeats(ctx context.Context, ids []db.ID) (wrong []errs.Field, err error) {
	if len(ids) == 0 {
		wrong = append(wrong, errs.Field{Path: "seat_ids", Key: "campaign.no_seats"})
	}
	seats, err := s.seatsOf(ctx, ids)
	if err == nil && len(seats) < len(slices.Compact(slices.Sorted(slices.Values(ids)))) {
		wrong = append(wrong, errs.Field{Path: "seat_ids", Key: "seat.not_found"})
	}
	return wrong, err
}

type textRef struct {
	kind string
	id   db.ID
}

// texts lists the templates that the rules send, by the field that names each.
func (r Rules) texts() map[string]textRef {
	all := map[string]textRef{}
	if r.KeywordSMS != nil {
		all["keyword_sms.template_id"] = textRef{"keyword", r.KeywordSMS.TemplateID}
	}
	for i, x := range r.Screening {
		all[fmt.Sprintf("screening_sms[%d].template_id", i)] = textRef{"screening", x.TemplateID}
	}
	return all
}

func (s *Service) texts(ctx context.Context, kind string) ([]db.ID, error) {
	if s.Texts == nil {
		return nil, nil
	}
	return s.Texts(ctx, kind)
}

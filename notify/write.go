package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"

	"yingda/call"
	"yingda/notify/sms"
	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/tenant"
)

// write turns a wish into a promise row inside the transaction in ctx. It returns
// nil where the promise is already there, or where nobody is left to receive it.
func (s *Service) write(ctx context.Context, w Wish, c *call.Call, vars map[string]string) (*Promise, error) {
	known, err := s.store().known(ctx, w.Key)
	if known || err != nil {
		return nil, err
	}
	now := s.now()
	p := &Promise{ID: db.NewID(), Kind: w.Kind, Rule: w.Rule, UniqueKey: w.Key, CampaignID: c.CampaignID, CallID: c.ID, LeadID: c.LeadID,
		State: Pending, CreatedAt: now, NextAt: &now, CallEndedAt: c.EndedAt}
	if w.Kind == SMS {
		return s.writeSMS(ctx, p, w, c, vars)
	}
	return s.writePush(ctx, p, w, c)
}

func (s *Service) writeSMS(ctx context.Context, p *Promise, w Wish, c *call.Call, vars map[string]string) (*Promise, error) {
	p.PhoneCipher, p.PhoneLast4 = c.PhoneCipher, c.PhoneLast4
	t, err := s.store().template(ctx, w.Template)
	if err != nil {
		return nil, err
	}
	if t == nil || !t.Enabled {
		return s.insert(ctx, p.stillborn(Failed, "notify.template_off"))
	}
	sign, err := s.sign(ctx)
	if err != nil {
		return nil, err
	}
	p.Body = Body{Sign: sign, Text: Render(t.Text, c.Name, vars)}
	p.Segments = sms.Segments(sms.Whole(p.Body.Sign, p.Body.Text))
	fresh, err := s.store().insert(ctx, p)
	if err != nil || !fresh {
		return nil, err
	}
	// The debit comes last: the tenant's row is the one that all calls want.
	if ok, err := s.store().debit(ctx, p.Segments); err != nil || ok {
		return p, err
	}
	return p, s.store().uncredited(ctx, p)
}

// stillborn is a promise that cannot be kept, written to be seen.
func (p *Promise) stillborn(state State, key string) *Promise {
	p.State, p.Error, p.NextAt = state, key, nil
	return p
}

func (s *Service) insert(ctx context.Context, p *Promise) (*Promise, error) {
	if fresh, err := s.store().insert(ctx, p); err != nil || !fresh {
		return nil, err
	}
	return p, nil
}

// sign is the channel's signature, else the tenant's short name. A channel that
// cannot be had now must not stop a call from being finished: delivery will wait for it.
func (s *Service) sign(ctx context.Context) (string, error) {
	ch, err := s.SMS(ctx)
	if err != nil {
		slog.WarnContext(ctx, "no SMS channel", "error", err)
	} else if ch.Sign != "" {
		return ch.Sign, nil
	}
	t, err := s.People.Tenant(ctx, db.TenantOf(ctx))
	if err != nil {
		return "", err
	}
	return t.ShortName, nil
}

func (s *Service) writePush(ctx context.Context, p *Promise, w Wish, c *call.Call) (*Promise, error) {
	rep, err := s.receiver(ctx, w, c)
	if err != nil || rep == nil {
		return nil, err
	}
	p.UserID, p.OpenID = rep.ID, rep.OpenID
	p.Body = s.pushBody(ctx, rep.Locale, c)
	if rep.OpenID == "" {
		return s.insert(ctx, p.stillborn(Failed, "notify.rep_not_bound"))
	}
	return s.insert(ctx, p)
}

// receiver chooses the rep: the customer's owner where the wish says so, else the
// next of the enabled ones. nil where nobody is left.
func (s *Service) receiver(ctx context.Context, w Wish, c *call.Call) (*tenant.User, error) {
	reps, err := s.reps(ctx, w, c)
	if err != nil || len(reps) == 0 {
		return nil, err
	}
	if len(reps) == 1 {
		return &reps[0], nil
	}
	n, err := s.store().nextTurn(ctx, c.CampaignID)
	return &reps[n%int64(len(reps))], err
}

func (s *Service) reps(ctx context.Context, w Wish, c *call.Call) ([]tenant.User, error) {
	all, err := s.People.Users(ctx, "")
	if err != nil {
		return nil, err
	}
	if w.Owner && s.Owner != nil {
		owner, err := s.Owner(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("owner of the customer of call %d: %w", c.ID, err)
		}
		if one := enabled(all, []db.ID{owner}); owner != 0 && len(one) == 1 {
			return one, nil
		}
	}
	return enabled(all, w.Reps), nil
}

func enabled(all []tenant.User, ids []db.ID) []tenant.User {
	return slices.DeleteFunc(slices.Clone(all), func(u tenant.User) bool { return !u.Enabled || !slices.Contains(ids, u.ID) })
}

// pushBody is the call in a rep's language, the number masked (FEATURES A8.1, D10).
func (s *Service) pushBody(ctx context.Context, lang string, c *call.Call) Body {
	say := func(key string, args map[string]any) string { return locale.T(lang, key, args) }
	why := say("notify.grade."+c.Grade, nil)
	var verdict struct {
		Key  string         `json:"key"`
		Args map[string]any `json:"args"`
	}
	if json.Unmarshal(c.Reason, &verdict) == nil && verdict.Key != "" {
		why = say(verdict.Key, verdict.Args)
	}
	customer := c.Name + " " + s.Vault.ShowPhone(ctx, c.PhoneCipher, c.PhoneLast4, false)
	return Body{URL: s.PublicURL + "/calls/" + c.ID.String(), Data: map[string]string{
		"first":    say("notify.push.first", map[string]any{"grade": c.Grade}),
		"keyword1": customer,
		"keyword2": c.Grade,
		"keyword3": why,
		"keyword4": say("notify.push.duration", map[string]any{"m": c.TalkMs / 60000, "s": strconv.Itoa(int(c.TalkMs / 1000 % 60))}),
		"remark":   say("notify.push.remark", nil),
	}}
}

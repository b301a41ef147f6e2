package campaign

import (
	"context"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// Last outcomes of leads that were not called at all. Their numbers passed the import and
// must not be called any more.
const (
	dnc        = "dnc"         // put on the do-not-call list since
	inCampaign = "in_campaign" // also in an older campaign that is not over
)

// errBlocked says that the number was put on the do-not-call list since it was claimed;
// errNotNow that its campaign does not run any more, or that it is too late in the day.
var (
	errBlocked = errs.New(errs.Conflict, "attempt.blocked")
	errNotNow  = errs.New(errs.Conflict, "attempt.not_now")
)

const (
	passRounds = 20  // at one tick: one campaign's list must not hold up the others
	passAtOnce = 400 // leads a round, once a whole round was passed over
)

// passOver finishes the leads at the head of the list that must not be called any more,
// until n that may be called stand there (or the list ends). It says false where it has
// not come so far and should be asked again.
func (s *Service) passOver(ctx context.Context, c *Campaign, n int, now time.Time) (ready bool, err error) {
	look := n + 8
	for range passRounds {
		leads, err := s.heads(ctx, c.ListID, look, now)
		if err != nil || len(leads) == 0 {
			return true, err
		}
		barred, err := s.barred(ctx, c, leads)
		if err != nil || len(barred) == 0 {
			return err == nil, err
		}
		skip := map[string][]db.ID{}
		passed := 0
		for _, l := range leads {
			if why := barred[l.PhoneDigest]; why != "" {
				skip[why] = append(skip[why], l.ID)
				passed++
			}
		}
		for why, ids := range skip {
			if err := s.skip(ctx, c, ids, why, now); err != nil {
				return false, err
			}
		}
		if passed == len(leads) {
			look = max(look, passAtOnce)
		}
	}
	return false, nil
}

// barred tells which of the leads must not be called, by number, and why.
func (s *Service) barred(ctx context.Context, c *Campaign, leads []leadRow) (map[string]string, error) {
	digests := make([]string, len(leads))
	for i, l := range leads {
		digests[i] = l.PhoneDigest
	}
	out := map[string]string{}
	older, err := s.inOlder(ctx, c, digests)
	if err != nil {
		return nil, err
	}
	for _, digest := range older {
		out[digest] = inCampaign
	}
	if s.Blocked == nil {
		return out, nil
	}
	blocked, err := s.Blocked(ctx, digests)
	for digest, is := range blocked {
		if is {
			out[digest] = dnc
		}
	}
	return out, err
}

// mayCall asks once more, right before the call is placed.
func (s *Service) mayCall(ctx context.Context, digest string) error {
	if s.Blocked == nil {
		return nil
	}
	blocked, err := s.Blocked(ctx, []string{digest})
	if err == nil && blocked[digest] {
		return errBlocked
	}
	return err
}

// mayCallNow asks whether a campaign still runs and its hours are open: between the claim
// and the INVITE somebody may have paused it, or the working day have ended.
func (s *Service) mayCallNow(ctx context.Context, c *Campaign) error {
	if c.State != Running {
		return errNotNow
	}
	t, err := s.Template(ctx, c.TemplateID)
	if err != nil {
		return err
	}
	if !t.hours().Open(s.Clock.Now(), s.Legal) {
		return errNotNow
	}
	return nil
}

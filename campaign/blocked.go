package campaign

import (
	"context"
	"time"

	"yingda/platform/errs"
)

// dnc is the last outcome of a lead that is not called because its number is on the
// do-not-call list; it was put there after the import.
const dnc = "dnc"

// errBlocked says that the number was put on the do-not-call list since it was claimed.
var errBlocked = errs.New(errs.Conflict, "attempt.blocked")

// passOver finishes the leads at the head of the list that must not be called any more,
// until n that may be called stand there (or the list ends).
func (s *Service) passOver(ctx context.Context, c *Campaign, n int, now time.Time) error {
	if s.Blocked == nil {
		return nil
	}
	for {
		leads, err := s.heads(ctx, c.ListID, n+8, now)
		if err != nil || len(leads) == 0 {
			return err
		}
		digests := make([]string, len(leads))
		for i, l := range leads {
			digests[i] = l.PhoneDigest
		}
		blocked, err := s.Blocked(ctx, digests)
		if err != nil {
			return err
		}
		skipped := 0
		for _, l := range leads {
			if blocked[l.PhoneDigest] {
				skipped++
				if err := s.skip(ctx, c, l, now); err != nil {
					return err
				}
			}
		}
		if skipped == 0 {
			return nil
		}
	}
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

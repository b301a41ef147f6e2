package crm

import (
	"context"
	"slices"
	"strings"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// Sources of a do-not-call entry.
const (
	FromPerson = "manual"
	FromCall   = "call"
)

// DoNotCall is a number that is never dialled.
type DoNotCall struct {
	ID          db.ID
	TenantID    db.ID
	PhoneCipher []byte
	PhoneDigest string
	PhoneLast4  string
	Source      string
	Note        string
	CreatedBy   db.ID
	CreatedAt   time.Time
}

// Block puts a number on the do-not-call list of the tenant in ctx. added is false
// where it is there already; the entry stays as it was.
func (s *Service) Block(ctx context.Context, p tenant.Phone, source, note string) (d *DoNotCall, added bool, err error) {
	if d, err = s.blocked(ctx, p.Digest); d != nil || err != nil {
		return d, false, err
	}
	d = &DoNotCall{ID: db.NewID(), PhoneCipher: p.Cipher, PhoneDigest: p.Digest, PhoneLast4: p.Last4, Source: source,
		Note: string([]rune(note)[:min(200, len([]rune(note)))]), CreatedBy: tenant.PersonOf(ctx).User, CreatedAt: s.now()}
	err = s.Tx(ctx, func(ctx context.Context) error {
		if err := s.In(ctx).Create(d).Error; err != nil {
			return err
		}
		return s.people.Audit(ctx, "dnc.add", "dnc", d.ID, "source", source)
	})
	if db.IsDuplicate(err) {
		d, err = s.blocked(ctx, p.Digest)
		return d, false, err
	}
	return d, err == nil, err
}

// BlockNumber is Block for a number as a person types it. Invalid where it is none,
// Conflict where it is on the list.
func (s *Service) BlockNumber(ctx context.Context, number, note string) (*DoNotCall, error) {
	e164, ok := tenant.ParsePhone(number)
	if !ok {
		return nil, errs.New(errs.Invalid, "invalid").With(errs.Field{Path: "number", Key: "crm.number_invalid"})
	}
	p, err := s.vault.Seal(ctx, e164)
	if err != nil {
		return nil, err
	}
	d, added, err := s.Block(ctx, p, FromPerson, note)
	if err == nil && !added {
		err = errs.New(errs.Conflict, "crm.dnc_exists")
	}
	return d, err
}

// MarkDoNotCall blocks the number of a call whose callee asked for it. Twice is as
// good as once.
func (s *Service) MarkDoNotCall(ctx context.Context, c *call.Call) error {
	if c.PhoneDigest == "" {
		return nil
	}
	_, _, err := s.Block(ctx, tenant.Phone{Cipher: c.PhoneCipher, Digest: c.PhoneDigest, Last4: c.PhoneLast4}, FromCall, "")
	return err
}

// Unblock takes an entry off the list, which only a person does; it is in the
// operation log.
func (s *Service) Unblock(ctx context.Context, id db.ID) error {
	return s.Tx(ctx, func(ctx context.Context) error {
		var d DoNotCall
		err := s.In(ctx).First(&d, id).Error
		if db.IsMissing(err) {
			return errs.New(errs.NotFound, "crm.dnc_not_found")
		}
		if err != nil {
			return err
		}
		if err := s.people.Audit(ctx, "dnc.remove", "dnc", id, "last4", d.PhoneLast4, "source", d.Source); err != nil {
			return err
		}
		return s.In(ctx).Where("id = ?", id).Delete(&DoNotCall{}).Error
	})
}

// blockedBatch is how many digests one question to the database carries.
const blockedBatch = 500

// Blocked says which of the digests are on the do-not-call list of the tenant in ctx;
// the others are not in the map. For imports and for the moment before dialling.
func (s *Service) Blocked(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for some := range slices.Chunk(digests, blockedBatch) {
		var hit []string
		if err := s.In(ctx).Model(&DoNotCall{}).Where("phone_digest IN ?", some).Pluck("phone_digest", &hit).Error; err != nil {
			return nil, err
		}
		for _, d := range hit {
			out[d] = true
		}
	}
	return out, nil
}

func (s *Service) blocked(ctx context.Context, digest string) (*DoNotCall, error) {
	var d DoNotCall
	err := s.In(ctx).Where("phone_digest = ?", digest).First(&d).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &d, err
}

// DoNotCalls lists the entries, newest first; text is the last four digits or part
// of the note.
func (s *Service) DoNotCalls(ctx context.Context, text string, after db.ID, limit, countCap int) (db.Page[DoNotCall], error) {
	q := s.In(ctx)
	switch text = strings.TrimSpace(text); {
	case tenant.IsLast4(text):
		q = q.Where("phone_last4 = ?", text)
	case text != "":
		q = q.Scopes(db.Contains(text, "note"))
	}
	return db.NewestFirst(q, after, limit, countCap, func(d DoNotCall) db.ID { return d.ID })
}

package crm

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// store is the only door to crm's tables.
type store struct{ *db.DB }

// customerCall says that a call has been counted.
type customerCall struct {
	ID         db.ID
	TenantID   db.ID
	CustomerID db.ID
	CampaignID db.ID
	CallID     db.ID
	CreatedAt  time.Time
}

// lock returns the number's customer and keeps others from changing it until the
// transaction in ctx ends; it is made from c where there is none.
func (s store) lock(ctx context.Context, c *call.Call, now time.Time) (*Record, error) {
	r, err := s.lockDigest(ctx, c.PhoneDigest)
	if r != nil || err != nil {
		return r, err
	}
	// DoNothing, because a failed insert would keep a shared lock that two losers deadlock on.
	if err := s.In(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(newRecord(c, now)).Error; err != nil {
		return nil, err
	}
	return s.lockDigest(ctx, c.PhoneDigest)
}

func (s store) lockDigest(ctx context.Context, digest string) (*Record, error) {
	var r Record
	err := s.In(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).Where("phone_digest = ?", digest).First(&r).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &r, err
}

// count notes a call of the customer; fresh is false where it is noted already,
// newCampaign is true for the first call of its campaign. The customer is locked.
func (s store) count(ctx context.Context, r *Record, c *call.Call, now time.Time) (fresh, newCampaign bool, err error) {
	var n int64
	if err = s.In(ctx).Model(&customerCall{}).Where("call_id = ?", c.ID).Count(&n).Error; err != nil || n > 0 {
		return false, false, err
	}
	if c.CampaignID != 0 {
		if err = s.In(ctx).Model(&customerCall{}).Where("customer_id = ? AND campaign_id = ?", r.ID, c.CampaignID).Count(&n).Error; err != nil {
			return false, false, err
		}
		newCampaign = n == 0
	}
	row := customerCall{ID: db.NewID(), CustomerID: r.ID, CampaignID: c.CampaignID, CallID: c.ID, CreatedAt: now}
	return true, newCampaign, s.In(ctx).Create(&row).Error
}

// save writes what calls and people change of a customer.
func (s store) save(ctx context.Context, r *Record) error {
	return s.In(ctx).Model(&Record{}).Where("id = ?", r.ID).
		Select("name", "age", "source", "fields", "grade", "calls", "campaigns", "last_call_id", "last_call_at", "graded_at", "updated_at").
		Updates(r).Error
}

// customer returns one that the person in ctx may see; NotFound for all others.
func (s store) customer(ctx context.Context, id db.ID) (*Record, error) {
	var r Record
	err := s.In(ctx).Scopes(db.Visible(ctx)).First(&r, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "crm.customer_not_found")
	}
	return &r, err
}

// own gives a customer without an owner to a rep; ok is false where it has one.
func (s store) own(ctx context.Context, id, rep, department db.ID, view string, now time.Time) (ok bool, err error) {
	res := s.In(ctx).Model(&Record{}).Where("id = ? AND owner_id = 0", id).
		Updates(map[string]any{"owner_id": rep, "department_id": department, "view": view, "updated_at": now})
	return res.RowsAffected == 1, res.Error
}

// remove deletes a customer and the notes of its calls; the calls themselves are facts.
func (s store) remove(ctx context.Context, id db.ID) error {
	if err := s.In(ctx).Where("customer_id = ?", id).Delete(&customerCall{}).Error; err != nil {
		return err
	}
	return s.In(ctx).Where("id = ?", id).Delete(&Record{}).Error
}

// Filter narrows the list of customers; zero values do not.
type Filter struct {
	Text   string // part of the name, or the last four digits
	Digest string // the number's digest, beside Text; only for those who may see numbers
	Grades []string
	Owner  db.ID
	Nobody bool // those without an owner
}

func (f Filter) narrow(q *gorm.DB) *gorm.DB {
	if len(f.Grades) > 0 {
		q = q.Where("grade IN ?", f.Grades)
	}
	if f.Owner != 0 {
		q = q.Where("owner_id = ?", f.Owner)
	}
	if f.Nobody {
		q = q.Where("owner_id = 0")
	}
	return byText(q, f.Text, f.Digest)
}

// byText finds rows by name, by last four digits, or by a whole number's digest.
// Middle digits never narrow a list: that would spell a masked number out.
func byText(q *gorm.DB, text, digest string) *gorm.DB {
	text = strings.TrimSpace(text)
	switch {
	case digest != "":
		return q.Where("phone_digest = ?", digest)
	case tenant.IsLast4(text):
		return q.Where("phone_last4 = ?", text)
	case text != "":
		return q.Scopes(db.Contains(text, "name"))
	}
	return q
}

func (s store) list(ctx context.Context, f Filter, after db.ID, limit, countCap int) (db.Page[Record], error) {
	q := f.narrow(s.In(ctx).Scopes(db.Visible(ctx)))
	return db.NewestFirst(q, after, limit, countCap, func(r Record) db.ID { return r.ID })
}

// owners counts the customers of each rep.
func (s store) owners(ctx context.Context) (map[db.ID]int64, error) {
	var rows []struct {
		OwnerID db.ID
		N       int64
	}
	err := s.In(ctx).Model(&Record{}).Select("owner_id, COUNT(*) AS n").Where("owner_id <> 0").Group("owner_id").Scan(&rows).Error
	out := make(map[db.ID]int64, len(rows))
	for _, r := range rows {
		out[r.OwnerID] = r.N
	}
	return out, err
}

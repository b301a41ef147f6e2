package crm

import (
	"maps"
	"slices"
	"time"

	"yingda/call"
	"yingda/platform/db"
)

// Views of a number that an assignment carries (FEATURES A3.6).
const (
	Masked = call.Masked // 脱敏显示
	Full   = call.Full   // 完整显示
)

// Record is a customer as it is kept.
type Record struct {
	ID           db.ID
	TenantID     db.ID
	OwnerID      db.ID // the rep; 0 is nobody's
	DepartmentID db.ID
	Name         string
	PhoneCipher  []byte
	PhoneDigest  string
	PhoneLast4   string
	Age          int // 0 is not known
	Source       string
	Fields       map[string]string `gorm:"serializer:json"`
	Grade        string            // of the last connected call; F if there was none
	Calls        int64
	Campaigns    int64
	View         string // of the number, for the owner
	LastCallID   db.ID
	LastCallAt   *time.Time
	GradedAt     *time.Time // when the call was made that Grade comes from
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

func (Record) TableName() string { return "customers" }

// SourceCampaign is where customers come from whom a campaign dialled first.
const SourceCampaign = "campaign"

// newRecord is the customer that a call is the first sign of.
func newRecord(c *call.Call, now time.Time) *Record {
	return &Record{ID: db.NewID(), Name: c.Name, PhoneCipher: c.PhoneCipher, PhoneDigest: c.PhoneDigest, PhoneLast4: c.PhoneLast4,
		Source: SourceCampaign, Fields: map[string]string{}, Grade: "F", CreatedAt: now, UpdatedAt: now}
}

// hear returns the customer after one more call. newCampaign says that it is the
// first of its campaign. The grade is that of the last connected call, whatever order
// calls are heard of in; what people wrote about the customer stays.
func (r Record) hear(f *call.Finished, newCampaign bool, now time.Time) Record {
	c := &f.Call
	at := c.StartedAt
	r.Calls++
	if newCampaign {
		r.Campaigns++
	}
	if r.LastCallAt == nil || !at.Before(*r.LastCallAt) {
		r.LastCallID, r.LastCallAt = c.ID, &at
	}
	if c.Outcome.Connected() && c.Grade != "" && (r.GradedAt == nil || !at.Before(*r.GradedAt)) {
		r.Grade, r.GradedAt = c.Grade, &at
	}
	if r.Name == "" {
		r.Name = c.Name
	}
	r.Fields = fill(r.Fields, f.Facts.Vars)
	r.UpdatedAt = now
	return r
}

// fill adds what is not yet known.
func fill(known, more map[string]string) map[string]string {
	out := make(map[string]string, len(known)+len(more))
	maps.Copy(out, known)
	for k, v := range more {
		if out[k] == "" && v != "" {
			out[k] = v
		}
	}
	return out
}

// Edit is what a person changes of a customer; nil leaves it.
type Edit struct {
	Name   *string
	Age    *int
	Source *string
	Fields map[string]string // replaces all of them where not nil
}

// names are the fields that the edit changes, without what they are changed to.
func (e Edit) names() []string {
	var all []string
	for name, set := range map[string]bool{"name": e.Name != nil, "age": e.Age != nil, "source": e.Source != nil} {
		if set {
			all = append(all, name)
		}
	}
	for name := range e.Fields {
		all = append(all, "fields."+name)
	}
	slices.Sort(all)
	return all
}

func (e Edit) apply(r Record) Record {
	if e.Name != nil {
		r.Name = *e.Name
	}
	if e.Age != nil {
		r.Age = *e.Age
	}
	if e.Source != nil {
		r.Source = *e.Source
	}
	if e.Fields != nil {
		r.Fields = e.Fields
	}
	return r
}

package sandbox

import (
	"context"
	"encoding/json"
	"time"

	"yingda/platform/db"
)

// row is one message that the sandbox took.
type row struct {
	db.Global
	ID        db.ID
	Kind      string
	Account   string
	Receiver  string
	Reference string // the sender's key
	Body      string
	CreatedAt time.Time
}

func (row) TableName() string { return "sandbox_messages" }

// take keeps the message unless its reference is known; fresh is false then, and
// the row is the one of the first time.
func (s *Sandbox) take(ctx context.Context, r row, body any) (kept row, fresh bool, err error) {
	b, err := json.Marshal(body)
	if err != nil {
		return row{}, false, err
	}
	r.ID, r.Body, r.CreatedAt = db.NewID(), string(b), s.now()
	err = s.DB.In(ctx).Create(&r).Error
	if db.IsDuplicate(err) {
		kept, err = s.find(ctx, r.Kind, r.Account, r.Reference)
		return kept, false, err
	}
	return r, err == nil, err
}

func (s *Sandbox) find(ctx context.Context, kind, account, reference string) (row, error) {
	var r row
	err := s.DB.In(ctx).Where("kind = ? AND account = ? AND reference = ?", kind, account, reference).First(&r).Error
	return r, err
}

func (s *Sandbox) rewrite(ctx context.Context, id db.ID, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return s.DB.In(ctx).Model(&row{}).Where("id = ?", id).Update("body", string(b)).Error
}

// Message is one kept message, for the sandbox page.
type Message struct {
	ID        db.ID
	Account   string
	Receiver  string // a masked number, or an openid
	Reference string
	At        time.Time
	Text      *Text // of an SMS
	Push      *Push // of a template message
}

// Messages lists what the accounts received, newest first, before the id before (0
// is the newest).
func (s *Sandbox) Messages(ctx context.Context, kind string, accounts []string, before db.ID, limit int) ([]Message, error) {
	q := s.DB.In(ctx).Where("kind = ? AND account IN ?", kind, accounts)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var rows []row
	if err := q.Order("id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]Message, 0, len(rows))
	for _, r := range rows {
		m, err := r.message()
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (r row) message() (Message, error) {
	m := Message{ID: r.ID, Account: r.Account, Receiver: r.Receiver, Reference: r.Reference, At: r.CreatedAt}
	if r.Kind == SMS {
		m.Text = new(Text)
		return m, json.Unmarshal([]byte(r.Body), m.Text)
	}
	m.Push = new(Push)
	return m, json.Unmarshal([]byte(r.Body), m.Push)
}

package crm

import (
	"context"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/tenant"
)

// Customer is a customer in a list.
type Customer struct {
	ID         db.ID             `json:"id"`
	Name       string            `json:"name"`
	Number     string            `json:"number"`
	Age        *int              `json:"age"`
	Source     string            `json:"source"`
	Grade      string            `json:"grade" enum:"A,B,C,D,E,F"`
	Campaigns  int64             `json:"campaigns"`
	Calls      int64             `json:"calls"`
	Owner      *call.Ref         `json:"owner"`
	View       string            `json:"view" enum:"masked,full,"`
	LastCallAt *time.Time        `json:"last_call_at"`
	CreatedAt  time.Time         `json:"created_at"`
	Fields     map[string]string `json:"fields" nullable:"false"`
}

// CustomerDetail is a customer with the calls there were.
type CustomerDetail struct {
	Customer
	History []HistoryEntry `json:"history" nullable:"false"`
}

// HistoryEntry is one call of a customer, newest first.
type HistoryEntry struct {
	CallID     db.ID        `json:"call_id"`
	Kind       string       `json:"kind" enum:"robot"`
	Campaign   *call.Ref    `json:"campaign"`
	Seat       string       `json:"seat"`
	Outcome    call.Outcome `json:"outcome"`
	Grade      string       `json:"grade"`
	DurationMs int64        `json:"duration_ms"`
	Rounds     int          `json:"rounds"`
	At         time.Time    `json:"at"`
}

// Dnc is a do-not-call entry.
type Dnc struct {
	ID        db.ID     `json:"id"`
	Number    string    `json:"number"`
	Source    string    `json:"source" enum:"manual,call,import"`
	Note      string    `json:"note"`
	CreatedAt time.Time `json:"created_at"`
}

// names of the tenant's people by id.
func (s *Service) names(ctx context.Context) (map[db.ID]string, error) {
	us, err := s.people.Users(ctx, "")
	out := make(map[db.ID]string, len(us))
	for _, u := range us {
		out[u.ID] = u.Name
	}
	return out, err
}

// view shows a customer: the number in full only to the owner it was assigned to in full.
func (s *Service) view(ctx context.Context, r Record, people map[db.ID]string) Customer {
	full := r.View == Full && r.OwnerID != 0 && r.OwnerID == tenant.PersonOf(ctx).User
	c := Customer{ID: r.ID, Name: r.Name, Number: s.vault.ShowPhone(ctx, r.PhoneCipher, r.PhoneLast4, full), Source: r.Source, Grade: r.Grade,
		Campaigns: r.Campaigns, Calls: r.Calls, View: r.View, LastCallAt: r.LastCallAt, CreatedAt: r.CreatedAt, Fields: r.Fields}
	if r.Age > 0 {
		c.Age = &r.Age
	}
	if r.OwnerID != 0 {
		c.Owner = &call.Ref{ID: r.OwnerID, Name: people[r.OwnerID]}
	}
	if c.Fields == nil {
		c.Fields = map[string]string{}
	}
	return c
}

// historyLimit is how many calls a customer's page shows.
const historyLimit = 200

// detail shows a customer with all its calls, also those assigned to nobody or to
// somebody else: whoever has the customer has the history (FEATURES A6.1).
func (s *Service) detail(ctx context.Context, r Record) (*CustomerDetail, error) {
	people, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.calls.List(db.WithTenant(ctx, r.TenantID), call.Filter{Customer: r.ID}, 0, historyLimit, 0)
	if err != nil {
		return nil, err
	}
	d := &CustomerDetail{Customer: s.view(ctx, r, people), History: make([]HistoryEntry, 0, len(p.Rows))}
	campaigns, err := s.campaigns(ctx, p.Rows)
	for _, c := range p.Rows {
		d.History = append(d.History, entry(c, campaigns))
	}
	return d, err
}

func entry(c call.Call, campaigns map[db.ID]string) HistoryEntry {
	h := HistoryEntry{CallID: c.ID, Kind: "robot", Seat: c.SeatNumber, Outcome: c.Outcome, Grade: c.Grade, DurationMs: c.DurationMs, Rounds: c.Rounds, At: c.StartedAt}
	if c.CampaignID != 0 {
		h.Campaign = &call.Ref{ID: c.CampaignID, Name: campaigns[c.CampaignID]}
	}
	return h
}

func (s *Service) campaigns(ctx context.Context, cs []call.Call) (map[db.ID]string, error) {
	seen := map[db.ID]bool{0: true}
	var ids []db.ID
	for _, c := range cs {
		if !seen[c.CampaignID] {
			seen[c.CampaignID] = true
			ids = append(ids, c.CampaignID)
		}
	}
	if s.calls.Campaigns == nil || len(ids) == 0 {
		return nil, nil
	}
	return s.calls.Campaigns(ctx, ids)
}

func (s *Service) viewDNC(ctx context.Context, d DoNotCall) Dnc {
	v := Dnc{ID: d.ID, Number: s.vault.ShowPhone(ctx, d.PhoneCipher, d.PhoneLast4, false), Source: d.Source, Note: d.Note, CreatedAt: d.CreatedAt}
	if v.Note == "" && d.Source == FromCall {
		v.Note = locale.Say(ctx, "crm.dnc_asked", nil)
	}
	return v
}

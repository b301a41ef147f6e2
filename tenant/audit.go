package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"yingda/platform/db"
)

// Entry is one line of the operation log (操作日志, FEATURES C8.4).
type Entry struct {
	ID        db.ID
	TenantID  db.ID
	UserID    db.ID
	UserName  string
	Action    string // "campaign.start"
	Object    string // "campaign"
	ObjectID  db.ID
	Args      json.RawMessage `gorm:"type:json"`
	IP        string          `gorm:"column:ip"`
	CreatedAt time.Time
}

// TableName is where entries live.
func (Entry) TableName() string { return "audits" }

// Audit writes who did what to which thing; kv are details as name, value pairs.
// Inside db.Tx it commits with the act; its error must undo the act or refuse what it
// was to be written before, so that nothing happens that the log does not hold.
func (s *Store) Audit(ctx context.Context, action, object string, id db.ID, kv ...any) error {
	args := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		args[fmt.Sprint(kv[i])] = kv[i+1]
	}
	b, _ := json.Marshal(args)
	p := PersonOf(ctx)
	e := Entry{ID: db.NewID(), TenantID: max(p.Tenant, db.TenantOf(ctx)), UserID: p.User, UserName: p.Name, Action: action, Object: object, ObjectID: id,
		Args: b, IP: p.IP, CreatedAt: time.Now().UTC()}
	if err := s.db.In(db.System(ctx, "audit")).Create(&e).Error; err != nil {
		return fmt.Errorf("operation log of %s %s %d: %w", action, object, id, err)
	}
	return nil
}

// Log returns what happened to one thing, newest first, at most limit entries.
func (s *Store) Log(ctx context.Context, object string, id db.ID, limit int) ([]Entry, error) {
	var es []Entry
	err := s.db.In(ctx).Where("object = ? AND object_id = ?", object, id).Order("id DESC").Limit(limit).Find(&es).Error
	return es, err
}

// ArgsOf are the details of an entry.
func ArgsOf(e Entry) map[string]any {
	m := map[string]any{}
	_ = json.Unmarshal(e.Args, &m)
	return m
}

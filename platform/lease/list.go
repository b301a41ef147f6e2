package lease

import (
	"context"
	"fmt"
	"time"

	"yingda/platform/db"
)

// Holder is one node's row: who held the name, in which epoch, how it did.
type Holder struct {
	Name      string
	Number    int
	Epoch     int64
	Roles     string
	Load      Load
	ExpiresAt time.Time // on the database's clock
	StartedAt time.Time
}

// Live lists the nodes whose lease holds, by number. What carries the fence (name,
// epoch) of none of them is nobody's. Read the fenced rows first and Live second, so
// that a node which joined in between is not taken for dead.
func Live(ctx context.Context, d *db.DB) ([]Holder, error) {
	var rows []row
	if err := d.In(ctx).Where("expires_ms > " + nowSQL(d.Kind)).Order("number").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list nodes: %w", err)
	}
	out := make([]Holder, len(rows))
	for i, r := range rows {
		out[i] = Holder{Name: r.Name, Number: r.Number, Epoch: r.Epoch, Roles: r.Roles, StartedAt: r.StartedAt,
			Load: Load{Calls: r.Calls, MaxCalls: r.MaxCalls, LagMS: r.LagMS}, ExpiresAt: time.UnixMilli(r.ExpiresMS).UTC()}
	}
	return out, nil
}

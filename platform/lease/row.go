package lease

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"yingda/platform/db"
)

// maxNodes is how many numbers db.ID has room for.
const maxNodes = 1024

// row is a line of the table nodes. Times that decide are milliseconds on the database's clock.
type row struct {
	db.Global
	ID        db.ID
	Name      string
	Number    int
	Epoch     int64
	Roles     string
	Calls     int
	MaxCalls  int
	LagMS     float64 `gorm:"column:lag_ms"`
	ExpiresMS int64   `gorm:"column:expires_ms"`
	StartedAt time.Time
}

func (row) TableName() string { return "nodes" }

// nowSQL is the database's clock in milliseconds, read inside the statement that needs
// it. SYSDATE and not NOW: NOW stands still while a statement waits for a lock.
func nowSQL(kind string) string {
	if kind == "sqlite" {
		return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
	}
	return "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)"
}

// errRaced says that another process was quicker; the caller looks again.
var errRaced = errors.New("lease: another process was quicker")

// take takes the name over or makes its row. ErrHeld while another holds it, errRaced to try again.
func take(ctx context.Context, d *db.DB, n Node) (got row, err error) {
	err = d.In(ctx).Where("name = ?", n.Name).First(&got).Error
	switch {
	case db.IsMissing(err):
		return create(ctx, d, n)
	case err != nil:
		return got, fmt.Errorf("look for node %s: %w", n.Name, err)
	}
	return takeOver(ctx, d, n, got)
}

func takeOver(ctx context.Context, d *db.DB, n Node, was row) (row, error) {
	q := d.In(ctx).Model(&row{}).Where("name = ? AND epoch = ?", n.Name, was.Epoch)
	if !n.KnownDead {
		q = q.Where("expires_ms <= " + nowSQL(d.Kind))
	}
	res := q.Updates(map[string]any{
		"epoch": was.Epoch + 1, "roles": n.Roles, "calls": 0, "max_calls": n.MaxCalls, "lag_ms": 0,
		"expires_ms": gorm.Expr(nowSQL(d.Kind)+" + ?", term.Milliseconds()), "started_at": time.Now().UTC(),
	})
	switch {
	case res.Error != nil:
		return was, fmt.Errorf("take over node %s: %w", n.Name, res.Error)
	case res.RowsAffected == 0 && n.KnownDead:
		return was, errRaced
	case res.RowsAffected == 0:
		return was, ErrHeld
	}
	was.Epoch++
	was.Roles, was.MaxCalls = n.Roles, n.MaxCalls
	return was, nil
}

// create makes the row with the smallest free number. Its first epoch is the database's
// time in seconds, so that epochs grow even where a row was forgotten in between.
func create(ctx context.Context, d *db.DB, n Node) (row, error) {
	number, err := freeNumber(ctx, d)
	if err != nil {
		return row{}, err
	}
	now, err := d.Now(ctx)
	if err != nil {
		return row{}, err
	}
	r := row{ID: db.NewID(), Name: n.Name, Number: number, Epoch: now.Unix(), Roles: n.Roles, MaxCalls: n.MaxCalls,
		ExpiresMS: now.Add(term).UnixMilli(), StartedAt: now}
	err = d.In(ctx).Create(&r).Error
	if db.IsDuplicate(err) {
		return r, errRaced
	}
	if err != nil {
		return r, fmt.Errorf("enter node %s: %w", n.Name, err)
	}
	return r, nil
}

// freeNumber returns the smallest number without a row; where all are taken, it
// forgets the row that ran out longest ago, if that was more than a day.
func freeNumber(ctx context.Context, d *db.DB) (int, error) {
	var taken []int
	if err := d.In(ctx).Model(&row{}).Order("number").Pluck("number", &taken).Error; err != nil {
		return 0, fmt.Errorf("list node numbers: %w", err)
	}
	free := 0
	for free < len(taken) && taken[free] == free {
		free++
	}
	if free < maxNodes {
		return free, nil
	}
	return forgetOldest(ctx, d)
}

func forgetOldest(ctx context.Context, d *db.DB) (int, error) {
	now, err := d.Now(ctx)
	if err != nil {
		return 0, err
	}
	var old row
	err = d.In(ctx).Where("expires_ms < ?", now.Add(-24*time.Hour).UnixMilli()).Order("expires_ms").First(&old).Error
	if db.IsMissing(err) {
		return 0, ErrFull
	}
	if err != nil {
		return 0, err
	}
	return old.Number, d.In(ctx).Where("name = ? AND epoch = ?", old.Name, old.Epoch).Delete(&row{}).Error
}

// renew moves the end of the lease; false where it is no longer ours. A lease that
// ran out is not revived: a janitor may already have acted on it.
func renew(ctx context.Context, d *db.DB, held row, load Load) (bool, error) {
	res := d.In(ctx).Model(&row{}).
		Where("name = ? AND epoch = ? AND expires_ms > "+nowSQL(d.Kind), held.Name, held.Epoch).
		Updates(map[string]any{"expires_ms": gorm.Expr(nowSQL(d.Kind)+" + ?", term.Milliseconds()),
			"calls": load.Calls, "max_calls": load.MaxCalls, "lag_ms": load.LagMS})
	return res.RowsAffected == 1, res.Error
}

// free ends the lease now, so that another need not wait for its end.
func free(ctx context.Context, d *db.DB, held row) error {
	return d.In(ctx).Model(&row{}).Where("name = ? AND epoch = ?", held.Name, held.Epoch).
		Updates(map[string]any{"expires_ms": 0, "calls": 0}).Error
}

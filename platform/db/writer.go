package db

import (
	"context"

	"gorm.io/gorm"
)

// writer lets one goroutine write at a time where the database is SQLite: it has one
// writer anyway, and those who wait here go on at once and in turn, while those who
// wait inside SQLite sleep and are served by luck.
type writer struct{ turn chan struct{} }

func newWriter() *writer { return &writer{make(chan struct{}, 1)} }

func (w *writer) lock(ctx context.Context) error {
	select {
	case w.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) unlock() { <-w.turn }

func (w *writer) Name() string { return "writer" }

const holds = "writer:holds"

// Initialize puts the lock around every single statement that writes outside of Tx.
func (w *writer) Initialize(d *gorm.DB) error {
	cb := d.Callback()
	for _, err := range []error{
		cb.Create().Before("gorm:before_create").Register("writer:lock", w.before), cb.Create().After("gorm:after_create").Register("writer:unlock", w.after),
		cb.Update().Before("gorm:before_update").Register("writer:lock", w.before), cb.Update().After("gorm:after_update").Register("writer:unlock", w.after),
		cb.Delete().Before("gorm:before_delete").Register("writer:lock", w.before), cb.Delete().After("gorm:after_delete").Register("writer:unlock", w.after),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) before(d *gorm.DB) {
	if _, inside := d.Statement.Context.Value(txKey{}).(*gorm.DB); inside {
		return
	}
	if _, tx := d.Statement.ConnPool.(gorm.TxCommitter); tx { // a transaction that did not come from Tx
		return
	}
	if err := w.lock(d.Statement.Context); err != nil {
		_ = d.AddError(err)
		return
	}
	d.InstanceSet(holds, true)
}

func (w *writer) after(d *gorm.DB) {
	if v, ok := d.InstanceGet(holds); ok && v == true {
		d.InstanceSet(holds, false)
		w.unlock()
	}
}

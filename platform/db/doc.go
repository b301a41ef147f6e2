// Package db is the one door to SQL: opening SQLite or MySQL/MariaDB, migrating,
// time-sortable ids, and whose data a statement may touch.
//
// The tenant travels in ctx (WithTenant). A gorm plugin adds it to every statement
// and refuses a statement whose ctx has none, so forgetting it is an error and not
// a leak. Work that belongs to no tenant says so and why: System(ctx, "janitor").
// Rows that belong to no tenant embed Global.
//
//	err := d.WithContext(db.WithTenant(ctx, id)).First(&campaign, cid).Error
package db

package db

import (
	"errors"
	"fmt"
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// Refusals of the tenancy plugin. They are programming errors, never a person's.
var (
	ErrNoTenant = errors.New("db: the statement's ctx has no tenant")
	ErrForeign  = errors.New("db: the row belongs to another tenant")
	ErrUnscoped = errors.New("db: this statement cannot be scoped to a tenant")
)

// tenancy scopes every statement to the tenant in ctx and refuses what it cannot scope.
type tenancy struct{}

func (tenancy) Name() string { return "tenancy" }

func (tenancy) Initialize(d *gorm.DB) error {
	cb := d.Callback()
	return errors.Join(
		cb.Create().Before("gorm:before_create").Register("tenancy:create", onCreate),
		cb.Query().Before("gorm:query").Register("tenancy:query", onRead),
		cb.Row().Before("gorm:row").Register("tenancy:row", onRead),
		cb.Update().Before("gorm:before_update").Register("tenancy:update", onUpdate),
		cb.Delete().Before("gorm:before_delete").Register("tenancy:delete", onRead),
		cb.Raw().Before("gorm:raw").Register("tenancy:raw", onRaw),
	)
}

// tenantField finds the model's tenant column; ok is false where the statement is
// already decided (system scope, global model, or refused).
func tenantField(d *gorm.DB) (f *schema.Field, s Scope, ok bool) {
	s = ScopeOf(d.Statement.Context)
	if s.System || d.Error != nil {
		return nil, s, false
	}
	if d.Statement.Schema == nil {
		_ = d.AddError(fmt.Errorf("%w: no model (%s)", ErrUnscoped, d.Statement.Table))
		return nil, s, false
	}
	if _, is := reflect.New(d.Statement.Schema.ModelType).Interface().(global); is {
		return nil, s, false
	}
	f = d.Statement.Schema.LookUpField("tenant_id")
	switch {
	case f == nil:
		_ = d.AddError(fmt.Errorf("%w: %s has no tenant_id and is not Global", ErrUnscoped, d.Statement.Schema.Name))
	case s.Tenant == 0:
		_ = d.AddError(fmt.Errorf("%w: %s", ErrNoTenant, d.Statement.Schema.Table))
	default:
		return f, s, true
	}
	return nil, s, false
}

func onRead(d *gorm.DB) {
	if d.Statement.SQL.Len() > 0 { // Raw(...).Scan comes this way
		onRaw(d)
		return
	}
	f, s, ok := tenantField(d)
	if !ok {
		return
	}
	if len(d.Statement.Joins) > 0 {
		_ = d.AddError(fmt.Errorf("%w: a join does not scope the joined table", ErrUnscoped))
		return
	}
	d.Statement.AddClause(clause.Where{Exprs: []clause.Expression{
		clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: f.DBName}, Value: s.Tenant},
	}})
}

// onUpdate scopes the statement and keeps tenant_id out of what is set: a row never moves.
func onUpdate(d *gorm.DB) {
	if f, _, ok := tenantField(d); ok {
		if m, is := d.Statement.Dest.(map[string]any); is {
			if _, moves := m[f.DBName]; moves {
				_ = d.AddError(fmt.Errorf("%w: tenant_id cannot be changed", ErrForeign))
				return
			}
		}
		d.Statement.Omits = append(d.Statement.Omits, f.DBName)
	}
	onRead(d)
}

// onCreate stamps the tenant, and refuses upserts that could overwrite another
// tenant's row: Save with a foreign id ends up here as UpdateAll, and a conflict
// on the primary key alone knows no tenant.
func onCreate(d *gorm.DB) {
	f, s, ok := tenantField(d)
	if !ok {
		return
	}
	if c, has := d.Statement.Clauses["ON CONFLICT"]; has {
		if on, is := c.Expression.(clause.OnConflict); is && !on.DoNothing && (on.UpdateAll || !names(on.Columns, f.DBName)) {
			_ = d.AddError(fmt.Errorf("%w: an upsert must name tenant_id among its conflict columns", ErrUnscoped))
			return
		}
	}
	each(d.Statement.ReflectValue, func(v reflect.Value) {
		got, zero := f.ValueOf(d.Statement.Context, v)
		if !zero && got != s.Tenant {
			_ = d.AddError(fmt.Errorf("%w: create in %s", ErrForeign, d.Statement.Table))
			return
		}
		_ = d.AddError(f.Set(d.Statement.Context, v, s.Tenant))
	})
}

func onRaw(d *gorm.DB) {
	if !ScopeOf(d.Statement.Context).System {
		_ = d.AddError(fmt.Errorf("%w: raw SQL outside a system scope", ErrUnscoped))
	}
}

func names(cols []clause.Column, name string) bool {
	for _, c := range cols {
		if c.Name == name {
			return true
		}
	}
	return false
}

func each(v reflect.Value, do func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			do(reflect.Indirect(v.Index(i)))
		}
	case reflect.Struct:
		do(v)
	}
}

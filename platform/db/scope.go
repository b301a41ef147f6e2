package db

import (
	"context"

	"gorm.io/gorm"
)

// Reach is how far a person sees inside their tenant. The zero value is the narrowest.
type Reach int

const (
	Own        Reach = iota // rows they own
	Department              // rows of their department
	All                     // every row of the tenant
)

// Scope is whose data a statement may touch. The zero value may touch nothing.
type Scope struct {
	Tenant     ID
	System     bool   // beyond tenants: migrations, janitor, operators
	Why        string // what the system scope is for, for the log
	User       ID
	Department ID
	Reach      Reach
}

type scopeKey struct{}

// WithScope puts the scope into ctx.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// WithTenant gives work done for a tenant by the program itself (a task, a call)
// the whole of that tenant's data.
func WithTenant(ctx context.Context, tenant ID) context.Context {
	return WithScope(ctx, Scope{Tenant: tenant, Reach: All})
}

// System lifts the tenant scope; why says what for. Never on a person's request path
// except for operators and for logging in.
func System(ctx context.Context, why string) context.Context {
	return WithScope(ctx, Scope{System: true, Why: why, Reach: All})
}

// ScopeOf returns the scope in ctx; the zero Scope where none was set.
func ScopeOf(ctx context.Context) Scope {
	s, _ := ctx.Value(scopeKey{}).(Scope)
	return s
}

// TenantOf returns the tenant in ctx, 0 if none.
func TenantOf(ctx context.Context) ID { return ScopeOf(ctx).Tenant }

// Visible narrows a query over rows with owner_id and department_id to what the
// person in ctx may see (DESIGN: own / department / all).
func Visible(ctx context.Context) func(*gorm.DB) *gorm.DB {
	s := ScopeOf(ctx)
	return func(q *gorm.DB) *gorm.DB {
		switch s.Reach {
		case All:
			return q
		case Department:
			return q.Where("department_id = ?", s.Department)
		default:
			return q.Where("owner_id = ?", s.User)
		}
	}
}

// Global marks a row type that belongs to no tenant; embed it.
type Global struct{}

func (Global) belongsToNoTenant() {}

type global interface{ belongsToNoTenant() }

package tenant

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"yingda/platform/db"
	"yingda/platform/locale"
)

// State of a tenant.
type State string

const (
	Active    State = "active"
	Suspended State = "suspended"
)

// Tenant is one enterprise with its plan. SMSCredit counts billed segments and is
// only ever changed by UPDATE … WHERE sms_credit >= n.
type Tenant struct {
	db.Global
	ID         db.ID
	Code       string
	Name       string
	ShortName  string
	Zone       string // IANA, for days, rollups and reports
	State      State
	MaxCalls   int   // concurrent calls of the plan
	SMSCredit  int64 `gorm:"column:sms_credit"`
	HumanSeats int
	Settings   json.RawMessage `gorm:"type:json"`
	ValidUntil *time.Time
	CreatedAt  time.Time
}

// Location is the tenant's zone; China's where the name is unknown.
func (t Tenant) Location() *time.Location {
	if l, err := time.LoadLocation(t.Zone); err == nil && t.Zone != "" {
		return l
	}
	return time.FixedZone("UTC+8", 8*3600)
}

// Open says whether the tenant's people may work and its robots may call: it is active
// and its plan has not run out.
func (t Tenant) Open(now time.Time) bool {
	return t.State == Active && (t.ValidUntil == nil || now.Before(*t.ValidUntil))
}

// Settings a tenant may change.
type Settings struct {
	RefusalOutweighsCompletion bool `json:"refusal_outweighs_completion"` // FEATURES A4.2
}

// Chosen are the tenant's own settings; the zero Settings where it has chosen nothing.
func (t Tenant) Chosen() (s Settings) {
	_ = json.Unmarshal(t.Settings, &s) // written by us; nothing there is the zero Settings
	return s
}

// Role is one of the three built-in sets of rights; a later issue adds an editor.
type Role string

const (
	Admin    Role = "admin"
	Sales    Role = "sales"
	Operator Role = "operator"
)

var rights = map[Role][]string{
	Admin: {"home:read", "campaign:read", "campaign:write", "campaign:run", "call:read", "call:export", "script:read", "script:write", "seat:read", "seat:write",
		"template:read", "template:write", "customer:read", "customer:write", "customer:assign", "dnc:read", "dnc:write", "phone:reveal", "user:read", "sms:read", "sandbox:read"},
	Sales:    {"call:read", "customer:read", "customer:write"},
	Operator: {"tenant:read", "tenant:write", "system:read", "sandbox:read"},
}

var reach = map[Role]db.Reach{Admin: db.All, Sales: db.Own, Operator: db.All}

// RightsOf lists what a role may do.
func RightsOf(r Role) []string { return rights[r] }

// User is a person who can log in. Operators have tenant 0.
type User struct {
	ID           db.ID
	TenantID     db.ID
	Account      string
	Name         string
	Role         Role
	Password     string // argon2id, never leaves the package
	MustChange   bool
	Enabled      bool
	DepartmentID db.ID
	PhoneCipher  []byte
	PhoneDigest  string
	PhoneLast4   string
	OpenID       string // WeChat, empty = unbound
	Locale       string
	Theme        string
	LastLoginAt  *time.Time
	CreatedAt    time.Time
}

// Person is who is asking.
type Person struct {
	User       db.ID
	Tenant     db.ID
	Department db.ID
	Name       string
	Role       Role
	Locale     string
	IP         string
	session    db.ID
	csrf       string
}

// Has says whether the person holds a right.
func (p Person) Has(right string) bool { return slices.Contains(rights[p.Role], right) }

// CSRF is the token that the person's changes must carry.
func (p Person) CSRF() string { return p.csrf }

type personKey struct{}

// WithPerson puts a person into ctx with everything that follows from who they are:
// tenant scope, reach and language.
func WithPerson(ctx context.Context, p Person) context.Context {
	s := db.Scope{Tenant: p.Tenant, User: p.User, Department: p.Department, Reach: reach[p.Role]}
	if p.Role == Operator {
		s = db.Scope{System: true, Why: "operator", User: p.User, Reach: db.All}
	}
	if p.Locale != "" {
		ctx = locale.With(ctx, p.Locale)
	}
	return context.WithValue(db.WithScope(ctx, s), personKey{}, p)
}

// PersonOf is who is asking; the zero Person (no rights) for the program itself.
func PersonOf(ctx context.Context) Person {
	p, _ := ctx.Value(personKey{}).(Person)
	return p
}

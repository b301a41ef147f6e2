package tenant

import (
	"context"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// Store is the rows of the room.
type Store struct{ db *db.DB }

// NewStore makes the store.
func NewStore(d *db.DB) *Store { return &Store{d} }

type session struct {
	db.Global   // found by its token before anyone knows the tenant
	ID          db.ID
	TenantID    db.ID
	UserID      db.ID
	TokenDigest string
	CSRF        string `gorm:"column:csrf"`
	IP          string `gorm:"column:ip"`
	Agent       string
	CreatedAt   time.Time
	SeenAt      time.Time
	ExpiresAt   time.Time
}

// login counts failures of one realm (an account, or an address).
type login struct {
	db.Global
	ID          db.ID
	Realm       string
	Failed      int
	FirstAt     time.Time
	LockedUntil *time.Time
}

// ByCode finds an active or suspended tenant by its code.
func (s *Store) ByCode(ctx context.Context, code string) (*Tenant, error) {
	return s.tenant(ctx, "code = ?", code)
}

// Tenant returns one tenant.
func (s *Store) Tenant(ctx context.Context, id db.ID) (*Tenant, error) {
	return s.tenant(ctx, "id = ?", id)
}

func (s *Store) tenant(ctx context.Context, where string, arg any) (*Tenant, error) {
	var t Tenant
	err := s.db.In(ctx).Where(where, arg).First(&t).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "tenant.not_found")
	}
	return &t, err
}

// Tenants lists all of them, for operators.
func (s *Store) Tenants(ctx context.Context) ([]Tenant, error) {
	var all []Tenant
	err := s.db.In(ctx).Order("id").Find(&all).Error
	return all, err
}

// CreateTenant adds a tenant; Conflict where the code is taken.
func (s *Store) CreateTenant(ctx context.Context, t *Tenant) error {
	t.ID, t.CreatedAt = db.NewID(), time.Now().UTC()
	err := s.db.In(ctx).Create(t).Error
	if db.IsDuplicate(err) {
		return errs.New(errs.Conflict, "tenant.code_taken", "code", t.Code)
	}
	return err
}

// CreateUser adds a person to the tenant in ctx (or to u.TenantID in a system scope).
func (s *Store) CreateUser(ctx context.Context, u *User) error {
	u.ID, u.CreatedAt = db.NewID(), time.Now().UTC()
	err := s.db.In(ctx).Create(u).Error
	if db.IsDuplicate(err) {
		return errs.New(errs.Conflict, "user.account_taken", "account", u.Account)
	}
	return err
}

// User returns one person of the tenant in ctx.
func (s *Store) User(ctx context.Context, id db.ID) (*User, error) {
	var u User
	err := s.db.In(ctx).First(&u, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "user.not_found")
	}
	return &u, err
}

// Users lists people of the tenant in ctx, all roles or one.
func (s *Store) Users(ctx context.Context, role Role) ([]User, error) {
	q := s.db.In(ctx).Order("id")
	if role != "" {
		q = q.Where("role = ?", role)
	}
	var all []User
	err := q.Find(&all).Error
	return all, err
}

// SaveUser writes some columns of a person.
func (s *Store) SaveUser(ctx context.Context, id db.ID, set map[string]any) error {
	return s.db.In(ctx).Model(&User{}).Where("id = ?", id).Updates(set).Error
}

func (s *Store) account(ctx context.Context, tenant db.ID, account string) (*User, error) {
	var u User
	err := s.db.In(ctx).Where("tenant_id = ? AND account = ?", tenant, account).First(&u).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &u, err
}

func (s *Store) openSession(ctx context.Context, row *session) error {
	return s.db.In(ctx).Create(row).Error
}

func (s *Store) session(ctx context.Context, digest string) (*session, error) {
	var row session
	err := s.db.In(ctx).Where("token_digest = ?", digest).First(&row).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &row, err
}

func (s *Store) seeSession(ctx context.Context, id db.ID, now, until time.Time) error {
	return s.db.In(ctx).Model(&session{}).Where("id = ?", id).Updates(map[string]any{"seen_at": now, "expires_at": until}).Error
}

// closeSessions ends one session of a person, or all but one (keep).
func (s *Store) closeSessions(ctx context.Context, user, one, keep db.ID) error {
	q := s.db.In(ctx).Where("user_id = ?", user)
	if one != 0 {
		q = q.Where("id = ?", one)
	}
	return q.Where("id <> ?", keep).Delete(&session{}).Error
}

func (s *Store) loginOf(ctx context.Context, realm string) (*login, error) {
	var l login
	err := s.db.In(ctx).Where("realm = ?", realm).First(&l).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &l, err
}

// failLogin counts one more failure and locks the realm where it is one too many.
func (s *Store) failLogin(ctx context.Context, realm string, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		l, err := s.loginOf(ctx, realm)
		if err != nil {
			return err
		}
		if l == nil {
			err := s.db.In(ctx).Create(&login{ID: db.NewID(), Realm: realm, Failed: 1, FirstAt: now}).Error
			if db.IsDuplicate(err) {
				return nil
			}
			return err
		}
		*l = l.again(now)
		return s.db.In(ctx).Model(&login{}).Where("id = ?", l.ID).
			Updates(map[string]any{"failed": l.Failed, "first_at": l.FirstAt, "locked_until": l.LockedUntil}).Error
	})
}

func (s *Store) forgiveLogin(ctx context.Context, realm string) error {
	return s.db.In(ctx).Where("realm = ?", realm).Delete(&login{}).Error
}

package tenant

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

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
// Conflict where the account or the telephone number is taken in the tenant.
func (s *Store) CreateUser(ctx context.Context, u *User) error {
	u.ID, u.CreatedAt = db.NewID(), time.Now().UTC()
	if u.PhoneDigest != "" { // keyed by tenant: another tenant's digest is another
		var n int64
		if err := s.db.In(ctx).Model(&User{}).Where("phone_digest = ?", u.PhoneDigest).Count(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "user.phone_taken", "last4", u.PhoneLast4)
		}
	}
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

// failLogin counts one more failure; locks is true for the one that is one too many. The
// database does the counting, so that no failure is lost between two processes.
func (s *Store) failLogin(ctx context.Context, realm string, now time.Time) (locks bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		fresh := s.db.In(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&login{ID: db.NewID(), Realm: realm, FirstAt: now})
		if fresh.Error != nil {
			return fresh.Error
		}
		old := s.db.In(ctx).Model(&login{}).Where("realm = ? AND first_at < ?", realm, now.Add(-window)).
			Updates(map[string]any{"failed": 0, "first_at": now, "locked_until": nil})
		if old.Error != nil {
			return old.Error
		}
		if err := s.db.In(ctx).Model(&login{}).Where("realm = ?", realm).Update("failed", gorm.Expr("failed + 1")).Error; err != nil {
			return err
		}
		lock := s.db.In(ctx).Model(&login{}).Where("realm = ? AND failed >= ?", realm, login{Realm: realm}.limit()).Update("locked_until", now.Add(lockFor))
		locks = lock.RowsAffected > 0
		return lock.Error
	})
	return locks, err
}

func (s *Store) forgiveLogin(ctx context.Context, realm string) error {
	return s.db.In(ctx).Where("realm = ?", realm).Delete(&login{}).Error
}

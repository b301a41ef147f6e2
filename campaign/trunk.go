package campaign

import (
	"context"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/telephony"
	"yingda/tenant"
)

// Trunk is a way out to the telephone network as operators configure it (外呼线路).
type Trunk struct {
	db.Global
	ID             db.ID
	Name           string
	Address        string // host:port, UDP
	Username       string
	PasswordCipher []byte
	CallerID       string `gorm:"column:caller_id"`
	Channels       int
	CPS            int `gorm:"column:cps"`
	Enabled        bool
	CreatedAt      time.Time
}

// TheTrunk is the installation's line: the first enabled one. Choosing among several, per
// tenant and by prefix, comes with line management (FEATURES A10.1).
func (s *Store) TheTrunk(ctx context.Context) (*Trunk, error) {
	var t Trunk
	err := s.db.In(ctx).Where("enabled = ?", true).Order("id").First(&t).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.Unavailable, "line.none")
	}
	return &t, err
}

// OnlyTrunk makes a line the one that is dialled over: the others are switched off.
func (s *Store) OnlyTrunk(ctx context.Context, t Trunk) error {
	if err := s.SaveTrunk(ctx, t); err != nil {
		return err
	}
	return s.db.In(db.System(ctx, "line")).Model(&Trunk{}).Where("name <> ?", t.Name).Update("enabled", false).Error
}

// SaveTrunk adds a line, or changes the one of the same name. Where t has no username, no
// password or no caller id, those that are there are kept: somebody may have put them in by hand.
func (s *Store) SaveTrunk(ctx context.Context, t Trunk) error {
	sys := db.System(ctx, "line")
	var old Trunk
	err := s.db.In(sys).Where("name = ?", t.Name).First(&old).Error
	if db.IsMissing(err) {
		t.ID, t.CreatedAt = db.NewID(), time.Now().UTC()
		return s.db.In(sys).Create(&t).Error
	}
	if err != nil {
		return err
	}
	set := map[string]any{"address": t.Address, "channels": t.Channels, "cps": t.CPS, "enabled": t.Enabled}
	if t.Username != "" {
		set["username"] = t.Username
	}
	if len(t.PasswordCipher) > 0 {
		set["password_cipher"] = t.PasswordCipher
	}
	if t.CallerID != "" {
		set["caller_id"] = t.CallerID
	}
	return s.db.In(sys).Model(&Trunk{}).Where("id = ?", old.ID).Updates(set).Error
}

// LineOf is the line as telephony dials over it.
func (t Trunk) LineOf(ctx context.Context, v *tenant.Vault) (telephony.Line, error) {
	password, err := v.OpenSecret(db.System(ctx, "line password"), t.PasswordCipher)
	return telephony.Line{ID: t.Name, Address: t.Address, Username: t.Username, Password: password, CallerID: t.CallerID, Channels: t.Channels, CPS: t.CPS}, err
}

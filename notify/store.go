package notify

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// store is the only door to notify's tables.
type store struct{ *db.DB }

// official is a tenant's official account.
type official struct {
	ID           db.ID
	TenantID     db.ID
	Name         string
	Token        string
	CreatedAt    time.Time
	AppID        string `gorm:"column:app_id"`
	SecretCipher []byte
	TemplateID   string `gorm:"column:template_id"`
	BaseURL      string `gorm:"column:base_url"`
}

func (official) TableName() string { return "official_accounts" }

// turn is whose turn it is in a campaign.
type turn struct {
	ID         db.ID
	TenantID   db.ID
	CampaignID db.ID
	Turn       int64
}

func (turn) TableName() string { return "push_turns" }

// insert writes a promise; fresh is false where its key is already there.
func (s store) insert(ctx context.Context, p *Promise) (fresh bool, err error) {
	err = s.In(ctx).Create(p).Error
	if db.IsDuplicate(err) {
		return false, nil
	}
	return err == nil, err
}

// known says whether a promise with this key exists.
func (s store) known(ctx context.Context, key string) (bool, error) {
	var n int64
	err := s.In(ctx).Model(&Promise{}).Where("unique_key = ?", key).Count(&n).Error
	return n > 0, err
}

// promise returns the row; NotFound also where it is another tenant's.
func (s store) promise(ctx context.Context, id db.ID) (*Promise, error) {
	var p Promise
	err := s.In(ctx).First(&p, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "notify.promise_not_found")
	}
	return &p, err
}

// byID finds those of the promises that the ctx may see.
func (s store) byID(ctx context.Context, ids []db.ID) (map[db.ID]Promise, error) {
	var ps []Promise
	if err := s.In(ctx).Where("id IN ?", ids).Find(&ps).Error; err != nil {
		return nil, err
	}
	out := make(map[db.ID]Promise, len(ps))
	for _, p := range ps {
		out[p.ID] = p
	}
	return out, nil
}

// ofCall lists a call's promises in the order they were made.
func (s store) ofCall(ctx context.Context, callID db.ID) ([]Promise, error) {
	var ps []Promise
	return ps, s.In(ctx).Where("call_id = ?", callID).Order("id").Find(&ps).Error
}

// due lists at most n promises that a worker may take now, the longest waiting
// first. It looks across tenants: ctx must be a system scope.
func (s store) due(ctx context.Context, now time.Time, n int) ([]Promise, error) {
	var ps []Promise
	return ps, s.In(ctx).Select("id", "tenant_id", "tries", "resent").
		Where("state IN ? AND next_at <= ?", []State{Pending, Sending, Unknown}, now).
		Order("next_at").Limit(n).Find(&ps).Error
}

// move changes p's row if it still stands where p says (state and tries), and p
// with it. ok is false where somebody else was faster.
func (s store) move(ctx context.Context, p *Promise, to Promise, columns ...string) (ok bool, err error) {
	if !p.State.canGo(to.State) {
		return false, fmt.Errorf("promise %d cannot go from %s to %s", p.ID, p.State, to.State)
	}
	res := s.In(ctx).Model(&Promise{}).Select("state", columns).
		Where("id = ? AND state = ? AND tries = ?", p.ID, p.State, p.Tries).Updates(&to)
	if res.Error == nil && res.RowsAffected == 1 {
		*p = to
		return true, nil
	}
	return false, res.Error
}

// uncredited marks a promise just written as not paid for.
func (s store) uncredited(ctx context.Context, p *Promise) error {
	p.stillborn(NoCredit, "notify.uncredited")
	return s.In(ctx).Model(&Promise{}).Where("id = ?", p.ID).
		Updates(map[string]any{"state": p.State, "error": p.Error, "next_at": nil}).Error
}

// postpone leaves the promise where it is until at.
func (s store) postpone(ctx context.Context, p *Promise, at time.Time) error {
	return s.In(ctx).Model(&Promise{}).Where("id = ? AND state = ? AND tries = ?", p.ID, p.State, p.Tries).
		Update("next_at", at).Error
}

// debit takes n segments of the tenant's credit; ok is false, and nothing is
// taken, where there are not as many.
func (s store) debit(ctx context.Context, n int) (ok bool, err error) {
	res := s.In(ctx).Model(&tenant.Tenant{}).Where("id = ? AND sms_credit >= ?", db.TenantOf(ctx), n).
		Update("sms_credit", gorm.Expr("sms_credit - ?", n))
	return res.RowsAffected == 1, res.Error
}

// refund gives n segments back.
func (s store) refund(ctx context.Context, n int) error {
	return s.In(ctx).Model(&tenant.Tenant{}).Where("id = ?", db.TenantOf(ctx)).
		Update("sms_credit", gorm.Expr("sms_credit + ?", n)).Error
}

// template returns a template; nil where there is none with this id.
func (s store) template(ctx context.Context, id db.ID) (*Template, error) {
	var t Template
	err := s.In(ctx).First(&t, id).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &t, err
}

func (s store) templates(ctx context.Context) ([]Template, error) {
	var ts []Template
	return ts, s.In(ctx).Order("id").Find(&ts).Error
}

// official returns the tenant's official account; nil where none is configured.
func (s store) official(ctx context.Context) (*official, error) {
	var o official
	err := s.In(ctx).Order("id").First(&o).Error
	if db.IsMissing(err) {
		return nil, nil
	}
	return &o, err
}

// nextTurn counts a campaign's pushes that go round: 0, 1, 2 … one each. It holds
// the campaign's row until the transaction in ctx ends.
func (s store) nextTurn(ctx context.Context, campaign db.ID) (int64, error) {
	t, err := s.lockTurn(ctx, campaign)
	if db.IsMissing(err) {
		first := turn{ID: db.NewID(), CampaignID: campaign, Turn: -1}
		// DoNothing, because a failed insert would keep a shared lock that two losers deadlock on.
		if err := s.In(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&first).Error; err != nil {
			return 0, err
		}
		t, err = s.lockTurn(ctx, campaign)
	}
	if err != nil {
		return 0, err
	}
	t.Turn++
	return t.Turn, s.In(ctx).Model(&turn{}).Where("id = ?", t.ID).Update("turn", t.Turn).Error
}

func (s store) lockTurn(ctx context.Context, campaign db.ID) (turn, error) {
	var t turn
	return t, s.In(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).Where("campaign_id = ?", campaign).First(&t).Error
}

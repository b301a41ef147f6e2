package notify

import (
	"context"
	"fmt"

	"yingda/platform/db"
)

// Account is a tenant's official account, its secret in the clear.
type Account struct {
	Name, AppID, Secret, TemplateID string
	BaseURL                         string // "" is WeChat's own
}

// SetAccount configures the tenant's official account in place of the one before.
func (s *Service) SetAccount(ctx context.Context, a Account) error {
	secret, err := s.Vault.SealSecret(ctx, a.Secret)
	if err != nil {
		return fmt.Errorf("seal the secret of official account %s: %w", a.AppID, err)
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := s.DB.In(ctx).Where("id > 0").Delete(&official{}).Error; err != nil {
			return err
		}
		return s.DB.In(ctx).Create(&official{ID: db.NewID(), Name: a.Name, AppID: a.AppID, SecretCipher: secret,
			TemplateID: a.TemplateID, BaseURL: a.BaseURL, CreatedAt: s.now()}).Error
	})
}

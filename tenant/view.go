package tenant

import (
	"context"
	"log/slog"
)

// ShowPhone is the only way a number becomes text on a person's screen: masked, but
// where the row was assigned to them in full (FEATURES A3.6). Whoever holds
// phone:reveal asks for one number at a time, which is audited (crm reveals it).
func (v *Vault) ShowPhone(ctx context.Context, cipher []byte, last4 string, assignedFull bool) string {
	n, err := v.Open(ctx, cipher)
	if err != nil {
		if len(cipher) > 0 {
			slog.WarnContext(ctx, "phone cannot be opened", "error", err)
		}
		return "*** **** " + last4
	}
	return Format(n, assignedFull)
}

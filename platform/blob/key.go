package blob

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// maxKey is what the columns that hold keys have room for.
const maxKey = 200

// Key names a file of a tenant: "17/2026-03-02/name", by the day in UTC.
func Key(tenant db.ID, day time.Time, name string) string {
	return fmt.Sprintf("%d/%s/%s", tenant, day.UTC().Format(time.DateOnly), name)
}

var part = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9_.-]*$`)

// check refuses keys that could leave the store or mean different things on different
// systems: empty or hidden parts, "..", anything but letters, digits and _.- (Invalid).
func check(key string) error {
	if len(key) == 0 || len(key) > maxKey {
		return errs.New(errs.Invalid, "blob.bad_key", "key", key)
	}
	for p := range strings.SplitSeq(key, "/") {
		if !part.MatchString(p) {
			return errs.New(errs.Invalid, "blob.bad_key", "key", key)
		}
	}
	return nil
}

// allowed says whether ctx may touch the key: its own tenant's, or any in a system scope.
func allowed(ctx context.Context, key string) error {
	if err := check(key); err != nil {
		return err
	}
	scope := db.ScopeOf(ctx)
	owner, _, _ := strings.Cut(key, "/")
	switch {
	case scope.System:
		return nil
	case scope.Tenant == 0:
		return fmt.Errorf("blob %s: %w", key, db.ErrNoTenant)
	case owner != scope.Tenant.String():
		return notFound(key)
	}
	return nil
}

func notFound(key string) error { return errs.New(errs.NotFound, "blob.not_found", "key", key) }

// Package errs is how every room says that something went wrong: a kind for the
// machine, a key with arguments for the person, the cause for the log.
//
//	return errs.New(errs.NotFound, "campaign.not_found")
//	return errs.New(errs.Conflict, "campaign.cannot_go", "from", c.State, "to", next)
//	return fmt.Errorf("claim %d leads of campaign %d: %w", n, id, err) // Internal: logged whole, shown as "internal"
//
// The key is translated by platform/httpapi (or by whoever writes to a person)
// from the catalogues in platform/httpapi/locale. An error without a kind is Internal.
package errs

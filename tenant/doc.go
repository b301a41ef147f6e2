// Package tenant is whose data it is and who is asking: tenants, people, roles and
// their rights, sessions, the operation log, the progress of long work, and the
// vault that keeps phone numbers.
//
// A person logs in with tenant code + account (operators have their own realm:
// tenant code "" or "operator"). The session's cookie leads Guard to a Person, whose
// rights each operation checks and whose reach (own / department / all) each query
// obeys. A tenant dies with everything in it; a session dies with its person.
//
//	p := tenant.PersonOf(ctx)
//	if !p.Has("phone:reveal") { … }
//	tenant.ShowPhone(ctx, number, assignedFull)
package tenant

// Package lease gives a process its name, number and epoch among the nodes of one
// installation, and tells it in time when it has lost them.
//
// A lease is a row of the table nodes. It runs on the database's clock, so the clocks
// of the machines do not matter; it lasts 15 s and is renewed every 3 s. A holder that
// cannot renew for 10 s finds Lost closed: it then has 5 s to hang up before another
// may take over (DESIGN mechanism 1). The epoch grows at every acquire, so that (name,
// epoch) fences whatever an earlier holder left behind. The number (0…1023, unique
// among the rows) feeds db.SetNode.
//
//	l, err := lease.Acquire(ctx, d, lease.Node{Name: name, Roles: "media", MaxCalls: 900}, log)
//	db.SetNode(l.Number)
//	go func() { <-l.Lost(); hangUpEverything() }()
//	defer l.Release(ctx)
//
// A janitor asks Live which (name, epoch) still hold.
package lease

// Package live tells browsers what happens, by server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
//
// A Hub delivers to the streams of its own process at once and to the other nodes'
// hubs over Redis. Nobody who publishes ever waits: each stream has a bounded queue in
// which the newest message about a thing replaces the older one still waiting, and a
// browser too slow even for that is told to fetch afresh. So is one that comes back
// after more than the hub remembers, or to another node: `hello` says resumed:false.
// Events are news, not truth: what matters is in SQL and can always be fetched.
//
//	h := live.NewHub(ctx, live.Config{Redis: broker.Redis(), Log: log}) // Redis nil: one process
//	h.Publish(live.Topic{Name: "campaign", Key: id.String()}, tenant, live.Holding("campaign:read"), view)
//	h.ServeHTTP(w, r, live.Subscription{Tenant: p.Tenant, User: p.User, Has: p.Has})
package live

// Package delivery is what notify's vendors have in common: what can go wrong when
// a message is handed over (Failure), when to try again (Backoff), and when to
// leave a vendor alone for a while (Gate: rate limit and circuit breaker).
//
// The first question after a failed send is never "why" but "may it have been
// taken?": a message that may have been taken is not sent again unless the vendor
// knows our key or can be asked (FEATURES A7.2).
//
//	err := delivery.Fail(delivery.Refused, "45", "template not approved")
//	delivery.FailureOf(err) // Refused; Lost for an error nobody classified
package delivery

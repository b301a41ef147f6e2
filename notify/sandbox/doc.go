// Package sandbox answers in place of the outside world where none is configured:
// an SMS gateway (the protocol is in notify/sms) and WeChat's official-account API.
// Both are http.Handlers, spoken to over real HTTP by the real clients; nothing
// they take ever leaves the machine, and every answer says so (X-Sandbox).
//
// Accounts need no registration: an account's secret is Secret(account), an app id
// is anything that starts with "wx". An SMS account is "t" and the tenant's id
// (AccountOf), which is how a tenant sees its own messages and nobody else's.
// Numbers are kept masked. What they do on purpose:
//
//	a number ending in 9990   refused at once
//	a number ending in 9991   accepted, then a receipt says failed
//	openid "o-unfollowed…"    has left the account (43004)
package sandbox

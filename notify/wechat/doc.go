// Package wechat pushes template messages through official accounts (公众号) with
// the silenceper client, asks who follows, and makes the QR codes that reps scan.
//
// The client knows one address for the whole process; ours serves many accounts,
// each with its own base URL (WeChat's, a proxy's, the simulator's). A transport
// underneath (route) sends each request to its account's address, found by the
// request's ctx or by its access token. Tokens are stable tokens: every node asks
// WeChat itself and gets the same one, so no shared cache is needed.
//
// A push carries a client_msg_id; WeChat drops a repeat of it for ten minutes
// (RepeatFor), which is how long a push with a lost answer may be sent again.
package wechat

// Package sms is the face of an SMS gateway (Gateway), how a text is counted and
// billed (Segments), and the first gateway: the generic HTTP one (HTTP).
//
// The HTTP gateway's protocol, which notify/sandbox answers too:
//
//	POST {base}/messages        {"id","to","sign","text"}   Basic account:secret
//	  201 {"vendor_id","segments","state"}   200 the same, for an id it already has
//	  422 {"code","error"} refused   429/503 later (Retry-After)   401 wrong account
//	GET  {base}/messages/{id}   200 {"vendor_id","state","error"}  404 never heard of it
//	receipts: POST {callback} {"id","vendor_id","state","error","at"}
//	  X-Signature: hex HMAC-SHA256 of the body with the account's secret
//
// id is the sender's idempotency key: a repeat is answered, never sent twice.
package sms

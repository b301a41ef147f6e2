// Package notify keeps the promises that a call makes: the SMS to the lead and the
// WeChat push to the sales rep (FEATURES A7, A8; DESIGN mechanism 9).
//
// A promise is a row, written in the transaction that finishes the call (Hook) or,
// for the keyword SMS, while it is still running (KeywordSMS). Its unique key names
// rule and call (or lead), so crashes and repeats write it once; the SMS credit is
// debited in the same transaction and never goes below zero (NoCredit instead).
//
// Delivery comes after: Ended and Sweep put the promise's id into the queue, and
// Deliver takes the row (compare-and-set on state and tries), hands it to the
// carrier and settles it. The queue only wakes: flushed, it loses nothing, because
// Sweep finds what is due. A lost answer makes the promise Unknown; it is asked
// back where the vendor can be asked, or repeated where the vendor drops repeats,
// and else shown to a person, who may Resend.
//
//	rules → Plan (pure) → promise row → Deliver → Sent → receipt → Delivered
//
// Below it: delivery (failures, backoff, gate), sms and wechat (the clients),
// sandbox (the vendors' stand-ins). In-console messages and webhooks come later.
package notify

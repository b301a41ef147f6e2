// Package crm knows the people behind the numbers: customers, who looks after them,
// and who must never be called again (FEATURES A6).
//
// A customer is one phone number of a tenant. It begins with the first call to the
// number (Remember, in the finishing transaction) and keeps the grade of the last
// connected call, how many calls and campaigns there were, and what the lists told
// about the person. customer_calls holds each call once, so that hearing of a call
// twice changes nothing.
//
// A customer belongs to nobody until Assign gives it to a sales rep, with a view of
// the number (masked or full) that holds everywhere; who has an owner is refused.
// Calls follow their customer, and a customer its call (Assigned).
//
// The do-not-call list is a set of numbers. Block adds, Unblock is a person's act in
// the operation log, Blocked is what the import and the dialler ask. A later call
// never takes a number off.
//
// Follow-ups, the public pool, tickets, stock and questionnaires come later.
package crm

// Package campaign decides whom to call, when, how fast and how often (营销任务).
//
// A campaign owns a list of leads, holds robot seats while it is scheduled, running
// or paused, and gives them back when it ends. Its way:
//
//	an Excel file ─ Look, Mapping, Import ─▶ leads ─ start ─▶ each tick: Hours.Open? Pulse.Next: how many now?
//	─▶ Claim so many leads under a lock, one attempt row each, one task each ─▶ the node dials
//	─▶ attempt: claimed → dialling → talking → ended ─▶ the lead is done, or waits for its next try
//
// The attempt row is the truth and the queue only wakes: an attempt is unique per
// lead and try, every move of its state is a compare-and-set with a fence (node,
// epoch). A task that runs twice, a node that dies or a queue that is flushed never
// dials one person twice for one attempt. A janitor ends the attempts of nodes that
// are gone, never one that has a finished call.
//
// Three decisions are pure and read no clock and no database, so that any moment
// can be written down in a test: Hours (may we call now, when next), Pulse.Next and
// Share (how many calls, whose turn), Judge (is this row a lead). Import loses no
// row: it is accepted, rejected with its reason in a file, or counted as blank.
package campaign

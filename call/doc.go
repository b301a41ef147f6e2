// Package call is the record of one call, and the moment it ends.
//
// A call row is opened before the INVITE (Open), journals its turns as they are
// spoken (Journal, at most 2 s are lost with a node), and is finished once:
// Finish writes the facts, the transcript, the grade with its reason and the
// rollup in ONE transaction, together with what the hooks of OnFinish add (the
// attempt's end, the promises of notify). After the commit every OnEnded listener
// hears of it, each alone, each safe to repeat. Whoever finds a call whose node is
// gone finishes it from its journal as interrupted.
//
// A finished call is a fact: it is corrected by new facts, never edited.
package call

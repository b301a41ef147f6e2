package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"yingda/call"
)

// AttemptState is where one try to reach one lead stands. The arrows are in attemptGo.
type AttemptState string

const (
	Claimed      AttemptState = "claimed"  // a lead and a seat are taken; nobody has been dialled
	Dialling     AttemptState = "dialling" // the INVITE is about to go out, or is out
	Talking      AttemptState = "talking"  // answered
	AttemptEnded AttemptState = "ended"
)

// attemptGo: an attempt only goes on, never back, so that a task that runs twice finds
// the second time that there is nothing to do.
var attemptGo = map[AttemptState][]AttemptState{
	Claimed:  {Dialling, AttemptEnded},
	Dialling: {Talking, AttemptEnded},
	Talking:  {AttemptEnded},
}

// CanGo says whether an attempt may move from s to next.
func (s AttemptState) CanGo(next AttemptState) bool { return slices.Contains(attemptGo[s], next) }

// openStates are asked for by name: “not ended” would read every attempt there ever was.
var openStates = []AttemptState{Claimed, Dialling, Talking}

// Open says whether the attempt still holds its seat and its number.
func (s AttemptState) Open() bool { return slices.Contains(openStates, s) }

// Cause says whose doing it was that a call reached nobody, and so who decides about
// another try.
type Cause int

const (
	Reached Cause = iota + 1 // somebody or something answered: there is nothing to retry
	Final                    // the number or its owner says no: never again
	Theirs                   // the callee could not: the campaign's retry policy decides
	Lines                    // the way to them failed: another line, or later
	Ours                     // we did not finish what we began: try again
)

// CauseOf sorts the outcomes. It panics on an outcome without a rule, and a test walks
// through all of them, so that a new one is not forgotten.
func CauseOf(o call.Outcome) Cause {
	switch o {
	case call.Answered, call.Machine:
		return Reached
	case call.BadNumber, call.Refused, call.Unknown: // unknown: nobody can say that it did not ring
		return Final
	case call.Busy, call.NoAnswer:
		return Theirs
	case call.LineFailure, call.NoProgress:
		return Lines
	case call.Interrupted, call.Cancelled:
		return Ours
	}
	panic(fmt.Sprintf("no rule for outcome %q", o))
}

// RetryPolicy is how often a campaign tries again and after what time (FEATURES A3.5).
// The zero value tries again only what was our own failure or the line's.
type RetryPolicy struct {
	Tries   map[call.Outcome]int           `json:"tries"` // all tries of a lead together, by the last outcome
	Gap     map[call.Outcome]time.Duration `json:"gap"`
	LineGap time.Duration                  `json:"-"` // at least so long after a failure of the line; 0 = minGap
}

const (
	ownTries = 3                // tries of a lead whose calls were lost by us or by the line
	ownGap   = 30 * time.Second // the node may be on its way back
	minGap   = 5 * time.Minute  // between two calls that may have rung
)

// Again says whether a lead is tried once more after its try-th call ended so, and how
// long to wait at least.
func (p RetryPolicy) Again(o call.Outcome, try int) (wait time.Duration, again bool) {
	switch CauseOf(o) {
	case Ours:
		return ownGap, try < ownTries
	case Theirs:
		return max(p.Gap[o], minGap), try < p.Tries[o]
	case Lines: // nobody was rung: a lead is not used up by a line that is down
		return max(p.Gap[o], cmp.Or(p.LineGap, minGap)), try < max(p.Tries[o], ownTries)
	}
	return 0, false
}

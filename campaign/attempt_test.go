package campaign

import (
	"testing"
	"time"

	"yingda/call"
)

func TestAttemptOnlyGoesOn(t *testing.T) {
	all := []AttemptState{Claimed, Dialling, Talking, AttemptEnded}
	for i, from := range all {
		for j, to := range all {
			if from.CanGo(to) && j <= i {
				t.Errorf("an attempt goes back from %s to %s", from, to)
			}
		}
		if from.Open() != from.CanGo(AttemptEnded) {
			t.Errorf("%s: open %v, can end %v", from, from.Open(), from.CanGo(AttemptEnded))
		}
	}
	if Claimed.CanGo(Talking) {
		t.Error("talks before it dials")
	}
}

func TestEveryOutcomeHasACause(t *testing.T) {
	for _, o := range call.Outcomes {
		c := CauseOf(o)
		if c < Reached || c > Ours {
			t.Errorf("%s has cause %d", o, c)
		}
		if o.Connected() != (c == Reached) {
			t.Errorf("%s: connected %v, cause %d", o, o.Connected(), c)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an outcome without a rule passes")
		}
	}()
	CauseOf("abducted")
}

func TestAgain(t *testing.T) {
	twice := RetryPolicy{Tries: map[call.Outcome]int{call.Busy: 2, call.Answered: 9, call.Refused: 9}, Gap: map[call.Outcome]time.Duration{call.Busy: time.Hour}}
	for _, c := range []struct {
		name  string
		p     RetryPolicy
		o     call.Outcome
		try   int
		wait  time.Duration
		again bool
	}{
		{"retry is off by default", RetryPolicy{}, call.Busy, 1, minGap, false},
		{"what we lost is ours to repeat", RetryPolicy{}, call.Interrupted, 1, ownGap, true},
		{"but not for ever", RetryPolicy{}, call.Interrupted, 3, ownGap, false},
		{"busy once", twice, call.Busy, 1, time.Hour, true},
		{"busy twice", twice, call.Busy, 2, time.Hour, false},
		{"the line failed: nobody was rung", RetryPolicy{}, call.LineFailure, 1, minGap, true},
		{"the line was silent, and its gap is set", RetryPolicy{LineGap: time.Second}, call.NoProgress, 2, time.Second, true},
		{"a lead is not tried for ever over a line that is down", RetryPolicy{}, call.LineFailure, 3, minGap, false},
		{"another outcome than the policy names", twice, call.NoAnswer, 1, minGap, false},
		{"who was reached is not called again", twice, call.Answered, 1, 0, false},
		{"who refused is not called again, whatever the policy says", twice, call.Refused, 1, 0, false},
		{"a cause nobody knows may have rung", twice, call.Unknown, 1, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if wait, again := c.p.Again(c.o, c.try); again != c.again || wait != c.wait {
				t.Errorf("got %v after %v, want %v after %v", again, wait, c.again, c.wait)
			}
		})
	}
}

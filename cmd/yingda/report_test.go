package main

import (
	"testing"

	"yingda/call"
)

// TestWithoutLost: a lead that was tried again over a line that failed has one call that
// counts; one that was reached and called again still has two.
func TestWithoutLost(t *testing.T) {
	for _, c := range []struct {
		newestFirst []call.Outcome
		want        int
	}{
		{nil, 0},
		{[]call.Outcome{call.LineFailure}, 1},
		{[]call.Outcome{call.LineFailure, call.NoProgress, call.LineFailure}, 1},
		{[]call.Outcome{call.Answered, call.Interrupted}, 1},
		{[]call.Outcome{call.Answered, call.Answered}, 2},
		{[]call.Outcome{call.LineFailure, call.Busy}, 2},
	} {
		var calls []call.Call
		for _, o := range c.newestFirst {
			calls = append(calls, call.Call{Outcome: o})
		}
		if got := len(withoutLost(calls)); got != c.want {
			t.Errorf("%v: %d calls count, want %d", c.newestFirst, got, c.want)
		}
	}
}

package delivery

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestAnUnclassifiedFailureIsLost(t *testing.T) {
	for want, err := range map[Failure]error{
		Lost:    errors.New("connection reset"),
		Refused: fmt.Errorf("send: %w", Fail(Refused, "45", "no")),
		Later:   Fail(Later, "", "busy").Because(errors.New("503")),
	} {
		if got := FailureOf(err); got != want {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
}

func TestBackoffGrowsAndEnds(t *testing.T) {
	last := time.Duration(0)
	for tries := 1; tries < MaxTries; tries++ {
		wait, ok := Backoff(tries)
		if !ok || wait < last {
			t.Fatalf("after try %d: %v %v", tries, wait, ok)
		}
		last = wait
	}
	if _, ok := Backoff(MaxTries); ok {
		t.Fatal("one try too many")
	}
}

func TestGate(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	t.Run("rate", func(t *testing.T) {
		g := &Gate{Rate: 10, Burst: 2}
		for i, want := range []time.Duration{0, 0, 100 * time.Millisecond} {
			if got := g.Enter(now); got != want {
				t.Fatalf("message %d waits %v, want %v", i, got, want)
			}
		}
		if got := g.Enter(now.Add(100 * time.Millisecond)); got != 0 {
			t.Fatalf("a tenth of a second later it still waits %v", got)
		}
	})
	t.Run("breaker", func(t *testing.T) {
		g := &Gate{Trip: 3, Probe: 5 * time.Second}
		for range 3 {
			if g.Enter(now) != 0 {
				t.Fatal("closed too early")
			}
			g.Done(now, false)
		}
		if got := g.Enter(now.Add(time.Second)); got != 4*time.Second {
			t.Fatalf("closed gate says wait %v", got)
		}
		probe := now.Add(6 * time.Second)
		if g.Enter(probe) != 0 || g.Enter(probe) == 0 {
			t.Fatal("exactly one probe goes through")
		}
		g.Done(probe, true)
		if g.Closed() || g.Enter(probe) != 0 {
			t.Fatal("the vendor answered, the gate is open")
		}
	})
}

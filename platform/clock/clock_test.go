package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"yingda/platform/clock"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestAdvanceFiresInOrder(t *testing.T) {
	f := clock.NewFake(nine)
	late, soon, never := f.After(3*time.Second), f.After(time.Second), f.After(time.Hour)
	f.Advance(5 * time.Second)
	if a, b := <-soon, <-late; !a.Equal(nine.Add(time.Second)) || !b.Equal(nine.Add(3*time.Second)) {
		t.Fatalf("fired at %v and %v", a, b)
	}
	select {
	case <-never:
		t.Fatal("the hour has not passed")
	default:
	}
	if now := f.Now(); !now.Equal(nine.Add(5 * time.Second)) {
		t.Fatalf("the clock stands at %v", now)
	}
	if at := <-f.After(0); !at.Equal(f.Now()) {
		t.Fatalf("After(0) gave %v", at)
	}
}

func TestTickerLosesTicksOfASlowReader(t *testing.T) {
	f := clock.NewFake(nine)
	tick := f.NewTicker(time.Second)
	f.Advance(3 * time.Second)
	if at := <-tick.C(); !at.Equal(nine.Add(time.Second)) {
		t.Fatalf("first tick %v", at)
	}
	f.Advance(time.Second)
	if at := <-tick.C(); !at.Equal(nine.Add(4 * time.Second)) {
		t.Fatalf("ticks 2 and 3 were lost, then %v", at)
	}
	tick.Stop()
	f.Advance(time.Minute)
	select {
	case <-tick.C():
		t.Fatal("a stopped ticker ticked")
	default:
	}
}

func TestSleepOnBothClocks(t *testing.T) {
	f := clock.NewFake(nine)
	done := make(chan error)
	go func() { done <- clock.Sleep(context.Background(), f, time.Minute) }()
	f.Await(1)
	f.Advance(time.Minute)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := clock.Sleep(ctx, clock.Real{}, time.Hour); !errors.Is(err, context.Canceled) {
		t.Fatalf("sleep in a cancelled ctx: %v", err)
	}
	tick := clock.Real{}.NewTicker(time.Millisecond)
	defer tick.Stop()
	if at := <-tick.C(); time.Since(at).Abs() > time.Second {
		t.Fatalf("real tick at %v", at)
	}
}

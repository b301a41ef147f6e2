package clock

import (
	"context"
	"time"
)

// Clock tells the time and waits for it.
type Clock interface {
	// Now is the present, in UTC, with a monotonic reading where the clock has one.
	Now() time.Time
	// After sends the time once, when d has passed; at once for d ≤ 0.
	After(d time.Duration) <-chan time.Time
	// NewTicker sends the time every d (> 0) until stopped; a slow reader loses ticks.
	NewTicker(d time.Duration) Ticker
}

// Ticker is what NewTicker gives.
type Ticker interface {
	C() <-chan time.Time
	Stop()
}

// Sleep waits for d on this clock; ctx's error if that comes first.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	select {
	case <-c.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Real is the machine's clock. Its zero value is ready.
type Real struct{}

// Now returns time.Now in UTC.
func (Real) Now() time.Time { return time.Now().UTC() }

// After is time.After.
func (Real) After(d time.Duration) <-chan time.Time { return time.After(d) }

// NewTicker is time.NewTicker.
func (Real) NewTicker(d time.Duration) Ticker { return ticker{time.NewTicker(d)} }

type ticker struct{ *time.Ticker }

func (t ticker) C() <-chan time.Time { return t.Ticker.C }

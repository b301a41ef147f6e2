// Package clock hands time in, so that pacing, windows and retries can be tested
// without waiting: Real is the machine's clock, Fake moves when a test says so.
//
//	for {
//		select {
//		case <-ticker.C():
//			s.Tick(ctx, s.clock.Now())
//		case <-ctx.Done():
//			return
//		}
//	}
package clock

package delivery

import "time"

// MaxTries is how often a message is handed over before it counts as failed.
const MaxTries = 8

var waits = [...]time.Duration{
	2 * time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour,
}

// Backoff is how long to wait after try number tries (1 is the first) failed. ok is
// false where it was the last one.
func Backoff(tries int) (wait time.Duration, ok bool) {
	if tries >= MaxTries {
		return 0, false
	}
	return waits[min(max(tries, 1)-1, len(waits)-1)], true
}

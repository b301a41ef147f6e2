package callee

import "time"

// scene is what a callee knows when it decides whether to speak. Times are offsets
// on the leg's clock.
type scene struct {
	now     time.Duration
	talking bool          // the robot is being heard
	began   time.Duration // of the robot's latest stretch; negative = it never spoke
	ended   time.Duration // its latest audible moment
	spoke   time.Duration // end of the callee's own latest turn; 0 = the answer
	opening bool          // the callee has done nothing yet
}

// timing is a turn with its spans drawn.
type timing struct {
	after    time.Duration // silence and thinking together
	over, at *time.Duration
}

// never means: not before something new is heard.
const never = time.Duration(-1)

// tail is how long the robot's old line may still be heard after the callee has
// finished, without being taken for a reply.
const tail = 150 * time.Millisecond

// cue says how long to wait before taking the turn, 0 = now. It is pure.
func cue(t timing, s scene) time.Duration {
	if t.at != nil {
		return until(s.spoke+*t.at, s.now)
	}
	if !s.replied() {
		return never
	}
	if t.over != nil && s.talking {
		return until(max(s.began, s.spoke)+*t.over, s.now)
	}
	if s.talking {
		return never
	}
	return until(s.ended+t.after, s.now)
}

// replied says whether the robot has been heard since the callee's last turn.
func (s scene) replied() bool {
	if s.began < 0 {
		return false
	}
	return s.opening || s.ended > s.spoke+tail || s.talking && s.now > s.spoke+tail
}

// bored says how long until the callee's patience is over; never while the robot talks.
func bored(patience time.Duration, s scene) time.Duration {
	if s.talking {
		return never
	}
	return until(max(s.ended, s.spoke)+patience, s.now)
}

func until(t, now time.Duration) time.Duration { return max(0, t-now) }

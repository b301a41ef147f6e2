package callee

import (
	"sync"
	"time"

	"yingda/platform/audio"
)

// The ear's measures. A frame of 20 ms is audible above threshold; silence of
// hangover ends a stretch of speech, less than that is a pause inside it.
const (
	frame     = 20 * time.Millisecond
	threshold = -42.0 // dB below full scale
	hangover  = 200 * time.Millisecond
)

// mark is a change that the ear noticed. At is the first audible frame's begin, or
// the last one's end.
type mark struct {
	began bool
	at    time.Duration
}

// ear turns frames into stretches of the robot's speech. It is fed by the media
// loop and never blocks it.
type ear struct {
	marks chan mark

	mu      sync.Mutex
	talking bool
	last    time.Duration // end of the latest audible frame
}

func newEar() *ear { return &ear{marks: make(chan mark, 64)} }

// hear takes the frame that ended at now on the leg's clock.
func (e *ear) hear(alaw []byte, now time.Duration) {
	loud := audio.LevelDB(alaw) > threshold
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case loud && !e.talking:
		e.talking, e.last = true, now
		e.tell(mark{began: true, at: now - frame})
	case loud:
		e.last = now
	case e.talking && now-e.last >= hangover:
		e.talking = false
		e.tell(mark{at: e.last})
	}
}

// tell drops the mark if nobody has listened for 64 of them: the leg is being torn down.
func (e *ear) tell(m mark) {
	select {
	case e.marks <- m:
	default:
	}
}

// lastHeard is the end of the latest audible frame; 0 = nothing yet.
func (e *ear) lastHeard() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last
}

package rtp

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleep waits on the loop's own thread: a Go timer would wake through the scheduler.
func sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	ts := unix.NsecToTimespec(int64(d))
	_ = unix.Nanosleep(&ts, nil) // woken early by a signal: the next turn sleeps the rest
}

// prioritise asks that the media loop goes before a recogniser on the same machine.
// Without the right to (an ordinary user) it stays as it is.
func prioritise() {
	tid := unix.Gettid()
	_ = unix.Setpriority(unix.PRIO_PROCESS, tid, -10)
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 50_000, 0, 0, 0)
}

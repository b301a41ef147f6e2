package rtp

import (
	"encoding/binary"
	"sync/atomic"
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

// alarm is a sleep that another goroutine can end.
type alarm struct {
	fd     int
	asleep atomic.Bool
}

func newAlarm() alarm {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		fd = -1 // poll ignores it; sleep is bounded then
	}
	return alarm{fd: fd}
}

// mostDeaf bounds a sleep that cannot be ended.
const mostDeaf = time.Millisecond

// ring ends a sleep, if there is one.
func (a *alarm) ring() {
	if a.asleep.Load() && a.fd >= 0 {
		one := binary.NativeEndian.AppendUint64(nil, 1)
		_, _ = unix.Write(a.fd, one)
	}
}

// sleep waits at most d (negative = without end), not at all when asked is set.
func (a *alarm) sleep(d time.Duration, asked *atomic.Bool) {
	a.asleep.Store(true)
	defer a.asleep.Store(false)
	if asked.Load() {
		return
	}
	if a.fd < 0 && (d < 0 || d > mostDeaf) {
		d = mostDeaf
	}
	var limit *unix.Timespec
	if d >= 0 {
		ts := unix.NsecToTimespec(int64(d))
		limit = &ts
	}
	fds := []unix.PollFd{{Fd: int32(a.fd), Events: unix.POLLIN}}
	if n, _ := unix.Ppoll(fds, limit, nil); n > 0 {
		var b [8]byte
		_, _ = unix.Read(a.fd, b[:])
	}
}

func (a *alarm) close() {
	if a.fd >= 0 {
		unix.Close(a.fd)
		a.fd = -1
	}
}

package asr

import (
	"syscall"
	"time"
)

// usage is what this process has taken: user and system time of all threads, and its
// largest resident size.
func usage() (cpu time.Duration, rssKB int64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), u.Maxrss
}

//go:build cgo

package main

import (
	"os"
	"strconv"
	"syscall"
)

// polite lowers the priority of the whole process. Linux keeps one for each thread: those
// that are there are set one by one, later ones inherit it from whoever starts them.
func polite(nice int) (err error) {
	for range 2 { // a thread may be starting another one right now
		threads, readErr := os.ReadDir("/proc/self/task")
		if readErr != nil {
			return syscall.Setpriority(syscall.PRIO_PROCESS, 0, nice)
		}
		for _, t := range threads {
			if id, convErr := strconv.Atoi(t.Name()); convErr == nil {
				err = syscall.Setpriority(syscall.PRIO_PROCESS, id, nice)
			}
		}
	}
	return err
}

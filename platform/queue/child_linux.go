package queue

import "syscall"

// endWithUs lets the kernel kill the server when we end, however we end. It loses
// nothing by that: what it has answered is written (fsync only waits for power cuts).
// A process group of its own keeps Ctrl-C from ending it before we have drained.
func endWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

package local

import "syscall"

// dieWithUs has the kernel end the child with us, however we end. It is in a process
// group of its own: a Ctrl-C at the terminal is ours to handle, and the child hears on while calls end.
func dieWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

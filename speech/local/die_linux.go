package local

import "syscall"

// dieWithUs has the kernel end the child with us, however we end.
func dieWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

//go:build !linux

package queue

import "syscall"

// endWithUs: without Linux a killed parent leaves the server behind; the next start
// finds the folder locked and uses it as a guest.
func endWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

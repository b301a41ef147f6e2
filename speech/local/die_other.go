//go:build !linux

package local

import "syscall"

// dieWithUs: elsewhere the closed pipe alone ends the child.
func dieWithUs() *syscall.SysProcAttr { return nil }

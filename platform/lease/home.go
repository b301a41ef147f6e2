package lease

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// ErrHomeInUse says that another process works in the same data folder.
var ErrHomeInUse = errors.New("lease: another process uses this data folder")

// Home locks the data folder for this process and returns the name that belongs to it:
// host name and a mark that is kept in the folder. Whoever holds the lock has proved
// that the last holder of that name is gone (the kernel frees the lock of a process
// however it ends), so a restart after a crash may take the lease over at once
// (Node.KnownDead). unlock gives the folder back.
func Home(data string) (name string, unlock func(), err error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", nil, err
	}
	f, err := os.OpenFile(filepath.Join(data, "node"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return "", nil, fmt.Errorf("%w: %s", ErrHomeInUse, data)
		}
		return "", nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	if name, err = nameIn(f); err != nil {
		_ = f.Close()
		return "", nil, err
	}
	return name, func() { _ = f.Close() }, nil
}

// nameIn reads the name from the file or writes a new one into it. The name is kept
// whole: a machine that is renamed stays the same node.
func nameIn(f *os.File) (string, error) {
	b := make([]byte, 80)
	n, _ := f.ReadAt(b, 0)
	if name := strings.TrimSpace(string(b[:n])); name != "" {
		return name, nil
	}
	host, _ := os.Hostname()
	host = regexp.MustCompile(`[^a-zA-Z0-9.-]+`).ReplaceAllString(host, "-")
	if host == "" {
		host = "node"
	}
	mark := make([]byte, 3)
	if _, err := rand.Read(mark); err != nil {
		return "", err
	}
	name := host[:min(len(host), 60)] + "-" + hex.EncodeToString(mark)
	_, err := f.WriteAt([]byte(name+"\n"), 0)
	return name, errors.Join(err, f.Sync())
}

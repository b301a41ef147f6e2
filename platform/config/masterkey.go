package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MasterKey returns the 32 bytes under which phone numbers and vendor secrets are
// encrypted: master.key from the configuration, else the file master.key in the data
// folder. With an embedded database the file is made at the first call (mode 0600);
// with a shared one every node needs the same key, so a missing one is an error.
func (c Config) MasterKey() ([]byte, error) {
	if c.Master.Key != "" {
		return parseKey(c.Master.Key)
	}
	path := filepath.Join(c.Data, "master.key")
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if !c.Embedded() {
		return nil, fmt.Errorf("no master key: set YINGDA_MASTER_KEY_FILE (or master.key) to the same 32 bytes on every node; `head -c32 /dev/urandom | base64` makes one")
	}
	return makeKey(path)
}

func readKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(string(b))
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	return key, nil
}

// makeKey writes a new key beside its place and links it there, so that of two
// processes starting at once both end with the same whole key.
func makeKey(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".master-*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return readKey(path)
}

package prompts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"yingda/platform/audio"
)

func makeDir(dir string) error { return os.MkdirAll(dir, 0o750) }

// path spreads the files over 256 folders.
func (c *Cache) path(key string) string { return filepath.Join(c.dir, key[:2], key+".wav") }

// read gives a prompt's audio from its file; fs.ErrNotExist too where the file is
// no whole prompt.
func (c *Cache) read(key string) ([]byte, error) {
	b, err := os.ReadFile(c.path(key))
	if err != nil {
		return nil, err
	}
	if len(b) <= audio.HeaderSize || string(b[:4]) != "RIFF" {
		return nil, fs.ErrNotExist
	}
	return b[audio.HeaderSize:], nil
}

// write puts the file in place whole: another process sees it entire or not at all.
func (c *Cache) write(key string, alaw []byte) error {
	to := c.path(key)
	if err := makeDir(filepath.Dir(to)); err != nil {
		return fmt.Errorf("prompt cache: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(to), "new-*")
	if err != nil {
		return fmt.Errorf("prompt cache: %w", err)
	}
	err = errors.Join(audio.WriteALawWAV(f, 1, alaw), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("prompt cache: %w", err)
	}
	return nil
}

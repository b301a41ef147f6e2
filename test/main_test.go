package test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestMain cleans up what tests share: the program built for them and the house that
// several of them look at.
func TestMain(m *testing.M) {
	code := m.Run()
	shared.close()
	if bin.dir != "" {
		_ = os.RemoveAll(bin.dir)
	}
	os.Exit(code)
}

// bin is the program as it ships, pure Go, built once for all tests of this package.
var bin struct {
	once sync.Once
	dir  string
	err  error
}

// program returns the path of the built yingda.
func program(t *testing.T) string {
	t.Helper()
	bin.once.Do(func() { bin.dir, bin.err = build() })
	if bin.err != nil {
		t.Fatal(bin.err)
	}
	return filepath.Join(bin.dir, "yingda")
}

// build tries three times: where the console is being built at the same moment, the
// files that the program embeds change under the compiler.
func build() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "yingda-test-bin-"); err != nil {
		return "", err
	}
	for range 3 {
		c := exec.Command("go", "build", "-o", filepath.Join(dir, "yingda"), "./cmd/yingda")
		c.Dir, c.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		out, berr := c.CombinedOutput()
		if berr == nil {
			return dir, bringRecogniser(dir)
		}
		err = fmt.Errorf("go build ./cmd/yingda: %w\n%s", berr, out)
		time.Sleep(2 * time.Second)
	}
	return dir, err
}

// bringRecogniser links `make build`'s recogniser beside the program, where it was built:
// it needs a C compiler and is not what these tests are about.
func bringRecogniser(dir string) error {
	for _, name := range []string{"yingda-asr", "libonnxruntime.so"} {
		from, err := filepath.Abs(filepath.Join(root, "bin", name))
		if err != nil {
			return err
		}
		if _, err := os.Stat(from); err != nil {
			continue
		}
		if err := os.Symlink(from, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

package test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a `yingda serve` of its own: a process, a data folder, a port. Kill and Start
// again on the same folder and port as often as you like.
type server struct {
	tb   testing.TB
	data string
	base string // http://127.0.0.1:PORT
	args []string

	cmd    *exec.Cmd
	gone   chan struct{}
	output lines
}

// newServer prepares one; settings come after those that every test server has.
func newServer(t testing.TB, bin, data string, settings ...string) *server {
	port := freePort(t)
	s := &server{tb: t, data: data, base: "http://" + port}
	s.args = append([]string{bin, "serve", "--data", data, "--http-listen", port, "--http-private", "", "--sip-listen", "127.0.0.1:0",
		"--demo", "--sandbox-sms", "--sandbox-wechat"}, settings...)
	return s
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the server and returns when it is ready.
func (s *server) start() {
	s.tb.Helper()
	s.cmd = exec.Command(s.args[0], s.args[1:]...)
	s.cmd.Env = quietEnv()
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	if err := s.cmd.Start(); err != nil {
		s.tb.Fatal(err)
	}
	s.gone = make(chan struct{})
	go func(c *exec.Cmd, gone chan struct{}) { _ = c.Wait(); close(gone) }(s.cmd, s.gone)
	for range 600 {
		select {
		case <-s.gone:
			s.tb.Fatalf("the server ended at once:\n%s", s.output.tail(30))
		case <-time.After(50 * time.Millisecond):
		}
		if r, err := http.Get(s.base + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	s.tb.Fatalf("the server did not become ready:\n%s", s.output.tail(30))
}

// kill is kill -9: nothing is drained, nothing is said goodbye to.
func (s *server) kill() {
	_ = s.cmd.Process.Signal(syscall.SIGKILL)
	<-s.gone
}

// stop ends the server the polite way; one that does not within 45 s is killed, which is
// an error.
func (s *server) stop() error {
	if s.cmd == nil {
		return nil
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.gone:
		return nil
	case <-time.After(45 * time.Second):
		s.kill()
		return fmt.Errorf("the server did not stop within 45 s of SIGTERM:\n%s", s.output.tail(30))
	}
}

// stopAfter stops the server when the test is over.
func (s *server) stopAfter(t testing.TB) {
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
}

// quietEnv is the environment without settings of whoever runs the tests.
func quietEnv() (env []string) {
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "YINGDA_") {
			env = append(env, kv)
		}
	}
	models, _ := filepath.Abs(filepath.Join(root, "models"))
	return append(env, "YINGDA_MODELS="+models, "YINGDA_LOG_LEVEL=warn")
}

// phones is a `yingda callee` of its own: simulated people who outlive the server, and
// the log of what happened to them.
type phones struct {
	addr, log string
	stop      func()
}

func newPhones(t testing.TB, bin, dir string) *phones {
	t.Helper()
	p := &phones{log: filepath.Join(dir, "callee.jsonl")}
	c := exec.Command(bin, "callee", "--listen", "127.0.0.1:0", "--log", p.log)
	c.Env = quietEnv()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = &lines{}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p.stop = func() { _ = c.Process.Signal(syscall.SIGTERM); _ = c.Wait() }
	first, err := bufio.NewReader(out).ReadString('\n')
	if _, serr := fmt.Sscanf(first, "listening %s", &p.addr); err != nil || serr != nil {
		t.Fatalf("yingda callee said %q (%v): %s", first, err, c.Stderr)
	}
	return p
}

// runProgram runs a subcommand to its end and returns what it printed.
func runProgram(t testing.TB, bin string, args ...string) string {
	t.Helper()
	c := exec.Command(bin, args...)
	c.Env = quietEnv()
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("yingda %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// lines collects a process's output; safe while it still writes.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lines) tail(n int) string {
	all := strings.Split(strings.TrimRight(l.String(), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-n):], "\n")
}

func waitFor(t testing.TB, within time.Duration, what string, done func() bool) {
	t.Helper()
	for limit := time.Now().Add(within); time.Now().Before(limit); time.Sleep(200 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("not within %s: %s", within, what)
}

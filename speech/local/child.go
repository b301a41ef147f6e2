package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

const (
	loadWithin  = 60 * time.Second // a cold disk and a busy machine included
	lookAgain   = 10 * time.Second // for what was missing
	soonest     = time.Second      // between two starts …
	latest      = 30 * time.Second // … doubling up to here
	steadyAfter = time.Minute      // a child that lived so long starts over at soonest
)

// watch runs the child again and again until ctx ends. It keeps its thread: the kernel's
// death signal is tied to the thread that started the child.
func (r *Recognizer) watch(ctx context.Context) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(r.gone)
	wait := soonest
	for ctx.Err() == nil {
		c := r.config.located()
		if lack := c.missing(); lack != "" {
			r.set(func(s *Status) { s.State = lack })
			sleep(ctx, lookAgain)
			continue
		}
		begin := time.Now()
		err := r.run(ctx, c)
		if ctx.Err() != nil {
			break
		}
		if time.Since(begin) > steadyAfter {
			wait = soonest
		}
		r.config.Log.Error("recogniser ended", "error", err, "again_in", wait)
		r.set(func(s *Status) { s.State, s.PID, s.Address, s.Restarts = Failing, 0, "", s.Restarts+1 })
		sleep(ctx, wait)
		wait = min(2*wait, latest)
	}
	r.set(func(s *Status) { s.State, s.PID, s.Address = Stopped, 0, "" })
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// run is one life of the child: started, ready, ended.
func (r *Recognizer) run(ctx context.Context, c Config) error {
	args := append([]string{"-listen", "127.0.0.1:0", "-models", c.Models, "-library", c.Library}, c.Args...)
	cmd := exec.Command(c.Binary, args...)
	cmd.SysProcAttr = dieWithUs()
	words := &lastWords{log: func(line string) { r.config.Log.Info("recogniser", "says", line) }}
	cmd.Stderr = words
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { in.Close(); kill(cmd, 3*time.Second) })()
	loading := time.AfterFunc(loadWithin, func() { cmd.Process.Kill() })
	address, err := readAddress(out)
	loading.Stop()
	if err == nil {
		r.set(func(s *Status) { s.State, s.PID, s.Address, s.Detail = Ready, cmd.Process.Pid, address, "" })
		_, _ = io.Copy(io.Discard, out)
	}
	err = errors.Join(err, cmd.Wait())
	r.set(func(s *Status) { s.Detail = words.last() })
	if err == nil {
		err = errors.New("it ended by itself")
	}
	return fmt.Errorf("%w: %s", err, words.last())
}

// kill lets the child end by itself for a while, then ends it.
func kill(cmd *exec.Cmd, after time.Duration) {
	time.AfterFunc(after, func() { cmd.Process.Kill() })
}

// readAddress waits for the line "listening HOST:PORT".
func readAddress(out io.Reader) (string, error) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if a, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			return a, nil
		}
	}
	return "", errors.New("it did not get ready")
}

// lastWords logs what the child says and keeps its last line.
type lastWords struct {
	log  func(string)
	mu   sync.Mutex
	rest string
	line string
}

func (w *lastWords) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest += string(b)
	for {
		line, rest, whole := strings.Cut(w.rest, "\n")
		if !whole {
			return len(b), nil
		}
		w.rest = rest
		if line = strings.TrimSpace(line); line != "" {
			w.line = line
			w.log(line)
		}
	}
}

func (w *lastWords) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.line
}

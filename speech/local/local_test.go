package local

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/speechtest"
)

// running starts the real recogniser, or skips where this build has none; CI must have one.
func running(t testing.TB) *Recognizer {
	t.Helper()
	if lack := Check(Config{}); lack != "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s: run scripts/onnxruntime.sh and make build", lack)
		}
		t.Skipf("SKIPPED, NOTHING RECOGNISED: %s", lack)
	}
	r := Start(Config{})
	t.Cleanup(r.Close)
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	if s := r.Wait(ctx); s != Ready {
		t.Fatalf("%s: %s", s, r.Status().Detail)
	}
	return r
}

func TestContract(t *testing.T) {
	speechtest.Recognizer(t, func(t testing.TB) speech.Recognizer { return running(t) },
		speechtest.Can{Hints: true, Flush: true, Times: true})
}

func TestStatusNamesWhatIsMissing(t *testing.T) {
	dir := t.TempDir()
	exe, lib := filepath.Join(dir, binaryName), filepath.Join(dir, libraryName)
	for _, step := range []struct {
		make string
		want State
	}{{"", MissingBinary}, {exe, MissingLibrary}, {lib, MissingModel}} {
		if step.make != "" {
			os.WriteFile(step.make, []byte("#!/bin/sh\n"), 0o755)
		}
		c := Config{Binary: exe, Library: lib, Models: dir}
		if got := Check(c); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
		r := Start(c)
		if got := r.Wait(t.Context()); got != step.want {
			t.Errorf("started: %s, want %s", got, step.want)
		}
		if _, err := r.Open(t.Context(), speech.Options{}); !errs.Is(err, errs.Unavailable) {
			t.Errorf("open: %v", err)
		}
		r.Close()
		if s := r.Status().State; s != Stopped {
			t.Errorf("closed: %s", s)
		}
	}
}

// A crash of the child breaks the open streams and nothing else: it is started again.
func TestChildIsStartedAgain(t *testing.T) {
	r := running(t)
	was := r.Status()
	s, err := r.Open(t.Context(), speech.Options{})
	if err != nil {
		t.Fatal(err)
	}
	syscall.Kill(was.PID, syscall.SIGKILL)
	if h := <-s.Events(); h.Err == nil {
		t.Errorf("the stream heard %+v", h)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if now := r.Status(); now.State == Ready && now.PID != was.PID {
			if now.Restarts != 1 {
				t.Errorf("%d restarts", now.Restarts)
			}
			return
		}
		if time.Now().After(end) {
			t.Fatalf("still %+v", r.Status())
		}
	}
}

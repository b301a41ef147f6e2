//go:build cgo

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"yingda/models"
	"yingda/speech/asr"
	"yingda/speech/local"
)

// missing is the exit status where the model or the library is not there: trying again
// will not help. speech/local knows it.
const missing = 3

type options struct {
	listen, models, library string
	workers, maxStreams     int
	endSilence              time.Duration
	noPartials, selftest    bool
	nice                    int
	verbose                 bool
}

func main() {
	var o options
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "address of the WebSocket; port 0 picks a free one")
	flag.StringVar(&o.models, "models", models.Dir(), "folder with the models")
	flag.StringVar(&o.library, "library", local.Library(), "ONNX Runtime's shared library")
	flag.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "decodes at once")
	flag.IntVar(&o.maxStreams, "max-streams", 0, "streams at once; more are refused (0 = 64 for each worker)")
	flag.DurationVar(&o.endSilence, "end-silence", 600*time.Millisecond, "silence that ends an utterance, where a stream does not say")
	flag.BoolVar(&o.noPartials, "no-partials", false, "finals only")
	flag.BoolVar(&o.selftest, "selftest", false, "load, decode one utterance, print what it took, exit")
	flag.IntVar(&o.nice, "nice", 10, "added to the scheduling priority: media come first")
	flag.BoolVar(&o.verbose, "v", false, "log every final")
	flag.Parse()
	os.Exit(status(run(o)))
}

func status(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "yingda-asr:", err)
	if errors.Is(err, os.ErrNotExist) {
		return missing
	}
	return 1
}

func run(o options) error {
	level := slog.LevelInfo
	if o.verbose {
		level = slog.LevelDebug
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	if err := polite(o.nice); err != nil {
		slog.Warn("cannot lower the priority", "error", err)
	}
	begin := time.Now()
	m, err := load(o)
	if err != nil {
		return err
	}
	if o.selftest {
		return m.selftest(os.Stdout, time.Since(begin))
	}
	return m.serve(o, time.Since(begin))
}

// serve listens until standard input closes or a signal comes.
func (m *machine) serve(o options, loading time.Duration) error {
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	s := asr.New(asr.Config{Model: m.model, NewDetector: m.newDetector, Workers: o.workers,
		MaxStreams: o.maxStreams, EndSilence: o.endSilence, NoPartials: o.noPartials})
	defer s.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	h := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		io.Copy(io.Discard, os.Stdin) // closed: whoever started us is gone
		stop()
	}()
	go func() {
		<-ctx.Done()
		h.Close()
	}()
	slog.Info("recogniser ready", "loaded_in", loading.Round(time.Millisecond), "workers", s.Workers, "max_streams", s.MaxStreams)
	fmt.Println("listening", l.Addr())
	if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

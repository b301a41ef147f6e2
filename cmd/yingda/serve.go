package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"yingda/callee"
	"yingda/notify"
	"yingda/platform/config"
	"yingda/platform/metrics"
	"yingda/platform/queue"
)

// serve runs the house until it is told to stop.
func serve(ctx context.Context, o outside) error {
	c, rest, err := configured(o)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		fmt.Fprintf(o.err, "usage: yingda serve [settings]\n\n")
		for _, s := range c.Describe() {
			fmt.Fprintf(o.err, "  %-22s %-28s %s\n", "--"+strings.ReplaceAll(s.Key, ".", "-"), s.Value, s.Help)
		}
		if rest[0] == "--help" || rest[0] == "-h" {
			return nil
		}
		return fmt.Errorf("serve does not know %q", rest[0])
	}
	log := logger(c.Log, o.err)
	for {
		err := serveOnce(ctx, o, c, log)
		if !errors.Is(err, errLeaseLost) {
			return err
		}
		log.Warn("opening the house again")
	}
}

// errLeaseLost ends a house that could not renew its lease: its calls are another's now.
var errLeaseLost = errors.New("the lease was lost")

// serveOnce runs the house until it is told to stop or loses its lease.
func serveOnce(ctx context.Context, o outside, c config.Config, log *slog.Logger) error {
	h, err := openPatiently(ctx, c, log)
	if err != nil {
		return err
	}
	defer h.Close()
	if c.Demo {
		err = h.demoHouse(ctx, demoOptions{})
	} else if c.Line.Address != "" {
		err = h.saveLine(ctx, "default")
	}
	if err != nil {
		return err
	}
	if err := h.Start(ctx); err != nil {
		return err
	}
	h.welcome(o.out)
	select {
	case <-ctx.Done():
		log.Info("draining: running calls may end, new ones are not placed")
		h.drain(30 * time.Second)
		return nil
	case <-h.Lease.Lost():
		h.drain(0)
		return errLeaseLost
	}
}

// openPatiently opens the house; once it has been open, a database that is away is waited for.
func openPatiently(ctx context.Context, c config.Config, log *slog.Logger) (*House, error) {
	for wait := time.Second; ; wait = min(2*wait, 10*time.Second) {
		h, err := Open(ctx, c, log)
		if err == nil || !opened.Load() {
			opened.Store(opened.Load() || err == nil)
			return h, err
		}
		log.Error("the house does not open yet", "error", err)
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(wait):
		}
	}
}

// opened says that this process has run a house: its settings are right.
var opened atomic.Bool

// Start begins to serve, to work and to dial, as the node's roles say.
func (h *House) Start(ctx context.Context) error {
	if err := h.listen(); err != nil {
		return err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stopDialling = stop
	h.onClose(stop)
	server := h.Broker.NewServer(queue.ServerConfig{Log: h.Log, Grace: 20 * time.Second})
	queue.On(server, taskImport, func(ctx context.Context, in importTask) error { return h.Campaign.RunImport(ctx, in.Import) })
	queue.On(server, taskPublish, func(ctx context.Context, in publishTask) error { return h.Library.RunPublish(ctx, in.Version, in.Work) })
	queue.On(server, notify.TaskDeliver, h.Notify.HandleDeliver)
	queue.On(server, taskCall, func(ctx context.Context, in callTask) error { return h.Media.Perform(ctx, in.Attempt) })
	if h.Config.Has("worker") {
		server.Pool(queue.Pool{Queues: map[string]int{queue.DefaultQueue: 1}, Concurrency: 16})
		go h.Notify.Run(work)
		go h.dispatcher().Run(work)
		go h.janitor().Run(work, 3*time.Second)
	}
	if h.Media != nil {
		server.Pool(queue.Pool{Queues: map[string]int{callQueue(h.Lease.Name): 1}, Concurrency: h.maxCalls(), Detached: true})
		go h.watchMedia(work)
	}
	h.onClose(server.Shutdown)
	return server.Start()
}

// listen opens the HTTP address and, on its own port, metrics and profiles.
func (h *House) listen() error {
	l, err := net.Listen("tcp", h.Config.HTTP.Listen)
	if err != nil {
		return fmt.Errorf("the console's address is taken: %w (another one: --http-listen :8090)", err)
	}
	h.server = &http.Server{Handler: h.API.Engine, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	go func() {
		if err := h.serveHTTP(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			h.Log.Error("HTTP server stopped", "error", err)
		}
	}()
	h.onClose(func() { _ = h.server.Close() })
	return h.listenPrivate()
}

func (h *House) serveHTTP(l net.Listener) error {
	if h.Config.TLS.Cert != "" {
		return h.server.ServeTLS(l, h.Config.TLS.Cert, h.Config.TLS.Key)
	}
	return h.server.Serve(l)
}

func (h *House) listenPrivate() error {
	if h.Config.HTTP.Private == "" {
		return nil
	}
	l, err := net.Listen("tcp", h.Config.HTTP.Private)
	if err != nil {
		h.Log.Warn("no metrics: the private address is taken", "address", h.Config.HTTP.Private, "error", err)
		return nil
	}
	s := &http.Server{Handler: metrics.Private(h.registry(), h.Health), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	h.onClose(func() { _ = s.Close() })
	return nil
}

// demoOptions of the simulated outside world.
type demoOptions struct {
	personas  *callee.Personas
	voiceOnly bool
	script    []byte
	log       string
	seats     int
}

// demoHouse puts simulated callees behind a loopback line and fills the demo tenant.
func (h *House) demoHouse(ctx context.Context, d demoOptions) error {
	if d.personas == nil {
		var err error
		if d.personas, err = callee.Demo(); err != nil {
			return err
		}
	}
	if d.log == "" {
		d.log = filepath.Join(h.Config.Data, "callee.jsonl")
	}
	if h.Config.Line.Address != "" { // callees elsewhere: they outlive this process
		return h.seed(ctx, d)
	}
	var err error
	h.Callees, err = callee.New(callee.Config{Personas: d.personas, VoiceOnly: d.voiceOnly, LogPath: d.log, Seed: 1, Log: h.Log})
	if err != nil {
		return fmt.Errorf("simulated callees: %w", err)
	}
	h.onClose(func() { _ = h.Callees.Close() })
	return h.seed(ctx, d)
}

// welcome prints what a newcomer needs to know.
func (h *House) welcome(w interface{ Write([]byte) (int, error) }) {
	fmt.Fprintf(w, "\n  应答 Yingda is running: %s\n\n", h.Config.BaseURL())
	if h.Config.Demo {
		fmt.Fprintf(w, "  demo logins          tenant code   account    password\n")
		for _, l := range demoLogins {
			fmt.Fprintf(w, "    %-18s %-13s %-10s %s\n", l.what, l.tenant, l.account, l.password)
		}
		fmt.Fprintf(w, "\n  sandboxed            calls go to simulated callees on %s; SMS and WeChat stay in this program\n", h.lineAddress())
	}
	fmt.Fprintf(w, "  hears by             %s\n", h.earText(w))
	voice := "nothing: no synthesizer on this machine"
	if h.Voice != nil {
		voice = h.Voice.Name()
	}
	fmt.Fprintf(w, "  speaks by            %s\n  queue                %s%s\n  data                 %s\n\n  Ctrl-C stops it.\n\n", voice, h.Broker.Kind(),
		map[bool]string{true: "", false: " (in memory: demo only, lost at exit)"}[h.Broker.Durable()], h.Config.Data)
}

// lineAddress is where the demo's calls go.
func (h *House) lineAddress() string {
	if h.Callees != nil {
		return h.Callees.Addr()
	}
	return h.Config.Line.Address
}

func (h *House) earText(any) string {
	if h.ASR == nil {
		if r := h.Hears(); r != nil {
			return r.Name()
		}
		return "digits and real-time text only (no recogniser configured)"
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	if st := h.ASR.Wait(ctx); st != "ready" {
		return fmt.Sprintf("digits and real-time text only (%s: see `yingda doctor`)", st)
	}
	return "our own recogniser (Whisper base for Mandarin, in its own process)"
}

func splitPort(listen string) (host, port string) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", listen
	}
	return host, port
}

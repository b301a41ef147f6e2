package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"yingda/campaign"
	"yingda/migrations"
	"yingda/models"
	"yingda/platform/db"
	"yingda/platform/metrics"
	"yingda/speech"
	"yingda/speech/eval"
	"yingda/speech/funasr"
	"yingda/speech/local"
	"yingda/telephony/bench"
	"yingda/tenant"
)

// benchPeer is the hidden subcommand that is the far end of `bench media`.
const benchPeer = "__bench_peer"

func printJSON(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }

func versionCommand(_ context.Context, o outside) error {
	b := metrics.ReadBuild()
	fmt.Fprintf(o.out, "yingda %s (%s) %s %s/%s\n", b.Version, b.Commit, b.Go, runtime.GOOS, runtime.GOARCH)
	return nil
}

func modelsCommand(_ context.Context, o outside) error {
	f := flag.NewFlagSet("models", flag.ContinueOnError)
	f.SetOutput(o.err)
	asJSON := f.Bool("json", false, "one JSON line")
	if err := parse(f, o.args); err != nil {
		return err
	}
	all := models.Check()
	if *asJSON {
		if err := printJSON(o.out, all); err != nil {
			return err
		}
	}
	bad := 0
	for _, m := range all {
		mark := "ok     "
		if !m.OK {
			mark, bad = "MISSING", bad+1
			if m.Present {
				mark = "BROKEN "
			}
		}
		if !*asJSON {
			fmt.Fprintf(o.out, "%s  %-34s %6.1f MB  %s %s\n", mark, m.Name, float64(m.Bytes)/1e6, m.Path, m.Why)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d model files are missing or broken (folder: %s, or set YINGDA_MODELS)", bad, len(all), models.Dir())
	}
	return nil
}

func migrateCommand(ctx context.Context, o outside) error {
	c, _, err := configured(o)
	if err != nil {
		return err
	}
	if c.Embedded() {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return err
		}
	}
	d, err := db.Open(ctx, c.DSN(), logger(c.Log, o.err))
	if err != nil {
		return err
	}
	defer d.Close()
	n, err := d.Migrate(ctx, migrations.Files)
	if err == nil {
		fmt.Fprintf(o.out, "%d migrations applied; the schema is up to date (%s)\n", n, d.Kind)
	}
	return err
}

func benchCommand(ctx context.Context, o outside) error {
	f := flag.NewFlagSet("bench media", flag.ContinueOnError)
	f.SetOutput(o.err)
	mode := f.String("mode", "robot", "robot: play, receive, jitter buffer, VAD, record to disk")
	calls, seconds := f.Int("calls", 500, "calls at once"), f.Int("seconds", 10, "how long to measure")
	shards := f.Int("shards", 0, "media loops; 0 = one")
	if len(o.args) == 0 || o.args[0] != "media" {
		fmt.Fprintln(o.err, "usage: yingda bench media [flags]")
		f.PrintDefaults()
		return exit(2)
	}
	if err := parse(f, o.args[1:]); err != nil {
		return err
	}
	me, err := os.Executable()
	if err != nil {
		return err
	}
	r, err := bench.Media(ctx, bench.Options{Mode: *mode, Calls: *calls, Seconds: *seconds, Shards: *shards, PeerCommand: []string{me, benchPeer},
		Log: func(format string, args ...any) { fmt.Fprintf(o.err, format+"\n", args...) }})
	if err != nil {
		return err
	}
	return printJSON(o.out, r)
}

func evalCommand(ctx context.Context, o outside) error {
	if len(o.args) == 0 || o.args[0] != "asr" {
		fmt.Fprintln(o.err, "usage: yingda eval asr --set DIR [--hints FILE] [--provider local|ws://host:10095]")
		return exit(2)
	}
	err := eval.Command(ctx, o.args[1:], o.out, o.err, func(name string) speech.Recognizer {
		if strings.HasPrefix(name, "ws://") || strings.HasPrefix(name, "wss://") {
			return funasr.New(funasr.Config{URL: name, Name: "funasr"})
		}
		return nil
	})
	if errors.Is(err, flag.ErrHelp) {
		return exit(0)
	}
	return err
}

func openapiCommand(_ context.Context, o outside) error {
	h := &House{Build: metrics.ReadBuild(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	h.People = tenant.NewService(nil, nil, 0)
	h.Campaign = &campaign.Service{}
	b, err := json.MarshalIndent(newAPI(h).OpenAPI(), "", "  ")
	if err != nil {
		return err
	}
	_, err = o.out.Write(append(b, '\n'))
	return err
}

// doctor says what is there, what is missing, and what that costs.
func doctor(ctx context.Context, o outside) error {
	c, _, err := configured(o)
	if err != nil {
		fmt.Fprintln(o.out, "configuration:", err)
	}
	line := func(ok bool, what, detail string) {
		mark := "ok  "
		if !ok {
			mark = "--  "
		}
		fmt.Fprintf(o.out, "%s %-22s %s\n", mark, what, detail)
	}
	bad := 0
	for _, m := range models.Check() {
		if !m.OK {
			bad++
		}
	}
	line(bad == 0, "models", fmt.Sprintf("%s (%d missing or broken; `yingda models` lists them)", models.Dir(), bad))
	st := local.Check(local.Config{})
	line(st == "" || st == local.Ready || st == local.Starting, "recogniser", recogniserAdvice(st))
	for _, p := range []struct{ program, without string }{
		{"espeak-ng", "prompts are spoken by recorded syllables (apt-get install espeak-ng)"},
		{"redis-server", "the queue lives in memory and is lost at exit (apt-get install redis-server)"},
	} {
		where, err := exec.LookPath(p.program)
		if err != nil {
			where = "missing: " + p.without
		}
		line(err == nil, p.program, where)
	}
	d, err := db.Open(ctx, c.DSN(), slog.New(slog.NewTextHandler(io.Discard, nil)))
	if _, missing := os.Stat(c.Data); c.Embedded() && missing != nil {
		line(true, "database", "none yet: the first `yingda serve` makes it in "+c.Data)
	} else if err == nil {
		n, berr := d.Behind(ctx, migrations.Files)
		line(berr == nil, "database", fmt.Sprintf("%s, %d migrations behind", d.Kind, n))
		_ = d.Close()
	} else {
		line(false, "database", err.Error())
	}
	fmt.Fprintln(o.out, "\nsettings that are not the default (flag, value, where it comes from):")
	none := true
	for _, s := range c.Describe() {
		if s.From != "default" && s.From != "" {
			none = false
			fmt.Fprintf(o.out, "  %-24s %-30s %s\n", s.Flag, s.Value, s.From)
		}
	}
	if none {
		fmt.Fprintln(o.out, "  none")
	}
	return nil
}

func recogniserAdvice(st local.State) string {
	switch st {
	case local.MissingBinary:
		return "yingda-asr is not built (needs a C compiler: `make build`): digits and real-time text only"
	case local.MissingLibrary:
		return "libonnxruntime.so is missing (scripts/onnxruntime.sh): digits and real-time text only"
	case local.MissingModel:
		return "the model is missing (folder models, or YINGDA_MODELS): digits and real-time text only"
	}
	return "our own Mandarin recogniser is complete"
}

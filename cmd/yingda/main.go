package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"yingda/callee"
	"yingda/platform/config"
	"yingda/telephony/bench"
)

// outside is the process's world, so that a test can be a whole run.
type outside struct {
	args     []string
	env      func(string) string
	in       io.Reader
	out, err io.Writer
}

type command struct {
	name, help string
	run        func(ctx context.Context, o outside) error
}

func commands() []command {
	return []command{
		{"serve", "run the console, the API, the workers and the calls", serve},
		{"demo", "run a campaign of simulated callees and check every grade (--once --json)", demoCommand},
		{"call", "place one robot call and follow the talk", callCommand},
		{"callee", "be the simulated callees: a SIP user agent with personas", calleeCommand},
		{"doctor", "say what is there, what is missing and what that costs", doctor},
		{"models", "list the models and verify their checksums", modelsCommand},
		{"migrate", "bring the database's schema up to this program", migrateCommand},
		{"tenant", "create tenants and people", tenantCommand},
		{"bench", "measure: bench media --mode robot --calls N --seconds S", benchCommand},
		{"eval", "measure a recogniser: eval asr --set DIR [--hints FILE]", evalCommand},
		{"openapi", "print the API's OpenAPI document", openapiCommand},
		{"version", "print the version", versionCommand},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, outside{os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr}))
}

// exit is an error that has already been told; only its code is left.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func run(ctx context.Context, o outside) int {
	if len(o.args) == 0 || o.args[0] == "help" || o.args[0] == "--help" || o.args[0] == "-h" {
		usage(o.out)
		return 0
	}
	name := o.args[0]
	o.args = o.args[1:]
	if name == benchPeer { // the far end of `bench media`, a process of its own
		return bench.Peer(o.in, o.out)
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		if more, ok := helps[name]; ok && asksHelp(o.args) {
			fmt.Fprintln(o.out, more)
			return 0
		}
		return code(c.run(ctx, o), o.err)
	}
	fmt.Fprintf(o.err, "yingda: there is no subcommand %q\n\n", name)
	usage(o.err)
	return 2
}

func code(err error, w io.Writer) int {
	var e exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return int(e)
	}
	fmt.Fprintln(w, "yingda:", err)
	return 1
}

func usage(w io.Writer) {
	fmt.Fprint(w, "yingda 应答: an AI voice-bot call centre in one program\n\nusage: yingda <subcommand> [flags]     (yingda <subcommand> --help)\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.help)
	}
	fmt.Fprint(w, "\nEvery setting is a flag, an environment variable YINGDA_… or a line of yingda.yaml; `yingda doctor` lists them.\n")
}

// configured reads the configuration out of the flags; what is left is the subcommand's own.
func configured(o outside) (config.Config, []string, error) {
	mine, rest := config.Split(o.args)
	c, err := config.Load(mine, o.env, os.ReadFile)
	return c, rest, err
}

func logger(c config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Level))
	opts := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

func calleeCommand(ctx context.Context, o outside) error {
	if c := callee.Main(ctx, o.args, o.out, o.err); c != 0 {
		return exit(c)
	}
	return nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"yingda/call"
	"yingda/callee"
	"yingda/platform/config"
	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/robot"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
	"yingda/telephony"
)

const callUsage = `usage: yingda call [--to NUMBER|PERSONA] [--line HOST:PORT] [--script FILE] [--name NAME] [--voice-only] [--keep FILE] [--lang en-US]

Places one robot call and prints the talk as it goes, then the grade and why. Without
--line a simulated callee answers; --to may then name a persona (yingda callee --leads 0).

`

// callFlags are what `yingda call` was asked for.
type callFlags struct {
	to, line, script, name, keep, lang string
	voiceOnly                          bool
}

func readCallFlags(o outside, args []string) (c callFlags, err error) {
	f := flag.NewFlagSet("call", flag.ContinueOnError)
	f.SetOutput(o.err)
	f.Usage = func() { fmt.Fprint(o.err, callUsage); f.PrintDefaults() }
	f.StringVar(&c.to, "to", "interested_buyer", "number, or a simulated callee's persona")
	f.StringVar(&c.line, "line", "", "SIP line, host:port; empty = a simulated callee")
	f.StringVar(&c.script, "script", "", "script (JSON); empty = the demo script")
	f.StringVar(&c.name, "name", "王先生", "the callee's name")
	f.BoolVar(&c.voiceOnly, "voice-only", false, "the simulated callee only speaks")
	f.StringVar(&c.keep, "keep", "", "keep the recording as this file")
	f.StringVar(&c.lang, "lang", "zh-CN", "language of the verdict")
	return c, parse(f, args)
}

// parse reads a subcommand's own flags; asking for help is no failure.
func parse(f *flag.FlagSet, args []string) error {
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exit(0)
	case err != nil:
		return exit(2)
	}
	return nil
}

// callCommand is one robot call from the shell, with everything real but the callee.
func callCommand(ctx context.Context, o outside) error {
	mine, rest := config.Split(o.args)
	f, err := readCallFlags(o, rest)
	if err != nil {
		return err
	}
	flow, err := flowFrom(f.script)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "yingda-call-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	h, err := openForCall(ctx, o, mine, dir)
	if err != nil {
		return err
	}
	defer h.Close()
	if f.line == "" {
		if f.line, err = h.simulate(f.voiceOnly); err != nil {
			return err
		}
	}
	return h.callOnce(db.WithTenant(ctx, 1), o, f, flow)
}

// openForCall opens a house that leaves nothing behind, and waits for its recogniser.
func openForCall(ctx context.Context, o outside, settings []string, dir string) (*House, error) {
	c, err := config.Load(settings, o.env, os.ReadFile)
	if err != nil {
		return nil, err
	}
	c.Data, c.SIP.Listen, c.Redis.URL, c.Log.Level = dir, "127.0.0.1:0", "memory", "warn"
	h, err := Open(ctx, c, logger(c.Log, o.err))
	if err != nil {
		return nil, err
	}
	if h.ASR != nil {
		wait, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		h.ASR.Wait(wait)
	}
	return h, nil
}

// simulate opens simulated callees and returns their address.
func (h *House) simulate(voiceOnly bool) (string, error) {
	cs, err := callee.New(callee.Config{VoiceOnly: voiceOnly, Seed: uint64(time.Now().UnixNano()), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return "", err
	}
	h.onClose(func() { _ = cs.Close() })
	return cs.Addr(), nil
}

// callOnce places the call, tells the talk and the verdict, and keeps the recording where asked.
func (h *House) callOnce(own context.Context, o outside, f callFlags, flow *scriptflow.Flow) error {
	h.printTalk(o.out)
	l := h.Config.Line
	line := telephony.Line{ID: f.line, Address: f.line, Username: l.Username, Password: l.Password, CallerID: cmp.Or(l.CallerID, demoCaller)}
	job := &robot.Job{Number: f.to, Line: line, Flow: flow, Vars: map[string]string{"name": f.name, "姓名": f.name}}
	job.Call = call.Call{ID: db.NewID(), TenantID: 1, Node: h.Lease.Name, Epoch: h.Lease.Epoch, Direction: "out", Name: f.name}
	done, err := h.Robot.Run(own, job)
	if done == nil {
		return err
	}
	h.printVerdict(o.out, f.lang, done)
	if f.keep != "" && done.Call.RecordingKey != "" {
		return errors.Join(err, files{h.Files}.Fetch(own, done.Call.RecordingKey, filepath.Clean(f.keep)))
	}
	return err
}

func flowFrom(file string) (*scriptflow.Flow, error) {
	if file == "" {
		return demo.Flow(), nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s, err := scriptflow.Parse(b)
	if err != nil {
		return nil, err
	}
	flow, ps := scriptflow.Compile(s)
	if flow == nil {
		return nil, fmt.Errorf("%s:\n%s", file, ps)
	}
	return flow, nil
}

// printTalk writes every turn as it is spoken.
func (h *House) printTalk(w io.Writer) {
	var mu sync.Mutex
	h.Robot.Watch.State = func(_ call.Call, state string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w, "        -- %s\n", state)
	}
	h.Robot.Watch.Turn = func(_ call.Call, t call.Turn, partial bool) {
		mu.Lock()
		defer mu.Unlock()
		if partial {
			return
		}
		who, note := "robot ", ""
		if t.Who == "callee" {
			who = "callee"
		}
		for _, x := range t.Hits {
			note += fmt.Sprintf("  [%s: %s]", x.ClassLabel, x.Keyword)
		}
		if t.Interrupted {
			note += "  (cut)"
		}
		if t.LatencyMs > 0 {
			note += fmt.Sprintf("  (+%d ms)", t.LatencyMs)
		}
		fmt.Fprintf(w, "%7.2f %s %s%s\n", float64(t.AtMs)/1000, who, t.Text, note)
	}
}

func (h *House) printVerdict(w io.Writer, lang string, f *call.Finished) {
	why := call.WhyOf(locale.With(context.Background(), lang), f.Call.Reason, f.Transcript)
	fmt.Fprintf(w, "\ngrade %s: %s\noutcome %s, %d effective rounds, %.1f s, ended by %s\n", f.Call.Grade, why.Text, f.Call.Outcome, f.Call.Rounds, float64(f.Call.TalkMs)/1000, f.Call.EndedBy)
}

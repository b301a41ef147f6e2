package main

import (
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

// callCommand is one robot call from the shell, with everything real but the callee.
func callCommand(ctx context.Context, o outside) error {
	mine, rest := config.Split(o.args)
	f := flag.NewFlagSet("call", flag.ContinueOnError)
	f.SetOutput(o.err)
	f.Usage = func() { fmt.Fprint(o.err, callUsage); f.PrintDefaults() }
	to, line := f.String("to", "interested_buyer", "number, or a simulated callee's persona"), f.String("line", "", "SIP line, host:port; empty = a simulated callee")
	file, name := f.String("script", "", "script (JSON); empty = the demo script"), f.String("name", "王先生", "the callee's name")
	voiceOnly, keep := f.Bool("voice-only", false, "the simulated callee only speaks"), f.String("keep", "", "keep the recording as this file")
	lang := f.String("lang", "zh-CN", "language of the verdict")
	if err := f.Parse(rest); err != nil {
		return exit(2)
	}
	dir, err := os.MkdirTemp("", "yingda-call-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c, err := config.Load(mine, o.env, os.ReadFile)
	if err != nil {
		return err
	}
	c.Data, c.SIP.Listen, c.Redis.URL, c.Log.Level = dir, "127.0.0.1:0", "memory", "warn"
	h, err := Open(ctx, c, logger(c.Log, o.err))
	if err != nil {
		return err
	}
	defer h.Close()
	if h.ASR != nil {
		wait, stop := context.WithTimeout(ctx, 10*time.Second)
		h.ASR.Wait(wait)
		stop()
	}
	flow, err := flowFrom(*file)
	if err != nil {
		return err
	}
	if *line == "" {
		cs, err := callee.New(callee.Config{VoiceOnly: *voiceOnly, Seed: uint64(time.Now().UnixNano()), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			return err
		}
		defer cs.Close()
		*line = cs.Addr()
	}
	h.printTalk(o.out)
	job := &robot.Job{Number: *to, Line: telephony.Line{ID: *line, Address: *line, CallerID: "02088886666"}, Flow: flow, Vars: map[string]string{"name": *name, "姓名": *name}}
	job.Call = call.Call{ID: db.NewID(), TenantID: 1, Node: h.Lease.Name, Epoch: h.Lease.Epoch, Direction: "out", Name: *name, AttemptID: 0}
	own := db.WithTenant(ctx, 1)
	done, err := h.Robot.Run(own, job)
	if done == nil {
		return err
	}
	h.printVerdict(o.out, *lang, done)
	if *keep != "" && done.Call.RecordingKey != "" {
		return errors.Join(err, files{h.Files}.Fetch(own, done.Call.RecordingKey, filepath.Clean(*keep)))
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

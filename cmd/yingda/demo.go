package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"yingda/callee"
	"yingda/campaign"
	"yingda/platform/config"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/speech/local"

	"github.com/xuri/excelize/v2"
)

const demoUsage = `usage: yingda demo [--once --json] [--voice-only] [--personas FILE] [--script FILE] [--data DIR]

Without --once it is ` + "`yingda serve`" + ` with the demo house. With --once it starts everything in
a temporary folder, runs a campaign of simulated callees over real SIP and RTP, compares every
grade, SMS and push with what each persona must lead to, prints one JSON object as the last line
of standard output and exits 0 only if all is as expected. Progress goes to standard error.

`

type demoFlags struct {
	once, asJSON, voiceOnly, keep bool
	personas, script              string
	leads, seats                  int
	within                        time.Duration
}

func readDemoFlags(o outside, args []string) (d demoFlags, err error) {
	f := flag.NewFlagSet("demo", flag.ContinueOnError)
	f.SetOutput(o.err)
	f.Usage = func() { fmt.Fprint(o.err, demoUsage); f.PrintDefaults() }
	f.BoolVar(&d.once, "once", false, "one campaign, then the report")
	f.BoolVar(&d.asJSON, "json", false, "the report as one JSON object on the last line")
	f.BoolVar(&d.voiceOnly, "voice-only", false, "no real-time text: callees speak, the robot must recognise them")
	f.BoolVar(&d.keep, "keep", false, "leave the data folder behind and say where it is")
	f.StringVar(&d.personas, "personas", "", "personas and expected grades (YAML `file`, docs/personas.md)")
	f.StringVar(&d.script, "script", "", "script (JSON or Excel `file`, docs/script-format.md)")
	f.IntVar(&d.leads, "leads", 0, "how many leads; 0 = one round of the personas")
	f.IntVar(&d.seats, "seats", 16, "robot seats, that is calls at once")
	f.DurationVar(&d.within, "within", 5*time.Minute, "give up after this long")
	return d, parse(f, args)
}

func demoCommand(ctx context.Context, o outside) error {
	mine, rest := config.Split(o.args)
	d, err := readDemoFlags(o, rest)
	if err != nil {
		return err
	}
	if !d.once {
		o.args = append(mine, "--demo", "--sandbox-sms", "--sandbox-wechat")
		return serve(ctx, o)
	}
	return demoOnce(ctx, o, mine, d)
}

// demoOnce opens a house of its own, runs one campaign in it and tells how it went.
func demoOnce(ctx context.Context, o outside, settings []string, d demoFlags) error {
	began := time.Now()
	dir, err := os.MkdirTemp("", "yingda-demo-")
	if err != nil {
		return err
	}
	if d.keep {
		fmt.Fprintln(o.err, "data:", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	personas, opts, err := d.people()
	if err != nil {
		return err
	}
	h, err := openForDemo(ctx, o, settings, dir)
	if err != nil {
		return err
	}
	defer h.Close()
	r, err := h.campaignOnce(ctx, d, opts, personas.Leads(d.leads), o.err)
	if err != nil {
		return err
	}
	r.ElapsedS = round1(time.Since(began).Seconds())
	return r.tell(o.out, o.err, d)
}

// openForDemo opens a demo house in dir, on ports that are free.
func openForDemo(ctx context.Context, o outside, settings []string, dir string) (*House, error) {
	c, err := config.Load(settings, o.env, os.ReadFile)
	if err != nil {
		return nil, err
	}
	http, err := freePort()
	if err != nil {
		return nil, err
	}
	c.Data, c.HTTP.Listen, c.HTTP.Private, c.SIP.Listen, c.Demo, c.Sandbox.SMS, c.Sandbox.WeChat = dir, http, "", "127.0.0.1:0", true, true, true
	if c.Log.Level == "info" {
		c.Log.Level = "warn"
	}
	return Open(ctx, c, logger(c.Log, o.err))
}

// campaignOnce fills the house, starts it, runs one campaign over the leads and compares
// what came of it with what the personas must lead to.
func (h *House) campaignOnce(ctx context.Context, d demoFlags, opts demoOptions, leads []callee.Lead, progress io.Writer) (*demoReport, error) {
	if err := h.hearFirst(ctx, d, progress); err != nil {
		return nil, err
	}
	if err := h.demoHouse(ctx, opts); err != nil {
		return nil, err
	}
	if err := h.Start(ctx); err != nil {
		return nil, err
	}
	run, err := h.runCampaign(ctx, leads, d, progress)
	if err != nil {
		return nil, err
	}
	return h.compare(run, leads, d)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// people reads the personas and the script that the caller brought, or takes the demo's.
func (d demoFlags) people() (*callee.Personas, demoOptions, error) {
	opts := demoOptions{voiceOnly: d.voiceOnly, seats: d.seats}
	var err error
	if d.personas != "" {
		opts.personas, err = callee.Load(d.personas)
	} else {
		opts.personas, err = callee.Demo()
	}
	if err != nil {
		return nil, opts, err
	}
	if d.script != "" {
		opts.script, err = readScript(d.script)
	}
	return opts.personas, opts, err
}

// hearFirst waits for the recogniser where only voices will be heard.
func (h *House) hearFirst(ctx context.Context, d demoFlags, progress io.Writer) error {
	if !d.voiceOnly {
		return nil
	}
	if h.ASR == nil {
		return nil // another recogniser is configured
	}
	wait, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	if st := h.ASR.Wait(wait); st != local.Ready {
		return fmt.Errorf("--voice-only needs the recogniser: %s", recogniserAdvice(st))
	}
	fmt.Fprintln(progress, "recogniser ready")
	return nil
}

// runCampaign does what an admin does: upload an Excel, map it, create, start, wait.
func (h *House) runCampaign(ctx context.Context, leads []callee.Lead, d demoFlags, progress io.Writer) (*demoRun, error) {
	t, err := h.People.ByCode(db.System(ctx, "demo"), demoCode)
	if err != nil {
		return nil, err
	}
	own := db.WithTenant(ctx, t.ID)
	importID, err := h.importLeads(own, leads)
	if err != nil {
		return nil, err
	}
	draft, err := h.draft(own, importID)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c, err := h.Campaign.Create(own, draft)
	if err != nil {
		return nil, explain(err)
	}
	run := &demoRun{ctx: own, tenant: t.ID, campaign: c.ID, began: began, rules: draft.Rules}
	return run, h.await(own, run, d.within, progress)
}

// explain adds the wrong fields of an error for people at a terminal.
func explain(err error) error {
	var e *errs.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return fmt.Errorf("%w: %+v", err, e.Fields)
	}
	return err
}

// importLeads writes the leads as Excel and imports the file as an upload would be.
func (h *House) importLeads(own context.Context, leads []callee.Lead) (db.ID, error) {
	x := excelize.NewFile()
	_ = x.SetSheetRow("Sheet1", "A1", &[]any{"姓名", "电话", "项目"})
	for i, l := range leads {
		_ = x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{l.Name, l.Number, "云栖湾"})
	}
	file := filepath.Join(h.Config.Data, "leads.xlsx")
	if err := x.SaveAs(file); err != nil {
		return 0, err
	}
	im, err := h.Campaign.Upload(own, "leads.xlsx", file)
	if err != nil {
		return 0, err
	}
	if _, err := h.Campaign.Judge(own, im.ID, campaign.Mapping{Phone: "B", Name: "A", Vars: map[string]string{"C": "项目"}}); err != nil {
		return 0, explain(err)
	}
	for range 300 {
		got, err := h.Campaign.Import(own, im.ID)
		if err != nil {
			return 0, err
		}
		switch got.State {
		case campaign.Ready:
			if int(got.Accepted) != len(leads) {
				return 0, fmt.Errorf("the import took %d of %d leads", got.Accepted, len(leads))
			}
			return im.ID, nil
		case campaign.Broken:
			return 0, fmt.Errorf("the import failed: %s", got.FailKey)
		}
		time.Sleep(100 * time.Millisecond)
	}
	return 0, errors.New("the import did not end")
}

// draft uses every seat, the all-day hours, the SMS rules and a push for A and B.
func (h *House) draft(own context.Context, importID db.ID) (campaign.Draft, error) {
	d := campaign.Draft{Name: "演示任务", ImportID: importID, Start: "now"}
	scripts, err := h.Library.Scripts(own, "", "published", 0, 1, 1)
	if err != nil {
		return d, err
	}
	if len(scripts.Rows) == 0 {
		return d, errors.New("the script was not published: its prompts could not be rendered (see the log)")
	}
	d.ScriptID = scripts.Rows[0].ID
	seats, err := h.Campaign.Seats(own, "")
	if err != nil {
		return d, err
	}
	for _, s := range seats {
		d.Rules.Seats = append(d.Rules.Seats, s.ID)
	}
	templates, _, err := h.Campaign.Templates(own)
	if err != nil {
		return d, err
	}
	d.TemplateID = templates[0].ID
	return d, h.promises(own, &d.Rules)
}

func (h *House) promises(own context.Context, r *campaign.Rules) error {
	ts, err := h.Notify.Templates(own)
	if err != nil {
		return err
	}
	for _, t := range ts {
		if t.Kind == "keyword" {
			r.KeywordSMS = &campaign.SMSRule{TemplateID: t.ID}
		}
	}
	reps, err := h.People.Users(own, "sales")
	if err != nil {
		return err
	}
	r.Push = &campaign.PushRule{Grades: []string{"A", "B"}, Mode: "each", Reps: []db.ID{}}
	for _, p := range reps {
		r.Push.Reps = append(r.Push.Reps, p.ID)
	}
	return nil
}

// await follows the campaign until it is completed.
func (h *House) await(own context.Context, run *demoRun, within time.Duration, progress io.Writer) error {
	limit := time.Now().Add(within)
	last := ""
	for time.Now().Before(limit) {
		c, err := h.Campaign.Campaign(own, run.campaign)
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%5.1f s  called %d of %d, connected %d, %s", time.Since(run.began).Seconds(), c.Called, c.Total, c.Connected, c.State)
		if key := fmt.Sprint(c.Called, c.State); key != last {
			fmt.Fprintln(progress, line)
			last = key
		}
		if c.State == campaign.Completed {
			return h.settle(own)
		}
		select {
		case <-own.Done():
			return own.Err()
		case <-time.After(250 * time.Millisecond):
		}
	}
	return fmt.Errorf("the campaign did not end within %s", within)
}

// settle waits for listeners and for promises on their way.
func (h *House) settle(own context.Context) error {
	ctx, stop := context.WithTimeout(own, 10*time.Second)
	defer stop()
	h.Calls.Wait(ctx)
	for {
		n, err := h.Notify.Unsettled(own)
		if err != nil || n == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			slog.Warn("promises still on their way", "n", n)
			return nil
		case <-time.After(100 * time.Millisecond):
		}
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"yingda/call"
	"yingda/callee"
	"yingda/campaign"
	"yingda/platform/db"
	"yingda/platform/locale"
	"yingda/scriptflow/library"
)

// demoRun is a campaign that is over.
type demoRun struct {
	ctx      context.Context
	tenant   db.ID
	campaign db.ID
	began    time.Time
	rules    campaign.Rules
}

// demoReport is the JSON of `yingda demo --once --json`.
type demoReport struct {
	Speech     string         `json:"speech"` // what the robot understood by: asr or text
	Calls      int            `json:"calls"`
	Grades     map[string]int `json:"grades"`
	Mismatches []mismatch     `json:"mismatches"`
	SMS        int            `json:"sms"`
	WeChat     int            `json:"wechat"`
	Recordings int            `json:"recordings"`
	Turn       millis         `json:"turn_latency_ms"` // measured at the callee
	Turnaround millis         `json:"seat_turnaround_ms"`
	BargeIn    millis         `json:"barge_in_ms"`
	Spoken     *int           `json:"spoken_calls,omitempty"`
	AsExpected *int           `json:"spoken_as_expected,omitempty"`
	ElapsedS   float64        `json:"elapsed_s"`

	wrong []string // beyond grades: a promise that is missing or there twice
	heard []heardLine
}

type mismatch struct {
	Persona  string `json:"persona"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
	Why      string `json:"why"`
}

type millis struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

type heardLine struct{ persona, said, heard string }

// withoutLost leaves out the calls of a lead, newest first, that we or the line lost and
// that were tried again: of them nobody was rung.
func withoutLost(calls []call.Call) []call.Call {
	for len(calls) > 1 {
		if cause := campaign.CauseOf(calls[len(calls)-1].Outcome); cause != campaign.Ours && cause != campaign.Lines {
			break
		}
		calls = calls[:len(calls)-1]
	}
	return calls
}

// compare holds what came of every lead against what its persona must lead to.
func (h *House) compare(run *demoRun, leads []callee.Lead, d demoFlags) (*demoReport, error) {
	r := &demoReport{Speech: "text", Grades: map[string]int{}, Mismatches: []mismatch{}}
	for _, g := range []string{"A", "B", "C", "D", "E", "F"} {
		r.Grades[g] = 0
	}
	calls, err := h.callsByDigest(run)
	if err != nil {
		return nil, err
	}
	seen := h.calleesByAttempt()
	spoken, asExpected := 0, 0
	for _, l := range leads {
		got := withoutLost(calls[h.Vault.Digest(run.ctx, l.Number)])
		if len(got) != 1 {
			r.Mismatches = append(r.Mismatches, mismatch{l.Persona, l.Grade, "", fmt.Sprintf("%d calls instead of one", len(got))})
			continue
		}
		c := got[0]
		right := l.Grade == "" || c.Grade == l.Grade
		if !right {
			r.Mismatches = append(r.Mismatches, mismatch{l.Persona, l.Grade, c.Grade, h.whyOf(run.ctx, c)})
		}
		if who := seen[c.AttemptID.String()]; c.Outcome.Connected() && len(who.Said) >= 2 {
			spoken++
			if right {
				asExpected++
			}
		}
		r.heard = append(r.heard, h.heardIn(run.ctx, c, l.Persona, seen[c.AttemptID.String()])...)
		if err := h.count(run, r, c, l); err != nil {
			return nil, err
		}
	}
	if d.voiceOnly {
		r.Speech, r.Spoken, r.AsExpected = "asr", &spoken, &asExpected
	}
	rep := h.Callees.Report()
	r.Turn, r.BargeIn = millis{rep.TurnLatency.P50, rep.TurnLatency.P95}, millis{rep.BargeIn.P50, rep.BargeIn.P95}
	ms, err := h.Campaign.Turnarounds(run.ctx, run.campaign)
	q := call.QuantilesOf(ms)
	r.Turnaround = millis{float64(q.P50), float64(q.P95)}
	return r, err
}

func (h *House) callsByDigest(run *demoRun) (map[string][]call.Call, error) {
	out := map[string][]call.Call{}
	after := db.ID(0)
	for {
		p, err := h.Calls.List(run.ctx, call.Filter{Campaign: run.campaign}, after, 200, 0)
		if err != nil {
			return nil, err
		}
		for _, c := range p.Rows {
			out[c.PhoneDigest] = append(out[c.PhoneDigest], c)
		}
		if after = p.Next; after == 0 {
			return out, nil
		}
	}
}

func (h *House) calleesByAttempt() map[string]callee.Call {
	out := map[string]callee.Call{}
	for _, c := range h.Callees.Calls() {
		out[c.Attempt] = c
	}
	return out
}

func (h *House) whyOf(ctx context.Context, c call.Call) string {
	turns, _ := h.Calls.Transcript(ctx, c.ID)
	why := call.WhyOf(locale.With(ctx, locale.English), c.Reason, turns)
	var said []string
	for _, t := range turns {
		if t.Who == "callee" {
			said = append(said, t.Text)
		}
	}
	return fmt.Sprintf("%s; outcome %s %s; heard: %s", why.Text, c.Outcome, c.SIPReason, strings.Join(said, " | "))
}

// heardIn pairs what a callee said with what the robot wrote down, for the voice-only report.
func (h *House) heardIn(ctx context.Context, c call.Call, persona string, who callee.Call) []heardLine {
	if len(who.Said) == 0 {
		return nil
	}
	turns, _ := h.Calls.Transcript(ctx, c.ID)
	var out []heardLine
	for _, s := range who.Said {
		line := heardLine{persona: persona, said: s.Text, heard: "—"}
		for _, t := range turns {
			if t.Who == "callee" && t.AtMs < s.End.Milliseconds()+1500 && t.EndMs > s.Start.Milliseconds()-500 {
				line.heard = t.Text
			}
		}
		if s.Text != "" {
			out = append(out, line)
		}
	}
	return out
}

// count checks the call's recording and its promises: each exactly once.
func (h *House) count(run *demoRun, r *demoReport, c call.Call, l callee.Lead) error {
	r.Calls++
	r.Grades[c.Grade]++
	if c.RecordingKey != "" && c.RecordingBytes > 44 {
		r.Recordings++
	} else if c.Outcome.Connected() {
		r.wrong = append(r.wrong, fmt.Sprintf("%s: answered, but no recording", l.Persona))
	}
	ps, err := h.Notify.Promises(run.ctx, c.ID)
	if err != nil {
		return err
	}
	sms, push := 0, 0
	for _, p := range ps {
		sent := p.State == "sent" || p.State == "delivered"
		switch {
		case !sent:
			r.wrong = append(r.wrong, fmt.Sprintf("%s: %s is %s %s", l.Persona, p.Kind, p.State, p.Error))
		case p.Kind == "sms":
			sms++
		case p.Kind == "wechat":
			push++
		}
	}
	r.SMS, r.WeChat = r.SMS+sms, r.WeChat+push
	want := 0
	if run.rules.Push != nil && slices.Contains(run.rules.Push.Grades, c.Grade) {
		want = len(run.rules.Push.Reps)
	}
	if push != want {
		r.wrong = append(r.wrong, fmt.Sprintf("%s: %d pushes instead of %d", l.Persona, push, want))
	}
	wantSMS := 0
	if l.SMS {
		wantSMS = 1
	}
	if sms != wantSMS {
		r.wrong = append(r.wrong, fmt.Sprintf("%s: %d keyword SMS instead of %d", l.Persona, sms, wantSMS))
	}
	return nil
}

// tell prints the report and says by the exit code whether all is as expected.
func (r *demoReport) tell(out, progress io.Writer, d demoFlags) error {
	for _, m := range r.Mismatches {
		fmt.Fprintf(progress, "expected %s, got %s: %s (%s)\n", m.Expected, m.Got, m.Persona, m.Why)
	}
	for _, w := range r.wrong {
		fmt.Fprintln(progress, "wrong:", w)
	}
	if d.voiceOnly {
		for _, l := range r.heard {
			fmt.Fprintf(progress, "%-24s said %-22s heard %s\n", l.persona, l.said, l.heard)
		}
	}
	if d.asJSON {
		if err := printJSON(out, r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(out, "%d calls in %.0f s: %v; %d SMS, %d pushes, %d recordings; %d mismatches\n", r.Calls, r.ElapsedS, r.Grades, r.SMS, r.WeChat, r.Recordings, len(r.Mismatches))
	}
	if !r.good(d) {
		return exit(1)
	}
	return nil
}

// good: in text every grade must be right and every promise there once; by voice 95 %
// of the answered calls with at least two spoken turns, at least 30 of them.
func (r *demoReport) good(d demoFlags) bool {
	if d.voiceOnly {
		enough := *r.Spoken >= 30 || d.personas != "" || d.leads > 0
		return enough && float64(*r.AsExpected) >= 0.95*float64(*r.Spoken)
	}
	return len(r.Mismatches) == 0 && len(r.wrong) == 0
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// readScript reads a script file, JSON or Excel, and returns it as JSON.
func readScript(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, ps, err := library.Read(file, f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", file, err, ps)
	}
	return library.JSON(s)
}

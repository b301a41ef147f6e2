package robot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/robot"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
	"yingda/scriptflow/talk"
	"yingda/speech"
	"yingda/telephony"
	"yingda/tenant"
)

var acme = db.WithTenant(context.Background(), 7)

func openCalls(t testing.TB, d *db.DB) *call.Service {
	t.Helper()
	v, err := tenant.NewVault(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return call.NewService(call.NewStore(d), v, tenant.NewService(tenant.NewStore(d), v, time.Hour), nil)
}

// TestTalks is the second height of the .talk files: the same talks that prove the pure
// flow, through the robot's own loop, its ear and its mouth, into a real database. Time
// is the bubble's; a goroutine that a call leaves behind keeps the bubble from ending.
func TestTalks(t *testing.T) {
	talks, err := talk.Load(demo.Files(), "talks")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := openCalls(t, dbtest.Open(t))
				var all sync.WaitGroup
				for _, file := range talks {
					all.Go(func() { play(t, calls, file, w) })
				}
				all.Wait()
			})
		})
	}
}

// way is how the callee's words get to the robot.
type way struct {
	name     string
	texts    bool          // real-time text was agreed upon
	mute     bool          // … and is all there is: no voice goes with it
	patience time.Duration // the callee speaks after so much silence of the robot
	slowest  int64         // ms from the callee's last sign of life to the robot's first sound
}

var ways = []way{
	{name: "by recogniser", patience: 1200 * time.Millisecond, slowest: 700},
	{name: "by voice and real-time text", texts: true, patience: 1200 * time.Millisecond, slowest: 900},
	{name: "by real-time text alone", texts: true, mute: true, patience: 2 * time.Second, slowest: 1600},
}

// play puts the callee's part onto a written line and compares what came of the call
// with the file and with the pure engine.
func play(t *testing.T, calls *call.Service, file *talk.Talk, w way) {
	name := strings.TrimSuffix(path.Base(file.Name), ".talk")
	flow := demo.Flow()
	pure := file.Run(flow)
	s := &robot.Service{Calls: calls, Prompts: slow{perRune}}
	if slices.ContainsFunc(file.Lines, func(l talk.Line) bool { return l.Tag == talk.Take && l.Text == "agent" }) {
		s.Transfer = func(context.Context, db.ID, string) error { return nil }
	}
	s.Dial = func(context.Context, telephony.Line, telephony.DialOptions) (robot.Line, error) {
		return nil, &telephony.Failure{Outcome: outcomeOf(t, file.Outcome), Status: 486, Reason: "so it is written"}
	}
	var callee sync.WaitGroup
	defer callee.Wait()
	if file.Outcome == scriptflow.Answered {
		s.Dial = func(context.Context, telephony.Line, telephony.DialOptions) (robot.Line, error) {
			m := &man{line: newLine(w.texts), mute: w.mute, patience: w.patience}
			if !w.texts {
				m.ear = newDictation()
				s.Recognizer = func() speech.Recognizer { return m.ear }
			}
			callee.Go(func() { m.plays(file, pure.Talk.Bot()) })
			return m.line, nil
		}
	}
	f, err := s.Run(acme, job(flow, file))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	stored(t, calls, name, f)
	for _, wrong := range differ(f, file, pure, w) {
		t.Errorf("%s: %s\n%s", name, wrong, transcript(f))
	}
}

func job(flow *scriptflow.Flow, file *talk.Talk) *robot.Job {
	c := call.Call{ID: db.NewID(), Node: "n1", Epoch: 1, Direction: "out", CampaignID: 5, SeatID: 6, Name: "王女士"}
	return &robot.Job{Call: c, Number: "13800138000", Flow: flow, Vars: file.Vars, Policy: file.Policy}
}

func outcomeOf(t *testing.T, word string) telephony.Outcome {
	for o := telephony.Unknown; o <= telephony.Cancelled; o++ {
		if o.String() == word {
			return o
		}
	}
	t.Errorf("no outcome %q", word)
	return telephony.Unknown
}

// plays is the callee's part of a file. bot is what the robot is to say.
func (m *man) plays(file *talk.Talk, bot []string) {
	said := 0
	for _, l := range file.Lines {
		switch l.Tag {
		case talk.Bot:
			said++
		case talk.Man:
			if m.quiet(m.patience) {
				m.says(l.Text)
			}
		case talk.Over:
			if m.inTheMiddle(bot[min(said, len(bot))-1]) {
				m.says(l.Text)
			}
		case talk.Quiet:
			_, _, _, before := m.talks()
			m.until(15*time.Second, func() bool { _, _, _, plays := m.talks(); return plays > before })
		case talk.Key:
			if m.quiet(m.patience) {
				m.presses(l.Text)
			}
		case talk.Bye:
			m.quiet(m.patience)
			m.end(telephony.ByFar)
		}
	}
	m.until(30*time.Second, m.gone)
	m.end(telephony.ByFar) // a person who took over has done talking
}

// differ says in sentences where the call departs from its file.
func differ(f *call.Finished, file *talk.Talk, pure talk.Result, w way) (wrong []string) {
	note := func(what string, got, want any) {
		if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
			wrong = append(wrong, fmt.Sprintf("%s\n got %s\nwant %s", what, g, w))
		}
	}
	note("grade", f.Call.Grade, pure.Verdict.Grade)
	note("effective rounds", f.Call.Rounds, pure.Verdict.Rounds)
	if file.Outcome != scriptflow.Answered {
		note("outcome", f.Call.Outcome, file.Outcome)
		return wrong
	}
	var bot, callee, hits, path, pureHits, purePath []string
	for _, turn := range f.Transcript {
		if turn.Who == "robot" {
			bot = append(bot, turn.Text)
		} else if turn.Source != "digit" {
			callee = append(callee, turn.Text)
		}
		for _, h := range turn.Hits {
			hits = append(hits, h.Keyword)
		}
	}
	for _, h := range pure.State.Hits {
		pureHits = append(pureHits, h.Keyword)
	}
	for _, v := range pure.State.Path {
		purePath = append(purePath, v.Node)
	}
	for _, v := range f.Facts.Path {
		path = append(path, v.Node)
	}
	var words []string
	for _, l := range file.Turns() {
		if l.Tag == talk.Man || l.Tag == talk.Over {
			words = append(words, l.Text)
		}
	}
	note("the robot said", bot, pure.Talk.Bot())
	note("the callee said", callee, words)
	note("keywords", hits, pureHits)
	note("way through the script", path, purePath)
	for _, ms := range f.Facts.Turns {
		if ms < 600 || ms > w.slowest {
			wrong = append(wrong, fmt.Sprintf("a turn took %d ms from the callee's last sound to the robot's first", ms))
		}
	}
	if rounds := pure.Verdict.Rounds; len(f.Facts.Turns) < rounds-1 && len(words) > 0 { // the last may be hung up on
		wrong = append(wrong, fmt.Sprintf("%d turns timed in %d rounds", len(f.Facts.Turns), rounds))
	}
	for _, ms := range f.Facts.BargeIns {
		if ms > 100 {
			wrong = append(wrong, fmt.Sprintf("the robot talked on for %d ms over the callee", ms))
		}
	}
	return wrong
}

// stored checks that the database has what Run returned.
func stored(t *testing.T, calls *call.Service, name string, f *call.Finished) {
	c, err := calls.Call(acme, f.Call.ID)
	if err != nil || c.State != call.Ended || c.Grade != f.Call.Grade || c.EndedAt == nil {
		t.Errorf("%s: the row is %+v, %v", name, c, err)
	}
	turns, err := calls.Transcript(acme, f.Call.ID)
	if err != nil || len(turns) != len(f.Transcript) {
		t.Errorf("%s: %d turns of %d were kept, %v", name, len(turns), len(f.Transcript), err)
	}
	if err := calls.Journalled(acme, f.Call.ID, func([]byte) error { return errors.New("the journal is still there") }); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func transcript(f *call.Finished) (s string) {
	for _, t := range f.Transcript {
		s += fmt.Sprintf("  %6d–%6d %s %s %s cut %v hits %d latency %d\n", t.AtMs, t.EndMs, t.Who, t.Node, t.Text, t.Interrupted, len(t.Hits), t.LatencyMs)
	}
	return s
}

package callee

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/telephony"
)

// house opens callees on loopback and a node that calls them.
func house(t *testing.T, yaml string, c Config) (*Callees, *telephony.Node) {
	t.Helper()
	c.Personas = parse(t, yaml)
	callees, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { callees.Close() })
	node, err := telephony.NewNode(telephony.Config{MaxLag: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { node.Close() })
	return callees, node
}

func dial(t *testing.T, n *telephony.Node, c *Callees, to string, o telephony.DialOptions) (*telephony.Leg, *telephony.Failure) {
	t.Helper()
	o.To, o.Headers = to, map[string]string{AttemptHeader: "attempt-" + to}
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	leg, err := n.Dial(ctx, telephony.Line{ID: "loopback", Address: c.Addr()}, o)
	var f *telephony.Failure
	if err != nil && !errors.As(err, &f) {
		t.Fatalf("dial %s: %v", to, err)
	}
	return leg, f
}

// hum is a robot's line of so long.
func hum(d time.Duration) []byte {
	frame := tone(-20)
	var b []byte
	for range int(d / (20 * ms)) {
		b = append(b, frame...)
	}
	return b
}

// robot answers each thing it hears with a line, silence after the callee's last voiced sample.
type robot struct {
	first, line time.Duration // length of its lines
	silence     time.Duration // the end-of-speech silence
	yield       bool          // falls silent when talked over
}

type heard struct {
	text, digits string
	by           telephony.Party
}

func (r robot) talk(leg *telephony.Leg) (h heard) {
	leg.Play(hum(r.first))
	var due <-chan time.Time
	for {
		select {
		case e, ok := <-leg.Events():
			if !ok {
				return h
			}
			switch e.Kind {
			case telephony.VoiceStart:
				due = nil
				if r.yield {
					leg.StopPlaying()
				}
			case telephony.VoiceEnd:
				due = time.After(e.At + r.silence - leg.Now())
			case telephony.Text:
				h.text += e.Text
			case telephony.Digit:
				h.digits += e.Text
				due = time.After(r.silence)
			case telephony.Ended:
				h.by = e.By
			}
		case <-due:
			leg.Play(hum(r.line))
			due = nil
		}
	}
}

// settled waits until every call's record is closed.
func settled(t *testing.T, c *Callees) []Call {
	t.Helper()
	for range 500 {
		if c.Report().Open == 0 {
			return c.Calls()
		}
		time.Sleep(10 * ms)
	}
	t.Fatalf("calls are still open: %+v", c.Report())
	return nil
}

const buyer = `
personas:
  - name: buyer
    ring: 100ms
    turns:
      - say: 是的
      - say: 多少钱一平
    hang_up: 300ms
`

// TestConversation: rings, answers, waits for its turn, speaks and types, measures the robot, hangs up; all of it in the log.
func TestConversation(t *testing.T) {
	logPath := filepath.Join(t.TempDir(), "callee.jsonl")
	c, n := house(t, buyer, Config{LogPath: logPath})
	leg, fail := dial(t, n, c, "13800000001", telephony.DialOptions{Text: true})
	if fail != nil {
		t.Fatal(fail)
	}
	h := robot{first: 800 * ms, line: 600 * ms, silence: 500 * ms}.talk(leg)
	calls := settled(t, c)
	if h.text != "是的多少钱一平" || h.by != telephony.ByFar {
		t.Errorf("the robot read %q; ended by %s", h.text, h.by)
	}
	if len(calls) != 1 || len(calls[0].Said) != 2 || calls[0].By != "callee" || calls[0].Attempt != "attempt-13800000001" {
		t.Fatalf("%+v", calls)
	}
	one := calls[0]
	if gap := one.Said[0].Start - one.Robot[0].End; gap < 450*ms || gap > 900*ms {
		t.Errorf("the callee spoke %v after the robot", gap)
	}
	if r := c.Report(); r.Answered != 1 || r.TurnLatency.N != 2 || r.TurnLatency.P50 < 450 || r.TurnLatency.Max > 800 {
		t.Errorf("%+v: a robot that waits 500 ms must be measured as slow as that", r)
	}
	events := readLog(t, logPath)
	want := "invite ring answer robot said turn robot said turn robot bye"
	if got := names(events); got != want {
		t.Errorf("log:\n%s\nwant\n%s", got, want)
	}
	for _, e := range events {
		if e.Attempt != "attempt-13800000001" || e.Call != one.CallID {
			t.Errorf("%+v: whose is it?", e)
		}
	}
}

func TestVoiceOnly(t *testing.T) {
	c, n := house(t, buyer, Config{VoiceOnly: true})
	leg, fail := dial(t, n, c, "buyer", telephony.DialOptions{Text: true})
	if fail != nil {
		t.Fatal(fail)
	}
	if leg.HasText() {
		t.Error("text was negotiated")
	}
	h := robot{first: 400 * ms, line: 400 * ms, silence: 400 * ms}.talk(leg)
	calls := settled(t, c)
	if h.text != "" || len(calls[0].Said) != 2 || calls[0].Said[0].Typed {
		t.Errorf("read %q, %+v", h.text, calls[0].Said)
	}
}

// TestNotTaken: the statuses and the early media that stand for nobody there.
func TestNotTaken(t *testing.T) {
	c, n := house(t, `
personas:
  - {name: busy, ring: 50ms, reject: {status: 486}}
  - {name: rejected, ring: 50ms, reject: {status: 603}}
  - {name: no_answer, ring: 300ms, reject: {status: 480}}
  - {name: bad_number, ring: 50ms, reject: {status: 404, announce: 空号}}
`, Config{})
	for to, want := range map[string]telephony.Outcome{"busy": telephony.Busy, "rejected": telephony.Refused, "no_answer": telephony.NoAnswer, "bad_number": telephony.BadNumber} {
		leg, fail := dial(t, n, c, to, telephony.DialOptions{EarlyMedia: true})
		if leg != nil || fail == nil || fail.Outcome != want {
			t.Errorf("%s: leg %v, %+v", to, leg, fail)
		}
	}
	for _, call := range settled(t, c) {
		if call.Answered || call.By != "" {
			t.Errorf("%+v", call)
		}
	}
}

func TestCallerGivesUp(t *testing.T) {
	logPath := filepath.Join(t.TempDir(), "callee.jsonl")
	c, n := house(t, "personas: [{name: slow, ring: 10s}]", Config{LogPath: logPath})
	if _, fail := dial(t, n, c, "slow", telephony.DialOptions{RingFor: 300 * ms}); fail == nil || fail.Outcome != telephony.NoAnswer {
		t.Errorf("%+v", fail)
	}
	settled(t, c)
	if got := names(readLog(t, logPath)); got != "invite ring cancelled" {
		t.Errorf("log: %s", got)
	}
}

// TestBargeIn: the callee talks into a long line and measures how long the robot goes on.
func TestBargeIn(t *testing.T) {
	c, n := house(t, "personas: [{name: b, ring: 50ms, turns: [{over: 500ms, say: 多少钱一平}], hang_up: 300ms}]", Config{})
	leg, fail := dial(t, n, c, "b", telephony.DialOptions{})
	if fail != nil {
		t.Fatal(fail)
	}
	robot{first: 6 * time.Second, line: 400 * ms, silence: 400 * ms, yield: true}.talk(leg)
	calls := settled(t, c)
	r := c.Report()
	if r.BargeIn.N != 1 || r.BargeIn.P50 < 40 || r.BargeIn.P50 > 350 {
		t.Errorf("%+v", r.BargeIn)
	}
	if start := calls[0].Said[0].Start - calls[0].Robot[0].Start; start < 450*ms || start > 700*ms {
		t.Errorf("the callee interrupted after %v", start)
	}
}

func TestKeysAndMachine(t *testing.T) {
	c, n := house(t, `
personas:
  - {name: keys, ring: 50ms, turns: [{press: "1#"}], hang_up: 200ms}
  - {name: machine, ring: 50ms, turns: [{at: 100ms, say: 请留言, beep: true}], hang_up_at: 500ms}
`, Config{})
	leg, fail := dial(t, n, c, "keys", telephony.DialOptions{})
	if fail != nil {
		t.Fatal(fail)
	}
	if h := (robot{first: 300 * ms, line: 300 * ms, silence: 300 * ms}).talk(leg); h.digits != "1#" {
		t.Errorf("the robot heard keys %q", h.digits)
	}
	if leg, fail = dial(t, n, c, "machine", telephony.DialOptions{}); fail != nil {
		t.Fatal(fail)
	}
	robot{silence: time.Minute}.talk(leg)
	said := settled(t, c)[1].Said
	if len(said) != 2 || said[0].Start > 400*ms || said[1].End-said[1].Start < 380*ms {
		t.Errorf("%+v", said)
	}
}

// TestRobotHangsUp and the patience of one who hears nothing.
func TestWhoEndsIt(t *testing.T) {
	c, n := house(t, "personas: [{name: quiet, ring: 50ms, patience: 600ms}, {name: listener, ring: 50ms}]", Config{})
	leg, fail := dial(t, n, c, "quiet", telephony.DialOptions{})
	if fail != nil {
		t.Fatal(fail)
	}
	robot{silence: time.Minute}.talk(leg)
	if leg, fail = dial(t, n, c, "listener", telephony.DialOptions{}); fail != nil {
		t.Fatal(fail)
	}
	time.Sleep(200 * ms)
	leg.Hangup(context.Background())
	calls := settled(t, c)
	if calls[0].By != "callee" || calls[0].Why != "patience" || calls[0].Length < 550*ms || calls[0].Length > 1500*ms {
		t.Errorf("%+v", calls[0])
	}
	if calls[1].By != "robot" {
		t.Errorf("%+v", calls[1])
	}
}

// TestCloseHangsUp: those who still talk say goodbye, and the caller hears of it.
func TestCloseHangsUp(t *testing.T) {
	c, n := house(t, "personas: [{name: listener, ring: 50ms}]", Config{})
	leg, fail := dial(t, n, c, "listener", telephony.DialOptions{})
	if fail != nil {
		t.Fatal(fail)
	}
	time.Sleep(200 * ms)
	start := time.Now()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("closing took %v", took)
	}
	if h := (robot{silence: time.Minute}).talk(leg); h.by != telephony.ByFar {
		t.Errorf("the robot's leg ended by %s", h.by)
	}
	if calls := c.Calls(); calls[0].Why != "closing" || !calls[0].Ended {
		t.Errorf("%+v", calls[0])
	}
}

// TestManyAtOnce: a hundred callees talk at the same time and nobody is forgotten.
func TestManyAtOnce(t *testing.T) {
	const n = 100
	c, node := house(t, fmt.Sprintf("personas: [{name: buyer, count: %d, ring: 100ms-300ms, turns: [{say: 是的}], hang_up: 300ms}]", n), Config{})
	var wg sync.WaitGroup
	for _, lead := range c.Personas().Leads(0) {
		wg.Go(func() {
			leg, fail := dial(t, node, c, lead.Number, telephony.DialOptions{Text: true})
			if fail != nil {
				t.Errorf("%s: %v", lead.Number, fail)
				return
			}
			if h := (robot{first: 500 * ms, line: 300 * ms, silence: 400 * ms}).talk(leg); h.text != "是的" {
				t.Errorf("%s wrote %q", lead.Number, h.text)
			}
		})
	}
	wg.Wait()
	calls := settled(t, c)
	r := c.Report()
	t.Logf("%+v", r)
	if len(calls) != n || r.Answered != n || r.Spoken != n || r.TurnLatency.N != n {
		t.Errorf("%d calls, %+v", len(calls), r)
	}
}

func readLog(t *testing.T, path string) (all []entry) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var e entry
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			t.Fatalf("%s: %v", s.Text(), err)
		}
		if _, err := time.Parse(time.RFC3339Nano, e.At); err != nil {
			t.Error(err)
		}
		all = append(all, e)
	}
	return all
}

func names(events []entry) string {
	var s []string
	for _, e := range events {
		s = append(s, e.Event)
	}
	return strings.Join(s, " ")
}

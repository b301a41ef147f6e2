package talk

import (
	"slices"
	"strings"
	"time"

	"yingda/scriptflow"
)

// The runner's clock: how fast people and robots talk here, and how long they wait.
const (
	perRune = 200 * time.Millisecond
	pause   = 600 * time.Millisecond
)

// Result is what became of a talk.
type Result struct {
	Talk    *Talk // with the robot's lines as they are now
	State   scriptflow.State
	Verdict scriptflow.Verdict
	Unsaid  []Line // turns of the callee that came after the end
}

// Run plays the callee's part against the flow.
func (t *Talk) Run(f *scriptflow.Flow) Result {
	r := &runner{flow: f, out: &Talk{Name: t.Name, Flow: t.Flow, Vars: t.Vars, Policy: t.Policy, Outcome: t.Outcome, Grade: t.Grade, Rule: t.Rule}}
	lines := slices.DeleteFunc(slices.Clone(t.Lines), func(l Line) bool { return slices.Contains(robots, l.Tag) })
	started := t.Outcome != scriptflow.Answered
	for i, l := range lines {
		switch {
		case l.Tag == Graded:
			r.finish()
		case slices.Contains(turns, l.Tag):
			if !started {
				started = true
				r.start(t.Vars)
			}
			r.turn(l, next(lines[i+1:]))
			continue
		}
		r.out.Lines = append(r.out.Lines, l)
	}
	r.finish()
	facts := scriptflow.FactsOf(r.state, t.Outcome, r.now)
	return Result{r.out, r.state, t.Policy.Grade(facts), r.unsaid}
}

// next is the tag of the callee's next turn: one that talks over the robot must come before
// the robot's line has ended.
func next(lines []Line) Tag {
	for _, l := range lines {
		if slices.Contains(turns, l.Tag) {
			return l.Tag
		}
	}
	return ""
}

type runner struct {
	flow    *scriptflow.Flow
	state   scriptflow.State
	now     time.Duration
	out     *Talk
	playing *scriptflow.Say
	after   scriptflow.Action // Listen, Transfer or Hangup
	done    bool
	unsaid  []Line
}

func (r *runner) start(vars map[string]string) {
	var actions []scriptflow.Action
	r.state, actions = r.flow.Start(vars)
	r.do(actions)
}

// turn lets the callee do one thing. upcoming tells whether the next one talks over the robot.
func (r *runner) turn(l Line, upcoming Tag) {
	if l.Tag != Over {
		r.sayAll()
	}
	if r.gone() {
		r.unsaid = append(r.unsaid, l)
		r.out.Lines = append(r.out.Lines, l)
		return
	}
	r.out.Lines = append(r.out.Lines, l)
	switch l.Tag {
	case Man:
		r.now += pause
		r.hear(l.Text, scriptflow.ASR)
	case Over:
		r.over(l.Text)
	case Key:
		r.now += pause
		r.step(scriptflow.Heard{Text: l.Text, Source: scriptflow.Digit, At: r.now, End: r.now})
	case Quiet:
		r.silence()
	case Take:
		r.take(l.Text)
	case Bye:
		r.hangUp("callee")
	}
	if upcoming != Over {
		r.sayAll()
	}
}

func (r *runner) hear(text string, source scriptflow.Source) {
	at := r.now
	r.now += time.Duration(len([]rune(text))) * perRune
	r.step(scriptflow.Heard{Text: text, Source: source, At: at, End: r.now})
}

// over talks while the robot does: it starts in the middle of the line.
func (r *runner) over(text string) {
	if r.playing != nil {
		r.now += length(r.playing) / 2
	}
	r.step(scriptflow.Partial{Text: text, At: r.now})
	r.hear(text, scriptflow.ASR)
}

func (r *runner) silence() {
	if l, ok := r.after.(scriptflow.Listen); ok {
		r.now += l.NoInput
		r.step(scriptflow.NoInput{At: r.now})
	}
}

func (r *runner) take(by string) {
	r.now += pause
	if by == "agent" {
		r.step(scriptflow.Transferred{At: r.now})
		return
	}
	r.step(scriptflow.TransferFailed{At: r.now})
}

func (r *runner) hangUp(by string) {
	r.step(scriptflow.HungUp{By: by, At: r.now})
	r.done = true
}

func (r *runner) gone() bool { return r.done || r.state.Over() && r.playing == nil }

func (r *runner) step(e scriptflow.Event) {
	var actions []scriptflow.Action
	r.state, actions = r.flow.Step(r.state, e)
	r.do(actions)
}

func (r *runner) do(actions []scriptflow.Action) {
	for _, a := range actions {
		switch a := a.(type) {
		case scriptflow.Say:
			r.write(Bot, a.Text)
			r.playing = &a
		case scriptflow.Stop:
			r.write(Does, "stop")
			r.cut()
		case scriptflow.SendSMS:
			r.write(Does, strings.TrimSpace("sms "+a.Keyword))
		case scriptflow.MarkDoNotCall:
			r.write(Does, strings.TrimSpace("do_not_call "+a.Keyword))
		case scriptflow.Transfer:
			r.write(Does, "transfer "+a.Queue)
			r.after = a
		default:
			r.after = a
		}
	}
}

func (r *runner) cut() {
	if s := r.playing; s != nil {
		r.playing = nil
		r.step(scriptflow.Said{ID: s.ID, Cut: true, At: r.now})
	}
}

// sayAll lets the robot finish, whatever it says next included.
func (r *runner) sayAll() {
	for r.playing != nil {
		s := r.playing
		r.playing, r.now = nil, r.now+length(s)
		r.step(scriptflow.Said{ID: s.ID, At: r.now})
	}
}

func length(s *scriptflow.Say) time.Duration { return time.Duration(len([]rune(s.Text))) * perRune }

func (r *runner) write(tag Tag, text string) {
	r.out.Lines = append(r.out.Lines, Line{Tag: tag, Text: text})
}

// finish ends the call once, and writes why the robot ended the talk.
func (r *runner) finish() {
	if r.out.Outcome != scriptflow.Answered || r.state.Said == 0 && r.state.Node == "" || r.closed() {
		return
	}
	r.sayAll()
	if !r.done {
		r.hangUp("us")
	}
	r.write(Ends, r.state.Ended)
}

func (r *runner) closed() bool {
	return slices.ContainsFunc(r.out.Lines, func(l Line) bool { return l.Tag == Ends })
}

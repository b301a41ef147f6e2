package scriptflow

import (
	"maps"
	"strings"
	"time"
)

// maxHops bounds how many nodes one step may run through: a ring of Pass nodes ends here.
const maxHops = 16

// Start begins a conversation with the lead's variables; a variable without a value takes
// its default. The actions greet and listen.
func (f *Flow) Start(vars map[string]string) (State, []Action) {
	t := &turn{f: f, s: State{Vars: f.fill(vars)}}
	t.enter(f.entry)
	return t.done()
}

func (f *Flow) fill(vars map[string]string) map[string]string {
	all := maps.Clone(vars)
	if all == nil {
		all = map[string]string{}
	}
	for _, v := range f.script.Variables {
		if strings.TrimSpace(all[v.Name]) == "" {
			all[v.Name] = v.Default
		}
	}
	return all
}

// Step says what to do about e, and where the conversation stands then. It never writes to
// s. After HungUp it does nothing; after the robot ended the talk, it only takes notes.
func (f *Flow) Step(s State, e Event) (State, []Action) {
	if s.HungUp != "" {
		return s, nil
	}
	t := &turn{f: f, s: s.own(), now: e.when(), lines: make([]*line, 0, 4)}
	t.s.AtMS = max(s.AtMS, ms(t.now))
	switch e := e.(type) {
	case Heard:
		t.heard(e)
	case Partial:
		t.partial(e)
	case NoInput:
		t.noInput()
	case Said:
		t.said(e)
	case TransferFailed:
		t.transferFailed()
	case Transferred:
		t.s.Ended = "transferred"
	case HungUp:
		t.s.HungUp = orElse(e.By, "unknown")
	}
	return t.done()
}

func orElse(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// node is where s stands; a state from another version of the script stands at its end.
func (f *Flow) node(s State) *node {
	if n := f.nodes[s.Node]; n != nil {
		return n
	}
	return f.giveUp
}

// late says whether the call has used up the time or the turns that the script allows.
func (f *Flow) late(s State) bool {
	limit := f.script.Limits
	return s.AtMS >= int64(orDefault(limit.Seconds, 300))*1000 || s.Turns >= orDefault(limit.Turns, 40)
}

// turn is one step at work: the state that will be, and what is to be done, by its order.
type turn struct {
	f   *Flow
	s   State
	now time.Duration

	stop    bool
	notes   []Action // marks and promises
	lines   []*line  // one Say in the end
	answers bool     // the Say answers an effective round
	then    Action   // Listen, Transfer or Hangup
}

// done puts the actions into the order in which they are to happen.
func (t *turn) done() (State, []Action) {
	out := make([]Action, 0, len(t.notes)+3)
	if t.stop {
		out = append(out, Stop{})
	}
	out = append(out, t.notes...)
	if say, ok := t.compose(); ok {
		out = append(out, say)
	}
	if t.then != nil {
		out = append(out, t.then)
	}
	if len(out) == 0 {
		out = nil
	}
	return t.s, out
}

// compose makes one Say of all lines of the step; false where nothing is to be heard.
func (t *turn) compose() (Say, bool) {
	if len(t.lines) == 0 {
		return Say{}, false
	}
	first := t.lines[0]
	say := Say{Line: first.id, Pieces: first.fill(t.s.Vars), Interrupt: first.interrupt}
	if more := t.lines[1:]; len(more) > 0 {
		say.Pieces = append(make([]Piece, 0, 8), say.Pieces...)
		for _, l := range more {
			say.Line += "+" + l.id
			say.Pieces, say.Interrupt = append(say.Pieces, l.fill(t.s.Vars)...), say.Interrupt.stricter(l.interrupt)
		}
	}
	if len(say.Pieces) == 0 {
		return Say{}, false
	}
	say.Text = textOf(say.Pieces)
	t.s.Said++
	t.s.Cut, say.ID = false, t.s.Said
	t.s.Playing = &Playing{ID: say.ID, Since: ms(t.now), Interrupt: say.Interrupt, Answers: t.answers}
	return say, true
}

func textOf(pieces []Piece) string {
	if len(pieces) == 1 {
		return pieces[0].Text
	}
	var b strings.Builder
	b.Grow(256)
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

// say adds one of the variants, each in its turn.
func (t *turn) say(id string, variants []line) {
	if len(variants) > 0 {
		t.lines = append(t.lines, &variants[t.s.use(id)%len(variants)])
	}
}

func (t *turn) listen(n *node) {
	t.then = Listen{time.Duration(n.silence.after) * time.Millisecond}
}

// enter goes to n, and on through Pass nodes, until somebody has to listen or it is over.
func (t *turn) enter(n *node) {
	for hops := 0; ; hops++ {
		if n == nil || hops >= maxHops || n.Kind != End && t.visits(n) >= n.maxVisit {
			n = t.f.giveUp
		}
		t.visit(n)
		if n.Kind != Pass {
			break
		}
		n = n.next
	}
	switch n.Kind {
	case Talk:
		t.listen(n)
	case HandOff:
		t.then = Transfer{n.Queue}
	default:
		t.end(orElse(n.Reason, "end"))
	}
}

func (t *turn) visit(n *node) {
	t.s.Node, t.s.Silences, t.s.Misses = n.ID, 0, 0
	t.s.Path = append(t.s.Path, Visit{n.ID, ms(t.now)})
	t.s.Last = t.s.Last || n.Last
	if n.SMS {
		t.promise("", "")
	}
	if n.DNC {
		t.mark("", "")
	}
	t.say(n.ID, n.lines)
}

func (t *turn) visits(n *node) (count int) {
	for _, v := range t.s.Path {
		if v.Node == n.ID {
			count++
		}
	}
	return count
}

func (t *turn) end(reason string) {
	t.s.Ended, t.then = reason, Hangup{reason}
}

// promise sends the keyword SMS, once in a call.
func (t *turn) promise(class, keyword string) {
	if !t.s.SMS {
		t.s.SMS = true
		t.notes = append(t.notes, SendSMS{class, keyword})
	}
}

// mark takes the number off the lists, once in a call.
func (t *turn) mark(class, keyword string) {
	if !t.s.DNC {
		t.s.DNC = true
		t.notes = append(t.notes, MarkDoNotCall{class, keyword})
	}
}

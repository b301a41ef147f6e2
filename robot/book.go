package robot

import (
	"time"

	"yingda/call"
	"yingda/scriptflow"
)

// calleeTurn writes down what the callee said at a node, with the keywords found in it.
func calleeTurn(h scriptflow.Heard, f *scriptflow.Flow, node string, hits []scriptflow.Hit, turn int) call.Turn {
	t := call.Turn{Who: "callee", Text: h.Text, AtMs: h.At.Milliseconds(), EndMs: h.End.Milliseconds(), Source: string(h.Source), Node: node, NodeLabel: f.Label(node)}
	for _, x := range hits {
		t.Hits = append(t.Hits, call.Hit{Class: x.Class, ClassLabel: x.Label, Kind: string(x.Kind), Keyword: x.Keyword, Matched: x.Text,
			CountsForA: x.CountsA, From: x.From, To: x.To, AtMs: x.At, Turn: turn})
	}
	return t
}

// addSpoken writes down a line of the robot; one that was cut before its first sound was never said.
func (t *talk) addSpoken(u *utterance, cut bool) {
	if u.first < 0 && cut {
		return
	}
	from := max(u.first, 0)
	turn := call.Turn{Who: "robot", Text: u.say.Text, AtMs: from.Milliseconds(), EndMs: t.line.Now().Milliseconds(), Source: "prompt",
		Node: u.node, NodeLabel: t.flow.Label(u.node), Interrupted: cut}
	for _, p := range u.say.Pieces {
		if p.Variable {
			turn.Source = "tts"
		}
	}
	if t.owes > 0 && u.first > t.owes {
		turn.LatencyMs = (u.first - t.owes).Milliseconds()
		t.latency = append(t.latency, turn.LatencyMs)
		t.owes = 0
	}
	t.addTurn(turn)
}

func (t *talk) addTurn(turn call.Turn) {
	t.turns = append(t.turns, turn)
	t.s.Watch.turn(t.job, turn, false)
	t.write()
}

// mark notes something on the call's timeline.
func (t *talk) mark(kind, note string) {
	at := t.line.AnsweredAt().Add(t.line.Now()).Sub(t.job.Call.StartedAt)
	t.marks = append(t.marks, call.Mark{AtMs: at.Milliseconds(), Kind: kind, Note: note})
}

// journalled is one entry of the call's journal: what is new since the last, and where the script stands.
type journalled struct {
	Seq    int               `json:"seq"`
	Turns  []call.Turn       `json:"turns,omitempty"`
	State  scriptflow.State  `json:"state"`
	Policy scriptflow.Policy `json:"policy"`
	At     time.Time         `json:"at"`
}

// write hands the journal what it does not have yet; the writer runs beside the talk.
func (t *talk) write() {
	if t.journal == nil || t.told == len(t.turns) {
		return
	}
	t.seq++
	j := journalled{Seq: t.seq, Turns: t.turns[t.told:len(t.turns):len(t.turns)], State: t.state, Policy: t.job.Policy, At: time.Now().UTC()}
	select {
	case t.journal <- j:
		t.told = len(t.turns)
	default: // the database is slow: the next entry carries these turns too
		t.seq--
	}
}

// steps is the way through the script, for the call page.
func steps(f *scriptflow.Flow, s scriptflow.State) []call.Step {
	out := make([]call.Step, 0, len(s.Path))
	for _, v := range s.Path {
		out = append(out, call.Step{Node: v.Node, Label: f.Label(v.Node), AtMs: v.At})
	}
	return out
}

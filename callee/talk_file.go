package callee

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"yingda/scriptflow"
	talkfile "yingda/scriptflow/talk"
)

// FromTalks makes a persona of each .talk file, so that a conversation which the
// pure engine was proven by is replayed on a real call. The persona has the file's
// name without its ending; a talk that no person answered becomes its status.
func FromTalks(talks []*talkfile.Talk) (*Personas, error) {
	p := &Personas{first: FirstNumber}
	for _, t := range talks {
		who, err := fromTalk(t)
		if err != nil {
			return nil, err
		}
		p.All = append(p.All, who)
	}
	if err := p.sound(func(i int) string { return talks[i].Name }); err != nil {
		return nil, err
	}
	p.lay()
	return p, nil
}

// unanswered are the statuses for outcomes of a call> line.
var unanswered = map[string]int{"busy": 486, "no_answer": 480, "refused": 603, "bad_number": 404, "line_failure": 503}

func fromTalk(t *talkfile.Talk) (Persona, error) {
	who := Persona{Name: strings.TrimSuffix(path.Base(t.Name), ".talk"), Grade: string(t.Grade), Ring: Span{100 * ms, 300 * ms}}
	if t.Outcome != scriptflow.Answered {
		status, ok := unanswered[t.Outcome]
		if !ok {
			return who, fmt.Errorf("%s: no status stands for call> %s", t.Name, t.Outcome)
		}
		who.Reject = &Reject{Status: status}
		return who, nil
	}
	replied := true // the robot has a line after the callee's latest turn
	for _, l := range t.Lines {
		switch l.Tag {
		case talkfile.Bot:
			replied = true
		case talkfile.Does:
			who.yields(l.Text)
		case talkfile.Bye:
			who.leave(replied)
		case talkfile.Man, talkfile.Over, talkfile.Quiet, talkfile.Key:
			who.Turns = append(who.Turns, turnOf(l))
			replied = false
		}
	}
	return who, nil
}

// yields learns from a does> line that the robot stopped for the latest turn.
func (q *Persona) yields(does string) {
	if n := len(q.Turns); n > 0 && slices.Contains(strings.Fields(does), "stop") {
		q.Turns[n-1].Aside = false
	}
}

// leave hangs up after the robot's line, or into it where the file has none.
func (q *Persona) leave(replied bool) {
	soon := &Span{300 * ms, 300 * ms}
	if replied {
		q.HangUp = soon
		return
	}
	q.HangUpAt = soon
}

// intoLine is how far into the robot's line a man! talks; scripts let themselves be
// interrupted after most of a second.
const intoLine = 1200 * time.Millisecond

func turnOf(l talkfile.Line) Turn {
	switch l.Tag {
	case talkfile.Over:
		return Turn{Say: Lines{l.Text}, Over: &Span{intoLine, intoLine}, Aside: true} // until does> stop
	case talkfile.Quiet:
		return Turn{Quiet: true}
	case talkfile.Key:
		return Turn{Press: l.Text}
	}
	return Turn{Say: Lines{l.Text}}
}

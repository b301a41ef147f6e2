package scriptflow

import (
	"slices"
	"strings"
	"time"
)

// settled is how long before the end of a line a filler must have ended to be no answer to
// it: an early 嗯 belongs to the listening, one at the very end answers.
const settled = 500 * time.Millisecond

func (t *turn) heard(e Heard) {
	if strings.TrimSpace(e.Text) == "" {
		t.unclear()
		return
	}
	t.s.Turns++
	n := t.f.node(t.s)
	all := t.f.understand(n, e.Text)
	t.note(e, all)
	t.noteKey(e, n.digit(e.Source, e.Text))
	switch {
	case t.s.Over() || n.Kind != Talk:
	case farEnd(all) != Person && t.s.Rounds <= mostMachineRounds:
		t.machine(farEnd(all))
	case t.hasFloor(e, n, all):
		t.answer(e, n, all)
	default:
		t.listen(n)
	}
}

// mostMachineRounds is after how many answered inputs nobody is a machine any more: its
// first words (您好，我现在不在) may have been taken for a person's.
const mostMachineRounds = 2

// machine hangs up without another word.
func (t *turn) machine(far FarEnd) {
	t.s.Machine, t.stop = far, t.s.Playing != nil
	t.end(string(far))
}

// note writes down the keywords and keeps the promises that do not wait for the script:
// the SMS, unless it is refused in the same breath, and the do-not-call mark.
func (t *turn) note(e Heard, all []found) {
	if len(all) == 0 {
		return
	}
	refused, runes := false, []rune(e.Text)
	t.s.Hits = slices.Grow(t.s.Hits, len(all))
	for _, w := range all {
		if c := w.sense.class; c != nil {
			t.s.Hits = append(t.s.Hits, hitOf(e, w, runes, t.s.Turns))
			refused = refused || c.Kind == Refusal || c.Kind == DoNotCall
		}
	}
	for _, w := range all {
		switch c := w.sense.class; {
		case c == nil:
		case c.Kind == DoNotCall:
			t.mark(c.ID, w.sense.word)
		case c.Kind == SMSWish && !refused:
			t.promise(c.ID, w.sense.word)
		}
	}
}

// noteKey writes down a key that counts as a keyword of a class.
func (t *turn) noteKey(e Heard, w way) {
	if c := w.class; c != nil {
		key := strings.TrimSpace(e.Text)
		t.s.Hits = append(t.s.Hits, Hit{Class: c.ID, Label: c.Label, Kind: c.Kind, CountsA: c.CountsForA(), Keyword: key, Text: key,
			To: len([]rune(key)), Turn: t.s.Turns, At: ms(e.At)})
	}
}

func hitOf(e Heard, w found, runes []rune, turn int) Hit {
	c := w.sense.class
	from, to := int(w.hit.From), int(w.hit.To)
	at := e.At + time.Duration(int64(max(e.End-e.At, 0))*int64(from)/int64(len(runes)))
	return Hit{Class: c.ID, Label: c.Label, Kind: c.Kind, CountsA: c.CountsForA(), Keyword: w.sense.word, Text: string(runes[from:to]),
		Sounds: !w.hit.Exact, From: from, To: to, Turn: turn, At: ms(at)}
}

// hasFloor says whether e is the callee's turn. It is not where it is a filler under the
// robot's line, or comes over a line that may not be interrupted; then what matters is kept
// until the line has ended. Where it is, a line that still plays is stopped.
func (t *turn) hasFloor(e Heard, n *node, all []found) bool {
	p := t.s.Playing
	if p == nil {
		return !t.early(e)
	}
	if p.Stopped {
		return true
	}
	if e.Source != Digit && t.f.filler(e.Text) {
		return false
	}
	if !p.Interrupt.Allows(t.now - since(p.Since)) {
		if e.Source == Digit || len(all) > 0 {
			t.s.Pending = &Pending{e.Text, e.Source, ms(e.At), ms(e.End)}
		}
		return false
	}
	t.stop = true
	return true
}

// early recognises a filler said well before the line had ended that it seems to answer.
func (t *turn) early(e Heard) bool {
	return e.Source == ASR && e.End > 0 && e.End+settled < since(t.s.SaidAt) && t.f.filler(e.Text)
}

// answer lets the script answer an input.
func (t *turn) answer(e Heard, n *node, all []found) {
	t.s.Pending = nil
	if t.f.late(t.s) {
		t.enter(t.f.giveUp)
		return
	}
	c := t.f.choose(n, n.digit(e.Source, e.Text), all, &t.s)
	if !c.matched {
		t.miss(n)
		return
	}
	t.s.Rounds, t.answers = t.s.Rounds+1, true
	t.s.Silences, t.s.Misses = 0, 0
	for _, a := range c.answers {
		t.reply(a)
	}
	if c.to != nil {
		t.enter(c.to)
		return
	}
	t.say(n.againID, n.again)
	t.listen(n)
}

// reply says an answer and counts its turn, also where it has nothing to say.
func (t *turn) reply(a *answer) {
	if len(a.lines) == 0 {
		t.s.use(a.id)
	}
	t.say(a.id, a.lines)
}

// miss handles an input that no rule answers: it is no effective round.
func (t *turn) miss(n *node) {
	t.s.Silences = 0
	if t.s.Misses >= n.noMatch.times {
		t.enter(n.noMatch.to)
		return
	}
	t.s.Misses++
	t.say(n.noMatch.id, n.noMatch.lines)
	t.say(n.againID, n.again)
	t.listen(n)
}

// unclear is voice without words. Under a line it is nothing; else it asks again.
func (t *turn) unclear() {
	if n := t.f.node(t.s); t.mayWait(n) {
		t.miss(n)
	}
}

// mayWait says whether the callee is to speak now. Under a line that still plays they may
// take their time: the wait starts anew.
func (t *turn) mayWait(n *node) bool {
	if t.s.Over() || n.Kind != Talk {
		return false
	}
	if p := t.s.Playing; p != nil && !p.Stopped {
		t.listen(n)
		return false
	}
	return true
}

// partial stops the line as soon as it is clear that the callee means to interrupt.
func (t *turn) partial(e Partial) {
	p, n := t.s.Playing, t.f.node(t.s)
	if p == nil || p.Stopped || t.s.Over() || n.Kind != Talk || !p.Interrupt.Allows(e.At-since(p.Since)) || !t.f.telling(n, e.Text) {
		return
	}
	t.stopped(*p)
	t.stop = true
	t.listen(n)
}

func (t *turn) stopped(p Playing) {
	p.Stopped = true
	t.s.Playing = &p
}

// telling says whether a partial is more than a filler: a keyword, or two more characters.
func (f *Flow) telling(n *node, text string) bool {
	rest := f.content(text)
	return len([]rune(rest)) >= 2 || rest != "" && len(f.understand(n, rest)) > 0
}

func (t *turn) said(e Said) {
	p := t.s.Playing
	if p == nil || p.ID != e.ID {
		return
	}
	t.s.Playing, t.s.SaidAt, t.s.Cut = nil, ms(e.At), e.Cut
	if e.Unheard && p.Answers && t.s.Rounds > 0 {
		t.s.Rounds--
	}
	if w := t.s.Pending; w != nil && !t.s.Over() {
		n := t.f.node(t.s)
		t.answer(Heard{w.Text, w.Source, since(w.At), since(w.End)}, n, t.f.understand(n, w.Text))
	}
}

// noInput asks whether the callee is there, a few times; a line that was cut by noise is
// said again instead.
func (t *turn) noInput() {
	n := t.f.node(t.s)
	if !t.mayWait(n) {
		return
	}
	if t.s.Silences >= n.silence.times || t.f.late(t.s) {
		t.enter(n.silence.to)
		return
	}
	t.s.Silences++
	if t.s.Cut || t.s.Playing != nil {
		t.repeat(n)
	} else {
		t.say(n.silence.id, n.silence.lines)
	}
	t.listen(n)
}

func (t *turn) repeat(n *node) {
	if len(n.again) > 0 {
		t.say(n.againID, n.again)
		return
	}
	t.say(n.ID, n.lines)
}

// transferFailed goes on where the script says, when nobody took the call.
func (t *turn) transferFailed() {
	if n := t.f.node(t.s); n.Kind == HandOff && !t.s.Over() {
		t.enter(n.next)
	}
}

package scriptflow

import "slices"

// mostHints bounds what a recogniser has to weigh: a script of usual size fits whole. Only the
// first thirty or so fit into a prompt of two hundred tokens (SPEECH.md); of the others our
// own recogniser scores those that sound likely, so the order matters before the number does.
const mostHints = 500

// Hints are the phrases to expect now, the likeliest first: a few of the node's own, before
// the first input what machines say, the first of each class that is answered everywhere,
// then more of the node's own, then all the others, and what else machines say while the far
// end may be one.
func (f *Flow) Hints(s State) []string {
	n := f.node(s)
	own, elsewhere := f.expected(n)
	machine := [][]string{f.script.Machine.Voicemail, f.script.Machine.Announcement}
	h := hints{seen: map[string]bool{}}
	h.byTurns(own, 3)
	if s.Turns == 0 {
		h.byTurns(machine, 1)
	}
	h.byTurns(elsewhere, 1)
	h.byTurns(own, 8)
	h.byTurns(elsewhere, 1<<30)
	h.byTurns(own, 1<<30)
	if s.Rounds <= mostMachineRounds {
		h.byTurns(machine, 1<<30)
	}
	return h.list
}

// expected are the lists of phrases that n waits for: its own keywords and the classes of its
// branches; and those that hold everywhere.
func (f *Flow) expected(n *node) (own, elsewhere [][]string) {
	waited := map[string]bool{}
	for _, b := range n.Branches {
		own = append(own, b.Keywords)
	}
	for _, b := range n.Branches {
		for _, c := range b.Classes {
			waited[c] = true
			own = append(own, f.classes[c].Keywords)
		}
	}
	return own, f.elsewhere(waited)
}

// elsewhere are the keywords of the classes that the node itself does not wait for: those
// that overrule everything, then the questions, then the rest.
func (f *Flow) elsewhere(waited map[string]bool) [][]string {
	var first, questions, rest [][]string
	for _, c := range f.script.Classes {
		switch {
		case waited[c.ID] || f.answers[c.ID] == nil:
		case c.Kind.rank() <= SMSWish.rank():
			first = append(first, c.Keywords)
		case c.Kind == Question:
			questions = append(questions, c.Keywords)
		default:
			rest = append(rest, c.Keywords)
		}
	}
	return slices.Concat(first, questions, rest)
}

type hints struct {
	list []string
	seen map[string]bool
}

// byTurns takes the first of every list, then the second of every list, up to depth.
func (h *hints) byTurns(lists [][]string, depth int) {
	for i, more := 0, true; more && i < depth && len(h.list) < mostHints; i++ {
		more = false
		for _, l := range lists {
			if i < len(l) {
				h.add(l[i])
				more = true
			}
		}
	}
}

// add takes a phrase of two characters or more: a single syllable fits any noise.
func (h *hints) add(phrase string) {
	if len([]rune(phrase)) > 1 && !h.seen[phrase] && len(h.list) < mostHints {
		h.seen[phrase] = true
		h.list = append(h.list, phrase)
	}
}

package scriptflow

// mostHints keeps the recogniser's prompt short: sixty phrases of two or three characters
// stay below two hundred tokens. mostHintRunes bounds the same for longer phrases.
const (
	mostHints     = 60
	mostHintRunes = 170
)

// Hints are the phrases to expect now, the likeliest first: the node's own keywords, the
// classes its branches wait for, then the classes answered everywhere, by turns so that each
// class is heard of. Machines' phrases come last, while the far end may still be one.
func (f *Flow) Hints(s State) []string {
	n := f.node(s)
	var lists [][]string
	for _, b := range n.Branches {
		lists = append(lists, b.Keywords)
	}
	own := map[string]bool{}
	for _, b := range n.Branches {
		for _, c := range b.Classes {
			own[c] = true
			lists = append(lists, f.classes[c].Keywords)
		}
	}
	h := hints{seen: map[string]bool{}, left: mostHintRunes}
	h.byTurns(lists, 8)
	h.byTurns(f.elsewhere(own), 1<<30)
	return h.list
}

// elsewhere are the keywords of the classes that the node itself does not wait for.
func (f *Flow) elsewhere(own map[string]bool) [][]string {
	var lists [][]string
	for _, k := range Kinds {
		for _, c := range f.script.Classes {
			if c.Kind == k && !own[c.ID] && f.answers[c.ID] != nil {
				lists = append(lists, c.Keywords)
			}
		}
	}
	return lists
}

type hints struct {
	list []string
	seen map[string]bool
	left int // characters
}

// byTurns takes the first of every list, then the second of every list, up to depth.
func (h *hints) byTurns(lists [][]string, depth int) {
	for i, more := 0, true; more && i < depth; i++ {
		more = false
		for _, l := range lists {
			if i < len(l) {
				h.add(l[i])
				more = true
			}
		}
	}
}

func (h *hints) add(phrase string) {
	n := len([]rune(phrase)) + 1
	if n > 2 && !h.seen[phrase] && len(h.list) < mostHints && n <= h.left {
		h.seen[phrase] = true
		h.list, h.left = append(h.list, phrase), h.left-n
	}
}

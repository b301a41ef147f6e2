package words

import (
	"slices"
	"strings"
)

// Everywhere is the scope of an entry that holds at every place of a script.
const Everywhere int32 = 0

// Entry is one keyword. Scope limits it to one place; Homophones lets words that merely
// sound alike match, too (never for a keyword of one syllable or with foreign letters).
type Entry struct {
	Word       string
	Scope      int32
	Homophones bool
}

// Hit is one keyword found. From and To are character positions in the text as it was given.
type Hit struct {
	Entry    int32
	From, To int32
	Exact    bool // false = the characters differ, the syllables agree
}

func (h Hit) length() int32 { return h.To - h.From }

// Lexicon is an immutable set of keywords, safe for any number of readers.
type Lexicon struct {
	entries []entry
	auto    automaton
}

type entry struct {
	word  []rune // normal form
	scope int32
	soft  bool // homophones are welcome
}

// New builds a lexicon. An entry without a single readable character is kept, so that
// Hit.Entry is always the index in entries, and never found.
func New(entries []Entry) *Lexicon {
	l := &Lexicon{entries: make([]entry, len(entries))}
	b := newBuilder()
	for i, e := range entries {
		w := []rune(normalWord(e.Word))
		l.entries[i] = entry{word: w, scope: e.Scope, soft: e.Homophones && mayDrift(w)}
		if len(w) > 0 {
			b.add(w, int32(i))
		}
	}
	l.auto = b.finish()
	return l
}

// normalWord is the normal form of a keyword; punctuation inside it is dropped.
func normalWord(word string) string {
	var buf [maxRunes]cell
	var out []rune
	for _, c := range normal(buf[:], word) {
		if c.r != gap {
			out = append(out, c.r)
		}
	}
	return string(out)
}

// mayDrift says whether homophones of w are telling: two syllables at least, all of them
// with a sound.
func mayDrift(w []rune) bool {
	return len(w) > 1 && !slices.ContainsFunc(w, func(r rune) bool { return !hasSound(r) })
}

// Find appends to dst the keywords of scope (and Everywhere) that text holds, in the order
// of their ends. Of two that overlap the longer one stands; of two on the same span the
// exact one, then the one of the scope, then the first defined. Allocates only to grow dst.
func (l *Lexicon) Find(dst []Hit, scope int32, text string) []Hit {
	var buf [maxRunes]cell
	cells := normal(buf[:], text)
	start, at := len(dst), int32(0)
	for i, c := range cells {
		at = l.auto.next(at, symbolOf(c.r))
		for s := at; s != 0; s = l.auto.states[s].report {
			if h, ok := l.at(s, scope, cells[:i+1], cells[i+1:]); ok {
				dst = l.admit(dst, start, h)
			}
		}
	}
	return dst
}

// at picks the entry that a state reports for cells that end here, before rest.
func (l *Lexicon) at(state, scope int32, cells, rest []cell) (Hit, bool) {
	best, bestExact := int32(-1), false
	for i := l.auto.states[state].first; i >= 0; i = l.auto.also[i] {
		e := &l.entries[i]
		if e.scope != Everywhere && e.scope != scope {
			continue
		}
		agree := agreeing(e.word, cells)
		exact := agree == len(e.word)
		if !exact && !e.drifts(agree) || len(e.word) == 1 && !alone(cells, rest) {
			continue
		}
		if best < 0 || l.better(i, exact, best, bestExact) {
			best, bestExact = i, exact
		}
	}
	if best < 0 {
		return Hit{}, false
	}
	first := cells[len(cells)-len(l.entries[best].word)]
	return Hit{Entry: best, From: first.from, To: cells[len(cells)-1].to, Exact: bestExact}, true
}

func (l *Lexicon) better(i int32, exact bool, j int32, jExact bool) bool {
	if exact != jExact {
		return exact
	}
	if own, other := l.entries[i].scope != Everywhere, l.entries[j].scope != Everywhere; own != other {
		return own
	}
	return i < j
}

// agreeing counts the characters of word that cells end with.
func agreeing(word []rune, cells []cell) (n int) {
	cells = cells[len(cells)-len(word):]
	for i, r := range word {
		if cells[i].r == r {
			n++
		}
	}
	return n
}

// drifts says whether a homophone with so many characters of its own may stand for e. Two
// syllables alone are too common: 位置 must not be found in 未知, though it may in 位制.
func (e *entry) drifts(agree int) bool { return e.soft && (len(e.word) > 2 || agree > 0) }

// Around a keyword of one character only these leave it a word of its own: 嗯好的 agrees,
// 好像 does not.
const (
	lead  = "嗯哦噢喔啊呃额唔诶哎唉那也都还好行对是"
	trail = "嗯哦噢啊的吧呀嘛呢了好行对是"
)

// alone says whether the last of cells stands alone in its clause; rest follows it.
func alone(cells, rest []cell) bool {
	return only(cells[:len(cells)-1], lead, true) && only(rest, trail, false)
}

// only says whether the neighbouring clause part is made of the given characters. It looks
// at two of them: more would be a sentence.
func only(cells []cell, of string, backwards bool) bool {
	for i := range min(2, len(cells)) {
		c := cells[i]
		if backwards {
			c = cells[len(cells)-1-i]
		}
		if c.r == gap {
			return true
		}
		if !strings.ContainsRune(of, c.r) {
			return false
		}
	}
	return true
}

// admit appends h in place of the hits it overlaps, unless one of them stands against it.
// Hits come in the order of their ends, so what h overlaps lies at the end of dst.
func (l *Lexicon) admit(dst []Hit, start int, h Hit) []Hit {
	keep := len(dst)
	for keep > start && dst[keep-1].To > h.From {
		if keep--; !stands(h, dst[keep]) {
			return dst
		}
	}
	return append(dst[:keep], h)
}

// stands says whether h may push the overlapping hit old aside: it is longer, or as long
// and exact where old is not.
func stands(h, old Hit) bool {
	if h.length() != old.length() {
		return h.length() > old.length()
	}
	return h.Exact && !old.Exact
}

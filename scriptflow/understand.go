package scriptflow

import (
	"slices"
	"strings"

	"yingda/scriptflow/words"
)

// found is one keyword in an input, with what it means at the node.
type found struct {
	sense *sense
	hit   words.Hit
}

// understand lists the keywords of text that hold at n, denials taken out.
func (f *Flow) understand(n *node, text string) []found {
	var buf [16]words.Hit
	hits := f.lexicon.Find(buf[:0], n.scope, text)
	if len(hits) == 0 {
		return nil
	}
	runes := []rune(text)
	out := make([]found, 0, len(hits))
	for _, h := range hits {
		s := &f.senses[h.Entry]
		if s.far == Person && denied(s.kind(), runes, int(h.From), s.word) {
			continue
		}
		out = append(out, found{s, h})
	}
	return out
}

// kind is how a keyword behaves: a node's own is taken for what it says, like a yes.
func (s *sense) kind() Kind {
	if s.to != nil || s.class == nil {
		return Positive
	}
	return s.class.Kind
}

// farEnd tells machines by what they say.
func farEnd(all []found) FarEnd {
	for _, w := range all {
		if w.sense.far != Person {
			return w.sense.far
		}
	}
	return Person
}

// choice is what becomes of an input. The zero value: no rule answers it.
type choice struct {
	answers []*answer // said first, in the order they were asked for
	to      *node     // where to go then; nil = back to where the talk was
	matched bool
}

// option is one way that one keyword opens.
type option struct {
	rank   int
	length int32
	to     *node
	answer *answer
}

// mostAnswers is how many questions of one breath are answered: more would be a speech.
const mostAnswers = 2

// choose decides by the weightiest kind (Kinds), the node's own branches before the answers
// that hold everywhere. Unless that kind overrules the rest, questions in the same breath are
// answered first, and the talk still moves on: 投资，多少钱一平 answers the price, then goes
// where 投资 leads. A key that leads somewhere goes before all words. s tells
// how often an answer has had its turn.
func (f *Flow) choose(n *node, key way, all []found, s *State) choice {
	if key.to != nil {
		return choice{to: key.to, matched: true}
	}
	options := f.options(n, all, s)
	if len(options) == 0 {
		return choice{to: n.any, matched: n.any != nil}
	}
	best := slices.MinFunc(options, byWeight)
	if best.rank <= TransferWish.rank() {
		return best.alone()
	}
	return together(options)
}

// options are the ways open at n, in the order of the words.
func (f *Flow) options(n *node, all []found, s *State) []option {
	out := make([]option, 0, len(all))
	for _, w := range all {
		o := option{rank: Custom.rank(), length: w.hit.To - w.hit.From, to: w.sense.to}
		c := w.sense.class
		if c != nil {
			o.rank = c.Kind.rank()
		}
		if c != nil && o.to == nil {
			o.to = n.byClass[c.ID]
			if a := f.answers[c.ID]; a != nil && o.to == nil {
				o.answer, o.to = a.turn(s.used(a.id))
			}
		}
		if o.to != nil || o.answer != nil {
			out = append(out, o)
		}
	}
	return out
}

// turn is what the answer does when it had n turns before.
func (a *answer) turn(n int) (*answer, *node) {
	if a.times > 0 && n >= a.times {
		return nil, a.then
	}
	return a, a.to
}

func byWeight(a, b option) int {
	if a.rank != b.rank {
		return a.rank - b.rank
	}
	return int(b.length - a.length)
}

func (o option) alone() choice {
	c := choice{to: o.to, matched: true}
	if o.answer != nil {
		c.answers = []*answer{o.answer}
	}
	return c
}

// together takes the answers that return, and the weightiest way on.
func together(options []option) choice {
	c := choice{matched: true}
	var on []option
	for _, o := range options {
		if o.to != nil {
			on = append(on, o)
		} else if len(c.answers) < mostAnswers && !slices.Contains(c.answers, o.answer) {
			c.answers = append(c.answers, o.answer)
		}
	}
	if len(on) > 0 {
		best := slices.MinFunc(on, byWeight)
		if c.to = best.to; best.answer != nil {
			c.answers = append(c.answers, best.answer)
		}
	}
	return c
}

// around are the words that people put around a key they say aloud: 我选一, 按1号.
var around = strings.NewReplacer("我", "", "选择", "", "选", "", "按", "", "要", "", "键", "", "第", "", "号", "", "个", "", "|", "")

// digit is where a key leads, pressed or said; its to is nil where it leads nowhere.
func (n *node) digit(source Source, text string) way {
	if len(n.byDigit) == 0 || len(text) > longestKey {
		return way{}
	}
	if source == Digit {
		return n.byDigit[digitKey(text)]
	}
	return n.byDigit[around.Replace(words.Normal(text))]
}

// longestKey bounds a key said aloud, in bytes: 我就选择按一号键.
const longestKey = 30

// digitKey is the form in which keys are compared: 一 is 1, and * and # stay what they are.
func digitKey(d string) string {
	if d = strings.TrimSpace(d); d == "*" || d == "#" {
		return d
	}
	return words.Normal(d)
}

package scriptflow

import (
	"fmt"
	"strings"

	"yingda/scriptflow/words"
)

// Flow is a compiled script: immutable, and safe for any number of calls at once.
type Flow struct {
	script  *Script
	nodes   map[string]*node
	entry   *node
	giveUp  *node
	classes map[string]*Class
	answers map[string]*answer // by class
	silence silence
	noMatch fallback
	lexicon *words.Lexicon
	senses  []sense // what each entry of the lexicon means
	fillers []string
}

// node is a Node with its names resolved.
type node struct {
	Node
	scope    int32 // its own keywords in the lexicon
	lines    []line
	again    []line
	againID  string
	byClass  map[string]*node
	byDigit  map[string]way
	any      *node
	next     *node
	silence  silence
	noMatch  fallback
	maxVisit int
}

type answer struct {
	id    string
	lines []line
	to    *node // nil = return to where the talk was
	times int
	then  *node
}

// returns says whether the talk goes on where it was after this answer.
func (a *answer) returns() bool { return a.to == nil }

type silence struct {
	id    string
	after int
	times int
	lines []line
	to    *node
}

type fallback struct {
	id    string
	times int
	lines []line
	to    *node
}

// way is where a key leads, and the class that it counts as, if any.
type way struct {
	to    *node
	class *Class
}

// sense is what a keyword means: a class, a way on from its own node (with the class that it
// counts as, if any), or a machine.
type sense struct {
	word  string
	class *Class
	to    *node
	far   FarEnd
}

// Compile makes a Flow of a script that Check finds no error in; otherwise the Flow is nil.
// The problems, warnings included, come back either way. The script may be changed afterwards.
func Compile(s *Script) (*Flow, Problems) {
	problems := Check(s)
	if problems.Bad() {
		return nil, problems
	}
	f := &Flow{script: s.clone(), nodes: map[string]*node{}, classes: map[string]*Class{}, answers: map[string]*answer{}}
	f.addClasses()
	f.addNodes()
	f.addAnswers()
	f.addLexicon()
	return f, problems
}

// Script returns a copy of what the flow was compiled from.
func (f *Flow) Script() *Script { return f.script.clone() }

func (f *Flow) addClasses() {
	for i := range f.script.Classes {
		f.classes[f.script.Classes[i].ID] = &f.script.Classes[i]
	}
}

func (f *Flow) addNodes() {
	for i, n := range f.script.Nodes {
		f.nodes[n.ID] = &node{Node: n, scope: int32(i + 1), maxVisit: orDefault(n.MaxVisits, orDefault(f.script.Limits.Visits, 3))}
	}
	f.entry, f.giveUp = f.nodes[f.script.Entry], f.nodes[f.script.GiveUp]
	f.silence = f.newSilence("silence", &f.script.Silence)
	f.noMatch = f.newFallback("no_match", &f.script.NoMatch)
	for _, n := range f.nodes {
		f.resolve(n)
	}
}

func (f *Flow) resolve(n *node) {
	n.lines = linesOf(n.ID, n.Say, n.Interrupt)
	n.againID = n.ID + ".again"
	n.again = linesOf(n.againID, n.Again, n.Interrupt)
	n.next = f.nodes[n.Next]
	n.silence, n.noMatch = f.silence, f.noMatch
	if n.Silence != nil {
		n.silence = f.newSilence(n.ID+".silence", n.Silence)
	}
	if n.NoMatch != nil {
		n.noMatch = f.newFallback(n.ID+".no_match", n.NoMatch)
	}
	n.byClass, n.byDigit = map[string]*node{}, map[string]way{}
	for _, b := range n.Branches {
		to := f.nodes[b.To]
		for _, c := range b.Classes {
			setOnce(n.byClass, c, to)
		}
		for _, d := range b.Digits {
			setOnce(n.byDigit, digitKey(d), way{to, f.classes[b.Means]})
		}
		if b.Any && n.any == nil {
			n.any = to
		}
	}
}

// setOnce keeps the first: branches are tried in the order written.
func setOnce[T any](m map[string]T, key string, to T) {
	if _, taken := m[key]; !taken {
		m[key] = to
	}
}

func (f *Flow) newSilence(id string, s *Silence) silence {
	return silence{id, orDefault(s.AfterMS, 4000), s.Times, linesOf(id, s.Say, Anytime), f.orGiveUp(s.To)}
}

func (f *Flow) newFallback(id string, b *Fallback) fallback {
	return fallback{id, b.Times, linesOf(id, b.Say, Anytime), f.orGiveUp(b.To)}
}

func (f *Flow) orGiveUp(id string) *node {
	if n := f.nodes[id]; n != nil {
		return n
	}
	return f.giveUp
}

func (f *Flow) addAnswers() {
	for _, a := range f.script.Answers {
		id := "answer." + strings.Join(a.Classes, ".")
		resolved := &answer{id, linesOf(id, a.Say, Anytime), f.nodes[a.To], a.Times, f.orGiveUp(a.Then)}
		for _, c := range a.Classes {
			f.answers[c] = resolved
		}
	}
}

func (f *Flow) addLexicon() {
	var entries []words.Entry
	add := func(e words.Entry, s sense) {
		s.word = e.Word
		entries, f.senses = append(entries, e), append(f.senses, s)
	}
	for _, w := range f.script.Machine.Voicemail {
		add(words.Entry{Word: w, Homophones: true}, sense{far: Voicemail})
	}
	for _, w := range f.script.Machine.Announcement {
		add(words.Entry{Word: w, Homophones: true}, sense{far: Announcement})
	}
	for i, n := range f.script.Nodes {
		for _, b := range n.Branches {
			for _, w := range b.Keywords {
				add(words.Entry{Word: w, Scope: int32(i + 1), Homophones: true}, sense{to: f.nodes[b.To], class: f.classes[b.Means]})
			}
		}
	}
	for _, c := range f.script.Classes {
		for _, w := range c.Keywords {
			add(words.Entry{Word: w, Homophones: !c.Strict}, sense{class: f.classes[c.ID]})
		}
	}
	f.lexicon, f.fillers = words.New(entries), fillersOf(f.script.Machine.Backchannel)
}

func orDefault(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// clone is a copy that shares nothing that is ever written.
func (s *Script) clone() *Script {
	c := *s
	c.Classes = append([]Class(nil), s.Classes...)
	c.Nodes = append([]Node(nil), s.Nodes...)
	c.Answers = append([]Answer(nil), s.Answers...)
	c.Variables = append([]Variable(nil), s.Variables...)
	return &c
}

// lineID names a line in the transcript and in the prompt cache.
func lineID(owner string, variant int) string { return fmt.Sprintf("%s/%d", owner, variant) }

package whisper

import (
	"strings"

	"yingda/speech/sound"
)

// A phrase whose syllables stand in the free text was said. One that nearly stands there
// must be earned: how much worse than the free text it explains the audio, less a price for
// what differs, plus something for leaving the other phrases behind, has to stay over
// `tolerance`. (The model's README, step 4, cuts at distance 0.5 and 1.5 below the free
// text. Measured on 36 short utterances of a real speaker and 34 usual answers by the callee's
// voice, that hears 需要 as 不需要 and 三十度 as 三十二度, and loses five answers that this keeps.)
const (
	farthest      = 0.7  // a phrase this much (share of its syllables) away from the free text was not said
	roomy         = 2    // … nor one in a free text over this many times as long, plus two, unless it stands there
	distancePrice = 2.0  // log-probability that one whole phrase of distance costs
	unheardPrice  = 1.2  // for each syllable of the phrase that the free text has nothing for
	tailPrice     = 0.5  // … but this, where it is only the last one of several
	leadPrize     = 0.5  // for each unit of log-probability ahead of the next phrase …
	leadMost      = 2.0  // … up to here
	tolerance     = 2.2  // see above
	embedded      = 3.5  // the same for a phrase that stands inside a longer free text
	implausible   = -4.0 // no phrase is accepted that explains the audio this badly
	weak          = -0.9 // a free text less sure than this rules no phrase out by its sound …
	obvious       = -2.6 // … but then the phrase must explain the audio this well,
	ahead         = 1.0  // and so much better than the next
	promptMost    = 190  // tokens of hints that go into the prompt (README: stay below 200)
)

// noHints is the prompt without phrases: it sets language and register.
const noHints = "以下是普通话电话录音。"

// Hints are the phrases a dialogue expects, made ready once and used for many
// utterances by many goroutines.
type Hints struct {
	phrases []phrase
	prompt  []int64 // sot_prev, the phrases joined by ， and closed by 。
}

type phrase struct {
	text   string
	tokens []int64
	sounds [][]sound.ID // its readings
}

// Phrases returns the hints as they were given, without blanks and repetitions.
func (h *Hints) Phrases() []string {
	out := make([]string, len(h.phrases))
	for i, p := range h.phrases {
		out[i] = p.text
	}
	return out
}

// NewHints makes phrases ready. Those that do not fit into the prompt any more are
// still scored against the audio: put the likely ones first.
func (m *Model) NewHints(phrases []string) *Hints {
	h, seen := &Hints{}, map[string]bool{}
	for _, text := range phrases {
		text = strings.TrimSpace(text)
		if text == "" || seen[text] {
			continue
		}
		seen[text] = true
		p := phrase{text: text, tokens: m.vocab.encode(text)}
		for _, r := range sound.Readings([]rune(text)) {
			p.sounds = append(p.sounds, sound.IDs(r))
		}
		if len(p.sounds[0]) > 0 {
			h.phrases = append(h.phrases, p)
		}
	}
	h.prompt = m.prompt(h.phrases)
	return h
}

func (m *Model) prompt(phrases []phrase) []int64 {
	said := ""
	for _, p := range phrases {
		next := said + "，" + p.text
		if said == "" {
			next = p.text
		}
		if len(m.vocab.encode(next)) >= promptMost {
			break
		}
		said = next
	}
	if said == "" {
		said = strings.TrimSuffix(noHints, "。")
	}
	return append([]int64{int64(m.vocab.sotPrev)}, m.vocab.encode(said+"。")...)
}

// match is how near a phrase is to the free text.
type match struct {
	phrase   *phrase
	index    int     // of the phrase in its hints
	distance float64 // edits ÷ syllables of the phrase
	unheard  int     // syllables of the phrase more than it aligns with
	tail     bool    // the only one is the last: people swallow it
	from, to int     // runes of the free text it aligns with
	logProb  float64 // mean, given the audio
}

// score compares phrases with each other and, with its lead, with the free text.
func (x match) score() float64 {
	price := unheardPrice * float64(x.unheard)
	if x.tail {
		price = tailPrice
	}
	return x.logProb - distancePrice*x.distance - price
}

// near lists the phrases that the free text does not rule out.
func near(h *Hints, readings [][]sound.Syllable) []match {
	var out []match
	for i := range h.phrases {
		x := nearest(&h.phrases[i], readings)
		if x.index = i; x.distance == 0 || x.distance <= farthest && len(readings[0]) <= roomy*x.syllables()+2 {
			out = append(out, x)
		}
	}
	return out
}

// nearest takes the best pair of readings: both sides may hold numbers.
func nearest(p *phrase, readings [][]sound.Syllable) match {
	x := match{phrase: p, distance: 1}
	for _, want := range p.sounds {
		for _, text := range readings {
			cost, from, to := sound.Within(want, text)
			d := float64(cost) / float64(len(want))
			if d < x.distance && to > from {
				x.distance, x.from, x.to = d, text[from].From, text[to-1].To
				x.unheard = max(0, len(want)-(to-from))
				x.tail = x.unheard == 1 && len(want) > 2 && standsIn(text, want[:len(want)-1])
			}
		}
	}
	return x
}

// exact picks the longest phrase that stands in the free text syllable by syllable; of
// equally long ones that which is written the same.
func exact(near []match, free []rune) *match {
	var won *match
	for i := range near {
		x := &near[i]
		if x.distance > 0 || negated(free[:x.from]) {
			continue
		}
		same := x.phrase.text == string(free[x.from:x.to])
		if won == nil || x.syllables() > won.syllables() || x.syllables() == won.syllables() && same {
			won = x
		}
	}
	return won
}

// negated says that what comes before a phrase turns it round: 方便 was not said in 不方便.
func negated(before []rune) bool {
	s := string(before)
	for _, no := range []string{"不", "没", "没有", "别", "不太"} {
		if strings.HasSuffix(s, no) {
			return true
		}
	}
	return false
}

func standsIn(text []sound.Syllable, phrase []sound.ID) bool {
	cost, _, _ := sound.Within(phrase, text)
	return cost == 0
}

func (x match) syllables() int { return len(x.phrase.sounds[0]) }

// whole says that the phrase is all that was said.
func (x match) whole(free []rune) bool { return x.from == 0 && x.to == len(free) }

// accept picks the phrase that was said, if any. logProbs are those of all phrases.
func accept(near []match, free []rune, logProbs []float64, freeLogProb float64) *match {
	var won *match
	for i := range near {
		if near[i].logProb = logProbs[near[i].index]; negated(free[:near[i].from]) {
			continue
		}
		if won == nil || near[i].score() > won.score() {
			won = &near[i]
		}
	}
	if won == nil || won.logProb < implausible {
		return nil
	}
	prize := 0.0
	if won.unheard == 0 { // the other phrases are no match for one that differs by a syllable only
		prize = leadPrize * max(0, min(leadMost, lead(logProbs, won.index)))
	}
	if won.score()+prize <= freeLogProb-tolerance {
		return nil
	}
	return won
}

// rescue picks a phrase that a weak free text does not contain at all, when the audio
// leaves no doubt: the free text then is a wrong turn of the decoder. -1 = none.
func rescue(logProbs []float64, free float64) int {
	first := 0
	for i, lp := range logProbs {
		if lp > logProbs[first] {
			first = i
		}
	}
	if logProbs[first] < max(obvious, free-ahead/2) || lead(logProbs, first) < ahead {
		return -1
	}
	return first
}

// lead is how far a phrase is ahead of the best other one. Among fewer than three it means
// nothing: 0.
func lead(logProbs []float64, of int) float64 {
	if len(logProbs) < 3 {
		return 0
	}
	next := negInfinity
	for i, lp := range logProbs {
		if i != of {
			next = max(next, lp)
		}
	}
	return logProbs[of] - next
}

// scores asks the decoder for the mean log-probability of each text given the audio,
// all in one batch: sot zh transcribe no_timestamps + text + eot, padded with eot.
func (m *Model) scores(u Utterance, texts [][]int64) ([]float64, error) {
	v, n := m.vocab, 0
	for _, t := range texts {
		n = max(n, len(t))
	}
	width := 4 + n + 1
	tokens := make([]int64, 0, width*len(texts))
	for _, t := range texts {
		row := append(m.start(), t...)
		for len(row) < width {
			row = append(row, int64(v.eot))
		}
		tokens = append(tokens, row...)
	}
	const first = 3 // the last of the start predicts the first of the text
	logits, err := u.Score(tokens, len(texts), first)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(texts))
	for i, t := range texts {
		rows := logits[i*(width-first)*v.size():]
		out[i] = meanLogProb(rows, append(t[:len(t):len(t)], int64(v.eot)), v.size())
	}
	return out, nil
}

func meanLogProb(rows []float32, tokens []int64, size int) (sum float64) {
	for i, t := range tokens {
		sum += logProb(rows[i*size:(i+1)*size], t)
	}
	return sum / float64(len(tokens))
}

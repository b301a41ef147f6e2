package whisper

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"yingda/speech/sound"
)

// A phrase whose syllables stand in the free text was said. Any other must be earned from
// the audio: an answer, which is all that somebody says, by explaining it well; a longer phrase by
// explaining it hardly worse than the free text does. Either pays for how differently it sounds.
// (Not the model's README, step 4. Why, and what it gives: docs/decisions/0008-phrase-acceptance.md.)
const (
	answerMost = 5 // syllables of an answer

	answerPrice = 1.35 // log-probability that a distance of one whole answer costs
	answerBonus = 0.33 // … and that each of its syllables is worth: a long one does not fit by chance
	answerLeast = -2.2 // what must be left
	answerGap   = 2.4  // a free text that explains the audio so much better was said instead

	price     = 6.0  // of a longer phrase
	tolerance = 2.9  // … which may explain the audio so much worse than the free text
	worst     = -3.5 // a free text that explains the audio worse counts as this: beating it proves nothing
	reach     = 0.6  // phrases farther than this from a free text …
	sure      = -0.9 // … that is surer than this cannot win

	mostAsked  = 24  // phrases that are scored; with more, the likeliest by how they begin and sound
	soundPrice = 5.0 // log-probability of the first token that a distance of one whole phrase is worth there

	longestAnswer = 4 // characters of a phrase whose opposite is asked about

	promptMost = 190 // tokens of hints that go into the prompt (README: stay below 200)
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
	distance float64 // cost of what differs ÷ syllables of the phrase
	from, to int     // runes of the free text it aligns with
	logProb  float64 // mean, given the audio
}

// earns is by how much a phrase is accepted, given how well the audio explains the free text
// and how sure the decoder is of it; at most 0 where it is not. Answers and longer phrases are measured alike.
func (x match) earns(free, sureness float64) float64 {
	if x.syllables() <= answerMost {
		left := x.logProb - answerPrice*x.distance + answerBonus*float64(x.syllables()) - answerLeast
		return min(left, x.logProb-(max(free, worst)-answerGap))
	}
	if sureness >= sure && x.distance > reach {
		return 0
	}
	return x.logProb - price*x.distance - (max(free, worst) - tolerance)
}

func (x match) syllables() int { return len(x.phrase.sounds[0]) }

// whole says that the phrase is all that was written.
func (x match) whole(free []rune) bool { return x.from == 0 && x.to == len(free) }

// written says that the phrase stands in the free text as it is written.
func (x match) written(free []rune) bool { return x.phrase.text == string(free[x.from:x.to]) }

// compare aligns the hints with the free text. What is turned round there is left out.
func (h *Hints) compare(free []rune) []match {
	readings := sound.Readings(free)
	all := make([]match, 0, len(h.phrases))
	for i := range h.phrases {
		if x := nearest(&h.phrases[i], readings); !negated(free[:x.from]) {
			all = append(all, x)
		}
	}
	return all
}

// nearest takes the best pair of readings: both sides may hold numbers.
func nearest(p *phrase, readings [][]sound.Syllable) match {
	x := match{phrase: p, distance: 1}
	for _, want := range p.sounds {
		for _, text := range readings {
			cost, from, to := sound.Within(want, text)
			if d := float64(cost) / float64(sound.Whole*len(want)); d < x.distance && to > from {
				x.distance, x.from, x.to = d, text[from].From, text[to-1].To
			}
		}
	}
	return x
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

// opposite turns a short answer round: 可以 into 不可以, 有兴趣 into 没有兴趣. "" = it is one
// already, asks (贵不贵), or is too long to hang on one syllable.
func opposite(answer string) string {
	switch {
	case utf8.RuneCountInString(answer) > longestAnswer || strings.ContainsAny(answer, "不没别"):
		return ""
	case strings.HasPrefix(answer, "有"):
		return "没" + answer
	}
	return "不" + answer
}

// stands picks the longest phrase that is in the free text beyond doubt: written there, or
// sounding like all of it.
func stands(all []match, free []rune) *match {
	var won *match
	for i := range all {
		x := &all[i]
		if x.distance > 0 || !x.written(free) && !x.whole(free) {
			continue
		}
		if won == nil || x.syllables() > won.syllables() || x.syllables() == won.syllables() && x.written(free) {
			won = x
		}
	}
	return won
}

// likeliest keeps the matches that may win when the audio is asked: at most mostAsked, by the
// logit of their first token, begin, and by how near they are to what was written. (Of 417 phrases the one that was said is among the first 24 in 93 of 100 cases, 40 in 96.)
func likeliest(all []match, begin func(*phrase) float64) []match {
	if len(all) <= mostAsked {
		return all
	}
	worth := make(map[*phrase]float64, len(all))
	for _, x := range all {
		worth[x.phrase] = begin(x.phrase) - soundPrice*x.distance
	}
	return slices.SortedStableFunc(slices.Values(all), func(a, b match) int { return cmp.Compare(worth[b.phrase], worth[a.phrase]) })[:mostAsked]
}

// accept picks the phrase that the audio earns best, nil = none does.
func accept(asked []match, free, sureness float64) *match {
	var won *match
	most := 0.0
	for i := range asked {
		if e := asked[i].earns(free, sureness); e > most {
			won, most = &asked[i], e
		}
	}
	return won
}

// beginnings asks the decoder how each phrase does as the beginning of the text: the logit
// of its first token. The answer is good until u is asked again.
func (m *Model) beginnings(u Utterance) (func(*phrase) float64, error) {
	t := u.Begin()
	defer t.Close()
	logits, err := t.Feed(m.start(), len(m.start())-1)
	if err != nil {
		return nil, err
	}
	return func(p *phrase) float64 { return float64(logits[p.tokens[0]]) }, nil
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

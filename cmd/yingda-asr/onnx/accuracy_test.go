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
	"time"
	"unicode/utf8"

	"yingda/platform/audio"
	"yingda/speech/eval"
	"yingda/speech/whisper"
)

func TestAccuracy(t *testing.T) {
	set := os.Getenv("YINGDA_TESTSET")
	if set == "" {
		t.Skip("YINGDA_TESTSET is not set")
	}
	m := load(t)
	all, err := eval.Read(set)
	if err != nil {
		t.Fatal(err)
	}
	measure(t, m, all, nil)
	var short []string
	for _, u := range all {
		if n := utf8.RuneCountInString(u.Said); n >= 3 && n <= 8 && !slices.Contains(short, u.Said) {
			short = append(short, u.Said)
		}
	}
	t.Log(len(short), "short utterances")
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(short), func(i, j int) { short[i], short[j] = short[j], short[i] })
	measure(t, m, all, short[:min(20, len(short))])
}

func measure(t *testing.T, m *whisper.Model, all []eval.Utterance, phrases []string) {
	h := m.NewHints(phrases)
	var mu sync.Mutex
	var ce, se eval.Tally
	var cpu, sound time.Duration
	hit, of, wrong := 0, 0, 0
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < len(all); i += 2 {
				u := all[i]
				begin := time.Now()
				r, err := m.Recognize(context.Background(), audio.DecodeALaw(nil, u.ALaw), h)
				took := time.Since(begin)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				c, s := eval.Characters(u.Said, r.Text), eval.Syllables(u.Said, r.Text)
				ce.Errors += c.Errors
				ce.Of += c.Of
				se.Errors += s.Errors
				se.Of += s.Of
				cpu += took
				sound += time.Duration(len(u.ALaw)) * time.Second / 8000
				if slices.Contains(phrases, u.Said) {
					of++
					if r.Phrase == u.Said {
						hit++
					} else {
						t.Logf("MISS %s: free %q got %q %.2f", u.Said, r.Free, r.Phrase, r.LogProb)
					}
				} else if r.Phrase != "" {
					if !strings.Contains(u.Said, r.Phrase) {
						wrong++
						t.Logf("FALSE %s: free %q got %q", u.Said, r.Free, r.Phrase)
					} else {
						t.Logf("part %s: %q", u.Said, r.Phrase)
					}
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	t.Logf("hints %d: cer %.3f ser %.3f hit %d/%d false %d rtf(wall) %.3f", len(phrases), ce.Rate(), se.Rate(), hit, of, wrong, cpu.Seconds()/sound.Seconds())
}

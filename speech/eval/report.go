package eval

import (
	"math"
	"slices"
	"time"
)

// Report is the one JSON line of `yingda eval asr`.
type Report struct {
	Files            int         `json:"files"`
	CER              float64     `json:"cer"`               // characters wrong ÷ said
	SyllableER       float64     `json:"syllable_er"`       // toneless syllables wrong ÷ said
	KeywordPrecision float64     `json:"keyword_precision"` // accepted hints that were said ÷ accepted; 1 where none was
	KeywordRecall    float64     `json:"keyword_recall"`    // utterances that are a hint, and accepted as it ÷ such utterances; 0 without hints
	FalseAccepts     float64     `json:"false_accepts"`     // other utterances in which a hint was accepted that was not said ÷ other utterances
	RTF              float64     `json:"rtf"`               // CPU seconds of the recogniser ÷ seconds of recordings
	FinalDelay       Percentiles `json:"final_delay_ms"`    // last voiced sample written → final; the endpoint's silence is in it
}

// Percentiles in milliseconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

func judge(set []Utterance, answers []Answer, hints []string, cpu time.Duration) Report {
	var characters, syllables, precision, recall, invented Tally
	var sounding time.Duration
	var delays []float64
	for i, u := range set {
		a := answers[i]
		characters = characters.plus(Characters(u.Said, a.Text))
		syllables = syllables.plus(Syllables(u.Said, a.Text))
		p, r, f := keywords(u.Said, a.Phrases, hints)
		precision, recall, invented = precision.plus(p), recall.plus(r), invented.plus(f)
		sounding += time.Duration(len(u.ALaw)) * time.Second / 8000
		if a.Finals > 0 {
			delays = append(delays, float64(a.Delay.Milliseconds()))
		}
	}
	r := Report{Files: len(set), CER: round(characters.Rate()), SyllableER: round(syllables.Rate()),
		KeywordPrecision: round(1 - precision.Rate()), FalseAccepts: round(invented.Rate()), FinalDelay: percentiles(delays)}
	if recall.Of > 0 {
		r.KeywordRecall = round(1 - recall.Rate())
	}
	if sounding > 0 {
		r.RTF = round(cpu.Seconds() / sounding.Seconds())
	}
	return r
}

// keywords counts, for one utterance: accepted phrases that were not said; whether a hint
// that is the whole utterance was missed; whether another utterance got one it did not say.
func keywords(said string, accepted, hints []string) (precision, recall, invented Tally) {
	for _, p := range accepted {
		precision.Of++
		if !contains(said, p) {
			precision.Errors++
		}
	}
	if slices.Contains(hints, said) {
		recall.Of = 1
		if !slices.Contains(accepted, said) {
			recall.Errors = 1
		}
		return precision, recall, invented
	}
	invented.Of = 1
	invented.Errors = min(1, precision.Errors)
	return precision, recall, invented
}

func percentiles(v []float64) Percentiles {
	if len(v) == 0 {
		return Percentiles{}
	}
	slices.Sort(v)
	at := func(p float64) float64 { return v[min(len(v)-1, int(math.Ceil(p*float64(len(v))))-1)] }
	return Percentiles{P50: at(0.5), P95: at(0.95)}
}

func round(v float64) float64 { return math.Round(v*10000) / 10000 }

package whisper

import "math"

var (
	negInf      = float32(math.Inf(-1))
	negInfinity = math.Inf(-1)
)

// best is the place of the largest logit.
func best(logits []float32) int {
	at := 0
	for i, v := range logits {
		if v > logits[at] {
			at = i
		}
	}
	return at
}

// logSum is log Σ exp(logits): what turns a logit into a log-probability. Terms more
// than e^-16 below the largest cannot change the sum of 12,062 by a thousandth; they are skipped.
func logSum(logits []float32) float64 {
	top := logits[best(logits)]
	var sum float64
	for _, v := range logits {
		if v > top-16 {
			sum += math.Exp(float64(v - top))
		}
	}
	return float64(top) + math.Log(sum)
}

// logProb of one token under the given logits.
func logProb(logits []float32, token int64) float64 {
	return float64(logits[token]) - logSum(logits)
}

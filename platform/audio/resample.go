package audio

import "math"

// Resample converts mono samples between rates with a windowed-sinc filter cut at
// the lower Nyquist frequency. It is for prompts and files, not for the 20 ms path.
func Resample(src []int16, from, to int) []int16 {
	if from == to || len(src) == 0 {
		return src
	}
	const taps = 16 // zero crossings each side
	ratio := float64(to) / float64(from)
	cut := math.Min(1, ratio)
	half := float64(taps) / cut
	out := make([]int16, int(math.Round(float64(len(src))*ratio)))
	for i := range out {
		at := float64(i) / ratio
		lo, hi := max(0, int(math.Ceil(at-half))), min(len(src)-1, int(math.Floor(at+half)))
		var sum, weight float64
		for j := lo; j <= hi; j++ {
			x := float64(j) - at
			w := cut * sinc(cut*x) * (0.5 + 0.5*math.Cos(math.Pi*x/half))
			sum += w * float64(src[j])
			weight += w
		}
		if weight > 0.01 {
			sum /= weight
		}
		out[i] = int16(math.Max(-32768, math.Min(32767, math.Round(sum))))
	}
	return out
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// Peaks reduces samples to n pairs of (min, max) scaled to -127…127, for a waveform.
func Peaks(pcm []int16, n int) []int8 {
	out := make([]int8, 0, 2*n)
	for i := range n {
		lo, hi := int16(0), int16(0)
		for _, s := range pcm[i*len(pcm)/n : (i+1)*len(pcm)/n] {
			lo, hi = min(lo, s), max(hi, s)
		}
		out = append(out, int8(max(int(lo)>>8, -127)), int8(hi>>8))
	}
	return out
}

package whisper

import "math"

// upTaps is a low-pass of 41 taps (Kaiser, β = 5) at a quarter of the upper rate, with
// gain two: the filter the model's numbers were measured with.
var upTaps = kaiserLowPass(10)

// upsample doubles the rate of 8 kHz samples and scales them to ±1.
func upsample(pcm []int16) []float32 {
	const reach = 10
	in := make([]float32, len(pcm)+2*reach)
	for i, s := range pcm {
		in[reach+i] = float32(s) / 32768
	}
	out := make([]float32, 2*len(pcm))
	for i := range pcm {
		win := in[i : i+2*reach+1]
		out[2*i] = dotEven(win)
		out[2*i+1] = dotOdd(win)
	}
	return out
}

// dotEven and dotOdd are the two phases of the filter around the middle of win.
func dotEven(win []float32) (sum float32) {
	for j, v := range win[:21] {
		sum += v * upTaps[2*(20-j)]
	}
	return sum
}

func dotOdd(win []float32) (sum float32) {
	for j, v := range win[1:21] {
		sum += v * upTaps[2*(20-j)-1]
	}
	return sum
}

func kaiserLowPass(half int) []float32 {
	n := 4*half + 1
	taps := make([]float64, n)
	var sum float64
	for i := range taps {
		x := float64(i-2*half) / 2
		taps[i] = sinc(x) * kaiser(float64(i-2*half)/float64(2*half), 5)
		sum += taps[i]
	}
	out := make([]float32, n)
	for i, t := range taps {
		out[i] = float32(2 * t / sum)
	}
	return out
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window at x = -1…1.
func kaiser(x, beta float64) float64 {
	return bessel0(beta*math.Sqrt(max(0, 1-x*x))) / bessel0(beta)
}

// bessel0 is the modified Bessel function of order zero, by its series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

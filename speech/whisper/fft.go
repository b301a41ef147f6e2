package whisper

import "math"

// The features need the power spectrum of 400 real samples. 400 is no power of
// two, so it is done as a complex transform of 200 = 4·2·5·5 (Stockham, self-sorting)
// over sample pairs, and untangled: three times fewer operations than padding to 512
// would need after resampling the bins.
const (
	frameLen = 400
	fftLen   = frameLen / 2
	bins     = fftLen + 1
)

// Pass i of the transform joins fftRadix[i] parts.
var fftRadix = [...]int{4, 2, 5, 5}

var (
	passTwiddle [len(fftRadix)][]complex64 // e^(-2πi·p·k/n) for each p and k of the pass, k = 1…radix-1
	splitTwist  [bins]complex64            // -i/2·e^(-2πi·k/400)
	hann        [frameLen]float32          // periodic, as torch.hann_window(400)
)

func init() {
	n := fftLen
	for i, r := range fftRadix {
		for p := range n / r {
			for k := 1; k < r; k++ {
				passTwiddle[i] = append(passTwiddle[i], turn(p*k, n))
			}
		}
		n /= r
	}
	for k := range splitTwist {
		splitTwist[k] = complex(0, -0.5) * turn(k, frameLen)
	}
	for i := range hann {
		hann[i] = float32(0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/frameLen))
	}
}

// turn is e^(-2πi·k/n).
func turn(k, n int) complex64 {
	s, c := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
	return complex(float32(c), float32(s))
}

// spectrum holds the scratch space of one goroutine.
type spectrum struct {
	a, b  [fftLen]complex64
	power [bins]float32
}

// of computes |FFT(window·frame)|² of 400 samples; the result lives until the next call.
func (s *spectrum) of(frame []float32) *[bins]float32 {
	_ = frame[frameLen-1]
	for i := range s.a {
		s.a[i] = complex(frame[2*i]*hann[2*i], frame[2*i+1]*hann[2*i+1])
	}
	s.split(s.transform())
	return &s.power
}

// transform runs the passes, back and forth between the two buffers.
func (s *spectrum) transform() *[fftLen]complex64 {
	x, y := &s.a, &s.b
	n, stride := fftLen, 1
	for i, r := range fftRadix {
		switch r {
		case 2:
			pass2(x, y, n, stride, passTwiddle[i])
		case 4:
			pass4(x, y, n, stride, passTwiddle[i])
		case 5:
			pass5(x, y, n, stride, passTwiddle[i])
		}
		n, stride = n/r, stride*r
		x, y = y, x
	}
	return x
}

// split untangles the spectrum of the pairs into that of the real samples and squares it.
func (s *spectrum) split(z *[fftLen]complex64) {
	for k := range bins {
		a, b := z[k%fftLen], z[(fftLen-k)%fftLen]
		b = complex(real(b), -imag(b))
		v := (a+b)*0.5 + splitTwist[k]*(a-b)
		s.power[k] = real(v)*real(v) + imag(v)*imag(v)
	}
}

func pass2(x, y *[fftLen]complex64, n, stride int, w []complex64) {
	m := n / 2
	for p := range m {
		w1 := w[p]
		for q := range stride {
			a, b := x[q+stride*p], x[q+stride*(p+m)]
			y[q+stride*2*p] = a + b
			y[q+stride*(2*p+1)] = (a - b) * w1
		}
	}
}

func pass4(x, y *[fftLen]complex64, n, stride int, w []complex64) {
	m := n / 4
	for p := range m {
		w1, w2, w3 := w[3*p], w[3*p+1], w[3*p+2]
		for q := range stride {
			a, b := x[q+stride*p], x[q+stride*(p+m)]
			c, d := x[q+stride*(p+2*m)], x[q+stride*(p+3*m)]
			ac, ac1, bd, bd1 := a+c, a-c, b+d, timesI(b-d)
			to := q + stride*4*p
			y[to] = ac + bd
			y[to+stride] = (ac1 - bd1) * w1
			y[to+2*stride] = (ac - bd) * w2
			y[to+3*stride] = (ac1 + bd1) * w3
		}
	}
}

// The constants of a transform of five: cos and sin of 72° and 144°.
const (
	c1, c2 = 0.30901699437494745, -0.8090169943749475
	s1, s2 = 0.9510565162951535, 0.5877852522924731
)

func pass5(x, y *[fftLen]complex64, n, stride int, w []complex64) {
	m := n / 5
	for p := range m {
		w := w[4*p : 4*p+4]
		for q := range stride {
			from := q + stride*p
			a := x[from]
			b, e := x[from+stride*m], x[from+4*stride*m]
			c, d := x[from+2*stride*m], x[from+3*stride*m]
			be, cd := b+e, c+d
			u := a + scale(be, c1) + scale(cd, c2)
			v := a + scale(be, c2) + scale(cd, c1)
			f := timesI(scale(b-e, s1) + scale(c-d, s2))
			g := timesI(scale(b-e, s2) - scale(c-d, s1))
			to := q + stride*5*p
			y[to] = a + be + cd
			y[to+stride] = (u - f) * w[0]
			y[to+2*stride] = (v - g) * w[1]
			y[to+3*stride] = (v + g) * w[2]
			y[to+4*stride] = (u + f) * w[3]
		}
	}
}

func timesI(z complex64) complex64            { return complex(-imag(z), real(z)) }
func scale(z complex64, by float32) complex64 { return complex(real(z)*by, imag(z)*by) }

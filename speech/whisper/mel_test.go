package whisper

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

func TestSpectrumIsTheDefinition(t *testing.T) {
	frame := noise(frameLen, 1)
	var s spectrum
	got := s.of(frame)
	for k := range bins {
		var sum complex128
		for i, v := range frame {
			sum += complex(float64(v)*float64(hann[i]), 0) * cmplx.Exp(complex(0, -2*math.Pi*float64(i*k)/frameLen))
		}
		want := real(sum)*real(sum) + imag(sum)*imag(sum)
		if math.Abs(float64(got[k])-want) > 1e-3*(1+want) {
			t.Fatalf("bin %d: %g, want %g", k, got[k], want)
		}
	}
}

func TestMelShape(t *testing.T) {
	for _, samples := range []int{0, 1, 80, 8000, 19304, MaxSamples, MaxSamples + 8000} {
		mel, frames := Mel(make([]int16, samples))
		if frames%2 != 0 || frames > maxFrames || len(mel) != melBands*frames {
			t.Errorf("%d samples: %d frames, %d values", samples, frames, len(mel))
		}
	}
	if _, frames := Mel(make([]int16, 19304)); frames != 540 {
		t.Errorf("%d frames, want 540 (vectors.json, first file)", frames)
	}
}

// A tone must light the band around its frequency and no other half of the scale.
func TestMelPutsAToneInItsBand(t *testing.T) {
	pcm := make([]int16, 8000)
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*1000*float64(i)/8000))
	}
	mel, frames := Mel(pcm)
	best := 0
	for b := range melBands {
		if mel[b*frames+50] > mel[best*frames+50] {
			best = b
		}
	}
	centre := slaneyHz(slaneyMel(rate/2) * float64(best+1) / float64(melBands+1))
	if math.Abs(centre-1000) > 60 {
		t.Errorf("1000 Hz lights band %d at %.0f Hz", best, centre)
	}
}

func BenchmarkMel6s(b *testing.B) {
	pcm := make([]int16, 48000)
	for i := range pcm {
		pcm[i] = int16(rand.IntN(2000) - 1000)
	}
	b.ReportAllocs()
	for b.Loop() {
		Mel(pcm)
	}
}

func noise(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	out := make([]float32, n)
	for i := range out {
		out[i] = r.Float32()*2 - 1
	}
	return out
}

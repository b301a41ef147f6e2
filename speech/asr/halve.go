package asr

import "math"

// halver turns 16 kHz into 8 kHz, frame by frame: a low-pass of 31 taps at 3.6 kHz
// (Hamming), every second sample of it.
type halver struct {
	tail []float32 // what the filter still needs of the last frame
	odd  bool      // the next sample falls between two of ours
	out  []int16
}

const halfTaps = 31

var lowPass = func() (taps [halfTaps]float32) {
	var sum float64
	raw := make([]float64, halfTaps)
	for i := range raw {
		x := float64(i-halfTaps/2) * 0.45
		w := 0.54 - 0.46*math.Cos(2*math.Pi*float64(i)/(halfTaps-1))
		raw[i] = w
		if x != 0 {
			raw[i] *= math.Sin(math.Pi*x) / (math.Pi * x)
		}
		sum += raw[i]
	}
	for i := range taps {
		taps[i] = float32(raw[i] / sum)
	}
	return taps
}()

func (h *halver) down(in []int16) []int16 {
	if h.tail == nil {
		h.tail = make([]float32, halfTaps-1)
	}
	wave := h.tail
	for _, s := range in {
		wave = append(wave, float32(s))
	}
	h.out = h.out[:0]
	for i := 0; i+halfTaps <= len(wave); i++ {
		if h.odd = !h.odd; !h.odd {
			continue
		}
		var sum float32
		for j, t := range lowPass {
			sum += t * wave[i+j]
		}
		h.out = append(h.out, int16(max(-32768, min(32767, sum))))
	}
	h.tail = append([]float32(nil), wave[len(wave)-halfTaps+1:]...)
	return h.out
}

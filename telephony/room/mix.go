package room

import "yingda/platform/audio"

// Frame is 20 ms at 8 kHz.
const Frame = 160

// Mixer makes the frames of one room. Each participant is decoded once per frame, so
// a conference of n costs n decodes, n encodes and n sums (N−1 by subtraction).
// The zero value is ready; it keeps its buffers and is not for two goroutines.
type Mixer struct {
	pcm [][Frame]int16
	sum [Frame]int32
}

// Mix writes for each participant what it hears into out: silence for who hears
// nobody, the payload itself for who hears one. in and out are A-law frames by
// participant; out[i] may not be in[j].
func (x *Mixer) Mix(m Matrix, feeds []Feed, in, out [][]byte) {
	decoded := false
	for l, f := range feeds {
		switch {
		case f.Pass >= 0:
			copy(out[l], in[f.Pass])
		case len(f.Mix) == 0:
			silence(out[l])
		default:
			if !decoded {
				x.decode(in)
				decoded = true
			}
			x.blend(m, l, out[l])
		}
	}
}

// decode expands all frames and sums them.
func (x *Mixer) decode(in [][]byte) {
	for len(x.pcm) < len(in) {
		x.pcm = append(x.pcm, [Frame]int16{})
	}
	x.sum = [Frame]int32{}
	for p, frame := range in {
		for i := range x.pcm[p] {
			v := audio.LinearALaw(frame[i])
			x.pcm[p][i] = v
			x.sum[i] += int32(v)
		}
	}
}

// blend takes from the sum of all whoever the listener does not hear, himself included.
func (x *Mixer) blend(m Matrix, listener int, out []byte) {
	acc := x.sum
	for s := range m.n {
		if !m.Hears(listener, s) {
			for i := range acc {
				acc[i] -= int32(x.pcm[s][i])
			}
		}
	}
	for i, v := range acc {
		out[i] = audio.ALaw(clip(v))
	}
}

func clip(v int32) int16 { return int16(max(-32768, min(32767, v))) }

func silence(b []byte) {
	for i := range b {
		b[i] = audio.Silence
	}
}

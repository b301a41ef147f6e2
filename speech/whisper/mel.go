package whisper

import "math"

const (
	melBands  = 80
	hop       = 160
	rate      = 16000
	maxFrames = 3000 // the encoder's positions: 30 s

	// Padding is the silence appended to an utterance before it is encoded. Less makes
	// the model repeat itself (README: 0.3 s 38 %, 1 s 34 %, 3 s 24–27 % character errors).
	paddingSeconds = 3

	// MaxSamples is the longest utterance that fits the encoder, at 8 kHz: 27 s.
	MaxSamples = (maxFrames*hop/rate - paddingSeconds) * 8000
)

// band is one triangular filter: its weights for the bins from first on.
type band struct {
	first  int
	weight []float32
}

var bands = slaneyBands()

// Mel computes the encoder's input from 8 kHz samples of one utterance: [80][frames]
// row after row, frames even. Samples over MaxSamples are cut off at the front: the end
// of what somebody says is what the dialogue waits for.
func Mel(pcm []int16) (mel []float32, frames int) {
	if len(pcm) > MaxSamples {
		pcm = pcm[len(pcm)-MaxSamples:]
	}
	wave := upsample(pcm)
	voiced := len(wave)
	frames = (voiced + paddingSeconds*rate) / hop &^ 1
	mel = make([]float32, melBands*frames)
	top := logBands(mel, frames, reflected(wave))
	compress(mel, top)
	return mel, frames
}

// reflected puts 200 samples of mirror image before the wave and silence behind it.
// The far mirror of the padding is silence too.
func reflected(wave []float32) []float32 {
	out := make([]float32, frameLen/2+len(wave)+frameLen)
	for i := range frameLen / 2 {
		if j := frameLen/2 - i; j < len(wave) {
			out[i] = wave[j]
		}
	}
	copy(out[frameLen/2:], wave)
	return out
}

// logBands fills mel with log10 of the band energies and returns the largest.
// Frames behind the wave are silence: they get the floor without a transform.
func logBands(mel []float32, frames int, wave []float32) (top float32) {
	const floor = -10 // log10(1e-10)
	var s spectrum
	top = floor
	for f := range frames {
		at := f * hop
		if at+frameLen > len(wave) {
			for b := range melBands {
				mel[b*frames+f] = floor
			}
			continue
		}
		power := s.of(wave[at : at+frameLen])
		for b := range bands {
			v := log10(bands[b].energy(power))
			mel[b*frames+f] = v
			top = max(top, v)
		}
	}
	return top
}

func (b *band) energy(power *[bins]float32) (sum float32) {
	p := power[b.first : b.first+len(b.weight)]
	for i, w := range b.weight {
		sum += w * p[i]
	}
	return sum
}

func log10(v float32) float32 {
	return float32(math.Log10(math.Max(float64(v), 1e-10)))
}

// compress keeps the upper eight decades and moves them to about -1…1.
func compress(mel []float32, top float32) {
	for i, v := range mel {
		mel[i] = (max(v, top-8) + 4) / 4
	}
}

// slaneyBands builds the filter bank: 80 triangles on the Slaney scale, 0–8000 Hz,
// each of unit area (librosa.filters.mel, norm="slaney", which Whisper was trained with).
func slaneyBands() []band {
	edge := make([]float64, melBands+2)
	for i := range edge {
		edge[i] = slaneyHz(slaneyMel(rate/2) * float64(i) / float64(melBands+1))
	}
	all := make([]band, melBands)
	for b := range all {
		all[b] = triangle(edge[b], edge[b+1], edge[b+2])
	}
	return all
}

func triangle(lo, mid, hi float64) band {
	var t band
	for k := range bins {
		hz := float64(k) * rate / frameLen
		w := min((hz-lo)/(mid-lo), (hi-hz)/(hi-mid))
		if w <= 0 {
			continue
		}
		if t.weight == nil {
			t.first = k
		}
		t.weight = append(t.weight, float32(w*2/(hi-lo)))
	}
	return t
}

// The Slaney scale is linear up to 1000 Hz (15 mel) and logarithmic above.
const slaneyStep = 0.06875177742094912 // ln(6.4)/27

func slaneyMel(hz float64) float64 {
	if hz < 1000 {
		return hz * 3 / 200
	}
	return 15 + math.Log(hz/1000)/slaneyStep
}

func slaneyHz(mel float64) float64 {
	if mel < 15 {
		return mel * 200 / 3
	}
	return 1000 * math.Exp(slaneyStep*(mel-15))
}

package espeak

import (
	"encoding/binary"
	"io"
	"math"

	"yingda/platform/audio"
)

// downsampler converts a stream of 16-bit samples to a lower rate as it comes. The
// windowed-sinc filter is tabled per phase: 22050 → 8000 Hz has 160 of them.
type downsampler struct {
	step, phases int         // per output sample the input moves on step/phases samples
	table        [][]float32 // by phase
	past         []int16     // input not used up; past[0] belongs to input index 0 of the next output
	phase        int
	out          []int16
	alaw         []byte
}

const crossings = 16 // zero crossings of the sinc on each side

func newDownsampler(from, to int) *downsampler {
	g := gcd(from, to)
	d := &downsampler{step: from / g, phases: to / g}
	cut := math.Min(1, float64(to)/float64(from))
	half := int(math.Ceil(crossings / cut))
	for p := range d.phases {
		d.table = append(d.table, taps(half, cut, float64(p)/float64(d.phases)))
	}
	d.past = make([]int16, half-1) // silence before the first sample: its peak is tap half-1
	return d
}

// taps of a filter whose centre lies shift (0…1) behind tap half-1; their sum is 1.
func taps(half int, cut, shift float64) []float32 {
	t, sum := make([]float32, 2*half), 0.0
	for i := range t {
		x := float64(i-half+1) - shift
		w := 0.0
		if math.Abs(x) < float64(half) {
			w = 0.5 + 0.5*math.Cos(math.Pi*x/float64(half))
		}
		v := w * sinc(cut*x)
		t[i] = float32(v)
		sum += v
	}
	for i := range t {
		t[i] /= float32(sum)
	}
	return t
}

// write takes little-endian samples and writes what is complete as A-law.
func (d *downsampler) write(to io.Writer, pcm []byte) error {
	for i := 0; i+1 < len(pcm); i += 2 {
		d.past = append(d.past, int16(binary.LittleEndian.Uint16(pcm[i:])))
	}
	d.out = d.out[:0]
	at, width := 0, len(d.table[0])
	for at+width <= len(d.past) {
		d.out = append(d.out, dot(d.table[d.phase], d.past[at:]))
		d.phase += d.step
		at += d.phase / d.phases
		d.phase %= d.phases
	}
	d.past = d.past[:copy(d.past, d.past[min(at, len(d.past)):])]
	if len(d.out) == 0 {
		return nil
	}
	d.alaw = audio.EncodeALaw(d.alaw[:0], d.out)
	_, err := to.Write(d.alaw)
	return err
}

// flush pushes the filter's tail out.
func (d *downsampler) flush(to io.Writer) error {
	return d.write(to, make([]byte, len(d.table[0])))
}

func dot(taps []float32, x []int16) int16 {
	x = x[:len(taps)]
	var sum float32
	for i, t := range taps {
		sum += t * float32(x[i])
	}
	return int16(max(-32768, min(32767, sum)))
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

package local

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"yingda/platform/audio"
	"yingda/speech"
)

// noises are what a telephone carries besides speech.
func noises() map[string][]int16 {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 6 * 8000
	all := map[string][]int16{}
	add := func(name string, sample func(i int) float64) {
		pcm := make([]int16, n)
		for i := range pcm {
			pcm[i] = int16(max(-32000, min(32000, sample(i))))
		}
		all[name] = pcm
	}
	sine := func(hz float64, i int) float64 { return math.Sin(2 * math.Pi * hz * float64(i) / 8000) }
	add("hiss", func(int) float64 { return r.NormFloat64() * 300 })
	add("loud hiss", func(int) float64 { return r.NormFloat64() * 3000 })
	add("hum", func(i int) float64 { return 2000*sine(50, i) + 800*sine(150, i) })
	add("ring-back", func(i int) float64 {
		if i%40000 < 8000 {
			return 6000 * sine(450, i)
		}
		return 0
	})
	add("keys", func(i int) float64 {
		if i%4000 < 1600 {
			return 5000*sine(770, i) + 5000*sine(1336, i)
		}
		return 0
	})
	add("clicks", func(i int) float64 {
		if i%2400 < 40 {
			return 20000 * (r.Float64() - 0.5)
		}
		return 0
	})
	low := 0.0
	add("street", func(int) float64 { low = 0.98*low + r.NormFloat64()*400; return low })
	add("music", func(i int) float64 {
		notes := []float64{262, 330, 392, 523, 440, 349}
		return 3000*sine(notes[i/3200%6], i) + 1500*sine(2*notes[i/3200%6], i)
	})
	return all
}

// Any Whisper invents text about noise; nobody must get to hear it.
func TestNoiseSaysNothing(t *testing.T) {
	r := running(t)
	var wg sync.WaitGroup
	for name, pcm := range noises() {
		s, err := r.Open(t.Context(), speech.Options{Call: name, Hints: answers})
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			defer s.Close()
			for h := range s.Events() {
				if h.Text != "" || h.Err != nil {
					t.Errorf("%s: heard %+v", name, h)
				}
			}
		})
		alaw := audio.EncodeALaw(nil, pcm)
		for at := 0; at < len(alaw); at += 160 {
			s.Write(alaw[at : at+160])
			time.Sleep(time.Millisecond)
		}
		s.Close()
	}
	wg.Wait()
}

//go:build cgo

package onnx

import (
	"archive/zip"
	"math"
	"math/rand/v2"
	"testing"

	"yingda/models"
	"yingda/platform/audio"
)

// speak strings recorded syllables together as the simulated callee does: 40 ms apart.
func speak(t testing.TB, syllables ...string) []int16 {
	t.Helper()
	z, err := zip.OpenReader(models.Path(models.Syllables))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var pcm []int16
	for _, s := range syllables {
		f, err := z.Open(s + ".wav")
		if err != nil {
			t.Fatal(err)
		}
		w, err := audio.ReadWAV(f)
		if err != nil {
			t.Fatal(err)
		}
		pcm = append(append(pcm, w.Mono()...), make([]int16, 320)...)
	}
	return pcm
}

// voiced is the share of chunks that the detector takes for speech.
func voiced(t testing.TB, pcm []int16) float64 {
	t.Helper()
	load(t)
	d, err := OpenDetectors(models.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	v, err := d.New()
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	n, of := 0, 0
	for ; len(pcm) >= sileroChunk; pcm = pcm[sileroChunk:] {
		if v.Voice(pcm[:sileroChunk]) > 0.5 {
			n++
		}
		of++
	}
	return float64(n) / float64(of)
}

func TestDetectorKnowsSpeechFromNoise(t *testing.T) {
	if got := voiced(t, speak(t, "bu4", "xu1", "yao4", "xie4", "xie")); got < 0.6 {
		t.Errorf("speech: %.2f voiced", got)
	}
	hiss, tone := make([]int16, 24000), make([]int16, 24000)
	for i := range hiss {
		hiss[i] = int16(rand.IntN(2000) - 1000)
		tone[i] = int16(8000 * math.Sin(2*math.Pi*450*float64(i)/8000)) // Chinese ring-back
	}
	for name, pcm := range map[string][]int16{"silence": make([]int16, 24000), "hiss": hiss, "ring-back": tone} {
		if got := voiced(t, pcm); got > 0.05 {
			t.Errorf("%s: %.2f voiced", name, got)
		}
	}
}

func BenchmarkVoice(b *testing.B) {
	load(b)
	d, err := OpenDetectors(models.Dir())
	if err != nil {
		b.Fatal(err)
	}
	v, _ := d.New()
	chunk := speak(b, "a1")[:sileroChunk]
	b.ReportAllocs()
	for b.Loop() {
		v.Voice(chunk)
	}
}

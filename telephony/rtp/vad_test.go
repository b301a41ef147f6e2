package rtp

import (
	"math"
	"math/rand/v2"
	"testing"

	"yingda/platform/audio"
)

// scene paints audio piece by piece.
type scene struct {
	pcm []int16
	r   *rand.Rand
}

func newScene() *scene { return &scene{r: rand.New(rand.NewPCG(3, 4))} }

// noise of so many dB (RMS against full scale).
func (s *scene) noise(ms int, db float64) *scene {
	rms := 32768 * math.Pow(10, db/20)
	for range ms * 8 {
		s.pcm = append(s.pcm, int16(s.r.NormFloat64()*rms))
	}
	return s
}

// syllable is a vowel-like tone with a soft beginning and end.
func (s *scene) syllable(ms int, db float64) *scene {
	peak, n := 32768*math.Pow(10, db/20)*math.Sqrt2, ms*8
	for i := range n {
		env := math.Sin(math.Pi * (float64(i) + 0.5) / float64(n))
		x := float64(len(s.pcm)) / 8000
		s.pcm = append(s.pcm, int16(peak*env*(0.7*math.Sin(2*math.Pi*190*x)+0.3*math.Sin(2*math.Pi*1400*x))))
	}
	return s
}

// said are starts and ends in ms, as the VAD saw them.
func (s *scene) said() (starts, ends []int) {
	v := newVAD()
	alaw := audio.EncodeALaw(nil, s.pcm)
	for at := 0; at+Frame <= len(alaw); at += Frame {
		switch v.hear(alaw[at:at+Frame], at) {
		case began:
			starts = append(starts, v.firstAt/8)
		case ended:
			ends = append(ends, v.lastVoice/8)
		}
	}
	return starts, ends
}

func near(got []int, want ...int) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if d := got[i] - want[i]; d < -60 || d > 60 {
			return false
		}
	}
	return true
}

func TestVoiceActivity(t *testing.T) {
	four := func(s *scene, db float64) *scene { // 840 ms of syllables, 40 ms apart
		for range 4 {
			s.syllable(180, db).noise(40, -90)
		}
		return s
	}
	for _, row := range []struct {
		name         string
		s            *scene
		starts, ends []int
	}{
		{"one word", newScene().noise(500, -90).syllable(400, -22).noise(600, -90), []int{500}, []int{900}},
		{"syllables are one utterance", four(newScene().noise(1000, -90), -22).noise(500, -90), []int{1000}, []int{1840}},
		{"a quiet talker", four(newScene().noise(1000, -80), -34).noise(500, -80), []int{1000}, []int{1840}},
		{"hiss at -50 dB is nobody", newScene().noise(6000, -50), nil, nil},
		{"comfort noise at -60 dB is nobody", newScene().noise(6000, -60), nil, nil},
		{"a click is nobody", newScene().noise(300, -90).syllable(30, -10).noise(500, -90), nil, nil},
		{"talk over hiss", four(newScene().noise(2000, -50), -24).noise(600, -50), []int{2000}, []int{2840}},
		{"two utterances", newScene().noise(300, -90).syllable(500, -20).noise(400, -90).syllable(300, -20).noise(400, -90), []int{300, 1200}, []int{800, 1500}},
		{"a pause of 120 ms is none", newScene().noise(300, -90).syllable(300, -20).noise(120, -90).syllable(300, -20).noise(400, -90), []int{300}, []int{1020}},
	} {
		starts, ends := row.s.said()
		if !near(starts, row.starts...) || !near(ends, row.ends...) {
			t.Errorf("%s: starts %v ends %v, want %v %v", row.name, starts, ends, row.starts, row.ends)
		}
	}
}

func TestLoudNoiseIsLearnt(t *testing.T) {
	starts, ends := newScene().noise(10000, -36).said()
	if len(starts) > 1 || len(ends) != len(starts) {
		t.Errorf("a fan at -36 dB: starts %v ends %v", starts, ends)
	}
	if len(ends) == 1 && ends[0] > 5000 {
		t.Errorf("the fan was taken for voice until %d ms", ends[0])
	}
}

package speechtest

import (
	"math"
	"testing"
	"time"

	"yingda/models"
	"yingda/platform/audio"
	"yingda/speech/syllable"
)

// Silence is d of A-law nothing.
func Silence(d time.Duration) []byte {
	b := make([]byte, d*8000/time.Second)
	for i := range b {
		b[i] = 0xd5
	}
	return b
}

// Tone is d of a 440 Hz tone: loud, and no speech.
func Tone(d time.Duration) []byte {
	pcm := make([]int16, d*8000/time.Second)
	for i := range pcm {
		pcm[i] = int16(6000 * math.Sin(2*math.Pi*440*float64(i)/8000))
	}
	return audio.EncodeALaw(nil, pcm)
}

// Say speaks text with the recorded syllables of package models.
func Say(t testing.TB, text string) []byte {
	t.Helper()
	v, err := syllable.Open(models.Path(models.Syllables))
	if err != nil {
		t.Fatal(err)
	}
	said := v.Say(text)
	if len(said.Missing) > 0 {
		t.Fatalf("no recording of %v in %s", said.Missing, text)
	}
	return said.ALaw
}

package audio

import (
	"bytes"
	"math"
	"testing"
)

// Values from ITU-T G.711: the quiet byte, the loudest, and a round trip of every code.
func TestG711RoundTrip(t *testing.T) {
	if got := ALaw(0); got != Silence {
		t.Errorf("ALaw(0) = %#x, want %#x", got, Silence)
	}
	if got := ULaw(0); got != USilence {
		t.Errorf("ULaw(0) = %#x", got)
	}
	if got := LinearALaw(0xAA); got != 32256 {
		t.Errorf("loudest A-law = %d, want 32256", got)
	}
	if got := LinearULaw(0x80); got != 32124 {
		t.Errorf("loudest µ-law = %d, want 32124", got)
	}
	for i := range 256 {
		if got := ALaw(LinearALaw(byte(i))); got != byte(i) {
			t.Errorf("A-law %#x came back as %#x", i, got)
		}
		if got := ULaw(LinearULaw(byte(i))); got != byte(i) && i != 0x7f { // 0x7f is minus zero
			t.Errorf("µ-law %#x came back as %#x", i, got)
		}
	}
}

func TestWAVRoundTripAndTruncation(t *testing.T) {
	pcm := []int16{0, 1000, -1000, 32767, -32768, 5}
	var b bytes.Buffer
	if err := WritePCMWAV(&b, 16000, 2, pcm); err != nil {
		t.Fatal(err)
	}
	s, err := ReadWAV(bytes.NewReader(b.Bytes()))
	if err != nil || s.Rate != 16000 || s.Channels != 2 || len(s.Samples) != 6 || s.Samples[3] != 32767 {
		t.Fatalf("got %+v, %v", s, err)
	}
	if l := s.Channel(0); l[1] != -1000 {
		t.Errorf("left = %v", l)
	}
	killed := append(WAVHeader(WaveALaw, Rate, 1, 0), bytes.Repeat([]byte{Silence}, 320)...)
	if s, err = ReadWAV(bytes.NewReader(killed)); err != nil || len(s.Samples) != 320 {
		t.Fatalf("a file whose writer was killed: %v %v", s, err)
	}
	if _, err = ReadWAV(bytes.NewReader([]byte("RIFFxxxxWAVEnope"))); err == nil {
		t.Error("nonsense was taken for a WAV file")
	}
}

// A 1 kHz tone keeps its level through 22.05 → 8 kHz; a 6 kHz tone is filtered out.
func TestResample(t *testing.T) {
	level := func(hz float64) float64 {
		in := make([]int16, 22050)
		for i := range in {
			in[i] = int16(10000 * math.Sin(2*math.Pi*hz*float64(i)/22050))
		}
		out := Resample(in, 22050, 8000)
		if len(out) != 8000 {
			t.Fatalf("one second became %d samples", len(out))
		}
		return LevelDB(EncodeALaw(nil, out))
	}
	if l := level(1000); math.Abs(l+13.3) > 1 {
		t.Errorf("1 kHz at %.1f dB, want -13.3", l)
	}
	if l := level(6000); l > -40 {
		t.Errorf("6 kHz leaks at %.1f dB", l)
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(WAVHeader(WaveALaw, Rate, 2, 4))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ReadWAV(bytes.NewReader(b)); err == nil {
			s.Mono()
		}
	})
}

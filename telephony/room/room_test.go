package room

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"yingda/platform/audio"
)

func TestRouteOfTheUsualRooms(t *testing.T) {
	whisper := Everyone(3) // 0 callee, 1 agent, 2 supervisor
	whisper.Set(2, 0, false)
	listen := whisper
	listen.Set(2, 1, false)
	for _, row := range []struct {
		name string
		m    Matrix
		want []Feed
	}{
		{"callee and robot pass through", Everyone(2), []Feed{{Pass: 1}, {Pass: 0}}},
		{"conference of three mixes two for each", Everyone(3), []Feed{{-1, []int{1, 2}}, {-1, []int{0, 2}}, {-1, []int{0, 1}}}},
		{"whisper: the callee hears the agent only", whisper, []Feed{{Pass: 1}, {-1, []int{0, 2}}, {-1, []int{0, 1}}}},
		{"listen: both talk undisturbed", listen, []Feed{{Pass: 1}, {Pass: 0}, {-1, []int{0, 1}}}},
		{"alone", Everyone(1), []Feed{{-1, nil}}},
	} {
		if got := Route(row.m); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

func frame(v int16) []byte { return bytes.Repeat([]byte{audio.ALaw(v)}, Frame) }

func TestMixIsTheSumOfTheOthers(t *testing.T) {
	m := Everyone(3)
	in := [][]byte{frame(1000), frame(-3000), frame(8000)}
	out := [][]byte{make([]byte, Frame), make([]byte, Frame), make([]byte, Frame)}
	var x Mixer
	x.Mix(m, Route(m), in, out)
	for i, want := range []int16{5000, 9000, -2000} {
		got := audio.LinearALaw(out[i][7])
		if d := int(got) - int(want); d < -400 || d > 400 { // A-law steps are 256 wide up here
			t.Errorf("participant %d hears %d, want about %d", i, got, want)
		}
	}
	if x.Mix(Everyone(2), Route(Everyone(2)), in[:2], out[:2]); !bytes.Equal(out[0], in[1]) {
		t.Error("two parties: the payload was not passed through as it is")
	}
}

func TestMixClipsInsteadOfWrapping(t *testing.T) {
	m := Everyone(3)
	in := [][]byte{frame(30000), frame(30000), frame(30000)}
	out := [][]byte{make([]byte, Frame), make([]byte, Frame), make([]byte, Frame)}
	new(Mixer).Mix(m, Route(m), in, out)
	if got := audio.LinearALaw(out[0][0]); got < 30000 {
		t.Errorf("two loud voices gave %d", got)
	}
}

func TestTapeIsReadableAllTheTimeAndCompleteAtTheEnd(t *testing.T) {
	w := NewWriter()
	defer w.Close()
	path := filepath.Join(t.TempDir(), "day", "call.wav")
	tape, err := w.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if s := read(t, path); len(s.Samples) != 0 {
		t.Errorf("fresh tape holds %d samples", len(s.Samples))
	}
	for i := range 125 { // 2.5 s, ten times as fast as a call
		tape.Add(frame(500), frame(-700))
		if i%5 == 4 {
			time.Sleep(10 * time.Millisecond)
		}
	}
	for deadline := time.Now().Add(2 * time.Second); ; time.Sleep(5 * time.Millisecond) { // as a crash would find it
		if n := len(read(t, path).Samples) / 2 / 8; n >= 2000 {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("of 2.5 s only %d ms are on the disk", n)
		}
	}
	left := filepath.Join(t.TempDir(), "left.wav") // by a process that died
	b, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(left, append(b, 0x55), 0o600)
	}
	if err := errors.Join(err, Mend(left)); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(left); binary.LittleEndian.Uint32(got[40:]) != uint32(len(b)-audio.HeaderSize) {
		t.Errorf("the mended header says %d bytes of %d", binary.LittleEndian.Uint32(got[40:]), len(b)-audio.HeaderSize)
	}
	done := make(chan error, 1)
	tape.End(func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	s := read(t, path)
	if len(s.Samples) != 2*125*Frame || s.Channels != 2 || s.Rate != 8000 {
		t.Fatalf("%d samples, %d channels at %d", len(s.Samples), s.Channels, s.Rate)
	}
	if l, r := s.Channel(0)[9000], s.Channel(1)[9000]; l < 450 || l > 550 || r < -750 || r > -650 {
		t.Errorf("left %d right %d", l, r)
	}
}

func TestTapeDiscard(t *testing.T) {
	w := NewWriter()
	defer w.Close()
	path := filepath.Join(t.TempDir(), "x.wav")
	tape, err := w.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	tape.Discard()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("file of an unanswered call is still there: %v", err)
	}
}

func read(t *testing.T, path string) *audio.Sound {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := audio.ReadWAV(f)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func BenchmarkMixThree(b *testing.B) {
	m := Everyone(3)
	feeds := Route(m)
	in := [][]byte{frame(1000), frame(-3000), frame(8000)}
	out := [][]byte{make([]byte, Frame), make([]byte, Frame), make([]byte, Frame)}
	var x Mixer
	for b.Loop() {
		x.Mix(m, feeds, in, out)
	}
}

package syllable

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"yingda/platform/audio"
	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/mandarin"
)

// Silence between syllables, at a comma and at the end of a sentence. 40 ms is what
// the recogniser was measured with; the pauses stay below the 200 ms after which
// an ear may think that the speaker has finished.
const (
	Gap      = 40 * time.Millisecond
	Comma    = 120 * time.Millisecond
	Sentence = 180 * time.Millisecond
)

// Voice holds the recordings. Safe for many calls at once.
type Voice struct{ sounds map[string][]byte } // "ma3" → A-law; the neutral tone has no digit

// Speech is a rendered text.
type Speech struct {
	ALaw    []byte   // 8 kHz
	Missing []string // syllables that have no recording in any tone; they were skipped
}

// Length is how long it takes to play.
func (s Speech) Length() time.Duration {
	return time.Duration(len(s.ALaw)) * time.Second / audio.Rate
}

// Name is "syllable".
func (v *Voice) Name() string { return "syllable" }

// Speak implements speech.Synthesizer. The voice has one name; Speed shortens or
// stretches the gaps only. A text of which nothing can be said fails with Invalid.
func (v *Voice) Speak(ctx context.Context, text string, how speech.Voice) (speech.Audio, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	speed := how.Speed
	if speed <= 0 {
		speed = 1
	}
	said := v.say(text, speed)
	if len(said.ALaw) == 0 {
		return nil, errs.New(errs.Invalid, "speech.nothing_to_say", "text", text)
	}
	return io.NopCloser(bytes.NewReader(said.ALaw)), nil
}

// Say renders text at once. It is empty where nothing in the text has a reading.
func (v *Voice) Say(text string) Speech { return v.say(text, 1) }

func (v *Voice) say(text string, speed float64) Speech {
	var s Speech
	var silence time.Duration
	for _, u := range mandarin.Read(text) {
		if u.Pause() {
			silence = max(silence, pause(u))
			continue
		}
		sound, ok := v.sound(u)
		if !ok {
			s.Missing = append(s.Missing, fmt.Sprintf("%s%d", u.Sound, u.Tone))
			continue
		}
		if len(s.ALaw) > 0 {
			s.ALaw = appendSilence(s.ALaw, time.Duration(float64(max(silence, Gap))/speed))
		}
		s.ALaw = append(s.ALaw, sound...)
		silence = 0
	}
	return s
}

func pause(u mandarin.Unit) time.Duration {
	if u.Long {
		return Sentence
	}
	return Comma
}

func appendSilence(b []byte, d time.Duration) []byte {
	return append(b, bytes.Repeat([]byte{audio.Silence}, int(d*audio.Rate/time.Second))...)
}

// nearest lists, for each wanted tone, which others to take, best first: what is
// heard as another word least.
var nearest = [5][5]int{
	0: {0, 1, 4, 2, 3},
	1: {1, 0, 4, 2, 3},
	2: {2, 3, 1, 0, 4},
	3: {3, 2, 4, 0, 1},
	4: {4, 0, 1, 3, 2},
}

func (v *Voice) sound(u mandarin.Unit) ([]byte, bool) {
	for _, tone := range nearest[u.Tone] {
		if s, ok := v.sounds[name(u.Sound, tone)]; ok {
			return s, true
		}
	}
	return nil, false
}

func name(sound string, tone int) string {
	if tone == 0 {
		return sound
	}
	return fmt.Sprintf("%s%d", sound, tone)
}

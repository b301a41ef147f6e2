package callee

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"yingda/platform/audio"
	"yingda/speech"
	"yingda/speech/syllable"
)

// clip is a line ready to be played.
type clip struct {
	alaw        []byte
	first, last time.Duration // of what is audible in it: begin and end
}

func newClip(alaw []byte) clip {
	c := clip{alaw: alaw}
	const window = 40 // 5 ms: where speech ends must be known better than a frame
	heard := false
	for at := 0; at < len(alaw); at += window {
		if audio.LevelDB(alaw[at:min(at+window, len(alaw))]) <= threshold {
			continue
		}
		if !heard {
			c.first, heard = length(at), true
		}
		c.last = length(min(at+window, len(alaw)))
	}
	return c
}

func length(samples int) time.Duration { return time.Duration(samples) * time.Second / audio.Rate }

// book holds every line of all personas, rendered.
type book struct {
	clips map[string]clip
	beep  clip
}

func newBook(v speech.Synthesizer, p *Personas, log *slog.Logger) (*book, error) {
	b := &book{clips: map[string]clip{}, beep: newClip(beep())}
	for i := range p.All {
		for _, line := range p.All[i].lines() {
			if _, ok := b.clips[line]; ok {
				continue
			}
			alaw, err := render(v, line, log)
			if err != nil {
				return nil, fmt.Errorf("persona %q cannot say %q: %w", p.All[i].Name, line, err)
			}
			b.clips[line] = newClip(alaw)
		}
	}
	return b, nil
}

// lines is everything the persona may say.
func (p *Persona) lines() (all []string) {
	if p.Reject != nil && p.Reject.Announce != "" {
		all = append(all, p.Reject.Announce)
	}
	for _, t := range p.Turns {
		all = append(all, t.Say...)
	}
	return all
}

func render(v speech.Synthesizer, line string, log *slog.Logger) ([]byte, error) {
	if s, ok := v.(*syllable.Voice); ok {
		if said := s.Say(line); len(said.Missing) > 0 {
			log.Warn("callee voice lacks syllables", "line", line, "missing", said.Missing)
		}
	}
	a, err := v.Speak(context.Background(), line, speech.Voice{})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	return io.ReadAll(a)
}

// beep is an answering machine's tone: 1 kHz for 400 ms at -12 dB.
func beep() []byte {
	b := make([]byte, audio.Rate*4/10)
	for i := range b {
		b[i] = audio.ALaw(int16(11600 * math.Sin(2*math.Pi*1000*float64(i)/audio.Rate)))
	}
	return b
}

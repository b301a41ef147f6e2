package espeak

import (
	"context"
	"os/exec"
	"regexp"
	"runtime"
	"strings"

	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/mandarin"
)

// Config of the voice. The zero value is ready for use.
type Config struct {
	Program  string // path or name; empty = "espeak-ng" in PATH
	Parallel int    // most processes at once; 0 = number of cores
	Words    int    // words per minute at speed 1; 0 = 185
}

// MaxText is the longest text taken at once, in characters: a prompt, not a book.
const MaxText = 2000

// Voice implements speech.Synthesizer. speech.Voice.Name is an espeak-ng variant
// such as "f2" or "m3"; empty is the plain voice. Safe for many calls at once.
type Voice struct {
	program string
	words   int
	slots   chan struct{}
}

// New finds the program. It fails with Unavailable, key "speech.espeak_missing", where there is none.
func New(c Config) (*Voice, error) {
	if c.Program == "" {
		c.Program = "espeak-ng"
	}
	path, err := exec.LookPath(c.Program)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "speech.espeak_missing", "program", c.Program).Because(err)
	}
	if c.Parallel <= 0 {
		c.Parallel = runtime.GOMAXPROCS(0)
	}
	if c.Words <= 0 {
		c.Words = 185
	}
	return &Voice{program: path, words: c.Words, slots: make(chan struct{}, c.Parallel)}, nil
}

// Name is "espeak".
func (v *Voice) Name() string { return "espeak" }

var variant = regexp.MustCompile(`^[a-zA-Z0-9]{0,16}$`)

// Speak renders text; the first audio can be read after some ten milliseconds. It
// fails with Invalid where nothing can be said, the text is over MaxText or the
// variant has no proper name; what the program itself reports comes out of Read.
func (v *Voice) Speak(ctx context.Context, text string, how speech.Voice) (speech.Audio, error) {
	if len([]rune(text)) > MaxText {
		return nil, errs.New(errs.Invalid, "speech.text_too_long", "max", MaxText)
	}
	if !variant.MatchString(how.Name) {
		return nil, errs.New(errs.Invalid, "speech.no_such_voice", "voice", how.Name)
	}
	parts := v.parts(text, how)
	if len(parts) == 0 {
		return nil, errs.New(errs.Invalid, "speech.nothing_to_say", "text", text)
	}
	select {
	case v.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, stop := context.WithCancel(ctx)
	a := newSpool(stop)
	go func() {
		defer func() { <-v.slots }()
		a.end(v.run(ctx, parts, a))
	}()
	return a, nil
}

// part is what one process says.
type part struct{ voice, text, speed string }

func (v *Voice) parts(text string, how speech.Voice) []part {
	var parts []part
	for _, run := range mandarin.Runs(text) {
		p := part{voice: "cmn-latn-pinyin", text: Pinyin(run.Text), speed: v.speed(how.Speed)}
		if run.Latin {
			p.voice, p.text = "en", run.Text
		}
		if how.Name != "" {
			p.voice += "+" + how.Name
		}
		if strings.ContainsFunc(p.text, isLetter) {
			parts = append(parts, p)
		}
	}
	return parts
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// Pinyin writes text as espeak-ng's cmn-latn-pinyin voice reads it: "ni2hao3, qing3wen4".
// The neutral tone is 5.
func Pinyin(text string) string {
	var b strings.Builder
	for _, u := range mandarin.Read(text) {
		switch {
		case u.Pause() && u.Long:
			b.WriteString(". ")
		case u.Pause():
			b.WriteString(", ")
		default:
			b.WriteString(u.Sound)
			b.WriteByte("51234"[u.Tone])
		}
	}
	return strings.TrimSpace(b.String())
}

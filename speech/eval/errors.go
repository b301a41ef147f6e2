package eval

import (
	"strings"

	"yingda/speech/sound"
)

// Tally counts errors against what was said.
type Tally struct{ Errors, Of int }

// Rate is errors per unit said: 0 = perfect, over 1 possible. 0 where nothing was said.
func (t Tally) Rate() float64 {
	if t.Of == 0 {
		return 0
	}
	return float64(t.Errors) / float64(t.Of)
}

func (t Tally) plus(u Tally) Tally { return Tally{t.Errors + u.Errors, t.Of + u.Of} }

// Characters counts the characters to insert, drop or change in heard to get said.
func Characters(said, heard string) Tally {
	want := writings(said)[0]
	t := Tally{Errors: -1, Of: len(want)}
	for _, got := range writings(heard) {
		if e := sound.Edits(want, got); t.Errors < 0 || e < t.Errors {
			t.Errors = e
		}
	}
	return t
}

// Syllables is the same for toneless syllables.
func Syllables(said, heard string) Tally {
	want := sound.IDs(sound.Readings([]rune(said))[0])
	t := Tally{Errors: -1, Of: len(want)}
	for _, r := range sound.Readings([]rune(heard)) {
		if e := sound.Edits(want, sound.IDs(r)); t.Errors < 0 || e < t.Errors {
			t.Errors = e
		}
	}
	return t
}

// writings are the ways to write text without digits, marks, blanks and capitals. 幺 is
// the one of telephone numbers.
func writings(text string) [][]rune {
	return [][]rune{written(text, sound.Digits), written(text, sound.Quantity)}
}

func written(text string, say func(string) []rune) (out []rune) {
	var digits strings.Builder
	flush := func() {
		if digits.Len() > 0 {
			out = append(out, say(digits.String())...)
			digits.Reset()
		}
	}
	for _, r := range strings.ToLower(text) {
		if r >= '0' && r <= '9' {
			digits.WriteRune(r)
			continue
		}
		flush()
		if r == '幺' {
			r = '一'
		}
		if sound.Spoken(r) {
			out = append(out, r)
		}
	}
	flush()
	return out
}

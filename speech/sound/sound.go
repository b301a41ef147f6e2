package sound

import (
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// ID is how one character sounds, without its tone; equal IDs sound the same.
// Letters sound like themselves.
type ID uint16

// Syllable is one syllable of a text and the runes [From, To) it was written with;
// all syllables of a number share the runes of the number.
type Syllable struct {
	ID
	From, To int
}

// Readings are the ways to say text, at least one: numbers digit by digit and, where
// that differs, as quantities. Marks and blanks have no sound.
func Readings(text []rune) [][]Syllable {
	one, numbers := read(text, Digits)
	if !numbers {
		return [][]Syllable{one}
	}
	two, _ := read(text, Quantity)
	return [][]Syllable{one, two}
}

func read(text []rune, say func(string) []rune) (out []Syllable, numbers bool) {
	for i := 0; i < len(text); i++ {
		if n := digitRun(text[i:]); n > 0 {
			for _, r := range say(string(text[i : i+n])) {
				out = append(out, Syllable{Of(r), i, i + n})
			}
			numbers, i = true, i+n-1
		} else if Spoken(text[i]) {
			out = append(out, Syllable{Of(text[i]), i, i + 1})
		}
	}
	return out, numbers
}

func digitRun(text []rune) (n int) {
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// Spoken says whether r is pronounced at all.
func Spoken(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// letter marks what is no Han character and sounds like itself.
const letter ID = 0x8000

// Of is the sound of one character.
func Of(r rune) ID {
	if i := int(r - firstHan); i >= 0 && i < hanCount {
		return table()[i]
	}
	return letter | ID(unicode.ToLower(r)&0x7fff)
}

// IDs drops where the syllables were written.
func IDs(reading []Syllable) []ID {
	out := make([]ID, len(reading))
	for i, s := range reading {
		out[i] = s.ID
	}
	return out
}

const (
	firstHan = 0x4e00
	hanCount = 0x9fff - firstHan + 1
)

// table is built at first use: some 20 ms for 21,000 characters.
var table = sync.OnceValue(func() *[hanCount]ID {
	t, number, args := new([hanCount]ID), map[string]ID{}, pinyin.NewArgs()
	for i := range t {
		name := string(rune(firstHan + i)) // without pinyin a character sounds like itself only
		if p := pinyin.SinglePinyin(rune(firstHan+i), args); len(p) > 0 {
			name = p[0]
		}
		if _, ok := number[name]; !ok {
			number[name] = ID(len(number) + 1)
			parts = append(parts, split(name))
		}
		t[i] = number[name]
	}
	t['幺'-firstHan] = t['一'-firstHan] // yāo is one in telephone numbers
	return t
})

package words

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// symbol is one letter of the automaton's alphabet: a toneless syllable, a Latin letter, or
// a bucket for every other script. 0 is a gap: nothing matches across it.
type symbol uint16

const (
	firstLetter = symbol(600) // a…z; syllables are below: Mandarin has some 410
	otherScript = symbol(640) // + rune mod otherCount; such keywords match exactly or not at all
	otherCount  = 256
	alphabet    = int(otherScript) + otherCount
	firstHan    = 0x4e00
	lastHan     = 0x9fff
)

// syllables maps each Han character to its most usual reading, without tone. Two
// characters with one symbol are homophones. The second readings of 多音字 are left out on
// purpose: text and keyword go through the same table, so the same character always agrees.
var syllables = readings()

func readings() (table [lastHan - firstHan + 1]symbol) {
	ids := map[string]symbol{}
	for r, all := range pinyin.PinyinDict {
		if r < firstHan || r > lastHan {
			continue
		}
		first, _, _ := strings.Cut(all, ",")
		table[r-firstHan] = idOf(ids, toneless(first))
	}
	return table
}

func idOf(ids map[string]symbol, syllable string) symbol {
	id, ok := ids[syllable]
	if !ok {
		id = symbol(len(ids) + 1)
		ids[syllable] = id
	}
	return id
}

var tones = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o",
	"ē", "e", "é", "e", "ě", "e", "è", "e", "ê", "e", "ế", "e", "ề", "e", "ī", "i", "í", "i", "ǐ", "i", "ì", "i",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ü", "v",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m", "\u0304", "", "\u0300", "", "\u030c", "")

func toneless(syllable string) string { return tones.Replace(syllable) }

// spoken holds the syllables of 0…9.
var spoken = func() (s [10]symbol) {
	for i, r := range []rune("零一二三四五六七八九") {
		s[i] = syllables[r-firstHan]
	}
	return s
}()

// symbolOf is the symbol of one character of a normal form.
func symbolOf(r rune) symbol {
	switch {
	case r >= firstHan && r <= lastHan:
		if s := syllables[r-firstHan]; s != 0 {
			return s
		}
	case r >= '0' && r <= '9':
		return spoken[r-'0']
	case r >= 'a' && r <= 'z':
		return firstLetter + symbol(r-'a')
	case r == gap:
		return 0
	}
	return otherScript + symbol(r%otherCount)
}

// hasSound says whether r is read as a syllable, so that it can have homophones.
func hasSound(r rune) bool {
	s := symbolOf(r)
	return s > 0 && s < firstLetter
}

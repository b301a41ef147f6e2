package words

import "unicode"

// maxRunes bounds how much of one utterance is read: a minute of fast speech is 300 characters.
const maxRunes = 512

// cell is one character of the normal form with the characters of the text it stands for.
type cell struct {
	r        rune
	from, to int32 // runes of the original text
}

// gap separates clauses: no keyword reaches across it, so that 不，需要 is not 不需要.
const gap = rune(0)

// normal writes the normal form of text into dst and returns the part used: half width,
// lower case, numerals as digits (三十 → 30, 幺 → 1), blanks dropped, punctuation as gap.
func normal(dst []cell, text string) []cell {
	n, at := 0, int32(0)
	for _, r := range text {
		if n == len(dst) {
			break
		}
		if r = plain(r); r != ' ' {
			dst[n] = cell{r, at, at + 1}
			n++
		}
		at++
	}
	return numerals(dst[:n], cap(dst))
}

// Normal is the normal form as a string, with | for the end of a clause.
func Normal(text string) string {
	var buf [maxRunes]cell
	var out []rune
	for _, c := range normal(buf[:], text) {
		if c.r == gap {
			c.r = '|'
		}
		out = append(out, c.r)
	}
	return string(out)
}

// plain folds one character: ' ' for what is to be dropped, gap for what ends a clause.
func plain(r rune) rune {
	switch {
	case r >= 0x4e00 && r <= 0x9fff:
		return r
	case r >= 0xff01 && r <= 0xff5e: // full width
		r -= 0xfee0
	}
	switch {
	case r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z'):
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case unicode.IsSpace(r) || r == 0x200b || r == 0xfeff:
		return ' '
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return unicode.ToLower(r)
	}
	return gap
}

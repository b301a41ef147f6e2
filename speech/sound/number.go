package sound

import "strings"

const hanDigits = "零一二三四五六七八九"

// Digits says every digit by itself: 105 一零五.
func Digits(digits string) []rune {
	all := []rune(hanDigits)
	out := make([]rune, len(digits))
	for i, d := range []byte(digits) {
		out[i] = all[d-'0']
	}
	return out
}

// Quantity says a number as one counts: 32 三十二, 105 一百零五, 12000 一万二千. What is
// over 8 digits or begins with 0 is no quantity; it is said digit by digit.
func Quantity(digits string) []rune {
	switch s := strings.TrimLeft(digits, "0"); {
	case digits == "0":
		return []rune("零")
	case len(s) < len(digits) || len(s) > 8 || s == "":
		return Digits(digits)
	case len(s) > 4:
		return append(append(underMyriad(s[:len(s)-4]), '万'), lowPart(s[len(s)-4:])...)
	default:
		return underMyriad(s)
	}
}

// lowPart says the last four digits behind 万.
func lowPart(four string) []rune {
	s := strings.TrimLeft(four, "0")
	switch {
	case s == "":
		return nil
	case len(s) < 4:
		return append([]rune("零"), underMyriad(s)...)
	}
	return underMyriad(s)
}

// underMyriad says 1…9999; s has no leading zero.
func underMyriad(s string) (out []rune) {
	units, all, gap := []rune(" 十百千"), []rune(hanDigits), false
	for i, d := range []byte(s) {
		place := len(s) - 1 - i
		if d == '0' {
			gap = true
			continue
		}
		if gap {
			out, gap = append(out, '零'), false
		}
		if d != '1' || place != 1 || i > 0 { // 十二, not 一十二
			out = append(out, all[d-'0'])
		}
		if place > 0 {
			out = append(out, units[place])
		}
	}
	return out
}

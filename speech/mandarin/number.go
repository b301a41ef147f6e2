package mandarin

import "strings"

var digits = [...]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// ByDigit reads digits one by one, as years are: 2026 → 二零二六.
func ByDigit(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' {
			b.WriteString(digits[r-'0'])
		}
	}
	return b.String()
}

// Dialled reads digits as a telephone number is told: one by one, 1 as 幺.
func Dialled(s string) string { return strings.ReplaceAll(ByDigit(s), "一", "幺") }

// Whole reads an integer: 12800 → 一万两千八百, 105 → 一百零五, 10 → 十. Digits with a
// leading zero or more than 16 of them are no quantity and are read one by one.
func Whole(s string) string {
	if s == "0" {
		return "零"
	}
	if s == "" || s[0] == '0' || len(s) > 16 {
		return ByDigit(s)
	}
	var b strings.Builder
	skipped := false // a whole group of zeros lies between
	for n := len(s); n > 0; n = len(s) {
		cut := (n-1)%4 + 1
		group := s[:cut]
		s = s[cut:]
		words := thousands(group)
		if words == "" {
			skipped = true
			continue
		}
		if b.Len() > 0 && (skipped || group[0] == '0') {
			b.WriteString("零")
		}
		skipped = false
		b.WriteString(words + [...]string{"", "万", "亿", "万亿"}[(n-1)/4])
	}
	return elegant(b.String())
}

// thousands reads at most four digits without leading zeros; "" for nothing but zeros.
func thousands(s string) string {
	var b strings.Builder
	gap := false
	for i, r := range s {
		if r == '0' {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		b.WriteString(digits[r-'0'])
		b.WriteString([...]string{"", "十", "百", "千"}[len(s)-1-i])
	}
	return b.String()
}

// elegant turns what the digits say into what people say: 一十五 → 十五 at the front, 二百 → 两百.
func elegant(s string) string {
	if strings.HasPrefix(s, "一十") {
		s = strings.TrimPrefix(s, "一")
	}
	for _, unit := range []string{"百", "千", "万", "亿"} {
		s = strings.ReplaceAll(s, "二"+unit, "两"+unit)
	}
	return strings.ReplaceAll(s, "十两", "十二")
}

// Decimal reads a number with an optional fraction and sign: -3.05 → 负三点零五.
// Thousands separators are allowed.
func Decimal(s string) string {
	s = strings.ReplaceAll(s, ",", "")
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "负", s[1:]
	}
	whole, frac, ok := strings.Cut(s, ".")
	if !ok {
		return sign + Whole(whole)
	}
	return sign + Whole(whole) + "点" + ByDigit(frac)
}

// counted reads a number before a measure word, where 2 alone is 两.
func counted(s string) string {
	if s == "2" {
		return "两"
	}
	return Decimal(s)
}

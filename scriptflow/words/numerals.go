package words

// numerals rewrites Chinese numerals in place as digits: digit by digit (幺三八 → 138), and
// with units up to thousands as their value (一百二十 → 120, 两千五 → 2500). 万 and 亿 stay,
// because recognisers keep them, too (30万). Every digit stands for the whole numeral.
// limit is the room there is: 十 alone grows to 10.
func numerals(cells []cell, limit int) []cell {
	for i := range cells {
		if _, ok := digitOf(cells[i].r); ok || cells[i].r == '十' {
			return rewrite(cells, limit)
		}
	}
	return cells
}

func rewrite(cells []cell, limit int) []cell {
	var spare [maxRunes]cell
	out := spare[:0]
	for i := 0; i < len(cells) && len(out) < limit; {
		used, value, digits := numeral(cells[i:])
		if used == 0 || len(out)+digits > limit {
			out = append(out, cells[i])
			i++
			continue
		}
		from, to := cells[i].from, cells[i+used-1].to
		for d := digits - 1; d >= 0; d-- {
			out = append(out, cell{'0' + rune(value/pow10(d)%10), from, to})
		}
		i += used
	}
	return append(cells[:0:limit], out...)
}

// numeral reads one numeral at the start of cells: how many characters it took, its value,
// and how many digits to write; used = 0 where there is none. A bare digit is a numeral of
// its own, so that a number said digit by digit keeps its zeros and its length.
func numeral(cells []cell) (used, value, digits int) {
	d, ok := digitOf(cells[0].r)
	if ok && (len(cells) == 1 || unitOf(cells[1].r) == 0) {
		return 1, d, 1
	}
	if !ok && cells[0].r != '十' {
		return 0, 0, 0
	}
	used, value = withUnits(cells)
	for digits = 1; value >= pow10(digits); digits++ {
	}
	return used, value, digits
}

// withUnits reads 十, 三十二, 一百零五, 两千五: falling units, a digit at the end.
func withUnits(cells []cell) (used, value int) {
	last, pending, zero := 10000, -1, false
	for used < len(cells) {
		r := cells[used].r
		unit := unitOf(r)
		d, isDigit := digitOf(r)
		switch {
		case unit > 0 && unit < last && pending > 0:
			value, last, pending, zero = value+pending*unit, unit, -1, false
		case unit == 10 && used == 0:
			value, last = 10, 10
		case isDigit && pending < 0 && last > 1 && d > 0:
			pending = d
		case isDigit && d == 0 && pending < 0 && last > 10 && !zero && more(cells[used+1:]):
			zero = true
		default:
			return tail(used, value, last, pending, zero)
		}
		used++
	}
	return tail(used, value, last, pending, zero)
}

// tail adds a last digit: 三十二 is 32, 两千五 is 2500, 两千零五 is 2005.
func tail(used, value, last, pending int, zero bool) (int, int) {
	if pending < 0 {
		return used, value
	}
	if zero {
		return used, value + pending
	}
	return used, value + pending*last/10
}

// more says whether a digit above zero follows: only then is a 零 inside a numeral.
func more(cells []cell) bool {
	if len(cells) == 0 {
		return false
	}
	d, ok := digitOf(cells[0].r)
	return ok && d > 0
}

func digitOf(r rune) (int, bool) {
	switch r {
	case '零', '〇':
		return 0, true
	case '一', '幺':
		return 1, true
	case '二', '两':
		return 2, true
	case '三':
		return 3, true
	case '四':
		return 4, true
	case '五':
		return 5, true
	case '六':
		return 6, true
	case '七':
		return 7, true
	case '八':
		return 8, true
	case '九':
		return 9, true
	}
	return 0, false
}

func unitOf(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	}
	return 0
}

func pow10(n int) int {
	p := 1
	for ; n > 0; n-- {
		p *= 10
	}
	return p
}

package campaign

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yingda/platform/xlsx"
)

// Lead is a row that may be called.
type Lead struct {
	Row    int
	Name   string
	E164   string
	Digest string // filled by Import
	Vars   map[string]string
}

// Reject is a row that may not, and why: a message key for the person who sent the file.
type Reject struct {
	Row  int
	Cell string // "B17"; "" where it is about the whole row
	Kind RejectKind
	Key  string
	Args map[string]any
}

// RejectKind groups the rejects as the console counts them.
type RejectKind string

const (
	Malformed  RejectKind = "invalid"
	Duplicate  RejectKind = "duplicate"
	DoNotCall  RejectKind = "dnc"
	InCampaign RejectKind = "in_campaign"
)

const (
	maxName = 80  // characters, as the column
	maxVar  = 500 // characters of one variable
)

// Judge decides about one row at a time. It is pure: the same row, the same answer.
type Judge struct {
	Parse func(text string) (e164 string, ok bool)

	phone, name int // columns, -1 = none
	vars        []variable
}

type variable struct {
	column int
	name   string
}

// NewJudge prepares a checked mapping.
func NewJudge(m Mapping, parse func(string) (string, bool)) Judge {
	j := Judge{Parse: parse, phone: xlsx.ColumnIndex(m.Phone), name: xlsx.ColumnIndex(m.Name)}
	for _, column := range slices.Sorted(maps.Keys(m.Vars)) {
		j.vars = append(j.vars, variable{xlsx.ColumnIndex(column), m.Vars[column]})
	}
	return j
}

// Row judges one row that is not blank: either a lead or a reject.
func (j Judge) Row(r xlsx.Row) (Lead, *Reject) {
	e164, bad := phoneOf(cell(r, j.phone), j.Parse)
	if bad != nil {
		return Lead{}, bad.at(r.Number, j.phone)
	}
	lead := Lead{Row: r.Number, E164: e164, Name: value(cell(r, j.name))}
	if n := utf8.RuneCountInString(lead.Name); n > maxName {
		return Lead{}, tooLong(n, maxName).at(r.Number, j.name)
	}
	for _, v := range j.vars {
		text := value(cell(r, v.column))
		if text == "" {
			continue // the script's default speaks
		}
		if n := utf8.RuneCountInString(text); n > maxVar {
			return Lead{}, tooLong(n, maxVar).at(r.Number, v.column)
		}
		if lead.Vars == nil {
			lead.Vars = make(map[string]string, len(j.vars))
		}
		lead.Vars[v.name] = text
	}
	return lead, nil
}

func tooLong(n, limit int) *Reject {
	return because("too_many_characters", "n", n, "max", limit)
}

// because is a reject of a malformed row, without its place yet.
func because(key string, kv ...any) *Reject {
	r := &Reject{Kind: Malformed, Key: "import.row." + key, Args: map[string]any{}}
	for i := 0; i+1 < len(kv); i += 2 {
		r.Args[kv[i].(string)] = kv[i+1]
	}
	return r
}

func (r *Reject) at(row, column int) *Reject {
	r.Row, r.Cell = row, xlsx.CellName(max(column, 0), row)
	return r
}

func cell(r xlsx.Row, column int) xlsx.Cell {
	if column < 0 || column >= len(r.Cells) {
		return xlsx.Cell{}
	}
	return r.Cells[column]
}

// value is a cell's text for a person's ear; an error like #N/A has none.
func value(c xlsx.Cell) string {
	if c.Kind == xlsx.Error {
		return ""
	}
	return tidy(c.Text)
}

// tidy trims, makes one line of it, and drops what nobody sees.
func tidy(s string) string {
	plain := utf8.ValidString(s)
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] >= ' ' && s[i] < utf8.RuneSelf
	}
	if plain {
		return strings.TrimSpace(s)
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == '\u202d' || r == '\u202c' || r == utf8.RuneError:
			return -1
		case unicode.IsControl(r) || unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// phoneOf reads the number of a cell. The reject has no place yet.
func phoneOf(c xlsx.Cell, parse func(string) (string, bool)) (e164 string, bad *Reject) {
	text := strings.TrimLeft(tidy(c.Text), "'’‘`")
	switch {
	case text == "":
		return "", because("no_phone")
	case c.Kind == xlsx.Error:
		return "", because("formula_error", "text", text)
	}
	full, exact := inFull(text)
	if !exact {
		return "", because("rounded", "text", text)
	}
	if e164, ok := parse(full); ok {
		return e164, abroad(e164, full)
	}
	if c.Kind == xlsx.Number { // Excel drops the 0 of 010-…, 0755-… from a number
		if e164, ok := parse("0" + full); ok && full[0] != '0' {
			return e164, nil
		}
	}
	return "", whyNot(full, parse)
}

// abroad refuses a number of another country: the legal window is China's, and nobody
// knows yet what time it is there.
func abroad(e164, text string) *Reject {
	if strings.HasPrefix(e164, "+86") {
		return nil
	}
	return because("foreign", "text", shorten(text, 40))
}

// inFull undoes what spreadsheets do to a long number: 13800138000.0 and
// 1.3800138000E+10 are that number; 1.38E+10 has lost its last digits, exact is false.
func inFull(text string) (full string, exact bool) {
	if text[0] < '0' || text[0] > '9' {
		return text, true
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToUpper(text), "E")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if !digitsOnly(whole) || !digitsOnly(fraction) {
		return text, true
	}
	if !scientific {
		if strings.Trim(fraction, "0") == "" {
			return whole, true
		}
		return text, true
	}
	n, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	if err != nil || n < 0 || n > 20 {
		return text, true
	}
	if len(fraction) < n {
		return text, false
	}
	return whole + fraction[:n], strings.Trim(fraction[n:], "0") == ""
}

func digitsOnly(s string) bool { return strings.Trim(s, "0123456789") == "" }

// whyNot explains, as exactly as can be told, why text is no phone number.
func whyNot(text string, parse func(string) (string, bool)) *Reject {
	shown := shorten(text, 40)
	if several(text, parse) {
		return because("several_numbers", "text", shown)
	}
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune("+＋-()（）－—'’ .", r) && !unicode.IsSpace(r):
			return because("letters", "text", shown)
		}
	}
	mobile := strings.HasPrefix(text, "1")
	switch {
	case (digits == 7 || digits == 8) && text[0] >= '2' && text[0] <= '9':
		return because("no_area_code", "text", shown)
	case mobile && digits < 11 || digits < 7:
		return because("too_short", "text", shown, "n", digits)
	case mobile && digits > 11 || digits > 15:
		return because("too_long", "text", shown, "n", digits)
	}
	return because("not_a_phone", "text", shown)
}

// several says whether text holds more than one number.
func several(text string, parse func(string) (string, bool)) bool {
	found := 0
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/、,，;；| ", r) }) {
		if _, ok := parse(part); ok {
			found++
		}
	}
	return found > 1
}

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

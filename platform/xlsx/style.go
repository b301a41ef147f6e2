package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// style is what a number format means for the text of a number. General is the zero value.
type style struct {
	kind   styleKind
	zeros  int  // padded: digits at least, as in 00000
	clock  bool // date: shows a time of day
	noDate bool // date: shows only a time of day
}

type styleKind uint8

const (
	general styleKind = iota
	date
	percent
	padded
)

// readStyles reads the number formats of all cell styles. A workbook whose styles
// are missing has none.
func (b *Book) readStyles(part string) error {
	var doc struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if b.part(part) == nil {
		return nil
	}
	if err := b.decodePart(part, &doc); err != nil {
		return err
	}
	custom := make(map[int]style, len(doc.Formats))
	for _, f := range doc.Formats {
		custom[f.ID] = styleOf(f.Code)
	}
	b.style = make([]style, len(doc.Cells))
	for i, c := range doc.Cells {
		if s, ok := custom[c.Format]; ok {
			b.style[i] = s
		} else {
			b.style[i] = builtin(c.Format)
		}
	}
	return nil
}

// builtin is the style of a format that files do not spell out (ECMA-376 18.8.30,
// the East Asian ones 27–36 and 50–58 included).
func builtin(id int) style {
	switch {
	case id == 9 || id == 10:
		return style{kind: percent}
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return style{kind: date}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55 || id == 56:
		return style{kind: date, clock: true, noDate: true}
	case id == 22:
		return style{kind: date, clock: true}
	}
	return style{}
}

// styleOf reads a format code: letters of a date or time outside quotes, brackets
// and escapes make it one.
func styleOf(code string) style {
	bare := strings.ToLower(bareCode(code))
	day, clock := strings.ContainsAny(bare, "yd"), strings.ContainsAny(bare, "hs")
	switch {
	case day || clock || strings.Contains(bare, "m"):
		return style{kind: date, clock: clock, noDate: clock && !day}
	case strings.Contains(bare, "%"):
		return style{kind: percent}
	case len(bare) > 1 && strings.Trim(bare, "0") == "":
		return style{kind: padded, zeros: len(bare)}
	}
	return style{}
}

// bareCode is the first section of a code without what it shows literally; the
// word General is no date.
func bareCode(code string) string {
	code = strings.ReplaceAll(code, "General", "")
	var out strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return out.String()
		case '"', '[':
			closer := map[byte]byte{'"': '"', '[': ']'}[c]
			n := strings.IndexByte(code[i+1:], closer)
			if n < 0 {
				return out.String()
			}
			if in := code[i+1 : i+1+n]; c == '[' && strings.Trim(strings.ToLower(in), "hms") == "" {
				out.WriteString(in) // [h]:mm is a time
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// number appends a stored number as a person would write it: at most 15 digits, as
// Excel itself; dates as 2006-01-02, with 15:04 where the format shows a time.
func (b *Book) number(dst, raw []byte, st style) (out []byte, kind CellKind) {
	v, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return append(dst, raw...), Text
	}
	switch st.kind {
	case date:
		if layout, t, ok := b.moment(v, st); ok {
			return t.AppendFormat(dst, layout), Date
		}
	case percent:
		return append(appendNumber(dst, v*100), '%'), Number
	case padded:
		text := appendNumber(nil, v)
		for n := len(text); n < st.zeros && v >= 0; n++ {
			dst = append(dst, '0')
		}
		return append(dst, text...), Number
	}
	return appendNumber(dst, v), Number
}

// appendNumber writes v in full, never in scientific notation where digits do.
func appendNumber(dst []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return strconv.AppendInt(dst, int64(v), 10)
	}
	if a := math.Abs(v); a >= 1e21 || a < 1e-9 {
		return strconv.AppendFloat(dst, v, 'g', 15, 64)
	}
	short := strconv.FormatFloat(v, 'g', 15, 64)
	v, _ = strconv.ParseFloat(short, 64)
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// moment turns a serial day number into a time: day 1 is 1900-01-01, and Excel's
// calendar has a 29 February 1900 that never was.
func (b *Book) moment(v float64, st style) (layout string, t time.Time, ok bool) {
	if v < 0 || v >= 2958466 { // 9999-12-31 is the last day
		return "", t, false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.old:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 60:
		base = base.AddDate(0, 0, 1)
	}
	day := math.Floor(v)
	t = base.AddDate(0, 0, int(day)).Add(time.Duration(math.Round((v-day)*86400)) * time.Second)
	switch {
	case st.noDate && v < 1:
		return "15:04", t, true
	case st.clock:
		return "2006-01-02 15:04", t, true
	}
	return "2006-01-02", t, true
}

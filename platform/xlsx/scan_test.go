package xlsx

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzScan compares the scanner with encoding/xml on what both accept, and checks
// that anything else ends in an error and not in a panic or a loop.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		`<a b="1>2" c='"'>x &amp; y &#65;<d/></a>`, `<!-- a --><?p q?><a><![CDATA[<&]]></a>`,
		`<x:row r="1"><x:c/></x:row>`, `<a>_x0041_</a>`, `<!DOCTYPE a>`, `<a`, `<!--`, `<>`, `</`, `<a b=>`, `&`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		ours, err := names(newScanner(strings.NewReader(in)))
		if err != nil && !errors.Is(err, ErrBroken) {
			t.Fatalf("%q: %v", in, err)
		}
		theirs, ok := std(in)
		if ok && err == nil && ours != theirs {
			t.Fatalf("%q: ours %q, encoding/xml %q", in, ours, theirs)
		}
	})
}

// names lists elements and texts in the order of the document.
func names(s *scanner) (string, error) {
	var out, run strings.Builder
	depth := 0
	flush := func() {
		if depth > 0 {
			out.WriteString(run.String())
		}
		run.Reset()
	}
	for {
		t, err := s.next()
		if err != nil {
			flush()
			if err == io.EOF {
				err = nil
			}
			return out.String(), err
		}
		switch t.kind {
		case startTag:
			flush()
			out.WriteString("<" + string(t.name) + ">")
			if depth++; t.empty {
				depth--
				out.WriteString("</" + string(t.name) + ">")
			}
		case endTag:
			flush()
			depth--
			out.WriteString("</" + string(t.name) + ">")
		case text:
			if !t.plain && strings.Contains(string(t.text), "_x") { // Excel's own escapes, unknown to XML
				run.Write(t.text)
				continue
			}
			run.Write(t.appendTo(nil))
		}
	}
}

// std is the same by encoding/xml; false where it refuses the document, and for what
// the two rightly treat differently (line ends, text outside of the root, odd prefixes).
func std(in string) (string, bool) {
	if strings.ContainsAny(in, "\r:") || strings.Contains(in, "_x") || !strings.HasPrefix(in, "<") || !strings.HasSuffix(in, ">") {
		return "", false
	}
	d := xml.NewDecoder(strings.NewReader(in))
	var out strings.Builder
	depth := 0
	for {
		t, err := d.Token()
		if err != nil {
			return out.String(), err == io.EOF
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			out.WriteString("<" + t.Name.Local + ">")
		case xml.EndElement:
			depth--
			out.WriteString("</" + t.Name.Local + ">")
		case xml.CharData:
			if depth > 0 {
				out.Write(t)
			}
		}
	}
}

func TestStyleOf(t *testing.T) {
	for code, want := range map[string]style{
		"General":                         {},
		"0.00":                            {},
		`"元"#,##0;[Red]-0`:                {},
		`[$-804]yyyy"年"m"月"d"日";@`:        {kind: date},
		"yyyy-mm-dd hh:mm:ss":             {kind: date, clock: true},
		"[h]:mm":                          {kind: date, clock: true, noDate: true},
		"0.0%":                            {kind: percent},
		"00000":                           {kind: padded, zeros: 5},
		`\d\a\y0`:                         {},
		"[Red]0":                          {},
		`_(* #,##0.00_);_(* \(#,##0.00\)`: {},
	} {
		if got := styleOf(code); got != want {
			t.Errorf("%s is %+v, want %+v", code, got, want)
		}
	}
}

func TestNumbersInFull(t *testing.T) {
	b := &Book{}
	for raw, want := range map[string]string{
		"1.3800138E10": "13800138000", "13800138000": "13800138000", "0.30000000000000004": "0.3",
		"-5": "-5", "1E-3": "0.001", "8.6138001380001E+15": "8613800138000100", "1E300": "1e+300", "abc": "abc", "NaN": "NaN",
	} {
		if got, _ := b.number(nil, []byte(raw), style{}); string(got) != want {
			t.Errorf("%s reads %s, want %s", raw, got, want)
		}
	}
	for serial, want := range map[string]string{"1": "1900-01-01", "59": "1900-02-28", "61": "1900-03-01", "45000": "2023-03-15"} {
		if got, _ := b.number(nil, []byte(serial), style{kind: date}); string(got) != want {
			t.Errorf("day %s is %s, want %s", serial, got, want)
		}
	}
	old := &Book{old: true}
	if got, _ := old.number(nil, []byte("43538.5"), style{kind: date, clock: true}); string(got) != "2023-03-15 12:00" {
		t.Errorf("the 1904 calendar gives %s", got)
	}
}

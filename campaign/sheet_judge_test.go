package campaign

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"yingda/platform/errs"
	"yingda/platform/xlsx"
	"yingda/tenant"
)

func asError(err error, e **errs.Error) bool { return errors.As(err, e) }

func TestJudgePhone(t *testing.T) {
	j := NewJudge(Mapping{Phone: "A"}, tenant.ParsePhone)
	for _, c := range []struct {
		name string
		cell xlsx.Cell
		want string // the number, or the key's last word
	}{
		{"a mobile", xlsx.Cell{Text: "13800138000", Kind: xlsx.Text}, "+8613800138000"},
		{"a mobile kept as a number", xlsx.Cell{Text: "13800138000", Kind: xlsx.Number}, "+8613800138000"},
		{"spaces and dashes", xlsx.Cell{Text: " 138-0013 8000\u00a0", Kind: xlsx.Text}, "+8613800138000"},
		{"full-width digits", xlsx.Cell{Text: "１３８００１３８０００", Kind: xlsx.Text}, "+8613800138000"},
		{"+86", xlsx.Cell{Text: "+86 138 0013 8000", Kind: xlsx.Text}, "+8613800138000"},
		{"0086", xlsx.Cell{Text: "008613800138000", Kind: xlsx.Text}, "+8613800138000"},
		{"86 without plus", xlsx.Cell{Text: "8613800138000", Kind: xlsx.Number}, "+8613800138000"},
		{"an apostrophe before it", xlsx.Cell{Text: "'13800138000", Kind: xlsx.Text}, "+8613800138000"},
		{"what nobody sees around it", xlsx.Cell{Text: "\u202d13800138000\u202c\r\n", Kind: xlsx.Text}, "+8613800138000"},
		{"a float's text", xlsx.Cell{Text: "13800138000.0", Kind: xlsx.Text}, "+8613800138000"},
		{"all digits in scientific notation", xlsx.Cell{Text: "1.3800138000E+10", Kind: xlsx.Text}, "+8613800138000"},
		{"rounded by scientific notation", xlsx.Cell{Text: "1.38E+10", Kind: xlsx.Text}, "rounded"},
		{"a land line", xlsx.Cell{Text: "029-88886666", Kind: xlsx.Text}, "+862988886666"},
		{"a land line that lost its 0", xlsx.Cell{Text: "2988886666", Kind: xlsx.Number}, "+862988886666"},
		{"the same, typed as text", xlsx.Cell{Text: "2988886666", Kind: xlsx.Text}, "not_a_phone"},
		{"another country", xlsx.Cell{Text: "+1 415 555 0100", Kind: xlsx.Text}, "foreign"},
		{"another country, dialled the old way", xlsx.Cell{Text: "0014155550100", Kind: xlsx.Text}, "foreign"},
		{"our own, written as from abroad", xlsx.Cell{Text: "+86 138 0013 8000", Kind: xlsx.Text}, "+8613800138000"},
		{"nothing", xlsx.Cell{}, "no_phone"},
		{"only an apostrophe", xlsx.Cell{Text: "'", Kind: xlsx.Text}, "no_phone"},
		{"letters", xlsx.Cell{Text: "未留电话", Kind: xlsx.Text}, "letters"},
		{"letters among digits", xlsx.Cell{Text: "138OO138000", Kind: xlsx.Text}, "letters"},
		{"one digit short", xlsx.Cell{Text: "1380013800", Kind: xlsx.Text}, "too_short"},
		{"one digit too many", xlsx.Cell{Text: "138001380001", Kind: xlsx.Text}, "too_long"},
		{"no area code", xlsx.Cell{Text: "88886666", Kind: xlsx.Text}, "no_area_code"},
		{"two numbers", xlsx.Cell{Text: "13800138000/13900139000", Kind: xlsx.Text}, "several_numbers"},
		{"two numbers and a space", xlsx.Cell{Text: "13800138000 13900139000", Kind: xlsx.Text}, "several_numbers"},
		{"a formula that failed", xlsx.Cell{Text: "#N/A", Kind: xlsx.Error}, "formula_error"},
		{"half a number", xlsx.Cell{Text: "13800138000.5", Kind: xlsx.Number}, "too_long"},
		{"a prefix no mobile has", xlsx.Cell{Text: "12800138000", Kind: xlsx.Text}, "not_a_phone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lead, bad := j.Row(xlsx.Row{Number: 7, Cells: []xlsx.Cell{c.cell}})
			got := lead.E164
			if bad != nil {
				got = strings.TrimPrefix(bad.Key, "import.row.")
				if bad.Row != 7 || bad.Cell != "A7" || bad.Kind != Malformed {
					t.Errorf("placed at %d %s %s", bad.Row, bad.Cell, bad.Kind)
				}
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestJudgeNameAndVariables(t *testing.T) {
	j := NewJudge(Mapping{Phone: "B", Name: "A", Vars: map[string]string{"C": "项目", "D": "备注"}}, tenant.ParsePhone)
	row := func(texts ...string) xlsx.Row {
		r := xlsx.Row{Number: 2}
		for _, s := range texts {
			r.Cells = append(r.Cells, xlsx.Cell{Text: s, Kind: xlsx.Text})
		}
		return r
	}
	lead, bad := j.Row(row(" 王\n芳 ", "13800138000", "翡翠湾", "  "))
	if bad != nil || lead.Name != "王 芳" || len(lead.Vars) != 1 || lead.Vars["项目"] != "翡翠湾" {
		t.Errorf("got %+v, %v", lead, bad)
	}
	if lead, bad = j.Row(row("", "13800138000")); bad != nil || lead.Vars != nil {
		t.Errorf("a bare number gives %+v, %v", lead, bad)
	}
	if _, bad = j.Row(row(strings.Repeat("长", 81), "13800138000")); bad == nil || bad.Cell != "A2" || bad.Args["n"] != 81 {
		t.Errorf("a long name gives %+v", bad)
	}
	if _, bad = j.Row(row("王芳", "13800138000", "", strings.Repeat("长", 501))); bad == nil || bad.Cell != "D2" {
		t.Errorf("a long variable gives %+v", bad)
	}
	failed := row("王芳", "13800138000", "#REF!")
	failed.Cells[2].Kind = xlsx.Error
	if lead, bad = j.Row(failed); bad != nil || lead.Vars != nil {
		t.Errorf("a failed formula is spoken: %+v, %v", lead, bad)
	}
}

// FuzzJudge: whatever a cell holds, a row is a lead with a number that could be
// dialled, or a reject that says where and why; never both, never a panic.
func FuzzJudge(f *testing.F) {
	for _, s := range []string{"13800138000", "1.38E+10", "'+86", "1E99999", "E", ".", "0.", "1/2", "＋１", "\xff1", "#N/A", "1e5.", "٣"} {
		for kind := range uint8(6) {
			f.Add(s, "王芳", kind)
		}
	}
	j := NewJudge(Mapping{Phone: "A", Name: "B", Vars: map[string]string{"B": "v"}}, tenant.ParsePhone)
	f.Fuzz(func(t *testing.T, phone, name string, kind uint8) {
		r := xlsx.Row{Number: 3, Cells: []xlsx.Cell{{Text: phone, Kind: xlsx.CellKind(kind % 6)}, {Text: name, Kind: xlsx.Text}}}
		lead, bad := j.Row(r)
		if bad != nil {
			if bad.Row != 3 || bad.Cell == "" || !strings.HasPrefix(bad.Key, "import.row.") || lead.E164 != "" {
				t.Fatalf("reject %+v, lead %+v", bad, lead)
			}
			return
		}
		if n := len(lead.E164); lead.E164[0] != '+' || n < 8 || n > 16 || !digitsOnly(lead.E164[1:]) {
			t.Fatalf("%q became %q", phone, lead.E164)
		}
		if !utf8.ValidString(lead.Name) || strings.ContainsAny(lead.Name, "\r\n\t") {
			t.Fatalf("name %q", lead.Name)
		}
	})
}

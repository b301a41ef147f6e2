package scriptflow_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"yingda/scriptflow"
	"yingda/scriptflow/demo"
)

func asSheet(t testing.TB, s *scriptflow.Script) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := scriptflow.WriteTemplate(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// edited is the demo script as a workbook, after changes.
func edited(t *testing.T, change func(*excelize.File)) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(asSheet(t, demo.Script())))
	if err != nil {
		t.Fatal(err)
	}
	change(book)
	var b bytes.Buffer
	if _, err := book.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSheetComesBackIdentical(t *testing.T) {
	full := demo.Script()
	yes := true
	full.Classes[3].CountsA = &yes
	full.Classes[4].Strict = true
	for i := range 9000 {
		full.Classes[5].Keywords = append(full.Classes[5].Keywords, "多少钱"+strings.Repeat("楼", 1+i%7)+string(rune(0x4e00+i)))
	}
	full.Nodes[0].Say = []scriptflow.Line{{Text: "您好，{{name}}，打扰了", Audio: []string{"a.wav", "b.wav"}}, {Text: "喂"}}
	full.Nodes[0].Silence = &scriptflow.Silence{Times: 0, To: "soft"}
	full.Nodes[1].NoMatch = &scriptflow.Fallback{Times: 1, Say: []scriptflow.Line{{Text: "没听清"}}}
	full.Nodes[2].Interrupt, full.Nodes[2].MaxVisits = "1500ms", 5
	full.Nodes[3].Interrupt = scriptflow.Anytime
	full.Machine.Backchannel = []string{"嗯", "哦"}
	for name, want := range map[string]*scriptflow.Script{"demo": demo.Script(), "everything": full} {
		got, problems := scriptflow.ParseSheet(bytes.NewReader(asSheet(t, want)))
		if problems.Bad() {
			t.Fatalf("%s: %v", name, problems)
		}
		if !reflect.DeepEqual(got, want) {
			a, _ := json.MarshalIndent(want, "", " ")
			b, _ := json.MarshalIndent(got, "", " ")
			t.Errorf("%s: came back as another script:\n%s", name, firstDifference(string(a), string(b)))
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return "one is longer"
}

func TestSheetProblemsNameTheCell(t *testing.T) {
	set := func(sheet, cell, value string) func(*excelize.File) {
		return func(f *excelize.File) { _ = f.SetCellStr(sheet, cell, value) }
	}
	for _, c := range []struct {
		name   string
		change func(*excelize.File)
		place  string
		key    string
	}{
		{"branch to nowhere", set("分支", "H3", "nirgendwo"), "分支!H3", "unknown_target"},
		{"branch of an unknown node", set("分支", "A3", "nobody"), "分支!A3", "branch_of_unknown_node"},
		{"no condition", func(f *excelize.File) {
			for _, cell := range []string{"C2", "D2", "E2", "F2"} {
				_ = f.SetCellStr("分支", cell, "")
			}
		}, "分支!A2", "no_condition"},
		{"unknown class", set("分支", "C3", "positiv"), "分支!C3", "unknown_class"},
		{"letters as a number", set("流程", "D2", "first"), "流程!D2", "not_a_number"},
		{"neither yes nor no", set("流程", "E2", "maybe"), "流程!E2", "not_yes_or_no"},
		{"unknown kind", set("关键词", "C2", "怪"), "关键词!C2", "unknown_kind"},
		{"nothing to say", set("流程", "F2", ""), "流程!F2", "nothing_to_say"},
		{"unknown variable", set("流程", "F2", "您好{{nmae}}"), "流程!F2", "unknown_variable"},
		{"start nowhere", set("基本", "B4", "begin"), "基本!B4", "unknown_target"},
		{"interrupt when", set("流程", "H2", "有时"), "流程!H2", "bad_interrupt"},
		{"a sheet is gone", func(f *excelize.File) { _ = f.DeleteSheet("流程") }, "流程", "missing_sheet"},
		{"machine of no kind", set("机器识别", "A2", "传真"), "机器识别!A2", "unknown_machine_kind"},
		{"answer to nowhere", set("问答", "C2", "x"), "问答!C2", "unknown_target"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := scriptflow.ParseSheet(bytes.NewReader(edited(t, c.change)))
			readable(t, problems)
			for _, p := range problems {
				if p.Place == c.place && p.Key == "script.problem."+c.key && p.Severity == scriptflow.Error {
					return
				}
			}
			t.Errorf("no %s at %s in\n%v", c.key, c.place, problems)
		})
	}
}

func TestSheetTakesLabels(t *testing.T) {
	data := edited(t, func(f *excelize.File) {
		_ = f.SetCellStr("分支", "H3", "说明来意")
		_ = f.SetCellStr("分支", "C3", "肯定")
		_ = f.SetCellStr("基本", "B4", "开场问候")
	})
	got, problems := scriptflow.ParseSheet(bytes.NewReader(data))
	if problems.Bad() || !reflect.DeepEqual(got, demo.Script()) {
		t.Errorf("labels were not taken for ids: %v", problems)
	}
}

func TestSheetRefusesWhatIsNoWorkbook(t *testing.T) {
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("name,phone"), "an old .xls": {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, "cut off": asSheet(t, demo.Script())[:2000],
	} {
		s, problems := scriptflow.ParseSheet(bytes.NewReader(data))
		if s != nil || len(problems) != 1 || problems[0].Key != "script.problem.not_xlsx" {
			t.Errorf("%s: %v", name, problems)
		}
	}
	_, problems := scriptflow.ParseSheet(bytes.NewReader(make([]byte, scriptflow.MaxBytes+1)))
	if len(problems) != 1 || problems[0].Key != "script.problem.sheet_too_large" {
		t.Errorf("too large: %v", problems)
	}
}

func FuzzParseSheet(f *testing.F) {
	f.Add(asSheet(f, small()))
	f.Add(asSheet(f, &scriptflow.Script{}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, problems := scriptflow.ParseSheet(bytes.NewReader(data))
		if s == nil && !problems.Bad() {
			t.Fatal("neither a script nor a problem")
		}
		if s != nil && !problems.Bad() {
			if flow, found := scriptflow.Compile(s); flow == nil {
				t.Fatalf("clean, but does not compile: %v", found)
			}
		}
	})
}

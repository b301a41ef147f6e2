package scriptflow_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yingda/platform/errs"
	"yingda/platform/locale"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
)

// small is the least script that is clean: a question, a yes, an end.
func small() *scriptflow.Script {
	return &scriptflow.Script{
		Format: 1, Name: "小", Locale: "zh-CN", Entry: "ask", GiveUp: "bye",
		Variables: []scriptflow.Variable{{Name: "name"}},
		Classes:   []scriptflow.Class{{ID: "yes", Label: "肯定", Kind: scriptflow.Positive, Keywords: []string{"好的"}}},
		Nodes: []scriptflow.Node{
			{ID: "ask", Label: "问", Kind: scriptflow.Talk, Step: 1, Say: line("{{name}}好吗？"), Branches: []scriptflow.Branch{{Classes: []string{"yes"}, To: "done"}}},
			{ID: "done", Label: "成", Kind: scriptflow.End, Step: 2, Last: true, Say: line("再见。")},
			{ID: "bye", Label: "完", Kind: scriptflow.End, Say: line("打扰了。")},
		},
	}
}

func line(texts ...string) (lines []scriptflow.Line) {
	for _, t := range texts {
		lines = append(lines, scriptflow.Line{Text: t})
	}
	return lines
}

func TestCheck(t *testing.T) {
	if p := scriptflow.Check(small()); len(p) > 0 {
		t.Fatalf("the small script is not clean: %v", p)
	}
	type script = scriptflow.Script
	for _, c := range []struct {
		change   func(*script)
		place    string
		severity scriptflow.Severity
		key      string
	}{
		{func(s *script) { s.Name = " " }, "/name", "error", "no_name"},
		{func(s *script) { s.Nodes = nil }, "/nodes", "error", "no_nodes"},
		{func(s *script) { s.Entry = "" }, "/entry", "error", "no_target"},
		{func(s *script) { s.GiveUp = "nix" }, "/give_up", "error", "unknown_target"},
		{func(s *script) { s.GiveUp = "ask" }, "/give_up", "error", "give_up_goes_on"},
		{func(s *script) { s.Limits.Turns = -1 }, "/limits/turns", "error", "negative"},
		{func(s *script) { s.Nodes[1].Last = false }, "/nodes", "error", "no_last_step"},
		{func(s *script) { s.Nodes[2].Last = true }, "/nodes/2/last", "error", "two_last_steps"},
		{func(s *script) { s.Variables = append(s.Variables, scriptflow.Variable{Name: "name"}) }, "/variables/1/name", "error", "duplicate"},
		{func(s *script) { s.Variables[0].Name = "{x" }, "/variables/0/name", "error", "bad_variable"},
		{func(s *script) { s.Classes[0].Kind = "maybe" }, "/classes/0/kind", "error", "unknown_kind"},
		{func(s *script) { s.Classes[0].ID = "" }, "/classes/0/id", "error", "no_id"},
		{func(s *script) { s.Classes = append(s.Classes, s.Classes[0]) }, "/classes/1/id", "error", "duplicate"},
		{func(s *script) { s.Classes[0].Keywords = nil }, "/classes/0/keywords", "warning", "no_keywords"},
		{func(s *script) { s.Classes[0].Keywords = []string{"！"} }, "/classes/0/keywords/0", "error", "empty_keyword"},
		{func(s *script) { s.Classes[0].Keywords = []string{"好，的"} }, "/classes/0/keywords/0", "warning", "keyword_punctuation"},
		{func(s *script) { s.Classes[0].Keywords = []string{"好的", "好 的"} }, "/classes/0/keywords/1", "warning", "keyword_twice"},
		{func(s *script) {
			s.Classes = append(s.Classes, scriptflow.Class{ID: "no", Kind: scriptflow.Refusal, Keywords: []string{"好的"}})
		}, "/classes/1/keywords/0", "warning", "keyword_in_two_classes"},
		{func(s *script) { s.Nodes[0].ID = "a b" }, "/nodes/0/id", "error", "bad_id"},
		{func(s *script) { s.Nodes[0].ID = "" }, "/nodes/0/id", "error", "no_id"},
		{func(s *script) { s.Nodes[2].ID = "ask" }, "/nodes/2/id", "error", "duplicate"},
		{func(s *script) { s.Nodes[0].Kind = "sing" }, "/nodes/0/kind", "error", "unknown_node_kind"},
		{func(s *script) { s.Nodes[0].Interrupt = "soon" }, "/nodes/0/interrupt", "error", "bad_interrupt"},
		{func(s *script) { s.Nodes[0].MaxVisits = -2 }, "/nodes/0/max_visits", "error", "negative"},
		{func(s *script) { s.Nodes[0].Say = nil }, "/nodes/0/say", "error", "nothing_to_say"},
		{func(s *script) { s.Nodes[0].Say = line("……") }, "/nodes/0/say/0", "error", "empty_line"},
		{func(s *script) { s.Nodes[0].Say = line(strings.Repeat("长", 501)) }, "/nodes/0/say/0", "error", "long_line"},
		{func(s *script) { s.Nodes = make([]scriptflow.Node, 1001) }, "/nodes", "error", "too_many"},
		{func(s *script) { s.Nodes[0].Branches = make([]scriptflow.Branch, 10_001) }, "/nodes", "error", "too_many"},
		{func(s *script) { s.Nodes[0].Branches[0].Keywords = make([]string, 100_001) }, "/classes", "error", "too_many"},
		{func(s *script) { s.Nodes[0].Say = line("一\n二") }, "/nodes/0/say/0", "error", "line_break"},
		{func(s *script) { s.Nodes[0].Say = line("{{nmae}}好吗") }, "/nodes/0/say/0", "error", "unknown_variable"},
		{func(s *script) { s.Nodes[0].Say[0].Audio = []string{"a.wav", "b.wav"} }, "/nodes/0/say/0", "error", "audio_count"},
		{func(s *script) { s.Nodes[0].Branches = nil }, "/nodes/0/branches", "error", "no_way_on"},
		{func(s *script) { s.Nodes[0].Branches[0].To = "nix" }, "/nodes/0/branches/0/to", "error", "unknown_target"},
		{func(s *script) { s.Nodes[0].Branches[0].To = "" }, "/nodes/0/branches/0/to", "error", "no_target"},
		{func(s *script) { s.Nodes[0].Branches[0].Classes = nil }, "/nodes/0/branches/0", "error", "no_condition"},
		{func(s *script) { s.Nodes[0].Branches[0].Classes[0] = "no" }, "/nodes/0/branches/0/classes/0", "error", "unknown_class"},
		{func(s *script) { s.Nodes[0].Branches[0].Means = "no" }, "/nodes/0/branches/0/means", "error", "unknown_class"},
		{func(s *script) { s.Nodes[0].Branches[0].Digits = []string{"12"} }, "/nodes/0/branches/0/digits/0", "error", "bad_digit"},
		{func(s *script) { s.Nodes[0].Branches[0].Keywords = []string{" "} }, "/nodes/0/branches/0/keywords/0", "error", "empty_keyword"},
		{func(s *script) {
			s.Nodes[0].Branches = append(s.Nodes[0].Branches, scriptflow.Branch{Classes: []string{"yes"}, To: "bye"})
		}, "/nodes/0/branches/1/classes/0", "warning", "branch_twice"},
		{func(s *script) { s.Nodes[1].Branches = []scriptflow.Branch{{Any: true, To: "bye"}} }, "/nodes/1/branches", "error", "deaf_branches"},
		{func(s *script) { s.Nodes[1].Next = "bye" }, "/nodes/1/next", "error", "end_goes_on"},
		{func(s *script) { s.Nodes[1].Kind = scriptflow.HandOff }, "/nodes/1/queue", "error", "no_queue"},
		{func(s *script) { s.Nodes[1].Kind = scriptflow.Pass }, "/nodes/1/next", "error", "no_target"},
		{func(s *script) { s.Nodes[1].Kind, s.Nodes[1].Next = scriptflow.Pass, "done" }, "/nodes/1", "error", "endless_ring"},
		{func(s *script) { s.Nodes[0].Branches[0].To = "bye" }, "/nodes/1", "error", "last_step_unreachable"},
		{func(s *script) {
			s.Nodes = append(s.Nodes, scriptflow.Node{ID: "lost", Kind: scriptflow.End, Say: line("喂")})
		}, "/nodes/3", "warning", "unreachable"},
		{func(s *script) {
			s.Nodes[0].Last, s.Nodes[1].Last, s.Nodes[0].Branches[0].To = true, false, "ask"
		}, "/nodes/0", "error", "loop_without_exit"},
		{func(s *script) { s.Answers = []scriptflow.Answer{{Say: line("嗯")}} }, "/answers/0/classes", "error", "no_class"},
		{func(s *script) { s.Answers = []scriptflow.Answer{{Classes: []string{"yes"}}} }, "/answers/0/say", "error", "nothing_to_say"},
		{func(s *script) { s.Answers = []scriptflow.Answer{{Classes: []string{"yes", "yes"}, To: "bye"}} }, "/answers/0/classes/1", "error", "answered_twice"},
		{func(s *script) { s.Answers = []scriptflow.Answer{{Classes: []string{"yes"}, Say: line("嗯")}} }, "/nodes/0/again", "warning", "nothing_to_pick_up"},
		{func(s *script) { s.Silence.AfterMS = 100_000 }, "/silence/after_ms", "error", "bad_wait"},
		{func(s *script) { s.Silence.Times = 11 }, "/silence/times", "error", "bad_times"},
		{func(s *script) { s.NoMatch.Times = 1 }, "/no_match/say", "error", "nothing_to_say"},
		{func(s *script) { s.NoMatch.To = "x" }, "/no_match/to", "error", "unknown_target"},
		{func(s *script) { s.Machine.Voicemail = []string{"留言"} }, "/machine/voicemail/0", "warning", "short_machine_phrase"},
	} {
		t.Run(c.key, func(t *testing.T) {
			s := small()
			c.change(s)
			problems := scriptflow.Check(s)
			if !slices.ContainsFunc(problems, func(p scriptflow.Problem) bool {
				return p.Place == c.place && p.Severity == c.severity && p.Key == "script.problem."+c.key
			}) {
				t.Errorf("no %s %s at %s in\n%v", c.severity, c.key, c.place, problems)
			}
			readable(t, problems)
			if flow, _ := scriptflow.Compile(s); (flow == nil) != problems.Bad() {
				t.Errorf("compiled: %v, problems: %v", flow != nil, problems)
			}
		})
	}
}

var hole = regexp.MustCompile(`\{\w+[}:]`)

// readable: every problem is a whole sentence in both languages, its arguments filled in.
func readable(t *testing.T, problems scriptflow.Problems) {
	t.Helper()
	for _, p := range problems {
		for _, lang := range []string{locale.Chinese, locale.English} {
			if text := locale.T(lang, p.Key, p.Args); text == p.Key || hole.MatchString(text) {
				t.Errorf("%s says %q for %v", lang, text, p)
			}
		}
	}
}

func TestParseSaysWhere(t *testing.T) {
	for _, c := range []struct {
		text, key    string
		line, column any
	}{
		{"{\n  \"format\": 1,\n  \"name\": }", "script.unreadable", 3, 11},
		{"{\n \"format\": \"x\"}", "script.unreadable", 2, nil},
		{"{\"format\": 1, \"nodez\": []}", "script.unreadable", 1, nil},
		{"{\"format\": 1} {}", "script.unreadable", 1, nil},
		{"{\"format\": 7}", "script.format", nil, nil},
		{"", "script.unreadable", 1, nil},
	} {
		_, err := scriptflow.Parse([]byte(c.text))
		e, ok := err.(*errs.Error)
		if !ok || e.Kind != errs.Invalid || e.Key != c.key {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if c.line != nil && e.Args["line"] != c.line || c.column != nil && e.Args["column"] != c.column {
			t.Errorf("%q: %v", c.text, e.Args)
		}
	}
}

func TestJSONComesBackIdentical(t *testing.T) {
	data, err := json.Marshal(demo.Script())
	if err != nil {
		t.Fatal(err)
	}
	again, err := scriptflow.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	twice, _ := json.Marshal(again)
	if string(data) != string(twice) {
		t.Error("the demo script changes when it is written and read")
	}
}

// TestMessageKeys reads the source: no key that is given away may be missing from
// MessageKeys, and none of those may be dead.
func TestMessageKeys(t *testing.T) {
	given, literals := map[string]bool{}, map[string]bool{}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				literals[strings.Trim(n.Value, `"`)] = true
			case *ast.CallExpr:
				if key, ok := keyGiven(n); ok {
					given[key] = true
				}
			}
			return true
		})
	}
	for key := range given {
		if !slices.Contains(scriptflow.MessageKeys, key) {
			t.Errorf("%s is not in MessageKeys", key)
		}
	}
	for _, key := range scriptflow.MessageKeys {
		last := key[strings.LastIndexByte(key, '.')+1:]
		if !literals[key] && !literals[last] {
			t.Errorf("nothing gives %s", key)
		}
	}
	for _, lang := range []string{locale.Chinese, locale.English} {
		for _, key := range scriptflow.MessageKeys {
			if !slices.Contains(locale.Keys(lang), key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
	}
	if len(given) < 45 {
		t.Errorf("only %d keys are given: this test has lost its way", len(given))
	}
}

func sources(t *testing.T) (files []*ast.File) {
	names, _ := filepath.Glob("*.go")
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || name == "keys.go" {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// keyGiven is the key in calls of wrong, doubt, add and errs.New, where it is written out.
func keyGiven(call *ast.CallExpr) (string, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	at, prefix := -1, "script.problem."
	switch sel.Sel.Name {
	case "wrong", "doubt":
		at = 1
	case "add":
		at = 2
	case "New":
		at, prefix = 1, ""
	}
	if at < 0 || len(call.Args) <= at {
		return "", false
	}
	lit, ok := call.Args[at].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	return prefix + strings.Trim(lit.Value, `"`), true
}

func FuzzParse(f *testing.F) {
	least, _ := json.Marshal(small()) // a small seed: the fuzzer spends its time on shrinking large ones
	f.Add(least)
	f.Add([]byte(`{"format":1,"nodes":[{"kind":"pass"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := scriptflow.Parse(data)
		if err != nil {
			return
		}
		if flow, _ := scriptflow.Compile(s); flow != nil {
			state, _ := flow.Start(nil)
			flow.Hints(state)
			flow.Graph()
			flow.Prompts()
		}
	})
}

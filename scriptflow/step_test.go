package scriptflow_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/scriptflow"
	"yingda/scriptflow/demo"
)

const second = time.Second

// told writes actions as one line, for comparison.
func told(actions []scriptflow.Action) string {
	var out []string
	for _, a := range actions {
		switch a := a.(type) {
		case scriptflow.Say:
			out = append(out, "say "+a.Line)
		case scriptflow.Stop:
			out = append(out, "stop")
		case scriptflow.Listen:
			out = append(out, fmt.Sprintf("listen %v", a.NoInput))
		case scriptflow.SendSMS:
			out = append(out, "sms "+a.Class)
		case scriptflow.MarkDoNotCall:
			out = append(out, "dnc "+a.Class)
		case scriptflow.Transfer:
			out = append(out, "transfer "+a.Queue)
		case scriptflow.Hangup:
			out = append(out, "hangup "+a.Reason)
		}
	}
	return strings.Join(out, ", ")
}

// corners is a script with everything that the demo does not need.
func corners() *scriptflow.Script {
	s := &scriptflow.Script{
		Format: 1, Name: "角", Locale: "zh-CN", Entry: "hello", GiveUp: "bye",
		Classes: []scriptflow.Class{
			{ID: "yes", Kind: scriptflow.Positive, Keywords: []string{"好的", "好"}},
			{ID: "no", Kind: scriptflow.Refusal, Keywords: []string{"不需要"}},
			{ID: "busy", Kind: scriptflow.Busy, Keywords: []string{"在开会"}},
			{ID: "price", Kind: scriptflow.Question, Keywords: []string{"多少钱"}},
			{ID: "place", Kind: scriptflow.Question, Keywords: []string{"在哪里"}},
			{ID: "sms", Kind: scriptflow.SMSWish, Keywords: []string{"短信"}},
		},
		Nodes: []scriptflow.Node{
			{ID: "hello", Label: "始", Kind: scriptflow.Talk, Say: line("你好。", "又见面了。"), Again: line("好吗？"), Interrupt: scriptflow.Never, MaxVisits: 2,
				Branches: []scriptflow.Branch{{Classes: []string{"yes"}, To: "via"}, {Keywords: []string{"多少钱一平"}, To: "hello"}, {Digits: []string{"1"}, Means: "no", To: "bye"}}},
			{ID: "via", Label: "经", Kind: scriptflow.Pass, Say: line("这样。"), Next: "late"},
			{ID: "late", Label: "后", Kind: scriptflow.Talk, Say: line("那么请问呢？"), Interrupt: "1s",
				Branches: []scriptflow.Branch{{Classes: []string{"yes"}, To: "done"}, {Keywords: []string{"回头"}, To: "hello"}},
				Silence:  &scriptflow.Silence{AfterMS: 2000, Times: 1, Say: line("在吗？"), To: "bye"},
				NoMatch:  &scriptflow.Fallback{Times: 1, Say: line("什么？"), To: "bye"}},
			{ID: "done", Label: "成", Kind: scriptflow.End, Last: true, Say: line("谢谢。"), Reason: "completed"},
			{ID: "bye", Label: "完", Kind: scriptflow.End, Say: line("再见。")},
		},
		Answers: []scriptflow.Answer{
			{Classes: []string{"price"}, Say: line("一万。", "还是一万。")},
			{Classes: []string{"place"}, Say: line("那里。")},
			{Classes: []string{"no"}, Say: line("真的不？"), Times: 1},
			{Classes: []string{"sms"}, Say: line("发您。")},
		},
		Silence: scriptflow.Silence{AfterMS: 3000, Times: 1, Say: line("喂？")},
		NoMatch: scriptflow.Fallback{Times: 1, Say: line("没听清。")},
		Machine: scriptflow.Machine{Voicemail: []string{"请在嘀声后留言"}},
		Limits:  scriptflow.Limits{Turns: 8, Seconds: 60},
	}
	return s
}

func compiled(t testing.TB, s *scriptflow.Script) *scriptflow.Flow {
	t.Helper()
	f, problems := scriptflow.Compile(s)
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// TestStep tells stories event by event; each event has the actions that it brings.
func TestStep(t *testing.T) {
	type E = scriptflow.Event
	hears := func(text string, at, end float64) E {
		return scriptflow.Heard{Text: text, Source: scriptflow.ASR, At: time.Duration(at * 1e9), End: time.Duration(end * 1e9)}
	}
	says := func(text string) E { return hears(text, 20, 21) }
	said := func(id int, at float64) E { return scriptflow.Said{ID: id, At: time.Duration(at * 1e9)} }
	cut := func(id int, at float64) E {
		return scriptflow.Said{ID: id, Cut: true, At: time.Duration(at * 1e9)}
	}
	partial := func(text string, at float64) E {
		return scriptflow.Partial{Text: text, At: time.Duration(at * 1e9)}
	}
	type row struct {
		event E
		want  string
	}
	for _, story := range []struct {
		name string
		rows []row
		then func(scriptflow.State) bool
	}{
		{"a word that matters waits for a line that may not be interrupted", []row{
			{partial("在哪里呀", 0.5), ""},
			{hears("在哪里呀", 0.3, 0.9), "listen 3s"},
			{said(1, 2), "say answer.place/0+hello.again/0, listen 3s"},
		}, func(s scriptflow.State) bool { return s.Rounds == 1 && s.Turns == 1 && len(s.Hits) == 1 }},
		{"chatter over such a line is not kept", []row{
			{hears("今天天气不错", 0.3, 0.9), "listen 3s"},
			{said(1, 2), ""},
		}, func(s scriptflow.State) bool { return s.Rounds == 0 && s.Turns == 1 }},
		{"a pass node joins its line to the next, under the stricter policy", []row{
			{said(1, 1), ""}, {says("好的"), "say via/0+late/0, listen 2s"},
		}, func(s scriptflow.State) bool { return len(s.Path) == 3 && s.Playing.Interrupt == "1s" }},
		{"after so long they may interrupt", []row{
			{said(1, 1), ""}, {hears("好的", 2, 3), "say via/0+late/0, listen 2s"},
			{partial("等一下我说", 3.5), ""},
			{partial("等一下我说", 4.2), "stop, listen 2s"},
			{partial("等一下我说一句", 4.4), ""},
			{cut(2, 4.3), ""},
			{hears("等一下我说一句好的", 4, 5), "say done/0, hangup completed"},
		}, func(s scriptflow.State) bool { return s.Last && s.Ended == "completed" }},
		{"a cut line is said again when nothing came of it", []row{
			{said(1, 1), ""}, {hears("好的", 2, 3), "say via/0+late/0, listen 2s"},
			{partial("那个那个", 4.2), "stop, listen 2s"}, {cut(2, 4.3), ""},
			{scriptflow.NoInput{At: 7 * second}, "say late/0, listen 2s"},
			{said(3, 9), ""},
			{scriptflow.NoInput{At: 12 * second}, "say bye/0, hangup end"},
		}, nil},
		{"a filler under the line is no interruption, at its end an answer", []row{
			{said(1, 5), ""},
			{hears("嗯", 1, 1.5), "listen 3s"},
			{hears("好", 4.8, 5.1), "say via/0+late/0, listen 2s"},
		}, func(s scriptflow.State) bool { return s.Turns == 2 && s.Rounds == 1 }},
		{"two questions of one breath, in their order", []row{
			{said(1, 1), ""}, {says("在哪里，多少钱"), "say answer.place/0+answer.price/0+hello.again/0, listen 3s"},
			{said(2, 23), ""}, {says("多少钱"), "say answer.price/1+hello.again/0, listen 3s"},
		}, func(s scriptflow.State) bool { return s.Rounds == 2 && len(s.Hits) == 3 }},
		{"a question and a yes: answered, and on", []row{
			{said(1, 1), ""}, {says("好的，多少钱"), "say answer.price/0+via/0+late/0, listen 2s"},
		}, nil},
		{"the node's own longer keyword goes before the class inside it", []row{
			{said(1, 1), ""}, {says("多少钱一平"), "say hello/1, listen 3s"},
		}, func(s scriptflow.State) bool { return len(s.Hits) == 0 }},
		{"a refusal overrules the question in its breath; the second one ends it", []row{
			{said(1, 1), ""}, {says("多少钱都不需要"), "say answer.no/0+hello.again/0, listen 3s"},
			{said(2, 22), ""}, {says("不需要"), "say bye/0, hangup end"},
		}, func(s scriptflow.State) bool { return len(s.Hits) == 3 }},
		{"a class without a rule is still heard for the grade", []row{
			{said(1, 1), ""}, {says("我在开会"), "say no_match/0+hello.again/0, listen 3s"},
		}, func(s scriptflow.State) bool { return len(s.Hits) == 1 && s.Rounds == 0 && s.Turns == 1 }},
		{"words without a rule are asked again, then given up", []row{
			{said(1, 1), ""}, {says("天气不错"), "say no_match/0+hello.again/0, listen 3s"},
			{said(2, 22), ""}, {says("天气不错"), "say bye/0, hangup end"},
		}, func(s scriptflow.State) bool { return s.Rounds == 0 && s.Turns == 2 }},
		{"voice without words asks again, but is no input", []row{
			{said(1, 1), ""}, {says(" "), "say no_match/0+hello.again/0, listen 3s"},
		}, func(s scriptflow.State) bool { return s.Turns == 0 }},
		{"silence is asked about, then given up", []row{
			{scriptflow.NoInput{At: second}, "listen 3s"},
			{said(1, 1), ""}, {scriptflow.NoInput{At: 4 * second}, "say silence/0, listen 3s"},
			{said(2, 5), ""}, {scriptflow.NoInput{At: 8 * second}, "say bye/0, hangup end"},
		}, nil},
		{"an input starts the silences anew", []row{
			{said(1, 1), ""}, {scriptflow.NoInput{At: 4 * second}, "say silence/0, listen 3s"},
			{said(2, 5), ""}, {hears("在哪里", 6, 7), "say answer.place/0+hello.again/0, listen 3s"},
			{said(3, 9), ""}, {scriptflow.NoInput{At: 12 * second}, "say silence/0, listen 3s"},
		}, nil},
		{"the SMS is promised once, and not in the breath of a refusal", []row{
			{said(1, 1), ""}, {says("不需要短信"), "say answer.no/0+hello.again/0, listen 3s"},
			{said(2, 22), ""}, {says("短信"), "sms sms, say answer.sms/0+hello.again/0, listen 3s"},
			{said(3, 23), ""}, {says("发短信"), "say answer.sms/0+hello.again/0, listen 3s"},
		}, nil},
		{"a key counts as the class that it means", []row{
			{said(1, 1), ""}, {scriptflow.Heard{Text: "1", Source: scriptflow.Digit, At: 2 * second, End: 2 * second}, "say bye/0, hangup end"},
		}, func(s scriptflow.State) bool {
			return len(s.Hits) == 1 && s.Hits[0].Kind == scriptflow.Refusal && s.Rounds == 1
		}},
		{"a line that nobody heard answered nothing", []row{
			{said(1, 1), ""}, {says("在哪里"), "say answer.place/0+hello.again/0, listen 3s"},
			{scriptflow.Said{ID: 2, Cut: true, Unheard: true, At: 22 * second}, ""},
			{scriptflow.HungUp{By: "callee", At: 22 * second}, ""},
			{says("喂"), ""},
		}, func(s scriptflow.State) bool { return s.Rounds == 0 && s.Turns == 1 && s.HungUp == "callee" }},
		{"a node is entered only so often", []row{
			{said(1, 1), ""}, {says("多少钱一平"), "say hello/1, listen 3s"},
			{said(2, 22), ""}, {says("多少钱一平"), "say bye/0, hangup end"},
		}, nil},
		{"the time is up", []row{
			{said(1, 1), ""}, {hears("在哪里", 60, 61), "say bye/0, hangup end"},
		}, func(s scriptflow.State) bool { return s.Rounds == 0 && len(s.Hits) == 1 }},
		{"a machine is hung up on", []row{
			{hears("请在嘀声后留言", 0.2, 2), "stop, hangup voicemail"},
			{cut(1, 2), ""},
		}, func(s scriptflow.State) bool { return s.Machine == scriptflow.Voicemail }},
		{"after the end only notes are taken", []row{
			{said(1, 1), ""}, {scriptflow.Heard{Text: "1", Source: scriptflow.Digit, At: 2 * second}, "say bye/0, hangup end"},
			{hears("发个短信", 3, 4), "sms sms"}, {scriptflow.NoInput{At: 5 * second}, ""}, {partial("等等等等", 5), ""},
		}, func(s scriptflow.State) bool { return len(s.Hits) == 2 }},
	} {
		t.Run(story.name, func(t *testing.T) {
			flow := compiled(t, corners())
			s, actions := flow.Start(nil)
			if got := told(actions); got != "say hello/0, listen 3s" {
				t.Fatalf("start: %s", got)
			}
			for i, r := range story.rows {
				if s, actions = flow.Step(s, r.event); told(actions) != r.want {
					t.Fatalf("event %d %+v: %q, want %q", i+1, r.event, told(actions), r.want)
				}
			}
			if story.then != nil && !story.then(s) {
				t.Errorf("ends in %+v", s)
			}
		})
	}
}

// TestStepNeverWrites holds the promise that makes a journal possible: the same state and
// event give the same answer, through JSON as well, and the state stays as it was.
func TestStepNeverWrites(t *testing.T) {
	flow := demo.Flow()
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		s, _ := flow.Start(map[string]string{"name": "王女士"})
		for i := range 25 {
			e := anyEvent(rng, s, time.Duration(i)*2*second)
			before, _ := json.Marshal(s)
			one, did := flow.Step(s, e)
			if after, _ := json.Marshal(s); string(after) != string(before) {
				t.Fatalf("%+v wrote to its state:\n%s\n%s", e, before, after)
			}
			var restored scriptflow.State
			if err := json.Unmarshal(before, &restored); err != nil {
				t.Fatal(err)
			}
			two, again := flow.Step(restored, e)
			x, _ := json.Marshal(one)
			y, _ := json.Marshal(two)
			if string(x) != string(y) || !reflect.DeepEqual(did, again) {
				t.Fatalf("%+v after the journal:\n%s\n%s", e, x, y)
			}
			s = one
		}
	}
}

var sayings = []string{"是的", "不需要", "多少钱一平，在哪里", "我在开会", "嗯", "", "今天天气不错", "加个微信", "转人工", "1", "二", "自己住", "周六", "再说吧", "没有不方便", "\xff\xfe", "现购吗", "请在嘀声后留言"}

func anyEvent(rng *rand.Rand, s scriptflow.State, at time.Duration) scriptflow.Event {
	text := sayings[rng.IntN(len(sayings))]
	switch rng.IntN(10) {
	case 0:
		return scriptflow.NoInput{At: at}
	case 1:
		return scriptflow.Partial{Text: text, At: at}
	case 2:
		return scriptflow.Heard{Text: []string{"1", "2", "0", "#"}[rng.IntN(4)], Source: scriptflow.Digit, At: at, End: at}
	case 3, 4, 5, 6:
		return scriptflow.Said{ID: s.Said, Cut: rng.IntN(4) == 0, At: at}
	case 7:
		return scriptflow.TransferFailed{At: at}
	}
	return scriptflow.Heard{Text: text, Source: scriptflow.ASR, At: at, End: at + second}
}

// TestTalksEnd: whatever a callee does, a robot whose lines end hangs up after the limits at
// the latest.
func TestTalksEnd(t *testing.T) {
	flows := []*scriptflow.Flow{demo.Flow(), compiled(t, corners())}
	rng := rand.New(rand.NewPCG(7, 8))
	for i := range 400 {
		flow := flows[i%2]
		s, _ := flow.Start(nil)
		steps := 0
		for at := time.Duration(0); s.Ended == ""; at += 2 * second {
			if steps++; steps > 400 {
				t.Fatalf("still talking: %+v", s)
			}
			s, _ = flow.Step(s, anyEvent(rng, s, at))
			s, _ = flow.Step(s, scriptflow.Said{ID: s.Said, At: at + second})
			s, _ = flow.Step(s, scriptflow.TransferFailed{At: at + second})
		}
	}
}

func FuzzStep(f *testing.F) {
	flow := demo.Flow()
	f.Add("不需要，多少钱一平", int64(500), uint8(0))
	f.Add("我没在忙\x00是不是限购", int64(-1), uint8(3))
	f.Fuzz(func(t *testing.T, text string, at int64, kind uint8) {
		s, _ := flow.Start(nil)
		when := time.Duration(at % 1e6 * 1e6)
		for i, part := range strings.Split(text, "\x00") {
			switch (int(kind) + i) % 4 {
			case 0:
				s, _ = flow.Step(s, scriptflow.Said{ID: s.Said, At: when})
				s, _ = flow.Step(s, scriptflow.Heard{Text: part, Source: scriptflow.ASR, At: when, End: 2 * when})
			case 1:
				s, _ = flow.Step(s, scriptflow.Heard{Text: part, Source: scriptflow.Digit, At: when})
			case 2:
				s, _ = flow.Step(s, scriptflow.Partial{Text: part, At: when})
			case 3:
				s, _ = flow.Step(s, scriptflow.Heard{Text: part, Source: scriptflow.Typed, End: when})
			}
			for _, h := range s.Hits {
				if h.From < 0 || h.To < h.From || h.Turn > s.Turns {
					t.Fatalf("%+v", h)
				}
			}
			flow.Hints(s)
		}
		if s.Rounds > s.Turns {
			t.Fatalf("%d rounds of %d inputs", s.Rounds, s.Turns)
		}
	})
}

func TestNegation(t *testing.T) {
	flow := demo.Flow()
	start, _ := flow.Start(nil)
	start, _ = flow.Step(start, scriptflow.Said{ID: 1})
	for text, want := range map[string]string{
		"不需要":      "refusal",
		"需要":       "positive",
		"不是不需要":    "positive",
		"没有不方便":    "positive",
		"我没在开会":    "",
		"我在开会":     "busy",
		"现在不太方便开车": "positive busy",
		"是不是限购":    "limits",
		"没有地铁吗":    "negative transport",
		"不考虑":      "refusal",
		"考虑":       "positive",
		"没有考虑":     "negative",
		"要不加个微信":   "sms",
		"别发短信":     "",
		"不用转人工":    "refusal",
		"不要再打了":    "dnc",
		"不不不需要":    "refusal",
		"好像吧":      "",
		"好":        "positive",
	} {
		s, _ := flow.Step(start, scriptflow.Heard{Text: text, Source: scriptflow.ASR, At: second, End: 2 * second})
		var got []string
		for _, h := range s.Hits {
			got = append(got, h.Class)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s: %q, want %q", text, g, want)
		}
	}
}

func TestHitKnowsItsPlace(t *testing.T) {
	flow := demo.Flow()
	s, _ := flow.Start(nil)
	s, _ = flow.Step(s, scriptflow.Said{ID: 1, At: second})
	s, _ = flow.Step(s, scriptflow.Heard{Text: "请问那里现购吗", Source: scriptflow.ASR, At: 10 * second, End: 17 * second})
	want := scriptflow.Hit{Class: "limits", Label: "限购", Kind: scriptflow.Question, CountsA: true, Keyword: "限购吗", Text: "现购吗", Sounds: true, From: 4, To: 7, Turn: 1, At: 14_000}
	if len(s.Hits) != 1 || s.Hits[0] != want {
		t.Errorf("%+v", s.Hits)
	}
}

func TestVariables(t *testing.T) {
	script := small()
	script.Variables[0].Default = "您"
	script.Nodes[0].Say = []scriptflow.Line{{Text: "{{name}}，{{name}}好吗，请问？", Audio: []string{"ok.wav"}}}
	flow := compiled(t, script)
	for value, want := range map[string]string{"王女士": "王女士王女士好吗，请问？", " ": "您您好吗，请问？"} {
		_, actions := flow.Start(map[string]string{"name": value})
		say := actions[0].(scriptflow.Say)
		if say.Text != strings.ReplaceAll(want, "女士王女士好", "女士王女士好") || len(say.Pieces) != 3 || !say.Pieces[0].Variable || say.Pieces[2].Audio != "ok.wav" {
			t.Errorf("%q: %+v", value, say)
		}
	}
	want := []scriptflow.Prompt{{Line: "ask/0", Text: "好吗，请问？", Audio: "ok.wav"}, {Line: "done/0", Text: "再见。"}, {Line: "bye/0", Text: "打扰了。"}}
	if got := flow.Prompts(); !reflect.DeepEqual(got, want) {
		t.Errorf("prompts: %+v", got)
	}
}

func TestHints(t *testing.T) {
	flow := demo.Flow()
	s, _ := flow.Start(nil)
	for _, node := range []string{"greet", "purpose", "need", "invite", "retain"} {
		s.Node = node
		hints := flow.Hints(s)
		if len(hints) < 400 || len(hints) > 500 {
			t.Errorf("%s: %d hints", node, len(hints))
		}
		for _, c := range demo.Script().Classes {
			for _, word := range c.Keywords {
				if len([]rune(word)) > 1 && !slices.Contains(hints, word) {
					t.Errorf("%s does not expect %s", node, word)
				}
			}
		}
		for _, word := range []string{"不需要", "我在开会", "多少钱一平", "在哪里", "加个微信", "转人工", "别再打了"} {
			if at := slices.Index(hints, word); at < 0 || at > 40 {
				t.Errorf("%s expects %s at place %d: %v", node, word, at, hints)
			}
		}
		if seen := slices.Compact(slices.Sorted(slices.Values(hints))); len(seen) != len(hints) {
			t.Errorf("%s: repeated hints in %v", node, hints)
		}
	}
	s.Node = "need"
	if own := flow.Hints(s)[:2]; !slices.Contains(own, "自住") || !slices.Contains(own, "投资") {
		t.Errorf("the node's own words do not come first: %v", own)
	}
}

func TestGraph(t *testing.T) {
	g := demo.Flow().Graph()
	at := map[string]scriptflow.GraphNode{}
	taken := map[[2]int]string{}
	for _, n := range g.Nodes {
		at[n.ID] = n
		if other := taken[[2]int{n.Column, n.Row}]; other != "" {
			t.Errorf("%s lies on %s", n.ID, other)
		}
		taken[[2]int{n.Column, n.Row}] = n.ID
	}
	if !at["greet"].Entry || at["greet"].Column != 0 || at["purpose"].Column != 1 || at["need"].Column != 2 || !at["close"].Last {
		t.Errorf("%+v", at)
	}
	for _, e := range g.Edges {
		if at[e.From].ID == "" || at[e.To].ID == "" {
			t.Errorf("edge to nowhere: %+v", e)
		}
	}
	if !slices.Contains(g.Edges, scriptflow.GraphEdge{From: "answer.refusal", To: "retain", On: "next"}) {
		t.Error("the answer to a refusal does not lead to the retention try")
	}
}

// BenchmarkStep is DESIGN's number: a turn of 20 characters against 10,000 keywords.
func BenchmarkStep(b *testing.B) {
	s := demo.Script()
	rng := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		var w strings.Builder
		for range 2 + rng.IntN(4) {
			w.WriteRune(rune(0x4e00 + rng.IntN(3000)))
		}
		s.Classes[5].Keywords = append(s.Classes[5].Keywords, w.String())
	}
	flow := compiled(b, s)
	state, _ := flow.Start(nil)
	state, _ = flow.Step(state, scriptflow.Said{ID: 1})
	e := scriptflow.Heard{Text: "我想问一下你们那边现购吗多少钱一平方米", Source: scriptflow.ASR, At: second, End: 4 * second}
	b.ReportAllocs()
	for b.Loop() {
		flow.Step(state, e)
	}
}

package talk_test

import (
	"strings"
	"testing"

	"yingda/scriptflow/demo"
	"yingda/scriptflow/talk"
)

const visit = `# comes by
flow>  property.json
vars>  name=王女士

bot>   您好，请问是王女士吗？
man>   是的
grade> C 7
`

func TestParseAndFormat(t *testing.T) {
	k, err := talk.Parse("visit.talk", []byte(visit))
	if err != nil {
		t.Fatal(err)
	}
	if k.Flow != "property.json" || k.Vars["name"] != "王女士" || k.Grade != "C" || k.Rule != 7 || len(k.Turns()) != 1 || len(k.Bot()) != 1 {
		t.Errorf("%+v", k)
	}
	if got := string(k.Format()); got != visit {
		t.Errorf("comes back as\n%s", got)
	}
}

func TestParseNamesTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"flow> x\nwoman> hi":     "t:2: unknown line",
		"flow> x\n\ngrade> G":    "t:3: no grade",
		"flow> x\nrule> often=3": "t:2: no rule",
		"flow> x\ngrade> A two":  "t:2: ",
		"man> hi":                "t: no flow",
	} {
		if _, err := talk.Parse("t", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestDiffer: a talk that departs from its script in any way is noticed.
func TestDiffer(t *testing.T) {
	flow := demo.Flow()
	for name, text := range map[string]string{
		"another line":     strings.Replace(visit, "您好", "你好", 1),
		"another grade":    strings.Replace(visit, "C 7", "A", 1),
		"another rule":     strings.Replace(visit, "C 7", "C 6", 1),
		"no line at all":   strings.Replace(visit, "bot>   您好，请问是王女士吗？\n", "", 1),
		"talks to nobody":  strings.Replace(visit, "grade", "bye>   man\nman>   喂\ngrade", 1),
		"the end unspoken": visit,
	} {
		k, err := talk.Parse(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if k.Differ(k.Run(flow)) == "" {
			t.Errorf("%s goes unnoticed", name)
		}
	}
	talks, err := talk.Load(demo.Files(), "talks")
	if err != nil || len(talks) < 25 {
		t.Fatalf("%d talks: %v", len(talks), err)
	}
	for _, k := range talks {
		if d := k.Differ(k.Run(flow)); d != "" {
			t.Errorf("%s: %s", k.Name, d)
		}
	}
}

// TestNew: a call becomes a file, and the file a test that passes.
func TestNew(t *testing.T) {
	flow := demo.Flow()
	k := talk.New("call.talk", "property.json", map[string]string{"name": "王女士"}, "A",
		talk.Line{Tag: talk.Man, Text: "是的"}, talk.Line{Tag: talk.Over, Text: "现购吗"}, talk.Line{Tag: talk.Bye, Text: "man"})
	written := k.Run(flow).Talk.Format()
	again, err := talk.Parse("call.talk", written)
	if err != nil {
		t.Fatal(err)
	}
	if d := again.Differ(again.Run(flow)); d != "" || len(again.Bot()) != 3 {
		t.Errorf("%s\n%s", d, written)
	}
}

func FuzzTalk(f *testing.F) {
	flow := demo.Flow()
	f.Add(visit)
	f.Add("flow> x\nman~\nman!\nman# #\ntake> agent\nbye>\nman> \xff")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := talk.Parse("fuzz", []byte(text))
		if err != nil {
			return
		}
		r := k.Run(flow)
		again, err := talk.Parse("again", r.Talk.Format())
		if err != nil {
			t.Fatalf("wrote what it cannot read: %v\n%s", err, r.Talk.Format())
		}
		if d := again.Differ(again.Run(flow)); d != "" && len(r.Unsaid) == 0 && k.Grade == "" {
			t.Fatalf("runs otherwise the second time: %s", d)
		}
	})
}

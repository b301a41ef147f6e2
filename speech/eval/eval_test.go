package eval

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/platform/audio"
	"yingda/speech"
	"yingda/speech/funasr"
	"yingda/speech/speechtest"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		said, heard           string
		characters, syllables int
	}{
		{"设定三十二度", "设定32度。", 0, 0},
		{"一三四七三八二幺三六八", "13473821368", 0, 0},
		{"老洋房花园饭店", "老洋房，花园 饭店", 0, 0},
		{"限购吗", "现购吗", 1, 0},
		{"他身穿黑色T恤", "他身穿黑色t恤", 0, 0},
		{"多少钱", "", 3, 3},
		{"多少钱", "多少钱一平", 2, 2},
	} {
		if got := Characters(c.said, c.heard); got.Errors != c.characters || got.Of == 0 {
			t.Errorf("%s/%s: characters %+v, want %d", c.said, c.heard, got, c.characters)
		}
		if got := Syllables(c.said, c.heard); got.Errors != c.syllables {
			t.Errorf("%s/%s: syllables %+v, want %d", c.said, c.heard, got, c.syllables)
		}
	}
}

func TestJudge(t *testing.T) {
	second := make([]byte, 8000)
	set := []Utterance{{"1", "不需要", second}, {"2", "多少钱", second}, {"3", "今天天气不错", second}, {"4", "那多少钱呢", second}}
	answers := []Answer{
		{Text: "不需要", Phrases: []string{"不需要"}, Finals: 1, Delay: 600 * time.Millisecond},
		{Text: "多少", Finals: 1, Delay: 800 * time.Millisecond},
		{Text: "不需要", Phrases: []string{"不需要"}, Finals: 1, Delay: 700 * time.Millisecond},
		{Text: "那多少钱呢", Phrases: []string{"多少钱"}, Finals: 1, Delay: 650 * time.Millisecond},
	}
	r := judge(set, answers, []string{"不需要", "多少钱"}, 400*time.Millisecond)
	if r.Files != 4 || r.KeywordPrecision != 0.6667 || r.KeywordRecall != 0.5 || r.FalseAccepts != 0.5 || r.RTF != 0.1 ||
		r.FinalDelay.P50 != 650 || r.FinalDelay.P95 != 800 {
		t.Errorf("%+v", r)
	}
	if r := judge(set[:1], []Answer{{}}, nil, 0); r.CER != 1 || r.KeywordPrecision != 1 || r.FinalDelay.P95 != 0 {
		t.Errorf("nothing heard: %+v", r)
	}
}

// The command runs against a recogniser of the FunASR protocol, here one that always says the same.
func TestCommand(t *testing.T) {
	dir := t.TempDir()
	os.Mkdir(filepath.Join(dir, "wav"), 0o755)
	var tsv strings.Builder
	for _, name := range []string{"a", "b"} {
		f, err := os.Create(filepath.Join(dir, "wav", name+".wav"))
		if err != nil {
			t.Fatal(err)
		}
		audio.WriteALawWAV(f, 1, speechtest.Tone(800*time.Millisecond))
		f.Close()
		tsv.WriteString(name + "\t多少钱\n")
	}
	os.WriteFile(filepath.Join(dir, "transcripts.tsv"), []byte(tsv.String()), 0o644)
	fake := &speechtest.FunASR{Says: "多少钱"}
	url := fake.Serve(t)
	var out, log bytes.Buffer
	err := Command(context.Background(), []string{"-set", dir, "-provider", "fake", "-speed", "4", "-v"}, &out, &log,
		func(name string) speech.Recognizer { return funasr.New(funasr.Config{URL: url, Name: name}) })
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.HasPrefix(got, `{"files":2,"cer":0,"syllable_er":0,`) || strings.Count(got, "\n") != 1 {
		t.Errorf("%s", got)
	}
	if strings.Count(log.String(), "多少钱\t多少钱") != 2 {
		t.Errorf("%s", log.String())
	}
	if err := Command(context.Background(), []string{"-set", t.TempDir()}, &out, &log, nil); err == nil {
		t.Error("a folder without transcripts is no set")
	}
}

package scriptflow_test

import (
	"os"
	"regexp"
	"testing"

	"yingda/scriptflow"
	"yingda/scriptflow/demo"
	"yingda/scriptflow/talk"
)

// TestDocumentation holds docs/script-format.md to its word: the script in it is clean, and
// the talk in it happens.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../docs/script-format.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scriptflow.Parse(block(t, page, "json"))
	if err != nil {
		t.Fatal(err)
	}
	if problems := scriptflow.Check(s); len(problems) > 0 {
		t.Error(problems)
	}
	k, err := talk.Parse("script-format.md", block(t, page, "talk"))
	if err != nil {
		t.Fatal(err)
	}
	if d := k.Differ(k.Run(demo.Flow())); d != "" {
		t.Error(d)
	}
}

func block(t *testing.T, page []byte, language string) []byte {
	m := regexp.MustCompile("(?s)\n```"+language+"\n(.*?)```").FindAllSubmatch(page, -1)
	if len(m) == 0 {
		t.Fatalf("no ```%s block", language)
	}
	return m[len(m)-1][1]
}

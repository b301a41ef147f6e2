package campaign

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := Locale.ReadFile("locale/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

var holes = regexp.MustCompile(`\{\w+`)

// TestLanguagesSayTheSame: both have every key, with the same arguments.
func TestLanguagesSayTheSame(t *testing.T) {
	zh, en := catalogue(t, "zh-CN"), catalogue(t, "en-US")
	for key, text := range zh {
		a, b := holes.FindAllString(text, -1), holes.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if en[key] == "" || !slices.Equal(a, b) {
			t.Errorf("%s: %q, %q", key, text, en[key])
		}
	}
	for key := range en {
		if zh[key] == "" {
			t.Errorf("%s has no Chinese", key)
		}
	}
}

// TestEveryKeyIsSaid: the keys of sheets, hours and pacing that the code names have a text.
func TestEveryKeyIsSaid(t *testing.T) {
	zh := catalogue(t, "zh-CN")
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`"((?:import|hours|pacing|sample)\.[a-z_.]+[a-z])"`)
	short := regexp.MustCompile(`because\("([a-z_]+)"`)
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		var keys []string
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			keys = append(keys, m[1])
		}
		for _, m := range short.FindAllStringSubmatch(string(b), -1) {
			keys = append(keys, "import.row."+m[1])
		}
		for _, key := range keys {
			if n++; zh[key] == "" && !slices.Contains([]string{"import.upload", "import.map", "import.cancel"}, key) { // actions of the operation log
				t.Errorf("%s says %s, which has no text", f, key)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d keys found", n)
	}
}

package campaign

import (
	"bytes"
	"fmt"
	"testing"

	"yingda/platform/locale"
)

// TestSampleGoesRoundTrip: what we hand out, we understand without a question.
func TestSampleGoesRoundTrip(t *testing.T) {
	locale.Add(Locale)
	var numbers []string
	for i := range 41 {
		numbers = append(numbers, fmt.Sprint(13900000000+i))
	}
	for lang, project := range map[string]string{locale.Chinese: "项目", locale.English: "Project"} {
		var file bytes.Buffer
		if err := WriteSample(&file, lang, numbers); err != nil {
			t.Fatal(err)
		}
		path := raw(t, file.Bytes())
		look, err := Look(path)
		if err != nil {
			t.Fatal(err)
		}
		m := look.Suggest()
		if m.Phone != "B" || m.Name != "A" || m.Vars["C"] != project || len(m.Vars) != 3 || look.Rows != 40 {
			t.Errorf("%s: %+v, %d rows", lang, m, look.Rows)
		}
		sink := newList()
		r, err := Import(t.Context(), source(path, nil), m, sink, nil)
		if err != nil || r.Accepted != 40 || sink.leads[39].E164 != "+8613900000039" || sink.leads[0].Name == "" || sink.leads[0].Vars[project] == "" {
			t.Errorf("%s: %+v, %v", lang, r, err)
		}
	}
}

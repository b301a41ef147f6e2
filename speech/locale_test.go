package speech_test

import (
	"strings"
	"testing"

	"yingda/platform/locale"
	_ "yingda/speech"
)

// TestBothLanguages: each key of the room has a sentence in both languages, with the same arguments.
func TestBothLanguages(t *testing.T) {
	n := 0
	for _, key := range locale.Keys(locale.Chinese) {
		if !strings.HasPrefix(key, "speech.") && !strings.HasPrefix(key, "prompt.") {
			continue
		}
		n++
		zh, en := locale.T(locale.Chinese, key, nil), locale.T(locale.English, key, nil)
		if zh == en || strings.Count(zh, "{") != strings.Count(en, "{") {
			t.Errorf("%s: %q and %q", key, zh, en)
		}
	}
	if n < 17 || len(locale.Keys(locale.Chinese)) != len(locale.Keys(locale.English)) {
		t.Errorf("%d keys", n)
	}
}

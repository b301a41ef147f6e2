package whisper

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"yingda/models"
)

func loadVocab(t testing.TB) *vocab {
	t.Helper()
	b, err := os.ReadFile(models.Path(models.Tokens))
	if err != nil {
		t.Fatal(err)
	}
	v, err := readVocab(b)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEncodeReproducesVectors(t *testing.T) {
	var want struct{ BPE map[string][]int64 }
	b, err := os.ReadFile(models.Path(models.Vectors))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &want); err != nil || len(want.BPE) == 0 {
		t.Fatalf("vectors.json: %v, %d texts", err, len(want.BPE))
	}
	v := loadVocab(t)
	for text, ids := range want.BPE {
		if got := v.encode(text); !slices.Equal(got, ids) {
			t.Errorf("%s: %v, want %v", text, got, ids)
		}
		if got := v.text(ids); got != text {
			t.Errorf("%v reads %q, want %q", ids, got, text)
		}
	}
	if v.size() != 12062 || v.noTimestamps != 12061 {
		t.Errorf("%d tokens, no_timestamps %d", v.size(), v.noTimestamps)
	}
}

func TestReadVocabRefusesWhatIsNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "no specials": "IQ== 0\n", "not base64": "? 0\n", "no rank": "IQ== x\n",
	} {
		if _, err := readVocab([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzEncode(f *testing.F) {
	v := loadVocab(f)
	f.Add("不需要，多少钱？")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 200 {
			v.text(v.encode(s))
		}
	})
}

package callee

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMainPrintsLeads(t *testing.T) {
	var out, errOut bytes.Buffer
	if code := Main(context.Background(), []string{"--leads", "3"}, &out, &errOut); code != 0 {
		t.Fatalf("exit %d: %s", code, errOut.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "\t+8613800000001\t") {
		t.Errorf("%q", lines)
	}
}

func TestMainRefuses(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("personas:\n  - {name: a, grade: Z}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"--help"}, 0, "yingda callee --listen"},
		{[]string{"--nonsense"}, 2, "nonsense"},
		{[]string{"hello"}, 2, `"hello" is not understood`},
		{[]string{"--personas", bad}, 1, `bad.yaml:2: persona 1 "a": grade "Z"`},
		{[]string{"--personas", bad + ".none"}, 1, "no such file"},
		{[]string{"--talks", t.TempDir()}, 1, "no .talk file"},
		{[]string{"--personas", bad, "--talks", "."}, 1, "exclude each other"},
	} {
		var out, errOut bytes.Buffer
		if code := Main(context.Background(), c.args, &out, &errOut); code != c.code || !strings.Contains(errOut.String(), c.say) {
			t.Errorf("%v: exit %d, %q", c.args, code, errOut.String())
		}
	}
}

// TestMainListens: the address first, the summary last.
func TestMainListens(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer stop()
	var out, errOut bytes.Buffer
	if code := Main(ctx, []string{"--listen", "127.0.0.1:0"}, &out, &errOut); code != 0 {
		t.Fatalf("exit %d: %s", code, errOut.String())
	}
	first, last, _ := strings.Cut(out.String(), "\n")
	var r Report
	if !strings.HasPrefix(first, "listening 127.0.0.1:") || json.Unmarshal([]byte(last), &r) != nil {
		t.Errorf("%q", out.String())
	}
}

package models

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"
)

func TestTheCheckoutIsComplete(t *testing.T) {
	for _, s := range Check() {
		if !s.Present || !s.OK || s.Bytes == 0 || s.Why != "" {
			t.Errorf("%s: %+v", s.Name, s)
		}
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	os.Mkdir(filepath.Join(dir, "whisper-base-zh"), 0o755)
	os.WriteFile(PathIn(dir, Tokens), []byte("not the tokens"), 0o644)
	for _, s := range CheckIn(dir) {
		want := Missing
		if s.Name == Tokens {
			want = Corrupt
		}
		if s.OK || s.Why != want || s.Present != (want == Corrupt) {
			t.Errorf("%s: %+v, want %s", s.Name, s, want)
		}
	}
	for _, s := range CheckIn("") {
		if s.OK || s.Path != "" || s.Why != Missing {
			t.Errorf("no folder: %+v", s)
		}
	}
}

func TestDirAsksTheEnvironmentFirst(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("YINGDA_MODELS", dir)
	if got := Dir(); got != dir {
		t.Errorf("Dir() = %s, want %s", got, dir)
	}
}

// A callee opens syllables at random: the archive must be stored, and whole.
func TestSyllablesAreStored(t *testing.T) {
	z, err := zip.OpenReader(Path(Syllables))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) != 2057 {
		t.Errorf("%d entries, want 2056 syllables and a licence", len(z.File))
	}
	for _, f := range z.File {
		if f.Method != zip.Store {
			t.Errorf("%s is not stored", f.Name)
		}
	}
}

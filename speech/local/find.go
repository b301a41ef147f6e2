package local

import (
	"os"
	"path/filepath"

	"yingda/models"
)

// Names of the two files, which lie beside each other.
const (
	binaryName  = "yingda-asr"
	libraryName = "libonnxruntime.so"
)

// Binary finds yingda-asr: YINGDA_ASR, else beside the running binary, else in bin/ of the
// working directory or above it. "" = not built.
func Binary() string { return find("YINGDA_ASR", binaryName) }

// Library finds ONNX Runtime: YINGDA_ONNXRUNTIME, else where Binary looks. "" = not
// fetched (scripts/onnxruntime.sh).
func Library() string { return find("YINGDA_ONNXRUNTIME", libraryName) }

func find(variable, name string) string {
	if p := os.Getenv(variable); p != "" {
		return p
	}
	var places []string
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		places = append(places, filepath.Dir(exe))
	}
	wd, _ := os.Getwd()
	for d := wd; d != ""; d = filepath.Dir(d) {
		places = append(places, filepath.Join(d, "bin"))
		if d == filepath.Dir(d) {
			break
		}
	}
	for _, d := range places {
		if p := filepath.Join(d, name); isFile(p) {
			return p
		}
	}
	return ""
}

func isFile(p string) bool {
	s, err := os.Stat(p)
	return err == nil && s.Mode().IsRegular()
}

// located fills the empty fields of c with what was found.
func (c Config) located() Config {
	if c.Binary == "" {
		c.Binary = Binary()
	}
	if c.Library == "" {
		c.Library = Library()
	}
	if c.Models == "" {
		c.Models = models.Dir()
	}
	return c
}

// missing is what keeps a located configuration from running; "" = nothing.
func (c Config) missing() State {
	switch {
	case !isFile(c.Binary):
		return MissingBinary
	case !isFile(c.Library):
		return MissingLibrary
	}
	for _, need := range []string{models.Encoder, models.Decoder, models.Tokens, models.VAD} {
		if !isFile(models.PathIn(c.Models, need)) {
			return MissingModel
		}
	}
	return ""
}

// Check says what a recogniser started now would lack, without starting it: one of the
// Missing states, or "" where nothing does. For doctor.
func Check(c Config) State { return c.located().missing() }

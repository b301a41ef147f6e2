package models

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
)

// Names of the files, relative to Dir, with slashes.
const (
	Encoder   = "whisper-base-zh/encoder.onnx"
	Decoder   = "whisper-base-zh/decoder.onnx"
	Tokens    = "whisper-base-zh/tokens.txt"
	Vectors   = "whisper-base-zh/vectors.json"
	VAD       = "silero_vad_v5.onnx"
	Syllables = "hantts.zip"
)

// sums is what each file must hash to: a weight that differs by one bit still
// loads and then mishears, so presence alone proves nothing.
var sums = []struct{ name, sha256 string }{
	{Encoder, "0855b29604edc406be85ac6a06dcb7f213ce7e440889ff49fd41822ba39b7c88"},
	{Decoder, "50e6bf6e05be069a495b796d89c4cf3b123488c6604cc85a14ce7d5dc45e4539"},
	{Tokens, "6763039875e00f2515765f6d84bb3b0245ed9dbe5d0f6b4edfc25f58534d2b2e"},
	{Vectors, "d3215945f371f09eb37f1f63c588a558b9f17feace317519e27782fe45e65c4c"},
	{VAD, "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f"},
	{Syllables, "55ee08621778f52b843fd6aa82c8e94229cbc73d2234ff58a86bd3f7d7f5bb57"},
}

// Why a file is not OK, as a key for the person's language.
const (
	Missing    = "models.missing"    // no such file
	Unreadable = "models.unreadable" // there, but the system refuses to read it
	Corrupt    = "models.corrupt"    // its SHA-256 is not the published one
)

// Status of one model file.
type Status struct {
	Name    string `json:"name"` // relative to Dir
	Path    string `json:"path"` // absolute where Dir is; "" = no folder found
	Present bool   `json:"present"`
	OK      bool   `json:"ok"` // present and its SHA-256 is the published one
	Bytes   int64  `json:"bytes"`
	Why     string `json:"why,omitempty"` // Missing, Unreadable or Corrupt; "" = OK
}

// Dir is the folder that holds the models: YINGDA_MODELS if set (even where it
// does not exist: what was asked for is what gets reported), else the first folder
// "models" with a recogniser in it, beside or above the working directory and
// beside or above the running binary. "" = none.
func Dir() string {
	if d := os.Getenv("YINGDA_MODELS"); d != "" {
		return absolute(d)
	}
	wd, _ := os.Getwd()
	exe, _ := os.Executable()
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		exe = real
	}
	for _, from := range []string{wd, filepath.Dir(exe)} {
		if d := upFrom(from); d != "" {
			return d
		}
	}
	return ""
}

// Path of one of the named files inside Dir; "" where there is no Dir.
func Path(name string) string { return PathIn(Dir(), name) }

// PathIn is Path with the folder given; "" stays "".
func PathIn(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// Check verifies every file in Dir. It reads all of them: some 80 MB, half a second.
func Check() []Status { return CheckIn(Dir()) }

// CheckIn is Check with the folder given.
func CheckIn(dir string) []Status {
	all := make([]Status, 0, len(sums))
	for _, f := range sums {
		all = append(all, check(dir, f.name, f.sha256))
	}
	return all
}

func check(dir, name, want string) Status {
	s := Status{Name: name, Path: PathIn(dir, name), Why: Missing}
	if s.Path == "" {
		return s
	}
	got, n, err := hash(s.Path)
	s.Present, s.Bytes = !os.IsNotExist(err), n
	switch {
	case os.IsNotExist(err):
	case err != nil:
		s.Why = Unreadable
	case got != want:
		s.Why = Corrupt
	default:
		s.OK, s.Why = true, ""
	}
	return s
}

func hash(path string) (sum string, n int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// upFrom looks for models/ in from and above it. A folder that only happens to be
// called models (a Go package elsewhere) does not count.
func upFrom(from string) string {
	for from != "" {
		d := filepath.Join(from, "models")
		for _, mark := range []string{Tokens, Syllables} {
			if _, err := os.Stat(PathIn(d, mark)); err == nil {
				return d
			}
		}
		up := filepath.Dir(from)
		if up == from {
			break
		}
		from = up
	}
	return ""
}

func absolute(d string) string {
	if a, err := filepath.Abs(d); err == nil {
		return a
	}
	return d
}

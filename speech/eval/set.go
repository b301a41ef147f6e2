package eval

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"yingda/platform/audio"
)

// Utterance is one recording of a set.
type Utterance struct {
	Name string
	Said string
	ALaw []byte // 8 kHz
}

// Read loads a set. It fails on the first recording that is missing or no WAV.
func Read(dir string) ([]Utterance, error) {
	f, err := os.Open(filepath.Join(dir, "transcripts.tsv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []Utterance
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, said, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			continue
		}
		u := Utterance{Name: name, Said: strings.TrimSpace(said)}
		if u.ALaw, err = readALaw(filepath.Join(dir, "wav", name+".wav")); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, u)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no transcripts", dir)
	}
	return all, nil
}

func readALaw(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := audio.ReadWAV(f)
	if err != nil {
		return nil, err
	}
	return s.PhoneALaw(), nil
}

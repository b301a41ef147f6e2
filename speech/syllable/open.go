package syllable

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"yingda/platform/audio"
	"yingda/platform/errs"
)

// The recordings are kept as they are, without ramps at their ends: they begin in the
// middle of their consonants, and 3 ms of fading cost a tenth of all recognised phrases.

// shortest is what a usable recording lasts at least, in samples: four files of the
// set are empty and a few hold a click.
const shortest = 60 * audio.Rate / 1000

// Open reads all recordings of a zip with entries "<pinyin><tone>.wav" (A-law,
// 8 kHz) into memory, about 6 MB. Without the file it fails with Unavailable.
func Open(archive string) (*Voice, error) {
	z, err := zip.OpenReader(archive)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.Unavailable, "speech.syllables_missing", "path", archive).Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("open syllables %s: %w", archive, err)
	}
	defer z.Close()
	v := &Voice{sounds: make(map[string][]byte, len(z.File))}
	for _, f := range z.File {
		if err := v.load(f); err != nil {
			return nil, fmt.Errorf("syllable %s of %s: %w", f.Name, archive, err)
		}
	}
	if len(v.sounds) == 0 {
		return nil, errs.New(errs.Unavailable, "speech.syllables_missing", "path", archive)
	}
	return v, nil
}

func (v *Voice) load(f *zip.File) error {
	base, isWAV := strings.CutSuffix(path.Base(f.Name), ".wav")
	if !isWAV {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	sound, err := audio.ReadWAV(r)
	if err != nil {
		return err
	}
	pcm := audio.Resample(sound.Mono(), sound.Rate, audio.Rate)
	if len(pcm) < shortest {
		return nil
	}
	v.sounds[base] = audio.EncodeALaw(make([]byte, 0, len(pcm)), pcm)
	return nil
}

package prompts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"time"

	"yingda/platform/audio"
	"yingda/platform/errs"
)

// Longest is what a recorded prompt may last.
const Longest = 2 * time.Minute

// Record takes a recorded prompt (录音话术): a WAV of any rate, mono or stereo, 16-bit
// PCM, A-law or µ-law. It returns the id under which Recording gives it back; the
// same audio has the same id. It fails with Invalid: "prompt.not_wav",
// "prompt.silent" or "prompt.too_long".
func (c *Cache) Record(r io.Reader) (id string, err error) {
	alaw, err := Convert(r)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(alaw)
	id = hex.EncodeToString(sum[:])
	if err := c.write(id, alaw); err != nil {
		return "", err
	}
	c.recent.put(id, alaw)
	return id, nil
}

var isID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Recording returns a recorded prompt as 8 kHz A-law, shared bytes; NotFound where there is none.
func (c *Cache) Recording(id string) ([]byte, error) {
	if !isID.MatchString(id) {
		return nil, errs.New(errs.NotFound, "prompt.not_found", "id", id)
	}
	if alaw, ok := c.recent.get(id); ok {
		return alaw, nil
	}
	alaw, err := c.read(id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "prompt.not_found", "id", id)
	}
	if err != nil {
		return nil, err
	}
	c.recent.put(id, alaw)
	return alaw, nil
}

// Convert reads a WAV and gives it as the telephone wants it, silence at both ends cut.
func Convert(r io.Reader) ([]byte, error) {
	sound, err := audio.ReadWAV(r)
	if errors.Is(err, audio.ErrNotWAV) || err == nil && (sound.Rate < 4000 || sound.Rate > 192000) {
		return nil, errs.New(errs.Invalid, "prompt.not_wav").Because(err)
	}
	if err != nil {
		return nil, err
	}
	frames := len(sound.Samples) / max(1, sound.Channels)
	if time.Duration(frames)*time.Second/time.Duration(sound.Rate) > Longest {
		return nil, errs.New(errs.Invalid, "prompt.too_long", "max_seconds", int(Longest.Seconds()))
	}
	alaw := Trim(sound.PhoneALaw())
	if audio.LevelDB(alaw) < audible {
		return nil, errs.New(errs.Invalid, "prompt.silent")
	}
	return alaw, nil
}

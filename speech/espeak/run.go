package espeak

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"yingda/platform/audio"
)

// speed is espeak-ng's words per minute for a factor, kept within what it can do (80…450).
func (v *Voice) speed(factor float64) string {
	if factor <= 0 {
		factor = 1
	}
	return strconv.Itoa(min(450, max(80, int(float64(v.words)*factor))))
}

// run says the parts one after the other into to.
func (v *Voice) run(ctx context.Context, parts []part, to io.Writer) error {
	for _, p := range parts {
		if err := v.say(ctx, p, to); err != nil {
			return err
		}
	}
	return nil
}

func (v *Voice) say(ctx context.Context, p part, to io.Writer) error {
	cmd := exec.CommandContext(ctx, v.program, "-v", p.voice, "-s", p.speed, "--stdin", "--stdout")
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(p.text), &complaint
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", v.program, err)
	}
	copied := convert(out, to)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("%s -v %s: %w: %s", v.program, p.voice, err, strings.TrimSpace(complaint.String()))
	}
	return copied
}

var errNoAudio = errors.New("espeak-ng wrote no audio")

// convert reads the program's WAV (16-bit mono, endless by its header) and writes 8 kHz A-law as it comes.
func convert(from io.Reader, to io.Writer) error {
	header := make([]byte, audio.HeaderSize)
	if _, err := io.ReadFull(from, header); err != nil {
		return fmt.Errorf("%w: %w", errNoAudio, err)
	}
	if string(header[:4]) != "RIFF" || binary.LittleEndian.Uint16(header[22:]) != 1 {
		return fmt.Errorf("%w: header % x", errNoAudio, header[:24])
	}
	down := newDownsampler(int(binary.LittleEndian.Uint32(header[24:])), audio.Rate)
	buf, have := make([]byte, 8192), 0
	for {
		n, err := from.Read(buf[have:])
		have += n
		if werr := down.write(to, buf[:have&^1]); werr != nil {
			return werr
		}
		have = copy(buf, buf[have&^1:have])
		if err == io.EOF {
			return down.flush(to)
		}
		if err != nil {
			return err
		}
	}
}

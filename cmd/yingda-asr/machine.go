//go:build cgo

package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"yingda/cmd/yingda-asr/onnx"
	"yingda/models"
	"yingda/platform/audio"
	"yingda/speech/asr"
	"yingda/speech/whisper"
)

// machine is all that is loaded.
type machine struct {
	folder    string
	model     *whisper.Model
	detectors *onnx.Detectors
}

func load(o options) (*machine, error) {
	if o.models == "" {
		return nil, fmt.Errorf("no models folder: %w", os.ErrNotExist)
	}
	if o.library == "" {
		return nil, fmt.Errorf("no libonnxruntime.so (scripts/onnxruntime.sh): %w", os.ErrNotExist)
	}
	tokens, err := os.ReadFile(models.PathIn(o.models, models.Tokens))
	if err != nil {
		return nil, err
	}
	for _, need := range []string{models.Encoder, models.Decoder, models.VAD} {
		if _, err := os.Stat(models.PathIn(o.models, need)); err != nil {
			return nil, err
		}
	}
	if err := onnx.Start(o.library); err != nil {
		return nil, err
	}
	engine, err := onnx.OpenWhisper(o.models)
	if err != nil {
		return nil, err
	}
	m := &machine{folder: o.models}
	if m.detectors, err = onnx.OpenDetectors(o.models); err != nil {
		return nil, err
	}
	m.model, err = whisper.New(tokens, engine)
	return m, err
}

func (m *machine) newDetector() (asr.Detector, error) { return m.detectors.New() }

// selftest decodes 不需要 as the recorded syllables say it.
func (m *machine) selftest(w io.Writer, loading time.Duration) error {
	const said = "不需要"
	pcm, err := m.syllables("bu4", "xu1", "yao4")
	if err != nil {
		return err
	}
	hints := m.model.NewHints([]string{said, "多少钱", "在哪里"})
	begin := time.Now()
	r, err := m.model.Recognize(context.Background(), pcm, hints)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "loaded in %d ms; %d ms of audio decoded in %d ms: %s\n", loading.Milliseconds(),
		len(pcm)/8, time.Since(begin).Milliseconds(), r.Text)
	if r.Phrase != said {
		return errors.New("heard something else than " + said)
	}
	return nil
}

func (m *machine) syllables(names ...string) (pcm []int16, err error) {
	z, err := zip.OpenReader(models.PathIn(m.folder, models.Syllables))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	for _, n := range names {
		f, err := z.Open(n + ".wav")
		if err != nil {
			return nil, err
		}
		s, err := audio.ReadWAV(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		pcm = append(append(pcm, s.Mono()...), make([]int16, 320)...)
	}
	return pcm, nil
}

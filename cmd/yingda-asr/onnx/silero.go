//go:build cgo

package onnx

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"

	"yingda/models"
)

// Silero v5 at 8 kHz looks at 256 new samples (32 ms) behind 32 old ones.
const (
	sileroChunk   = 256
	sileroContext = 32
	sileroState   = 2 * 128
)

// Detectors makes voice detectors that share one session.
type Detectors struct{ session *ort.DynamicAdvancedSession }

// OpenDetectors loads the voice detector from a models folder.
func OpenDetectors(dir string) (*Detectors, error) {
	s, err := open(models.PathIn(dir, models.VAD), []string{"input", "state", "sr"}, []string{"output", "stateN"})
	if err != nil {
		return nil, err
	}
	return &Detectors{s}, nil
}

// Close frees the session; no detector may be in use.
func (d *Detectors) Close() error { return d.session.Destroy() }

// Detector is one stream's voice detector. Not safe for several goroutines.
type Detector struct {
	session *ort.DynamicAdvancedSession
	values  tensors // input, state, sr, output, next state: made once, used for every chunk
	input   []float32
	state   []float32
	output  []float32
	next    []float32
}

// New makes a detector that has heard nothing.
func (d *Detectors) New() (*Detector, error) {
	v := &Detector{session: d.session, input: make([]float32, sileroContext+sileroChunk),
		state: make([]float32, sileroState), output: make([]float32, 1), next: make([]float32, sileroState)}
	of(&v.values, v.input, 1, int64(len(v.input)))
	of(&v.values, v.state, 2, 1, 128)
	of(&v.values, []int64{8000}, 1)
	of(&v.values, v.output, 1, 1)
	of(&v.values, v.next, 2, 1, 128)
	if v.values.err != nil {
		v.values.free()
		return nil, v.values.err
	}
	return v, nil
}

// Voice is the probability that the next 256 samples of the stream are speech. It
// panics on any other length and returns 0 when the graph fails.
func (v *Detector) Voice(chunk []int16) float32 {
	if len(chunk) != sileroChunk {
		panic(fmt.Sprintf("onnx: a chunk of %d samples", len(chunk)))
	}
	copy(v.input, v.input[sileroChunk:])
	for i, s := range chunk {
		v.input[sileroContext+i] = float32(s) / 32768
	}
	if err := v.values.run(v.session, 3); err != nil {
		return 0
	}
	copy(v.state, v.next)
	return v.output[0]
}

// Reset forgets what was heard.
func (v *Detector) Reset() {
	clear(v.input)
	clear(v.state)
}

// Close frees the tensors.
func (v *Detector) Close() { v.values.free() }

//go:build cgo

package onnx

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	ort "github.com/yalue/onnxruntime_go"
)

// Start loads the library, once per process.
func Start(library string) error {
	if ort.IsInitialized() {
		return nil
	}
	if _, err := os.Stat(library); err != nil {
		return fmt.Errorf("onnxruntime: %w", err)
	}
	ort.SetSharedLibraryPath(library)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("onnxruntime %s: %w", library, err)
	}
	return nil
}

// open reads a graph into a session with one thread per run.
func open(path string, in, out []string) (*ort.DynamicAdvancedSession, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer o.Destroy()
	for _, set := range []error{
		o.SetIntraOpNumThreads(1),
		o.SetInterOpNumThreads(1),
		o.SetMemPattern(false), // every utterance has another shape: patterns would only pile up
		o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
	} {
		if set != nil {
			return nil, set
		}
	}
	s, err := ort.NewDynamicAdvancedSession(path, in, out, o)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	return s, nil
}

// tensors collects the values of one run, so that they are freed together.
type tensors struct {
	all []ort.Value
	err error
}

// of wraps data, which must stay reachable until the run is over.
func of[T ort.TensorData](t *tensors, data []T, shape ...int64) {
	if t.err != nil {
		return
	}
	v, err := ort.NewTensor(ort.NewShape(shape...), data)
	if err != nil {
		t.err = err
		return
	}
	t.all = append(t.all, v)
}

func (t *tensors) free() {
	for _, v := range t.all {
		v.Destroy()
	}
}

// run feeds the first n tensors and fills the others.
func (t *tensors) run(s *ort.DynamicAdvancedSession, n int) error {
	if t.err != nil {
		return t.err
	}
	err := s.Run(t.all[:n], t.all[n:])
	runtime.KeepAlive(t)
	return err
}

//go:build cgo

package onnx

import (
	"errors"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"yingda/models"
	"yingda/speech/whisper"
)

// The shape of Whisper base and its cut vocabulary (models/whisper-base-zh/README.md).
const (
	layers    = 6
	heads     = 8
	width     = 64
	vocab     = 12062
	positions = 448
)

// Whisper is a whisper.Engine.
type Whisper struct {
	encoder, decoder *ort.DynamicAdvancedSession
	caches           sync.Pool // *cache
	utterances       sync.Pool // *utterance
}

// OpenWhisper loads both graphs from a models folder: about 0.2 s and 180 MB.
func OpenWhisper(dir string) (*Whisper, error) {
	w := &Whisper{}
	w.caches.New = func() any { return new(cache) }
	w.utterances.New = func() any { return &utterance{engine: w} }
	var err error
	w.encoder, err = open(models.PathIn(dir, models.Encoder), []string{"mel"}, []string{"cross_k", "cross_v"})
	if err != nil {
		return nil, err
	}
	w.decoder, err = open(models.PathIn(dir, models.Decoder),
		[]string{"tokens", "past_k", "past_v", "cross_k", "cross_v", "first"}, []string{"logits", "k", "v"})
	return w, err
}

// Close frees the sessions; nothing may be running.
func (w *Whisper) Close() error { return errors.Join(w.encoder.Destroy(), w.decoder.Destroy()) }

// Encode runs the encoder.
func (w *Whisper) Encode(mel []float32, frames int) (whisper.Utterance, error) {
	s := frames / 2
	u := w.utterances.Get().(*utterance)
	u.seen = int64(s)
	u.k = sized(u.k, layers*heads*width*s)
	u.v = sized(u.v, layers*heads*width*s)
	var t tensors
	defer t.free()
	of(&t, mel, 1, 80, int64(frames))
	of(&t, u.k, layers, heads, width, int64(s))
	of(&t, u.v, layers, heads, int64(s), width)
	return u, t.run(w.encoder, 1)
}

// utterance holds the cross-attention of one audio. Its slices outlive it in the pool: an
// utterance takes 5 to 50 MB, which the collector would otherwise have to chase.
type utterance struct {
	engine  *Whisper
	seen    int64 // audio positions
	k, v    []float32
	logits  []float32
	scratch []float32
}

// Close gives the memory back; the utterance must not be used any more.
func (u *utterance) Close() { u.engine.utterances.Put(u) }

// sized returns n floats of any content, reusing s where it is large enough.
func sized(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}

// Begin starts a text with a cache from the pool.
func (u *utterance) Begin() whisper.Text {
	c := u.engine.caches.Get().(*cache)
	c.used = 0
	return &text{utterance: u, cache: c}
}

// Score runs independent rows; what they would cache is thrown away.
func (u *utterance) Score(tokens []int64, batch, first int) ([]float32, error) {
	n := len(tokens) / batch
	half := layers * batch * heads * n * width
	u.scratch = sized(u.scratch, 2*half)
	k, v := u.scratch[:half], u.scratch[half:]
	return u.decode(step{tokens: tokens, batch: batch, first: first, k: k, v: v})
}

// step is one run of the decoder.
type step struct {
	tokens       []int64
	batch, first int
	past         int // tokens already read
	pastK, pastV []float32
	k, v         []float32 // room for past + len(tokens)/batch
}

func (u *utterance) decode(s step) ([]float32, error) {
	n := len(s.tokens) / s.batch
	rows := s.batch * (n - s.first)
	u.logits = sized(u.logits, rows*vocab)
	logits := u.logits
	b, p := int64(s.batch), int64(s.past)
	var t tensors
	defer t.free()
	of(&t, s.tokens, b, int64(n))
	of(&t, s.pastK, layers, b, heads, p, width)
	of(&t, s.pastV, layers, b, heads, p, width)
	of(&t, u.k, layers, heads, width, u.seen)
	of(&t, u.v, layers, heads, u.seen, width)
	of(&t, []int64{int64(s.first)}, 1)
	of(&t, logits, b, int64(n-s.first), vocab)
	of(&t, s.k, layers, b, heads, p+int64(n), width)
	of(&t, s.v, layers, b, heads, p+int64(n), width)
	return logits, t.run(u.engine.decoder, 6)
}

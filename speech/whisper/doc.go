// Package whisper is the decoding loop of our own recogniser: from 8 kHz samples
// of one utterance to text, and to the phrase of the dialogue that was said.
//
// The neural network is not here. Whoever runs the two ONNX graphs fills Engine
// (cmd/yingda-asr does, through cgo), so this package is pure Go and its decisions
// can be tested without a library.
//
//	m, err := whisper.Load(os.DirFS(dir), engine)
//	r, err := m.Recognize(ctx, pcm, whisper.NewHints(m, phrases))
//	r.Text, r.Phrase, r.Confidence
//
// The steps and their constants are those of models/whisper-base-zh/README.md
// ("Features", "Decoding"); vocab.go has step 1, phrase.go 2 and 4, greedy.go 3, mel.go the
// features. Step 4 decides differently here: docs/decisions/0008-phrase-acceptance.md. speech/asr
// holds step 5: what to decode at all.
package whisper

// Package asr is the server of our own recogniser: many streams of telephone audio in,
// partials and finals out, over the FunASR protocol (speech/funasr/wire.go).
//
// A stream's audio passes a level gate, the voice detector and the endpointer, which says
// where an utterance begins and ends (endpoint.go, pure). Decoding starts when silence begins, not
// when the endpoint is declared: if the callee goes on, the work is thrown away; if not, the
// final is ready when it is due. All streams share one queue (queue.go): as many decodes at once
// as there are cores, finals before partials, the earliest deadline first, and a partial gives
// way to a final that arrives. A final is never dropped silently: one that cannot be decoded
// is sent without text and says why.
//
// The model and the detector are handed in, so the package is pure Go: cmd/yingda-asr
// brings ONNX Runtime, tests bring a script.
package asr

// Command yingda-asr is the house's own offline recogniser: Whisper base for Mandarin on
// ONNX Runtime, behind the FunASR runtime protocol on a WebSocket.
//
//	yingda-asr -listen 127.0.0.1:0
//	listening 127.0.0.1:41234        (one line on standard output, when it is ready)
//
// yingda starts and watches it (speech/local); it ends when its standard input closes, so
// that it never outlives whoever started it, and makes itself polite (nice 10): media come
// first. It needs the models (package models; -models) and libonnxruntime.so beside it or
// in bin/ (scripts/onnxruntime.sh; -library). Without them it exits with status 3 and says
// on standard error which of the two is missing.
//
// Protocol: modelscope/FunASR, runtime/docs/websocket_protocol.md, mode 2pass, with audio
// as s16le at 16 or 8 kHz. Beyond that it understands
//
//	"wav_format":"alaw" with "audio_fs":8000      in the hello: 8 kHz A-law, half the bytes
//	"end_silence_ms":N                            in the hello: silence that ends an utterance (600)
//	"whole_partials":true                         in the hello: send partials, each the whole text so far (else none)
//	{"hotwords":"{\"不需要\":20,…}"}                any time: the phrases expected from now on, heaviest first
//	{"flush":true}                                any time: the final of what was heard, now
//
// and results carry, beside text, mode, is_final and timestamp: phrase (the hint that was
// accepted), start_ms, end_ms (stream time), confidence (0…1) and error (a final that could
// not be decoded). A final with text "" is voice without words. After {"is_speaking":false}
// the outstanding finals come, then one frame with is_final true.
//
// GET /status answers with counters (speech/asr, Status). -selftest loads everything, decodes
// one built-in utterance and prints what that took.
package main

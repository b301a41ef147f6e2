// Package onnx runs the recogniser's graphs and the voice detector on ONNX Runtime.
//
// It is the only package of the house that needs cgo, and it is linked into
// yingda-asr alone: a crash in native code takes the recogniser down, never a call.
// Sessions are shared by all goroutines, with one thread inside each run; how many
// run at once is the caller's decision. Tensors live in Go memory, which the
// decoder's cache reuses from step to step.
package onnx

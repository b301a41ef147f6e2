// Package local runs our own recogniser as a child process and makes a
// speech.Recognizer of it.
//
//	r := local.Start(local.Config{})
//	defer r.Close()
//	r.Status()          // ready, starting, missing_model, missing_library, missing_binary, …
//	r.Open(ctx, opts)   // Unavailable until it is ready
//
// The child (yingda-asr, beside the main binary) loads native code; when it crashes, the
// streams that were open report it and the child is started again, later and later each
// time. It dies with us: it reads our end of a pipe, and the kernel kills it otherwise.
// That something is missing is a state, not an error: it is looked for again from time to
// time, and doctor and console show the key.
package local

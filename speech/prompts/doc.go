// Package prompts keeps what the robot says ready as 8 kHz A-law, so that saying it
// is a copy: rendered prompts, each once per synthesizer, voice and text, and
// recorded ones (录音话术).
//
//	cache, err := prompts.Open(prompts.Config{Dir: data + "/prompts"})
//	say := cache.Of(synthesizer, speech.Voice{Name: "f2"})
//	err = say.Prepare(ctx, lines, progress)   // when a script is published
//	alaw, err := say.Get(ctx, "您好")          // during a call: from memory
//	id, err := cache.Record(wav)              // a recorded prompt; cache.Recording(id) gives it back
//
// Files are the truth (playable WAVs named by a hash of what is in them), memory
// holds the latest used. Two calls that want the same new prompt render it once.
// Silence at both ends is cut: a turn's latency counts to the first audible frame.
package prompts

// Package eval measures how well a recogniser hears: character and syllable errors,
// keywords found and invented, how much of a core it takes and how late its finals come.
//
// A set is a folder with wav/NAME.wav (8 kHz telephone quality) and transcripts.tsv
// (NAME, tab, what was said). Each recording is one utterance of one stream.
//
//	report, err := eval.ASR(ctx, eval.Options{Dir: dir, Recognizer: r, Hints: phrases})
//
// Numbers count as right in any way of writing them (32, 三十二); marks and blanks do
// not count. Syllables are compared without tones (speech/sound).
package eval

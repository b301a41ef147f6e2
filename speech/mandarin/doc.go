// Package mandarin knows how written Chinese is read aloud. It is pure.
//
//	Plain("均价12800元/平")  一万两千八百元每平: no digit or symbol is left
//	Read("便宜")             pian2 yi: syllables with tones, sandhi applied
//
// Voices stand on it: speech/espeak hands the syllables to a program,
// speech/syllable strings recordings together. Latin words stay as they are in
// Plain; Read spells them by the names that Mandarin speakers give the letters,
// unless the caller takes them out first with Runs.
package mandarin

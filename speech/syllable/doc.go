// Package syllable is a voice made of recorded Mandarin syllables, one file per
// pinyin and tone, strung together with short gaps. Nobody takes it for a person,
// but recognisers understand it (34 of 34 hinted answers with whisper-base-zh), it
// needs no program, and it is pure Go: the simulated callees speak with it, and a
// machine without espeak-ng still has a robot voice.
//
//	v, err := syllable.Open(models.Path(models.Syllables))
//	said := v.Say("多少钱一平")   // said.ALaw: 8 kHz A-law; said.Missing: what could not be said
package syllable

// Package espeak speaks through the program espeak-ng. The program is GPL: it is
// run, never linked, one short-lived process per stretch of text, and what it
// writes is converted to 8 kHz A-law while it still writes.
//
// espeak-ng's Mandarin voice reads Hanzi as English letters, therefore speech/mandarin
// turns text into pinyin first, numbers, dates, money and telephone numbers
// included; foreign words inside are spoken by the English voice.
//
//	v, err := espeak.New(espeak.Config{})   // errs.Unavailable where the program is missing
//	a, err := v.Speak(ctx, "均价12800元，离地铁500米", speech.Voice{})
package espeak

package mandarin

import "regexp"

// Run is a stretch of text in one language.
type Run struct {
	Text  string
	Latin bool // foreign words, to be read by a voice of their own
}

// A foreign word has small letters (WiFi, Apple) or is long; VIP, A3 and SUV
// are letters that Mandarin speakers name one by one.
var foreign = regexp.MustCompile(`[A-Za-z][A-Za-z' .,!?-]*[A-Za-z]`)
var small = regexp.MustCompile(`[a-z].*[a-z]|[A-Z]{6}`)

// Runs cuts text where the language changes. A text without any Hanzi and
// without foreign words is Mandarin: numbers are read in it.
func Runs(text string) []Run {
	var runs []Run
	at := 0
	for _, m := range foreign.FindAllStringIndex(text, -1) {
		if !small.MatchString(text[m[0]:m[1]]) {
			continue
		}
		if at < m[0] {
			runs = append(runs, Run{Text: text[at:m[0]]})
		}
		runs = append(runs, Run{Text: text[m[0]:m[1]], Latin: true})
		at = m[1]
	}
	if at < len(text) {
		runs = append(runs, Run{Text: text[at:]})
	}
	return runs
}

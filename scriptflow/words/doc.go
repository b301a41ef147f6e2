// Package words finds keywords in what a callee said, as a recogniser wrote it down.
//
// A recogniser writes what it heard, not what was meant: 限购 comes as 现购, 三十万 as
// 30万, and 不 需要 with a gap. So every text is brought into one normal form (width, case,
// numerals, no blanks) and then read as toneless syllables by one Aho–Corasick automaton
// over all keywords of a script. A match whose characters are the keyword's own is Exact;
// any other is a homophone, kept only where the keyword allows it. An exact match is always
// also a match of its syllables, so one automaton does the work of two.
//
//	lex := words.New([]words.Entry{{Word: "限购", Homophones: true}, {Word: "不需要"}, {Word: "需要"}})
//	hits := lex.Find(nil, words.Everywhere, "你们那儿现购吗") // 限购 as a homophone, From 4 To 6
//
// A keyword of one character holds only where it stands alone in its clause (好, 嗯好的, not
// 好像), and one of two only drifts as far as one character (由惠 for 优惠).
//
// Of overlapping matches the longer one stands: 不需要 hides the 需要 inside it. Find reads
// no clock, keeps nothing, and allocates nothing beyond dst.
package words

package mandarin

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// Unit is one thing to say: a syllable, or a pause where Sound is empty.
type Unit struct {
	Sound string // pinyin without tone, ü as v: "lv"
	Tone  int    // 1…4; 0 = neutral
	Char  rune   // what was written; the letter for a spelled one
	Long  bool   // of a pause: a sentence ended, not a clause
}

// Pause says whether u is silence.
func (u Unit) Pause() bool { return u.Sound == "" }

// Read gives the syllables of text, numbers read as Plain does, polyphones by
// their word, tone sandhi of 不, 一 and of third tones applied. What has no
// reading (emoji, symbols) is left out.
func Read(text string) []Unit {
	units := sounds([]rune(Plain(text)))
	sandhi(units)
	return units
}

func sounds(rs []rune) []Unit {
	units := make([]Unit, 0, len(rs))
	for i := 0; i < len(rs); {
		if n, readings := phrase(rs[i:]); n > 0 {
			for k, reading := range readings {
				units = append(units, parse(reading, rs[i+k]))
			}
			i += n
			continue
		}
		units = append(units, single(rs[i])...)
		i++
	}
	return units
}

// phrase finds the longest word at the front whose reading is not the sum of its characters.
func phrase(rs []rune) (n int, readings []string) {
	for n := min(longestPhrase, len(rs)); n > 0; n-- {
		if r, ok := phrases[string(rs[:n])]; ok {
			return n, r
		}
	}
	return 0, nil
}

var args = pinyin.Args{Style: pinyin.Tone3, Separator: " "}

func single(r rune) []Unit {
	switch {
	case unicode.Is(unicode.Han, r):
		if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
			return []Unit{parse(p[0], r)}
		}
	case r < 128 && unicode.IsLetter(r):
		var units []Unit
		for _, name := range strings.Fields(letters[unicode.ToUpper(r)-'A']) {
			units = append(units, parse(name, r))
		}
		return units
	case strings.ContainsRune("。！？!?；;\n…", r):
		return []Unit{{Char: r, Long: true}}
	case strings.ContainsRune("，,、:（）()“”\"—-~～·《》", r):
		return []Unit{{Char: r}}
	}
	return nil
}

// parse splits "zhong1" into sound and tone; the neutral tone has no digit.
func parse(s string, char rune) Unit {
	s = strings.ReplaceAll(s, "ü", "v")
	if last := s[len(s)-1]; last >= '0' && last <= '9' {
		return Unit{Sound: s[:len(s)-1], Tone: int(last-'0') % 5, Char: char}
	}
	return Unit{Sound: s, Char: char}
}

// letters as Mandarin speakers name them.
var letters = [26]string{"ei1", "bi4", "xi1", "di4", "yi4", "ai2 fu2", "ji4", "ai2 chi3", "ai4", "zhei4", "kai4", "ai2 lou2", "ai2 mu3", "en1", "ou1", "pi4", "kou4", "a4 er2", "ai2 si4", "ti4", "you1", "wei4", "da2 bu4 liu2", "ai2 ke4 si4", "wai4", "zei2"}

// sandhi changes tones in place as running speech does (现代汉语 普通话的连读变调).
func sandhi(u []Unit) {
	for i := range u {
		next := tone(u, i+1)
		switch {
		case u[i].Char == '不' && u[i].Tone == 4 && between(u, i):
			u[i].Tone = 0 // 好不好
		case u[i].Char == '不' && u[i].Tone == 4 && next == 4:
			u[i].Tone = 2
		case u[i].Char == '一' && u[i].Tone == 1 && !counting(u, i):
			u[i].Tone = one(next, between(u, i))
		}
	}
	for i := range u {
		if u[i].Tone == 3 && tone(u, i+1) == 3 {
			u[i].Tone = 2
		}
	}
}

// one is the tone of 一: 一个 yi2, 一天 yi4, 看一看 neutral, alone yi1.
func one(next int, reduplicated bool) int {
	switch {
	case reduplicated:
		return 0
	case next == 4:
		return 2
	case next >= 1:
		return 4
	}
	return 1
}

// counting says that 一 is a numeral here: after 第 or another numeral, or before one that is no unit.
func counting(u []Unit, i int) bool {
	const numerals = "零一二三四五六七八九十点幺"
	return i > 0 && strings.ContainsRune("第"+numerals, u[i-1].Char) ||
		i+1 < len(u) && strings.ContainsRune(numerals+"月号楼栋", u[i+1].Char)
}

func between(u []Unit, i int) bool {
	return i > 0 && i+1 < len(u) && !u[i-1].Pause() && u[i-1].Char == u[i+1].Char
}

// tone is that of unit i; -1 at a pause or the end.
func tone(u []Unit, i int) int {
	if i >= len(u) || u[i].Pause() {
		return -1
	}
	return u[i].Tone
}

package sound

import "strings"

// part is a syllable taken apart: xing is x and in.
type part struct{ initial, rime string }

// parts of all IDs below their number; table fills it.
var parts = []part{{}}

// Alike says that two syllables of Mandarin share the initial or the rime, as one ear
// in two does not keep apart over a telephone: 兴 and 下, 见 and 眼, 三 and 山, 宁 and 林; and
// that two letters share the vowel of their names: L and R. Equal ones are alike.
func Alike(a, b ID) bool {
	table()
	if a == b {
		return true
	}
	if int(a) >= len(parts) || int(b) >= len(parts) {
		return a >= letter && b >= letter && vowel(a) != 0 && vowel(a) == vowel(b)
	}
	x, y := parts[a], parts[b]
	return x.rime != "" && (x.initial == y.initial || x.rime == y.rime)
}

// vowels groups the letters of the alphabet by the vowel of their names: B D T, L R X, I Y …
var vowels = map[rune]string{'i': "bcdegptvz", 'e': "flmnrsx", 'a': "ahjk", 'y': "iy", 'u': "quw", 'o': "o"}

// vowel of a letter's name; 0 = it is no letter of the alphabet.
func vowel(id ID) rune {
	for v, letters := range vowels {
		if strings.ContainsRune(letters, rune(id&^letter)) {
			return v
		}
	}
	return 0
}

// initials that begin another one stand behind it.
var initials = strings.Fields("zh ch sh b p m f d t n l g k h j q x r z c s y w")

// merged are initials that most of the south does not tell apart.
var merged = map[string]string{"zh": "z", "ch": "c", "sh": "s", "n": "l", "y": "", "w": ""}

// spelled are rimes as they are written behind y and w, and how behind other initials.
var spelled = map[string]string{"ya": "ia", "yan": "ian", "yao": "iao", "ye": "ie", "you": "iu", "yong": "iong",
	"wa": "ua", "wai": "uai", "wan": "uan", "wei": "ui", "wen": "un", "wo": "uo"}

// split takes toneless pinyin apart. -n and -ng are one; what is no pinyin has no rime.
func split(name string) part {
	rime, initial := name, ""
	for _, i := range initials {
		if strings.HasPrefix(name, i) {
			initial, rime = i, name[len(i):]
			break
		}
	}
	if full, ok := spelled[strings.TrimSuffix(name, "g")]; ok {
		rime = full
	} else if full, ok := spelled[name]; ok {
		rime = full
	}
	if to, ok := merged[initial]; ok {
		initial = to
	}
	if rime == "" || rime[0] > 'z' {
		return part{}
	}
	return part{initial, strings.TrimSuffix(rime, "g")}
}

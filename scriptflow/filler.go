package scriptflow

import (
	"slices"
	"strings"

	"yingda/scriptflow/words"
)

// usualFillers are what people say to show that they listen (附和词). Said over a line, they
// are no interruption; after a question, they are an answer like any other.
var usualFillers = []string{"嗯", "哦", "噢", "喔", "啊", "呃", "额", "唔", "诶", "欸", "哎", "唉", "喂", "喂你好", "喂您好", "你好", "您好",
	"对", "对的", "是", "是的", "好", "好的", "行", "可以", "这样", "这样啊"}

// fillersOf brings the author's fillers (or the usual ones) into normal form, longest first.
func fillersOf(own []string) []string {
	if len(own) == 0 {
		own = usualFillers
	}
	out := make([]string, 0, len(own))
	for _, w := range own {
		if n := strings.ReplaceAll(words.Normal(w), "|", ""); n != "" {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(out)
}

// content is what is left of text without the fillers it begins with.
func (f *Flow) content(text string) string {
	rest := strings.ReplaceAll(words.Normal(text), "|", "")
strip:
	for rest != "" {
		for _, w := range f.fillers {
			if after, ok := strings.CutPrefix(rest, w); ok {
				rest = after
				continue strip
			}
		}
		break
	}
	return rest
}

// filler says whether text is nothing but fillers.
func (f *Flow) filler(text string) bool { return f.content(text) == "" }

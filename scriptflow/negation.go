package scriptflow

import (
	"slices"
	"strings"
)

// denials say the opposite of what follows them, the longest first: 没在忙 is not busy.
var denials = [][]rune{[]rune("不是在"), []rune("不用"), []rune("不要"), []rune("不想"), []rune("不是"), []rune("不会"), []rune("不能"),
	[]rune("没有"), []rune("没在"), []rune("不在"), []rune("无需"), []rune("不"), []rune("没"), []rune("别"), []rune("未")}

// denied says whether the keyword at from in text is taken back by the words before it.
//
// Questions are never denied (没有地铁吗 asks about the metro), nor the tenant's own classes,
// whose sense nobody here knows. A keyword that is a negation itself is only denied for
// kinds where doubling it makes sense: 没有不方便 is not busy, but 没有不需要 is mostly two
// clauses without their comma.
func denied(kind Kind, text []rune, from int, keyword string) bool {
	if halfQuestion(text, from) {
		return true
	}
	switch kind {
	case Question, Custom, Negative, DoNotCall:
		return false
	case TransferWish, SMSWish:
		return unwanted(text[:from]) || deniedBefore(text, from, keyword)
	case Refusal, Positive:
		if negative(keyword) {
			return false
		}
	}
	return deniedBefore(text, from, keyword)
}

// halfQuestion says whether the keyword at from is the second half of an A-not-A question:
// 不方便 in 方不方便, 没有 in 有没有.
func halfQuestion(text []rune, from int) bool {
	return from > 0 && from+1 < len(text) && (text[from] == '不' || text[from] == '没') && text[from-1] == text[from+1]
}

// unwanted looks a little further back for wishes, which rarely follow their denial at once:
// 不要给我发短信, 别加微信.
func unwanted(before []rune) bool {
	near := string(before[max(0, len(before)-5):])
	if i := strings.LastIndexAny(near, "，。,.！？!?"); i >= 0 {
		near = near[i:]
	}
	for _, no := range []string{"别", "不要", "不用", "不想", "不需要", "无需"} {
		if i := strings.Index(near, no); i >= 0 && !strings.HasSuffix(near[:i], "要") {
			return true
		}
	}
	return false
}

// deniedBefore looks for a denial right before the keyword.
func deniedBefore(text []rune, from int, keyword string) bool {
	for _, d := range denials {
		if !endsWith(text[:from], d) {
			continue
		}
		return !asks(text[:from], d, text[from:]) && !(negative(keyword) && len(d) == 1 && d[0] == '不')
	}
	return false
}

func negative(keyword string) bool {
	return strings.HasPrefix(keyword, "不") || strings.HasPrefix(keyword, "没") || strings.HasPrefix(keyword, "别")
}

// asks recognises what only looks like a denial: A-not-A questions (是不是, 有没有, 方不方便)
// and the suggestion 要不.
func asks(before, denial, after []rune) bool {
	head := before[:len(before)-len(denial)]
	if len(head) == 0 {
		return false
	}
	last := head[len(head)-1]
	if denial[0] == '不' && last == '要' {
		return true
	}
	follows := slices.Concat(denial, after)
	return len(follows) > 1 && follows[1] == last
}

func endsWith(text, tail []rune) bool {
	return len(text) >= len(tail) && slices.Equal(text[len(text)-len(tail):], tail)
}

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
	switch kind {
	case Question, Custom, Negative, DoNotCall:
		return false
	case Refusal, Positive, TransferWish, SMSWish:
		if negative(keyword) {
			return false
		}
	}
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

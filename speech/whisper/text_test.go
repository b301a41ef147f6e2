package whisper

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestTidy(t *testing.T) {
	for in, want := range map[string]string{
		"不需要。": "不需要", " 你好 ，": "你好", "1347 38 21 368": "13473821368", "call me maybe": "call me maybe",
		"我的电话是一三四七三八二幺三六八": "我的电话是13473821368", "一二三": "一二三", "三十二度": "三十二度",
		"13八零013八000": "13800138000", "听 VIP 客户": "听VIP客户", "": "", "。": "", "我Ｇ那天﹑下": "我那天下",
	} {
		if got := tidy(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLoop(t *testing.T) {
	for text, cut := range map[string]int{"abcabc": 0, "abcabcabc": 6, "aaa": 0, "aaaa": 3, "xabababa": 4, "xababab": 4, "": 0} {
		tokens := make([]int64, len(text))
		for i := range text {
			tokens[i] = int64(text[i])
		}
		if got := loop(tokens); got != cut {
			t.Errorf("%s: cut %d, want %d", text, got, cut)
		}
	}
}

// heard sets up what the audio said of each phrase, and of the free text.
func heard(t *testing.T, free string, freeLogProb, sure float64, phrases map[string]float64) Result {
	t.Helper()
	m := &Model{vocab: loadVocab(t)}
	names := slices.Sorted(maps.Keys(phrases))
	r := Result{Free: free, Text: free, LogProb: sure}
	runes := []rune(free)
	all := m.NewHints(names).compare(runes)
	for i := range all {
		all[i].logProb = phrases[all[i].phrase.text]
	}
	r.choose(runes, stands(all, runes), accept(all, freeLogProb, sure))
	return r
}

// Rows are measurements: what was said, what the model wrote, how well the phrases explain it.
func TestChoose(t *testing.T) {
	for _, c := range []struct {
		said, free        string
		freeLogProb, sure float64
		phrases           map[string]float64
		phrase, text      string
	}{
		{"没兴趣", "没下去", -1.66, -1.06, map[string]float64{"没兴趣": -2.73, "在哪里": -3.79, "你再说一遍": -4.19}, "没兴趣", "没兴趣"},
		{"需要", "需要", -2.45, -0.87, map[string]float64{"不需要": -3.86, "在哪里": -4.17, "你再说一遍": -4.15}, "", "需要"},
		{"不方便", "不方便", -0.44, -0.3, map[string]float64{"方便": -2, "在哪里": -4.5, "什么项目": -4.5}, "", "不方便"},
		{"我不需要", "我不需要", -1.3, -0.58, map[string]float64{"不需要": -1.21, "什么项目": -4.14, "不用了": -4.17}, "不需要", "我不需要"},
		{"可以贷款吗", "可以，在款吗", -3.69, -0.46, map[string]float64{"可以": -4.59, "可以贷款吗": -1.56, "在哪里": -4.4}, "可以贷款吗", "可以贷款吗"},
		{"物业费多少", "估也不多", -2.33, -1.27, map[string]float64{"物业费多少": -1.88, "你再说一遍": -4.8, "在什么位置": -5.07}, "物业费多少", "物业费多少"},
		{"物业费多少, the end swallowed", "物业费多", -0.9, -0.6, map[string]float64{"物业费多少": -1.9, "你再说一遍": -4.8, "在什么位置": -5.07}, "物业费多少", "物业费多少"},
		{"谢谢", "对", -2.64, -1.1, map[string]float64{"是的": -2.83, "你再说一遍": -3.68, "有什么优惠": -3.75}, "", "对"},
		{"a near miss in a long talk", "我们今天下午可能没有什么时间去看房子", -0.5, -0.3, map[string]float64{"没时间": -7.3, "你再说一遍": -4.5, "哪里的": -4.6}, "", "我们今天下午可能没有什么时间去看房子"},
		{"不感兴趣", "不把向去", -0.8, -0.88, map[string]float64{"不感兴趣": -2.27, "不确定": -2.73, "感兴趣": -3.26, "不考虑": -3.63}, "不感兴趣", "不感兴趣"},
		{"没兴趣, the decoder in circles", "每一条铭。每一条铭。每一条", -1.36, -0.68, map[string]float64{"没兴趣": -2.7, "没有兴趣": -3.07, "没考虑": -3.21}, "", "每一条铭。每一条铭。每一条"},
		{"不客气, no hint", "无客户型", -1.4, -0.9, map[string]float64{"户口": -3.4, "不太好": -3.6}, "", "无客户型"},
		{"今天天气不错", "今天天气无错", -0.61, -0.48, map[string]float64{"什么项目": -4.53, "你再说一遍": -4.55, "哪里的": -4.66}, "", "今天天气无错"},
	} {
		r := heard(t, c.free, c.freeLogProb, c.sure, c.phrases)
		if r.Phrase != c.phrase || r.Text != c.text {
			t.Errorf("%s: %q in %q, want %q in %q", c.said, r.Phrase, r.Text, c.phrase, c.text)
		}
	}
}

func TestOpposite(t *testing.T) {
	for answer, want := range map[string]string{"贵不贵": "", "远不远": "", "可以": "不可以", "有时间": "没有时间", "好": "不好", "不可以": "", "没兴趣": "",
		"别打了": "", "可以贷款吗": "", "OK": "不OK"} {
		if got := opposite(answer); got != want {
			t.Errorf("%s: %q, want %q", answer, got, want)
		}
	}
}

func TestPromptStaysShort(t *testing.T) {
	m := &Model{vocab: loadVocab(t)}
	var many []string
	for _, r := range strings.Repeat("一二三四五六七八九十百千万东南西北春夏秋冬", 1) {
		many = append(many, string(r)+"号楼的房子多少钱一平方米")
	}
	h := m.NewHints(append(many, many[0], "", " "))
	if len(h.phrases) != len(many) {
		t.Errorf("%d phrases, want %d", len(h.phrases), len(many))
	}
	if n := len(h.prompt); n > 200 || n < 100 {
		t.Errorf("a prompt of %d tokens", n)
	}
	if got := m.vocab.text(m.NewHints(nil).prompt[1:]); got != noHints {
		t.Errorf("without phrases: %q", got)
	}
}

// TestLikeliest: of many phrases those are scored that begin and sound like what was said.
func TestLikeliest(t *testing.T) {
	m := &Model{vocab: loadVocab(t)}
	var names []string
	for i := range 200 {
		names = append(names, "第"+string([]rune(numerals)[i%10])+string([]rune(numerals)[i/10%10])+"句话")
	}
	names = append(names, "没兴趣", "不感兴趣")
	all := m.NewHints(names).compare([]rune("没下去"))
	begins := map[string]float64{"没兴趣": 9, "不感兴趣": 2}
	asked := likeliest(all, func(p *phrase) float64 { return begins[p.text] })
	if len(asked) != mostAsked || asked[0].phrase.text != "没兴趣" || asked[1].phrase.text != "不感兴趣" {
		t.Errorf("%d asked, first %s, %s", len(asked), asked[0].phrase.text, asked[1].phrase.text)
	}
}

const numerals = "零一二三四五六七八九"

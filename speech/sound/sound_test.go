package sound

import "testing"

func TestQuantity(t *testing.T) {
	for digits, want := range map[string]string{
		"0": "零", "7": "七", "10": "十", "12": "十二", "30": "三十", "32": "三十二", "100": "一百", "105": "一百零五", "110": "一百一十",
		"1005": "一千零五", "2030": "二千零三十", "12000": "一万二千", "10005": "一万零五", "120000": "十二万", "12345678": "一千二百三十四万五千六百七十八",
		"13473821368": "一三四七三八二一三六八", "007": "零零七", "00": "零零",
	} {
		if got := string(Quantity(digits)); got != want {
			t.Errorf("%s: %s, want %s", digits, got, want)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		phrase, text   string
		cost, from, to int
	}{
		{"限购吗", "你们现购吗", 0, 2, 5},
		{"不需要", "喂不虚要谢谢", 0, 1, 4},
		{"不需要", "我不要", Whole, 1, 3},
		{"你再说一遍", "你再说一点", 1, 0, 5},
		{"没兴趣", "没下去", 1, 0, 3},
		{"精武门", "精武魂", Whole, 0, 3},
		{"多少钱", "多少多少钱啊", 0, 2, 5},
		{"三十二度", "设定32度", 0, 2, 6},
		{"没空", "", 2 * Whole, 0, 0},
	} {
		best := 99
		var from, to int
		for _, text := range Readings([]rune(c.text)) {
			for _, want := range Readings([]rune(c.phrase)) {
				if cost, f, e := Within(IDs(want), text); cost < best {
					best, from, to = cost, f, e
				}
			}
		}
		if best != c.cost || from != c.from || to != c.to {
			t.Errorf("%s in %s: %d at [%d,%d), want %d at [%d,%d)", c.phrase, c.text, best, from, to, c.cost, c.from, c.to)
		}
	}
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"兴", "下", true}, {"见", "眼", true}, {"三", "山", true}, {"宁", "林", true}, {"无", "不", true}, {"要", "小", true}, {"想", "样", true},
		{"门", "魂", false}, {"工", "风", false}, {"a", "b", false}, {"L", "R", true}, {"D", "t", true}, {"a", "啊", false}, {"１", "２", false}, {"a", "A", true}, {"二", "十", false}, {"丂", "兴", false},
	} {
		if got := Alike(Of([]rune(c.a)[0]), Of([]rune(c.b)[0])); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

func TestReadingsKeepTheRunes(t *testing.T) {
	r := Readings([]rune("要32平"))
	if len(r) != 2 || len(r[0]) != 4 || len(r[1]) != 5 {
		t.Fatalf("%v", r)
	}
	for _, s := range r[1][1:4] {
		if s.From != 1 || s.To != 3 {
			t.Errorf("三十二 was written with [%d,%d), want [1,3)", s.From, s.To)
		}
	}
	if Of('幺') != Of('一') || Of('a') != Of('A') || Of('a') == Of('b') {
		t.Error("幺 is 一; letters are themselves, in either case")
	}
}

func TestEdits(t *testing.T) {
	if d := Edits([]rune("设定三十度"), []rune("设定三多")); d != 2 {
		t.Errorf("%d", d)
	}
	if d := Edits([]rune(""), []rune("三")); d != 1 {
		t.Errorf("%d", d)
	}
}

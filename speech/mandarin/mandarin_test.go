package mandarin

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"均价12800元/平", "均价一万两千八百元每平"},
		{"12,800元", "一万两千八百元"},
		{"￥12800.50", "一万两千八百元五角"},
		{"总价2.5万元", "总价二点五万元"},
		{"2万", "两万"},
		{"请拨打13812345678", "请拨打幺三八，幺二三四，五六七八"},
		{"+8613800000001", "幺三八，零零零零，零零零幺"},
		{"热线400-820-1234", "热线四零零，八二零，幺二三四"},
		{"010-62345678", "零幺零，六二三四五六七八"},
		{"尾号1357", "尾号幺三五七"},
		{"验证码是 001234", "验证码是 零零幺二三四"},
		{"2026年11月22日", "二零二六年十一月二十二日"},
		{"2026-05-01", "二零二六年五月一日"},
		{"2年", "两年"},
		{"70年产权", "七十年产权"},
		{"上午9:05", "上午九点零五分"},
		{"2:00", "两点"},
		{"15：30", "十五点三十分"},
		{"利率3.05%", "利率百分之三点零五"},
		{"首付20%-30%", "首付百分之二十到百分之三十"},
		{"89-120㎡", "八十九到一百二十平方米"},
		{"3室2厅", "三室两厅"},
		{"1/3", "三分之一"},
		{"离地铁2号线500米", "离地铁二号线五百米"},
		{"-5℃", "零下五摄氏度"},
		{"第12期", "第十二期"},
		{"０８楼", "八楼"},
		{"100000000", "一亿"},
		{"10101", "一万零一百零一"},
		{"20010000", "两千零一万"},
		{"A3栋", "A三栋"},
		{"没有数字。", "没有数字。"},
	} {
		if got := Plain(c.in); got != c.want {
			t.Errorf("Plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWhole(t *testing.T) {
	for in, want := range map[string]string{
		"0": "零", "10": "十", "15": "十五", "20": "二十", "105": "一百零五", "110": "一百一十", "200": "两百", "1001": "一千零一",
		"1010": "一千零一十", "2222": "两千两百二十二", "10000": "一万", "100005": "十万零五", "120000": "十二万", "1000000": "一百万",
		"300000001": "三亿零一", "007": "零零七", "12": "十二", "22000": "两万两千", "120002": "十二万零二",
	} {
		if got := Whole(in); got != want {
			t.Errorf("Whole(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"便宜吗", "pian2 yi0 ma0"},
		{"我在开会", "wo3 zai4 kai1 hui4"},
		{"不需要", "bu4 xu1 yao4"},
		{"不用", "bu2 yong4"},
		{"好不好", "hao3 bu0 hao3"},
		{"一个", "yi2 ge4"},
		{"一平", "yi4 ping2"},
		{"第一", "di4 yi1"},
		{"看一看", "kan4 yi0 kan4"},
		{"你好", "ni2 hao3"},
		{"多少钱一平？", "duo1 shao0 qian2 yi4 ping2 |"},
		{"绿地，银行", "lv4 di4 , yin2 hang2"},
		{"A栋", "ei1 dong4"},
		{"😀好", "hao3"},
		{"喂", "wei2"},
	} {
		if got := spell(Read(c.in)); got != c.want {
			t.Errorf("Read(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestPhrasesFit: a phrase has one reading for each character.
func TestPhrasesFit(t *testing.T) {
	for word, readings := range phrases {
		if len([]rune(word)) != len(readings) {
			t.Errorf("%s has %d readings", word, len(readings))
		}
	}
}

func TestRuns(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"这里有WiFi，VIP客户", "这里有|<WiFi>|，VIP客户"},
		{"Hello, this is Yingda calling", "<Hello, this is Yingda calling>"},
		{"12800元", "12800元"},
	} {
		var got []string
		for _, r := range Runs(c.in) {
			if r.Latin {
				r.Text = "<" + r.Text + ">"
			}
			got = append(got, r.Text)
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("Runs(%q) = %q, want %q", c.in, s, c.want)
		}
	}
}

// FuzzRead: whatever is written, reading it neither panics nor leaves a digit.
func FuzzRead(f *testing.F) {
	f.Add("均价12800元/平，2026-1-1 1:00 -3℃ ¥2.55万 A栋 1/2")
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(Plain(s), "0123456789") {
			t.Errorf("Plain(%q) = %q", s, Plain(s))
		}
		Read(s)
	})
}

func spell(units []Unit) string {
	var b []string
	for _, u := range units {
		switch {
		case u.Pause() && u.Long:
			b = append(b, "|")
		case u.Pause():
			b = append(b, ",")
		default:
			b = append(b, fmt.Sprintf("%s%d", u.Sound, u.Tone))
		}
	}
	return strings.Join(b, " ")
}

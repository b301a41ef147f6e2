package mandarin

import (
	"regexp"
	"strings"
)

// Plain rewrites text the way it is read aloud in Mandarin: telephone numbers,
// dates, times, money, percentages, ranges, units and plain numbers become Hanzi.
// Latin letters, Hanzi and punctuation that makes a pause stay.
func Plain(text string) string {
	text = halfWidth.Replace(text)
	for _, r := range rules {
		text = r.apply(text)
	}
	return text
}

// rule rewrites one kind of thing; rules are tried in order, the special before the general.
type rule struct {
	re  *regexp.Regexp
	say func(m []string) string
}

func (r rule) apply(text string) string {
	return r.re.ReplaceAllStringFunc(text, func(s string) string {
		return r.say(r.re.FindStringSubmatch(s))
	})
}

const num = `\d+(?:,\d{3})*(?:\.\d+)?`

var rules = []rule{
	// Telephone numbers and other digits that are told one by one.
	{re(`\+86[ -]?`), func([]string) string { return "" }},
	{re(`\b(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})\b`), func(m []string) string {
		return Dialled(m[1]) + "，" + Dialled(m[2]) + "，" + Dialled(m[3])
	}},
	{re(`\b([48]00)-?(\d{3})-?(\d{4})\b`), func(m []string) string {
		return Dialled(m[1]) + "，" + Dialled(m[2]) + "，" + Dialled(m[3])
	}},
	{re(`\b(0\d{2,3})-(\d{7,8})\b`), func(m []string) string { return Dialled(m[1]) + "，" + Dialled(m[2]) }},
	{re(`(尾号|编号|工号|验证码|邮编|分机|房号|门牌|密码|热线|电话|拨打|按)([^\d\p{Han}]?是?为?:? ?)(\d+)`), func(m []string) string {
		return m[1] + m[2] + Dialled(m[3])
	}},
	// Dates and times.
	{re(`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`), func(m []string) string {
		return ByDigit(m[1]) + "年" + Whole(bare(m[2])) + "月" + Whole(bare(m[3])) + "日"
	}},
	{re(`(\d{4}|\d{2})年`), func(m []string) string { return year(m[1]) }},
	{re(`(\d{1,2})月(?:(\d{1,2})([日号]))?`), func(m []string) string {
		if m[2] == "" {
			return Whole(bare(m[1])) + "月"
		}
		return Whole(bare(m[1])) + "月" + Whole(bare(m[2])) + m[3]
	}},
	{re(`\b([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?`), func(m []string) string { return clock(m[1], m[2]) }},
	{re(`(\d{1,2})([日号楼栋层幢期区座线路届])`), func(m []string) string { return Whole(bare(m[1])) + m[2] }},
	{re(`第(\d+)`), func(m []string) string { return "第" + Whole(m[1]) }},
	// Quantities.
	{re(`(` + num + `)[%％]?\s*[-~～—]\s*(` + num + `)[%％]`), func(m []string) string {
		return "百分之" + Decimal(m[1]) + "到百分之" + Decimal(m[2])
	}},
	{re(`(` + num + `)[%％]`), func(m []string) string { return "百分之" + Decimal(m[1]) }},
	{re(`(` + num + `)\s*[-~～—]\s*(` + num + `)`), func(m []string) string { return Decimal(m[1]) + "到" + Decimal(m[2]) }},
	{re(`[¥￥]\s*(` + num + `)(万|亿)?元?`), func(m []string) string { return money(m[1]+"", m[2]) }},
	{re(`(` + num + `)(万|亿)?元`), func(m []string) string { return money(m[1], m[2]) }},
	{re(`(-?` + num + `)\s*(?:℃|°C)`), func(m []string) string {
		if rest, below := strings.CutPrefix(m[1], "-"); below {
			return "零下" + Decimal(rest) + "摄氏度"
		}
		return Decimal(m[1]) + "摄氏度"
	}},
	{re(`(` + num + `)\s*(㎡|m²|m2|平米|km|kg|cm|mm|公里|公斤)`), func(m []string) string { return counted(m[1]) + unit(m[2]) }},
	{re(`\b(\d{1,3})/(\d{1,3})\b`), func(m []string) string { return Whole(m[2]) + "分之" + Whole(m[1]) }},
	{re(`(\d+)(个|位|套|天|年|次|点|分钟|小时|张|家|块|室|厅|卫|房|居|倍|件|间|种|条|口|遍|百|千|万|亿|周|岁)`), func(m []string) string { return counted(m[1]) + m[2] }},
	{re(`/(平|㎡|m²|月|年|天|人|套|次|个)`), func(m []string) string { return "每" + unit(m[1]) }},
	{re(`㎡|m²`), func([]string) string { return "平方米" }},
	{re(num), func(m []string) string { return general(m[0]) }},
	{re(`[=＝]`), func([]string) string { return "等于" }},
	{re(`\+`), func([]string) string { return "加" }},
	{re(`&`), func([]string) string { return "和" }},
	{re(`@`), func([]string) string { return "艾特" }},
}

func re(s string) *regexp.Regexp { return regexp.MustCompile(s) }

// bare drops the leading zero of a month, day or minute: 05 → 5.
func bare(s string) string {
	if len(s) == 2 && s[0] == '0' {
		return s[1:]
	}
	return s
}

// year reads four digits one by one; two digits are a span of years unless they look like '08年.
func year(s string) string {
	if len(s) == 4 || s[0] == '0' {
		return ByDigit(s) + "年"
	}
	return Whole(s) + "年"
}

func clock(hour, minute string) string {
	h := Whole(bare(hour))
	if h == "二" {
		h = "两"
	}
	switch {
	case minute == "00":
		return h + "点"
	case minute[0] == '0':
		return h + "点零" + Whole(minute[1:]) + "分"
	}
	return h + "点" + Whole(minute) + "分"
}

// money reads yuan with jiao and fen: 12800.50 → 一万两千八百元五角; with 万 or 亿 the fraction is a decimal.
func money(amount, scale string) string {
	whole, frac, _ := strings.Cut(strings.ReplaceAll(amount, ",", ""), ".")
	if scale != "" || len(frac) > 2 {
		return counted(amount) + scale + "元"
	}
	said := counted(whole) + "元"
	if len(frac) > 0 && frac[0] != '0' {
		said += digits[frac[0]-'0'] + "角"
	}
	if len(frac) > 1 && frac[1] != '0' {
		said += digits[frac[1]-'0'] + "分"
	}
	return said
}

func unit(s string) string {
	if name, ok := units[s]; ok {
		return name
	}
	return s
}

var units = map[string]string{"㎡": "平方米", "m²": "平方米", "m2": "平方米", "km": "公里", "kg": "公斤", "cm": "厘米", "mm": "毫米"}

// general reads a number with nothing around it that says what it is: seven
// digits and more without a separator are an identifier, not a quantity.
func general(s string) string {
	if len(s) >= 7 && !strings.ContainsAny(s, ".,") && !strings.HasSuffix(s, "0000") {
		return Dialled(s)
	}
	return Decimal(s)
}

var halfWidth = strings.NewReplacer(
	"０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"：", ":", "．", ".", "％", "%", "／", "/", "＋", "+", "－", "-",
)

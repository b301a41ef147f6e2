package scriptflow

import (
	"slices"
	"strconv"
	"strings"
)

// The sheets of the template, in order.
const (
	sheetHelp      = "说明"
	sheetBasics    = "基本"
	sheetVariables = "变量"
	sheetClasses   = "关键词"
	sheetNodes     = "流程"
	sheetBranches  = "分支"
	sheetAnswers   = "问答"
	sheetMachine   = "机器识别"
)

// column is one column of a sheet, both ways. set returns the key of what is wrong with the
// text, or "". Blank cells are not set.
type column[T any] struct {
	head    string
	help    string
	width   float64
	pointer string // of the field, below the item
	choices []string
	get     func(*T) string
	set     func(*T, string) string
}

func text[T any](head, help string, width float64, pointer string, field func(*T) *string) column[T] {
	return column[T]{head, help, width, pointer, nil,
		func(t *T) string { return *field(t) },
		func(t *T, s string) string { *field(t) = s; return "" }}
}

func number[T any](head, help, pointer string, field func(*T) *int) column[T] {
	return column[T]{head, help, 10, pointer, nil,
		func(t *T) string { return blankZero(*field(t)) },
		func(t *T, s string) string { return setNumber(field(t), s) }}
}

func yes[T any](head, help, pointer string, field func(*T) *bool) column[T] {
	return column[T]{head, help, 8, pointer, []string{"是", "否"},
		func(t *T) string { return map[bool]string{true: "是"}[*field(t)] },
		func(t *T, s string) (wrong string) { *field(t), wrong = truth(s); return wrong }}
}

func list[T any](head, help string, width float64, pointer string, field func(*T) *[]string) column[T] {
	return column[T]{head, help, width, pointer, nil,
		func(t *T) string { return strings.Join(*field(t), "、") },
		func(t *T, s string) string { *field(t) = split(s); return "" }}
}

func spoken[T any](head, help, pointer string, field func(*T) *[]Line) column[T] {
	return column[T]{head, help, 46, pointer, nil,
		func(t *T) string { return writeLines(*field(t)) },
		func(t *T, s string) string { *field(t) = readLines(s); return "" }}
}

// word is a column of a few fixed words.
func word[T any, V ~string](head, help, pointer string, words []string, values []V, wrong string, field func(*T) *V) column[T] {
	return column[T]{head, help, 10, pointer, words,
		func(t *T) string {
			if i := slices.Index(values, *field(t)); i >= 0 {
				return words[i]
			}
			return string(*field(t))
		},
		func(t *T, s string) string {
			i := slices.Index(words, s)
			if i < 0 {
				i = slices.Index(values, V(s))
			}
			if i < 0 {
				return wrong
			}
			*field(t) = values[i]
			return ""
		}}
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func setNumber(into *int, s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != float64(int(f)) {
		return "not_a_number"
	}
	*into = int(f)
	return ""
}

func truth(s string) (bool, string) {
	switch strings.ToLower(s) {
	case "是", "true", "1", "y", "yes", "√":
		return true, ""
	case "否", "false", "0", "n", "no":
		return false, ""
	}
	return false, "not_yes_or_no"
}

// split cuts a cell at the separators that people use for lists.
func split(s string) (out []string) {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

const separators = "、，,；;\n\r"

// writeLines puts one line of the script into one line of the cell, its recordings behind it:
// 您好{{name}}，打扰了 [[hello.wav|sorry.wav]].
func writeLines(lines []Line) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		if out[i] = l.Text; len(l.Audio) > 0 {
			out[i] += " [[" + strings.Join(l.Audio, "|") + "]]"
		}
	}
	return strings.Join(out, "\n")
}

func readLines(s string) []Line {
	var lines []Line
	for _, row := range strings.Split(s, "\n") {
		if row = strings.TrimSpace(row); row == "" {
			continue
		}
		l := Line{Text: row}
		if before, audio, ok := strings.Cut(row, "[["); ok && strings.HasSuffix(audio, "]]") {
			l.Text = strings.TrimSpace(before)
			for _, f := range strings.Split(strings.TrimSuffix(audio, "]]"), "|") {
				l.Audio = append(l.Audio, strings.TrimSpace(f))
			}
		}
		lines = append(lines, l)
	}
	return lines
}

var basicFields = []column[Script]{
	text("名称", "话术的名字", 0, "/name", func(s *Script) *string { return &s.Name }),
	text("语言", "zh-CN", 0, "/locale", func(s *Script) *string { return &s.Locale }),
	text("说明", "", 0, "/description", func(s *Script) *string { return &s.Description }),
	text("开始节点", "接通后先说的节点编号", 0, "/entry", func(s *Script) *string { return &s.Entry }),
	text("兜底结束节点", "无路可走时去的结束节点", 0, "/give_up", func(s *Script) *string { return &s.GiveUp }),
	number("静默等待毫秒", "客户不说话多久算静默，默认 4000", "/silence/after_ms", func(s *Script) *int { return &s.Silence.AfterMS }),
	number("静默次数", "追问几次后离开", "/silence/times", func(s *Script) *int { return &s.Silence.Times }),
	spoken("静默话术", "每行一句，依次使用", "/silence/say", func(s *Script) *[]Line { return &s.Silence.Say }),
	text("静默去向", "空 = 兜底结束节点", 0, "/silence/to", func(s *Script) *string { return &s.Silence.To }),
	number("未识别次数", "连续几次听不懂后离开", "/no_match/times", func(s *Script) *int { return &s.NoMatch.Times }),
	spoken("未识别话术", "每行一句，依次使用", "/no_match/say", func(s *Script) *[]Line { return &s.NoMatch.Say }),
	text("未识别去向", "空 = 兜底结束节点", 0, "/no_match/to", func(s *Script) *string { return &s.NoMatch.To }),
	number("最多对话轮数", "默认 40", "/limits/turns", func(s *Script) *int { return &s.Limits.Turns }),
	number("最长通话秒数", "默认 300", "/limits/seconds", func(s *Script) *int { return &s.Limits.Seconds }),
	number("节点最多进入次数", "默认 3", "/limits/visits", func(s *Script) *int { return &s.Limits.Visits }),
}

var variableColumns = []column[Variable]{
	text("变量名", "话术里写作 {{变量名}}", 16, "/name", func(v *Variable) *string { return &v.Name }),
	text("显示名", "客户 Excel 的列标题", 16, "/label", func(v *Variable) *string { return &v.Label }),
	text("默认值", "客户没有这一项时用它", 20, "/default", func(v *Variable) *string { return &v.Default }),
}

var kindWords = []string{"别再打", "拒绝", "在忙", "转人工", "短信", "自定义", "一般问题", "否定", "肯定"}

var classColumns = []column[Class]{
	text("编号", "字母或数字，不重复", 14, "/id", func(c *Class) *string { return &c.ID }),
	text("名称", "", 14, "/label", func(c *Class) *string { return &c.Label }),
	word("类型", "", "/kind", kindWords, Kinds, "unknown_kind", func(c *Class) *Kind { return &c.Kind }),
	countsColumn,
	yes("仅原字", "是 = 同音字不算", "/strict", func(c *Class) *bool { return &c.Strict }),
	list("关键词", "用顿号隔开；太长可另起一行，只填编号和关键词", 90, "/keywords", func(c *Class) *[]string { return &c.Keywords }),
}

var countsColumn = column[Class]{"计入A", "空 = 一般问题、转人工计入", 10, "/counts_for_a", []string{"是", "否"},
	func(c *Class) string {
		if c.CountsA == nil {
			return ""
		}
		return map[bool]string{true: "是", false: "否"}[*c.CountsA]
	},
	func(c *Class, s string) string {
		b, wrong := truth(s)
		c.CountsA = &b
		return wrong
	}}

var nodeKindWords = []string{"对话", "直达", "转人工", "结束"}
var nodeKinds = []NodeKind{Talk, Pass, HandOff, End}

var nodeColumns = []column[Node]{
	text("编号", "字母或数字，不重复", 14, "/id", func(n *Node) *string { return &n.ID }),
	text("名称", "", 14, "/label", func(n *Node) *string { return &n.Label }),
	word("类型", "对话：说完听；直达：说完去下一节点；转人工；结束：说完挂机", "/kind", nodeKindWords, nodeKinds, "unknown_node_kind", func(n *Node) *NodeKind { return &n.Kind }),
	number("主流程步骤", "1、2、3…；不在主流程留空", "/step", func(n *Node) *int { return &n.Step }),
	yes("最后一步", "到这里算走完主流程，只能有一个", "/last", func(n *Node) *bool { return &n.Last }),
	spoken("话术", "每行一种说法，每次进入换下一种；录音写在句后：[[文件.wav]]，有变量时每段一个，用 | 隔开", "/say", func(n *Node) *[]Line { return &n.Say }),
	spoken("接续语", "回答问题后接着问的话", "/again", func(n *Node) *[]Line { return &n.Again }),
	interruptColumn,
	ofSilence(number("静默等待毫秒", "空 = 用“基本”里的", "/silence/after_ms", func(n *Node) *int { return &n.ownSilence().AfterMS })),
	ofSilence(timesColumn("静默次数", "/silence/times", func(n *Node) *int { return &n.ownSilence().Times })),
	ofSilence(spoken("静默话术", "", "/silence/say", func(n *Node) *[]Line { return &n.ownSilence().Say })),
	ofSilence(text("静默去向", "", 12, "/silence/to", func(n *Node) *string { return &n.ownSilence().To })),
	ofNoMatch(timesColumn("未识别次数", "/no_match/times", func(n *Node) *int { return &n.ownNoMatch().Times })),
	ofNoMatch(spoken("未识别话术", "", "/no_match/say", func(n *Node) *[]Line { return &n.ownNoMatch().Say })),
	ofNoMatch(text("未识别去向", "", 12, "/no_match/to", func(n *Node) *string { return &n.ownNoMatch().To })),
	text("下一节点", "直达：去哪；转人工：没人接时去哪", 12, "/next", func(n *Node) *string { return &n.Next }),
	text("转接队列", "", 12, "/queue", func(n *Node) *string { return &n.Queue }),
	text("结束原因", "记录用的词，如 refused", 14, "/reason", func(n *Node) *string { return &n.Reason }),
	yes("发短信", "到这里就答应发关键词短信", "/sms", func(n *Node) *bool { return &n.SMS }),
	yes("免打扰", "到这里就标记不再拨打", "/dnc", func(n *Node) *bool { return &n.DNC }),
	number("最多进入次数", "", "/max_visits", func(n *Node) *int { return &n.MaxVisits }),
}

// interruptColumn takes the two words, and durations as they are; Check judges those.
var interruptColumn = func() column[Node] {
	field := func(n *Node) *Interrupt { return &n.Interrupt }
	c := word("打断", "随时、不可，或多久以后可以，如 1500ms", "/interrupt", []string{"随时", "不可"}, []Interrupt{Anytime, Never}, "other", field)
	words := c.set
	c.choices = nil
	c.set = func(n *Node, s string) string {
		if words(n, s) != "" {
			n.Interrupt = Interrupt(s)
		}
		return ""
	}
	return c
}()

// A node's own silence and no-match come into being when a cell of theirs is filled, so a
// node that has one always writes its times, 0 included.
func timesColumn(head, pointer string, field func(*Node) *int) column[Node] {
	c := number(head, "空 = 用“基本”里的", pointer, field)
	c.get = func(n *Node) string { return strconv.Itoa(*field(n)) }
	return c
}

func ofSilence(c column[Node]) column[Node] {
	return unless(c, func(n *Node) bool { return n.Silence == nil })
}

func ofNoMatch(c column[Node]) column[Node] {
	return unless(c, func(n *Node) bool { return n.NoMatch == nil })
}

// unless writes a blank where the node has no such part.
func unless(c column[Node], missing func(*Node) bool) column[Node] {
	get := c.get
	c.get = func(n *Node) string {
		if missing(n) {
			return ""
		}
		return get(n)
	}
	return c
}

func (n *Node) ownSilence() *Silence {
	if n.Silence == nil {
		n.Silence = &Silence{}
	}
	return n.Silence
}

func (n *Node) ownNoMatch() *Fallback {
	if n.NoMatch == nil {
		n.NoMatch = &Fallback{}
	}
	return n.NoMatch
}

// branchRow is a Branch with the node it belongs to.
type branchRow struct {
	node string
	Branch
}

var branchColumns = []column[branchRow]{
	text("节点", "所属节点的编号或名称", 14, "/node", func(b *branchRow) *string { return &b.node }),
	text("说明", "", 16, "/label", func(b *branchRow) *string { return &b.Label }),
	list("关键词类", "编号或名称，用顿号隔开", 20, "/classes", func(b *branchRow) *[]string { return &b.Classes }),
	list("关键词", "只在这个节点有效的词", 50, "/keywords", func(b *branchRow) *[]string { return &b.Keywords }),
	list("按键", "0-9、*、#", 10, "/digits", func(b *branchRow) *[]string { return &b.Digits }),
	yes("任意", "听懂了但没有别的规则", "/any", func(b *branchRow) *bool { return &b.Any }),
	text("计为", "按键或关键词算作哪个关键词类", 12, "/means", func(b *branchRow) *string { return &b.Means }),
	text("去向", "节点的编号或名称", 14, "/to", func(b *branchRow) *string { return &b.To }),
}

var answerColumns = []column[Answer]{
	list("关键词类", "编号或名称，用顿号隔开", 20, "/classes", func(a *Answer) *[]string { return &a.Classes }),
	spoken("话术", "每行一种说法，依次使用", "/say", func(a *Answer) *[]Line { return &a.Say }),
	text("去向", "空 = 回到原处", 14, "/to", func(a *Answer) *string { return &a.To }),
	number("次数", "最多几次，空 = 不限", "/times", func(a *Answer) *int { return &a.Times }),
	text("之后去向", "次数用完后去哪", 14, "/then", func(a *Answer) *string { return &a.Then }),
}

package scriptflow

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteTemplate writes a script as an Excel workbook that people can fill in and ParseSheet
// reads back as the same script. Lists and dropdowns say what may be filled in.
func WriteTemplate(w io.Writer, s *Script) error {
	t, err := newTemplate()
	if err != nil {
		return fmt.Errorf("script template: %w", err)
	}
	defer t.book.Close()
	t.help()
	t.basics(s)
	write(t, sheetVariables, variableColumns, s.Variables)
	write(t, sheetClasses, classColumns, inRows(s.Classes))
	write(t, sheetNodes, nodeColumns, s.Nodes)
	write(t, sheetBranches, branchColumns, branchRows(s.Nodes))
	write(t, sheetAnswers, answerColumns, s.Answers)
	t.machine(s.Machine)
	if t.err != nil {
		return fmt.Errorf("script template: %w", t.err)
	}
	_, err = t.book.WriteTo(w)
	return err
}

// template keeps the first error, so that writing reads as a list of what is written.
type template struct {
	book                *excelize.File
	err                 error
	header, title, body int
}

func newTemplate() (*template, error) {
	t := &template{book: excelize.NewFile()}
	border := []excelize.Border{{Type: "bottom", Color: "D9DEE7", Style: 1}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	style := func(s *excelize.Style) (id int) {
		if t.err == nil {
			id, t.err = t.book.NewStyle(s)
		}
		return id
	}
	t.header = style(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "1F2A44"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEFB"}}, Border: border, Alignment: top})
	t.title = style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: top})
	t.body = style(&excelize.Style{Alignment: top, NumFmt: 49, Border: border})
	t.try(t.book.SetSheetName("Sheet1", sheetHelp))
	return t, t.err
}

func (t *template) try(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *template) sheet(name string) {
	if name != sheetHelp {
		_, err := t.book.NewSheet(name)
		t.try(err)
	}
}

func (t *template) set(sheet string, column, row int, text string, style int) {
	at, err := excelize.CoordinatesToCellName(column, row)
	t.try(err)
	if text != "" {
		t.try(t.book.SetCellStr(sheet, at, text))
	}
	t.try(t.book.SetCellStyle(sheet, at, at, style))
}

func (t *template) width(sheet string, column int, width float64) {
	name, err := excelize.ColumnNumberToName(column)
	t.try(err)
	t.try(t.book.SetColWidth(sheet, name, name, width))
}

// write puts one sheet: the header with its help as comments, then a row for each item.
func write[T any](t *template, sheet string, columns []column[T], items []T) {
	t.sheet(sheet)
	for i, c := range columns {
		t.set(sheet, i+1, 1, c.head, t.header)
		t.width(sheet, i+1, c.width)
		t.comment(sheet, i+1, c.help)
		t.choices(sheet, i+1, c.choices)
		for j := range items {
			t.set(sheet, i+1, j+2, c.get(&items[j]), t.body)
		}
	}
	t.try(t.book.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}))
}

func (t *template) comment(sheet string, column int, text string) {
	if text == "" {
		return
	}
	at, err := excelize.CoordinatesToCellName(column, 1)
	t.try(err)
	t.try(t.book.AddComment(sheet, excelize.Comment{Cell: at, Author: "应答", Text: text, Width: 220, Height: 80}))
}

func (t *template) choices(sheet string, column int, words []string) {
	if len(words) == 0 {
		return
	}
	name, err := excelize.ColumnNumberToName(column)
	t.try(err)
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s2:%s2000", name, name)
	t.try(v.SetDropList(words))
	t.try(t.book.AddDataValidation(sheet, v))
}

func (t *template) basics(s *Script) {
	t.sheet(sheetBasics)
	t.width(sheetBasics, 1, 20)
	t.width(sheetBasics, 2, 60)
	t.width(sheetBasics, 3, 40)
	for i, c := range basicFields {
		t.set(sheetBasics, 1, i+1, c.head, t.header)
		t.set(sheetBasics, 2, i+1, c.get(s), t.body)
		t.set(sheetBasics, 3, i+1, c.help, t.body)
	}
}

func (t *template) machine(m Machine) {
	t.sheet(sheetMachine)
	t.set(sheetMachine, 1, 1, "类型", t.header)
	t.set(sheetMachine, 2, 1, "短语", t.header)
	t.width(sheetMachine, 1, 14)
	t.width(sheetMachine, 2, 50)
	kinds := []string{"语音信箱", "空号播报", "附和词"}
	t.choices(sheetMachine, 1, kinds)
	row := 2
	for _, kind := range kinds {
		phrases, _ := m.list(kind)
		for _, p := range *phrases {
			t.set(sheetMachine, 1, row, kind, t.body)
			t.set(sheetMachine, 2, row, p, t.body)
			row++
		}
	}
}

func (t *template) help() {
	t.width(sheetHelp, 1, 100)
	for i, row := range strings.Split(strings.TrimSpace(helpText), "\n") {
		style := t.body
		if i == 0 {
			style = t.title
		}
		t.set(sheetHelp, 1, i+1, row, style)
	}
}

const helpText = `
话术模板：在各工作表里填写，保存后在“话术”页面上传；有问题会指出是哪个单元格。
基本：名称、从哪个节点开始、静默和听不懂时怎么办。
变量：客户 Excel 里多出来的列，在话术里写作 {{变量名}}。
关键词：每行一类。类型决定客户意向等级：拒绝 = D，在忙 = E，计入A 的类命中 = A；别再打会加入免打扰。
流程：机器人说的每一句。主流程步骤写 1、2、3…，并标出“最后一步”：到了就算走完主流程。
分支：在某个节点听到什么去哪里。一行里写关键词类、关键词、按键或“任意”，任一符合即走。
问答：任何节点都有效的回答。去向留空，说完回到原处，再说该节点的“接续语”。
机器识别：语音信箱和空号的播报；附和词是客户边听边说的“嗯”，不算打断。
同音字自动识别（现购 = 限购）；一个字的关键词只在单独说时算数；数字和汉字数字相同（30万 = 三十万）。
`

// inRows breaks a class whose keywords fill more than a cell over several rows.
func inRows(classes []Class) []Class {
	var rows []Class
	for _, c := range classes {
		for first := true; first || len(c.Keywords) > 0; first = false {
			n := fitting(c.Keywords)
			row := Class{ID: c.ID, Keywords: c.Keywords[:n]}
			if first {
				row.Label, row.Kind, row.CountsA, row.Strict = c.Label, c.Kind, c.CountsA, c.Strict
			}
			rows, c.Keywords = append(rows, row), c.Keywords[n:]
		}
	}
	return rows
}

// fitting is how many of the words fit one cell.
func fitting(words []string) int {
	runes := 0
	for i, w := range words {
		if runes += len([]rune(w)) + 1; runes > maxCellRunes && i > 0 {
			return i
		}
	}
	return len(words)
}

func branchRows(nodes []Node) (rows []branchRow) {
	for _, n := range nodes {
		for _, b := range n.Branches {
			rows = append(rows, branchRow{n.ID, b})
		}
	}
	return rows
}

package scriptflow

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a sheet: a script is written by hand, and a stranger's file must not fill memory.
const (
	maxRows      = 20_000
	maxColumns   = 64
	maxUnzipped  = 64 << 20
	maxOneSheet  = 32 << 20
	maxCellRunes = 32_000 // Excel holds 32,767
)

// ParseSheet reads a script from the Excel template (WriteTemplate makes one) and checks it.
// Places are cells, such as 流程!C5. The script is nil where the file is no .xlsx at all;
// otherwise it holds what could be read, and compiles unless the problems are Bad.
func ParseSheet(r io.Reader) (s *Script, problems Problems) {
	defer func() { // excelize trusts what is inside the zip more than strangers deserve
		if recover() != nil {
			s, problems = nil, unreadableSheet()
		}
	}()
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil || len(data) > MaxBytes {
		problems.add(Error, "", "sheet_too_large", "limit_mb", MaxBytes>>20)
		return nil, problems
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxOneSheet, RawCellValue: true})
	if err != nil {
		return nil, unreadableSheet()
	}
	defer book.Close()
	return readBook(book)
}

func unreadableSheet() (problems Problems) {
	problems.add(Error, "", "not_xlsx")
	return problems
}

func readBook(book *excelize.File) (*Script, Problems) {
	rd := &reader{book: book, s: &Script{Format: Format}, cells: map[string]string{}}
	rd.basics()
	table(rd, sheetVariables, variableColumns, &rd.s.Variables, "/variables")
	rd.classes()
	table(rd, sheetNodes, nodeColumns, &rd.s.Nodes, "/nodes")
	rd.branches()
	table(rd, sheetAnswers, answerColumns, &rd.s.Answers, "/answers")
	rd.phrases()
	if !rd.missing {
		rd.byLabel()
		for _, p := range Check(rd.s) {
			p.Place = rd.cell(p.Place)
			rd.problems = append(rd.problems, p)
		}
	}
	return rd.s, rd.problems
}

// reader turns a workbook into a script and remembers in which cell everything stood.
type reader struct {
	book     *excelize.File
	s        *Script
	cells    map[string]string // JSON pointer → cell
	problems Problems
	missing  bool // a sheet is not there: checking the rest would only confuse
}

// rows reads a sheet up to its bounds; ok is false where it does not exist.
func (rd *reader) rows(sheet string) (rows [][]string, ok bool) {
	it, err := rd.book.Rows(sheet)
	if err != nil {
		rd.missing = true
		rd.problems.add(Error, sheet, "missing_sheet", "sheet", sheet)
		return nil, false
	}
	defer it.Close()
	for it.Next() {
		if len(rows) == maxRows {
			rd.problems.add(Error, place(sheet, 1, len(rows)+1), "too_many_rows", "limit", maxRows)
			break
		}
		row, err := it.Columns()
		if err != nil {
			rd.problems.add(Error, place(sheet, 1, len(rows)+1), "unreadable_row")
			break
		}
		rows = append(rows, row[:min(len(row), maxColumns)])
	}
	return rows, true
}

// cell is where a JSON pointer stands in the workbook: its own cell or that of what holds it.
func (rd *reader) cell(pointer string) string {
	for p := pointer; p != ""; p = p[:max(strings.LastIndexByte(p, '/'), 0)] {
		if at, ok := rd.cells[p]; ok {
			return at
		}
	}
	return sheetBasics
}

// place is a cell as people write it; column and row count from 1.
func place(sheet string, column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return sheet
	}
	return sheet + "!" + name
}

// table reads one row into one T. Rows that are all blank are skipped.
func table[T any](rd *reader, sheet string, columns []column[T], into *[]T, pointer string) {
	rows, ok := rd.rows(sheet)
	if !ok || len(rows) == 0 {
		return
	}
	order := match(rd, sheet, rows[0], columns)
	for i, row := range rows[1:] {
		if blank(row) {
			continue
		}
		at := fmt.Sprintf("%s/%d", pointer, len(*into))
		var item T
		fill(rd, &item, order, row, sheet, i+2, at)
		*into = append(*into, item)
	}
}

func fill[T any](rd *reader, item *T, order []*column[T], row []string, sheet string, number int, pointer string) {
	rd.cells[pointer] = place(sheet, 1, number)
	for i, c := range order {
		if c == nil {
			continue
		}
		at := place(sheet, i+1, number)
		if rd.cells[pointer+c.pointer] == "" {
			rd.cells[pointer+c.pointer] = at
		}
		if text := strings.TrimSpace(value(row, i)); text != "" {
			if wrong := c.set(item, text); wrong != "" {
				rd.problems.add(Error, at, wrong, "value", text, "column", c.head)
			}
		}
	}
}

// match finds the column of every header cell; unknown ones are warned of and skipped.
func match[T any](rd *reader, sheet string, header []string, columns []column[T]) []*column[T] {
	order := make([]*column[T], len(header))
	for i, h := range header {
		for j := range columns {
			if columns[j].head == strings.TrimSpace(h) {
				order[i] = &columns[j]
			}
		}
		if order[i] == nil && strings.TrimSpace(h) != "" {
			rd.problems.add(Warning, place(sheet, i+1, 1), "unknown_column", "column", h)
		}
	}
	return order
}

func value(row []string, i int) string {
	if i >= 0 && i < len(row) {
		return row[i]
	}
	return ""
}

func blank(row []string) bool {
	for _, v := range row {
		if strings.TrimSpace(v) != "" {
			return false
		}
	}
	return true
}

// basics reads 基本, which has its fields in rows: name, then value.
func (rd *reader) basics() {
	rows, _ := rd.rows(sheetBasics)
	for i, row := range rows {
		name, text := strings.TrimSpace(value(row, 0)), strings.TrimSpace(value(row, 1))
		for _, c := range basicFields {
			if c.head != name {
				continue
			}
			at := place(sheetBasics, 2, i+1)
			rd.cells[c.pointer] = at
			if text == "" {
				continue
			}
			if wrong := c.set(rd.s, text); wrong != "" {
				rd.problems.add(Error, at, wrong, "value", text, "column", c.head)
			}
		}
	}
}

// classes reads 关键词. A row that repeats an id goes on with its keywords.
func (rd *reader) classes() {
	var all []Class
	table(rd, sheetClasses, classColumns, &all, "/classes")
	for _, c := range all {
		if n := len(rd.s.Classes); n > 0 && rd.s.Classes[n-1].ID == c.ID && c.Label == "" && c.Kind == "" {
			rd.s.Classes[n-1].Keywords = append(rd.s.Classes[n-1].Keywords, c.Keywords...)
			continue
		}
		rd.s.Classes = append(rd.s.Classes, c)
	}
}

// branches reads 分支 into the nodes that they belong to.
func (rd *reader) branches() {
	rows, ok := rd.rows(sheetBranches)
	if !ok || len(rows) == 0 {
		return
	}
	order, owners := match(rd, sheetBranches, rows[0], branchColumns), rd.owners()
	for i, row := range rows[1:] {
		if blank(row) {
			continue
		}
		name := strings.TrimSpace(value(row, columnOf(order, "/node")))
		owner, known := owners[name]
		if !known {
			rd.problems.add(Error, place(sheetBranches, 1, i+2), "branch_of_unknown_node", "node", name)
			continue
		}
		n, b := &rd.s.Nodes[owner], branchRow{}
		fill(rd, &b, order, row, sheetBranches, i+2, fmt.Sprintf("/nodes/%d/branches/%d", owner, len(n.Branches)))
		n.Branches = append(n.Branches, b.Branch)
	}
}

// owners finds nodes by id, else by label; the first of several counts.
func (rd *reader) owners() map[string]int {
	owners := map[string]int{}
	for i, n := range rd.s.Nodes {
		setOnce(owners, n.ID, i)
	}
	for i, n := range rd.s.Nodes {
		setOnce(owners, n.Label, i)
	}
	return owners
}

// columnOf is where a field stands in the row, -1 where the sheet does not have it.
func columnOf[T any](order []*column[T], pointer string) int {
	return slices.IndexFunc(order, func(c *column[T]) bool { return c != nil && c.pointer == pointer })
}

// phrases reads 机器识别: kind, then phrase.
func (rd *reader) phrases() {
	rows, _ := rd.rows(sheetMachine)
	for i, row := range rows {
		kind, phrase := strings.TrimSpace(value(row, 0)), strings.TrimSpace(value(row, 1))
		if i == 0 || kind == "" && phrase == "" {
			continue
		}
		list, pointer := rd.s.Machine.list(kind)
		if list == nil {
			rd.problems.add(Error, place(sheetMachine, 1, i+1), "unknown_machine_kind", "value", kind)
			continue
		}
		rd.cells[fmt.Sprintf("%s/%d", pointer, len(*list))] = place(sheetMachine, 2, i+1)
		*list = append(*list, split(phrase)...)
	}
}

func (m *Machine) list(kind string) (list *[]string, pointer string) {
	switch kind {
	case "语音信箱":
		return &m.Voicemail, "/machine/voicemail"
	case "空号播报":
		return &m.Announcement, "/machine/announcement"
	case "附和词":
		return &m.Backchannel, "/machine/backchannel"
	}
	return nil, ""
}

// byLabel lets authors name nodes and classes by their labels: each reference that is no id
// but exactly one label becomes that id.
func (rd *reader) byLabel() {
	nodes, classes := newNames(), newNames()
	for _, n := range rd.s.Nodes {
		nodes.add(n.ID, n.Label)
	}
	for _, c := range rd.s.Classes {
		classes.add(c.ID, c.Label)
	}
	rd.s.references(func(ref *string) { nodes.resolve(ref) }, func(ref *string) { classes.resolve(ref) })
}

type names struct {
	ids    map[string]bool
	labels map[string]string // "" = more than one
}

func newNames() names { return names{map[string]bool{}, map[string]string{}} }

func (n names) add(id, label string) {
	n.ids[id] = true
	if _, twice := n.labels[label]; twice {
		id = ""
	}
	n.labels[label] = id
}

func (n names) resolve(ref *string) {
	if id := n.labels[*ref]; id != "" && !n.ids[*ref] {
		*ref = id
	}
}

// references visits every place that names a node or a class.
func (s *Script) references(node, class func(*string)) {
	node(&s.Entry)
	node(&s.GiveUp)
	node(&s.Silence.To)
	node(&s.NoMatch.To)
	for i := range s.Nodes {
		s.Nodes[i].references(node, class)
	}
	for i := range s.Answers {
		a := &s.Answers[i]
		node(&a.To)
		node(&a.Then)
		for j := range a.Classes {
			class(&a.Classes[j])
		}
	}
}

func (n *Node) references(node, class func(*string)) {
	node(&n.Next)
	if n.Silence != nil {
		node(&n.Silence.To)
	}
	if n.NoMatch != nil {
		node(&n.NoMatch.To)
	}
	for i := range n.Branches {
		b := &n.Branches[i]
		node(&b.To)
		class(&b.Means)
		for j := range b.Classes {
			class(&b.Classes[j])
		}
	}
}

package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// CellKind is how a value was stored; Blank is the zero value.
type CellKind uint8

const (
	Blank CellKind = iota
	Text
	Number // Text holds it in full: 13800138000, never 1.38E+10
	Date   // a number with a date format; Text holds 2006-01-02[ 15:04]
	Bool   // Text holds TRUE or FALSE
	Error  // Text holds #N/A and the like
)

// Cell is one value as text. Surrounding white space is kept.
type Cell struct {
	Text string
	Kind CellKind
}

// Row is one row; Cells[0] is column A, and nothing follows the last cell with a value.
type Row struct {
	Number int // as the sheet shows it, from 1
	Cells  []Cell
}

// Rows walks a sheet once, top to bottom. Not safe for two goroutines.
type Rows struct {
	book  *Book
	count *counted
	total int64
	first int64 // where the rows begin
	scan  *scanner
	last  string // the last cell the sheet claims to have, "" where it does not say
	row   Row
	err   error
	seen  int
	texts []byte // of this row, back to back
	spans []span
	slab  []Cell // rows are cut from it
}

type span struct {
	col, from, to int
	kind          CellKind
}

// Rows opens a sheet by name. It fails with ErrBroken where the part is missing.
func (b *Book) Rows(sheet string) (*Rows, error) {
	for _, s := range b.sheets {
		if s.Name != sheet {
			continue
		}
		f := b.part(s.part)
		if f == nil {
			break
		}
		body, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		count := &counted{ReadCloser: body}
		r := &Rows{book: b, count: count, total: int64(f.UncompressedSize64), scan: newScanner(count)}
		if err := r.find("sheetData"); err != nil {
			body.Close()
			return nil, err
		}
		return r, nil
	}
	return nil, fmt.Errorf("%w: no sheet %q", ErrBroken, sheet)
}

// Claimed is the last row that the sheet's own <dimension> names, 0 where it names none.
func (r *Rows) Claimed() int {
	_, row := parseRef([]byte(r.last))
	return row
}

// Progress is how much of the sheet has been read, 0 … 1.
func (r *Rows) Progress() float64 {
	if r.total <= r.first || r.err != nil {
		return 1
	}
	return min(1, float64(r.at()-r.first)/float64(r.total-r.first))
}

// at is the offset in the unpacked part.
func (r *Rows) at() int64 { return r.count.n - int64(r.scan.r.Buffered()) }

// counted counts what was unpacked.
type counted struct {
	io.ReadCloser
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n += int64(n)
	return n, err
}

// Next reads the next row that is in the file, blank ones included; false at the
// end or on an error, which Err tells.
func (r *Rows) Next() bool {
	if r.err != nil {
		return false
	}
	r.err = r.next()
	return r.err == nil
}

// Row is the row that Next read. It stays valid.
func (r *Rows) Row() Row { return r.row }

// Err is why Next returned false; nil at the sheet's end.
func (r *Rows) Err() error {
	if r.err == io.EOF {
		return nil
	}
	return r.err
}

// Close ends the walk.
func (r *Rows) Close() error { return r.count.Close() }

// find goes to the opening of an element, taking the sheet's dimension on the way.
func (r *Rows) find(name string) error {
	for {
		t, err := r.scan.next()
		switch {
		case err == io.EOF:
			r.err = io.EOF
			return fmt.Errorf("%w: no %s", ErrBroken, name)
		case err != nil:
			return err
		case t.kind != startTag:
		case string(t.name) == "dimension":
			ref := attr(t.attrs, "ref")
			r.last = string(ref[bytes.IndexByte(ref, ':')+1:])
		case string(t.name) == name:
			if r.first = r.at(); t.empty {
				r.err = io.EOF
			}
			return nil
		}
	}
}

func (r *Rows) next() error {
	for {
		t, err := r.scan.next()
		switch {
		case err != nil:
			return r.scan.cut(err)
		case t.kind == endTag && string(t.name) == "sheetData":
			return io.EOF
		case t.kind == startTag && string(t.name) == "row":
			return r.readRow(t)
		}
	}
}

func (r *Rows) readRow(t token) error {
	if r.seen++; r.seen > r.book.limits.Rows {
		return fmt.Errorf("%w: more than %d", ErrRows, r.book.limits.Rows)
	}
	number := r.row.Number + 1
	if n := atoi(attr(t.attrs, "r")); n > 0 {
		number = n
	}
	r.texts, r.spans = r.texts[:0], r.spans[:0]
	if !t.empty {
		if err := r.readCells(); err != nil {
			return err
		}
	}
	r.row = Row{Number: number, Cells: r.cells()}
	return nil
}

func (r *Rows) readCells() error {
	col := -1
	for {
		t, err := r.scan.next()
		switch {
		case err != nil:
			return r.scan.cut(err)
		case t.kind == endTag && string(t.name) == "row":
			return nil
		case t.kind == startTag && string(t.name) == "c":
			col++
			if c, _ := parseRef(attr(t.attrs, "r")); c > 0 {
				col = c - 1
			}
			if t.empty {
				continue
			}
			if err := r.readCell(col, t); err != nil {
				return err
			}
		}
	}
}

// readCell reads <v> or <is> up to </c>; a formula (<f>) is passed over, its value is in <v>.
func (r *Rows) readCell(col int, t token) error {
	typ, st := cellType(t.attrs), r.styleOf(t.attrs)
	from, kind := len(r.texts), Blank
	for {
		t, err := r.scan.next()
		switch {
		case err != nil:
			return r.scan.cut(err)
		case t.kind == endTag && string(t.name) == "c":
			return r.add(span{col, from, len(r.texts), kind})
		case t.kind != startTag || t.empty:
		case string(t.name) == "v":
			kind, err = r.value(typ, st)
		case string(t.name) == "is":
			kind = Text
			r.texts, err = runs(r.scan, r.texts, t.name)
		}
		if err != nil {
			return err
		}
	}
}

// add keeps a cell that has a value.
func (r *Rows) add(s span) error {
	if s.from == s.to {
		return nil
	}
	if s.col >= r.book.limits.Columns {
		return fmt.Errorf("%w: more than %d", ErrColumns, r.book.limits.Columns)
	}
	r.spans = append(r.spans, s)
	return nil
}

// value reads the text of <v> and turns it into what the cell shows.
func (r *Rows) value(typ byte, st style) (CellKind, error) {
	t, err := r.scan.next()
	if err != nil {
		return Blank, r.scan.cut(err)
	}
	if t.kind != text {
		return Blank, nil
	}
	switch typ {
	case 's':
		if r.book.strings == nil {
			return Blank, fmt.Errorf("%w: no shared strings", ErrBroken)
		}
		i := atoi(bytes.TrimSpace(t.text))
		r.texts, err = r.book.strings.text(r.texts, i)
		return Text, err
	case 'b':
		word := "FALSE"
		if string(bytes.TrimSpace(t.text)) == "1" {
			word = "TRUE"
		}
		r.texts = append(r.texts, word...)
		return Bool, nil
	case 'n':
		var kind CellKind
		r.texts, kind = r.book.number(r.texts, bytes.TrimSpace(t.text), st)
		return kind, nil
	}
	r.texts = t.appendTo(r.texts)
	switch typ {
	case 'e':
		return Error, nil
	case 'd':
		return Date, nil
	}
	return Text, nil
}

// cellType is the cell's t attribute in one letter: s shared, b bool, e error, d ISO
// date, n number, t any other text.
func cellType(attrs []byte) byte {
	switch t := attr(attrs, "t"); string(t) {
	case "", "n":
		return 'n'
	case "s", "b", "e", "d":
		return t[0]
	}
	return 't'
}

func (r *Rows) styleOf(attrs []byte) style {
	if s := attr(attrs, "s"); s != nil {
		if i := atoi(s); i >= 0 && i < len(r.book.style) {
			return r.book.style[i]
		}
	}
	return style{}
}

// cells makes the row's own cells: one string for all texts, one cut of the slab.
func (r *Rows) cells() []Cell {
	width := 0
	for _, s := range r.spans {
		width = max(width, s.col+1)
	}
	if width == 0 {
		return nil
	}
	if len(r.slab) < width {
		r.slab = make([]Cell, max(4096, width))
	}
	row := r.slab[:width:width]
	r.slab = r.slab[width:]
	all := string(r.texts)
	for _, s := range r.spans {
		row[s.col] = Cell{Text: all[s.from:s.to], Kind: s.kind}
	}
	return row
}

// parseRef reads a reference like BC12; column A is 1, 0 stands for none.
func parseRef(ref []byte) (col, row int) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	return col, max(0, atoi(ref[i:]))
}

// atoi is -1 where b is no number of at most nine digits.
func atoi(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// ColumnName is the letters of a column counted from 0: A, B, … Z, AA, …
func ColumnName(col int) string {
	var b []byte
	for col++; col > 0; col = (col - 1) / 26 {
		b = append([]byte{'A' + byte((col-1)%26)}, b...)
	}
	return string(b)
}

// ColumnIndex is the column of a name like BC, counted from 0; -1 where it is none.
func ColumnIndex(name string) int {
	col, _ := parseRef([]byte(name))
	if col == 0 || ColumnName(col-1) != name {
		return -1
	}
	return col - 1
}

// CellName is a cell's reference: column from 0, row from 1.
func CellName(col, row int) string { return ColumnName(col) + strconv.Itoa(row) }

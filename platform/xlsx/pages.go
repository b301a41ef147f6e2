package xlsx

import (
	"archive/zip"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// MaxRows is how many rows a sheet can hold, the header included.
const MaxRows = 1 << 20

// Stream writes a workbook without a copy of it in memory, which File.Write would make:
// the zip goes straight to w, past excelize's buffer.
func Stream(f *excelize.File, w io.Writer) error {
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	_, err := f.WriteToBuffer()
	return err
}

// Pages writes rows that may be more than one sheet holds: the further ones go into
// further sheets, each with the header. Exactly one Close must follow.
type Pages struct {
	file  *excelize.File
	sheet *excelize.StreamWriter
	head  []any
	width float64
	max   int
	rows  int // in this sheet
	n     int // sheets
}

// NewPages begins a workbook with a header and the width of its columns; a sheet takes
// max rows with its header.
func NewPages(head []any, width float64, max int) *Pages {
	return &Pages{file: excelize.NewFile(), head: head, width: width, max: max}
}

// Row adds a row.
func (p *Pages) Row(cells []any) error {
	if p.sheet == nil || p.rows == p.max {
		if err := p.turn(); err != nil {
			return err
		}
	}
	return p.line(cells)
}

func (p *Pages) line(cells []any) error {
	p.rows++
	return p.sheet.SetRow(fmt.Sprintf("A%d", p.rows), cells)
}

// turn begins the next sheet.
func (p *Pages) turn() (err error) {
	if p.sheet != nil {
		if err := p.sheet.Flush(); err != nil {
			return err
		}
	}
	p.n++
	p.rows = 0
	name := fmt.Sprintf("Sheet%d", p.n)
	if _, err := p.file.NewSheet(name); err != nil {
		return err
	}
	if p.sheet, err = p.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := p.sheet.SetColWidth(1, len(p.head), p.width); err != nil {
		return err
	}
	return p.line(p.head)
}

// Finish writes the workbook out, with at least one sheet.
func (p *Pages) Finish(w io.Writer) error {
	if p.sheet == nil {
		if err := p.turn(); err != nil {
			return err
		}
	}
	if err := p.sheet.Flush(); err != nil {
		return err
	}
	return Stream(p.file, w)
}

// Close removes what lies on the disk meanwhile.
func (p *Pages) Close() error { return p.file.Close() }

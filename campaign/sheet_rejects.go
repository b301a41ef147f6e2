package campaign

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"yingda/platform/xlsx"
)

// rejects writes the rows that were not taken: row number, reason, cell, and then
// the row as it was sent, so that it can be put right and sent again. Nothing is
// made until there is a first one.
type rejects struct {
	src    Source
	titles []string
	file   *excelize.File
	sheet  *excelize.StreamWriter
	next   int // the row to write
}

const rejectColumns = 3 // ours, before the sender's

func newRejects(src Source, titles []string) *rejects { return &rejects{src: src, titles: titles} }

func (r *rejects) write(row *judged) error {
	if r.src.Rejects == nil {
		return nil
	}
	if err := r.open(len(row.row.Cells)); err != nil {
		return err
	}
	b := row.reject
	line := make([]any, 0, rejectColumns+len(row.row.Cells))
	line = append(line, b.Row, r.src.Text(b.Key, b.Args), b.Cell)
	for _, c := range row.row.Cells {
		line = append(line, c.Text) // as text: a number of a phone stays one
	}
	return r.line(line)
}

func (r *rejects) line(cells []any) error {
	r.next++
	return r.sheet.SetRow(fmt.Sprintf("A%d", r.next), cells)
}

// open starts the file with its header; width is the columns of the first row.
func (r *rejects) open(width int) (err error) {
	if r.file != nil {
		return nil
	}
	r.file = excelize.NewFile()
	name := r.src.Text("import.rejects.sheet", nil)
	if err := r.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if r.sheet, err = r.file.NewStreamWriter(name); err != nil {
		return err
	}
	head, err := headStyle(r.file)
	if err != nil {
		return err
	}
	if err := r.widths(); err != nil {
		return err
	}
	line := []any{}
	for _, key := range []string{"import.rejects.row", "import.rejects.reason", "import.rejects.cell"} {
		line = append(line, excelize.Cell{StyleID: head, Value: r.src.Text(key, nil)})
	}
	for i := range max(width, len(r.titles)) {
		title := xlsx.ColumnName(i)
		if i < len(r.titles) && r.titles[i] != "" {
			title = r.titles[i]
		}
		line = append(line, excelize.Cell{StyleID: head, Value: title})
	}
	return r.line(line)
}

func (r *rejects) widths() error {
	for col, width := range []float64{8, 36, 8} {
		if err := r.sheet.SetColWidth(col+1, col+1, width); err != nil {
			return err
		}
	}
	if err := r.sheet.SetColWidth(rejectColumns+1, rejectColumns+max(1, len(r.titles)), 16); err != nil {
		return err
	}
	return r.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// finish writes the file out, if there is one.
func (r *rejects) finish() error {
	if r.file == nil {
		return nil
	}
	if err := r.sheet.Flush(); err != nil {
		return fmt.Errorf("finish the rejects: %w", err)
	}
	if err := xlsx.Stream(r.file, r.src.Rejects); err != nil {
		return fmt.Errorf("write the rejects: %w", err)
	}
	return nil
}

func (r *rejects) close() {
	if r.file != nil {
		r.file.Close()
	}
}

// headStyle is the look of a header row in the files that we write.
func headStyle(f *excelize.File) (int, error) {
	return f.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F5EFF"}},
		Alignment: &excelize.Alignment{Vertical: "center"},
	})
}

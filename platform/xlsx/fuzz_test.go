package xlsx_test

import (
	"errors"
	"os"
	"testing"

	"yingda/platform/xlsx"
)

// FuzzRows: whatever a sheet and its strings say, reading ends with rows or with an
// error that says whose fault it is.
func FuzzRows(f *testing.F) {
	f.Add(`<worksheet><dimension ref="A1:B2"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c><v>1.5E3</v></c></row></sheetData></worksheet>`, `<sst><si><t>a</t></si></sst>`)
	f.Add(`<sheetData><row><c t="inlineStr"><is><r><t>x</t></r><rPh><t>y</t></rPh></is></c></row></sheetData>`, `<sst><si/></sst>`)
	f.Add(`<sheetData><row r="-1"><c r="XFE1" s="99"><v/></c><c r="A"><v>9e999</v></c></row>`, `<sst><si><t>`)
	f.Add(`<sheetData><row><c t="s"><v>-1</v></c><c t="d"><v>2026-01-01</v></c><c t="b"><v>1</v></c></row></sheetData>`, ``)
	known := []error{xlsx.ErrBroken, xlsx.ErrColumns, xlsx.ErrRows, xlsx.ErrBomb}
	f.Fuzz(func(t *testing.T, sheet, shared string) {
		path := sheetOf(t, sheet, shared)
		defer os.Remove(path)
		_, err := read(t, path, xlsx.Limits{Columns: 200, Rows: 1000})
		for _, k := range known {
			if errors.Is(err, k) {
				return
			}
		}
		if err != nil {
			t.Fatalf("%q %q: %v", sheet, shared, err)
		}
	})
}

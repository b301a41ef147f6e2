package xlsx_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yingda/platform/xlsx"
)

// save writes a workbook that fill has filled and returns its path.
func save(t testing.TB, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// parts writes a zip of the parts given, as some other program would.
func parts(t testing.TB, all map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parts.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range all {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	rootRels = `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbook = `<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="名单" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`
	bookRels = `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="/xl/a.xml"/>
		<Relationship Id="rId2" Type="x/sharedStrings" Target="s.xml"/></Relationships>`
)

// sheetOf is a workbook with this XML as its only sheet and these shared strings.
func sheetOf(t testing.TB, sheet, shared string) string {
	return parts(t, map[string]string{"_rels/.rels": rootRels, "xl/workbook.xml": workbook,
		"xl/_rels/workbook.xml.rels": bookRels, "xl/a.xml": sheet, "xl/s.xml": shared})
}

// read returns the rows of the first sheet, each as its number and texts.
func read(t testing.TB, path string, l xlsx.Limits) ([]string, error) {
	t.Helper()
	b, err := xlsx.Open(path, l)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	rows, err := b.Rows(b.Sheets()[0].Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		row := rows.Row()
		line := fmt.Sprint(row.Number)
		for _, c := range row.Cells {
			line += "|" + c.Text
		}
		out = append(out, line)
	}
	return out, rows.Err()
}

func want(t *testing.T, got []string, lines ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
}

func TestReadsWhatExcelizeWrites(t *testing.T) {
	path := save(t, func(f *excelize.File) {
		day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		pct, _ := f.NewStyle(&excelize.Style{NumFmt: 10})
		code := `000000`
		zip, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		f.SetCellValue("Sheet1", "A1", "姓名 <&>\"'")
		f.SetCellValue("Sheet1", "B1", 13800138000)
		f.SetCellValue("Sheet1", "D1", 0.1+0.2)
		f.SetCellValue("Sheet1", "A3", true)
		f.SetCellValue("Sheet1", "B3", 45000)
		f.SetCellStyle("Sheet1", "B3", "B3", day)
		f.SetCellValue("Sheet1", "C3", 0.035)
		f.SetCellStyle("Sheet1", "C3", "C3", pct)
		f.SetCellValue("Sheet1", "D3", 42)
		f.SetCellStyle("Sheet1", "D3", "D3", zip)
		f.SetCellValue("Sheet1", "E3", time.Date(2026, 5, 4, 14, 30, 0, 0, time.UTC))
		f.SetCellRichText("Sheet1", "F3", []excelize.RichTextRun{{Text: "一"}, {Text: "二", Font: &excelize.Font{Bold: true}}})
	})
	got, err := read(t, path, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, got, "1|姓名 <&>\"'|13800138000||0.3", "3|TRUE|2023-03-15|3.5%|000042|2026-05-04 14:30|一二")
}

func TestReadsWhatOthersWrite(t *testing.T) {
	path := sheetOf(t, `<?xml version="1.0"?><!-- made by hand --><x:worksheet xmlns:x="m"><x:dimension ref="A1:C4"/><x:sheetData>
		<x:row><x:c t="s"><x:v>1</x:v></x:c><x:c><x:v>1.3800138E10</x:v></x:c><x:c t="inlineStr"><x:is><x:r><x:t>a</x:t></x:r><x:r><x:t xml:space="preserve"> b</x:t></x:r></x:is></x:c></x:row>
		<x:row r='3' note="1 > 0"><x:c r="B3" t="str"><x:f>A1&amp;"x"</x:f><x:v>&#x597D;&#33;_x000A_</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>
		<x:row r="4"><x:c r="A4" s="7"/><x:c r="B4" t="inlineStr"><x:is><x:t><![CDATA[<1>&2]]></x:t></x:is></x:c></x:row>
		<x:row r="9"/></x:sheetData><x:mergeCells/></x:worksheet>`,
		`<sst><si/><si><r><t>王</t></r><r><t>芳</t></r><rPh sb="0" eb="1"><t>ワン</t></rPh></si></sst>`)
	got, err := read(t, path, xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, got, "1|王芳|13800138000|a b", "3||好!\n|#N/A", "4||<1>&2", "9")
}

func TestRefuses(t *testing.T) {
	ok := `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`
	raw := func(text string) string {
		p := filepath.Join(t.TempDir(), "raw.xlsx")
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	whole, err := os.ReadFile(sheetOf(t, ok, "<sst/>"))
	if err != nil {
		t.Fatal(err)
	}
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 2<<20)
	for _, c := range []struct {
		name string
		path string
		l    xlsx.Limits
		err  error
	}{
		{"an empty file", raw(""), xlsx.Limits{}, xlsx.ErrEmptyFile},
		{"a CSV file", raw("姓名,电话\n王芳,13800138000\n"), xlsx.Limits{}, xlsx.ErrNotXLSX},
		{"an old .xls", raw(ole), xlsx.Limits{}, xlsx.ErrOldExcel},
		{"a workbook with a password", raw(ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), xlsx.Limits{}, xlsx.ErrEncrypted},
		{"a cut-off upload", raw(string(whole[:len(whole)/2])), xlsx.Limits{}, xlsx.ErrBroken},
		{"a zip that is no workbook", parts(t, map[string]string{"a.txt": "hello"}), xlsx.Limits{}, xlsx.ErrNotXLSX},
		{"a Word document", parts(t, map[string]string{"_rels/.rels": strings.ReplaceAll(rootRels, "xl/workbook", "word/document")}), xlsx.Limits{}, xlsx.ErrNotXLSX},
		{"a workbook whose sheet is missing", parts(t, map[string]string{"_rels/.rels": rootRels, "xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": bookRels}), xlsx.Limits{}, xlsx.ErrBroken},
		{"XML that ends in a row", sheetOf(t, ok[:60], ""), xlsx.Limits{}, xlsx.ErrBroken},
		{"a document type with entities", sheetOf(t, `<!DOCTYPE a [<!ENTITY b "bb">]>`+ok, ""), xlsx.Limits{}, xlsx.ErrBroken},
		{"a shared string that is not there", sheetOf(t, strings.ReplaceAll(ok, `r="A1"`, `r="A1" t="s"`), "<sst/>"), xlsx.Limits{}, xlsx.ErrBroken},
		{"one endless cell", sheetOf(t, strings.ReplaceAll(ok, "<v>1", "<v>"+strings.Repeat("1", 1<<20)), ""), xlsx.Limits{}, xlsx.ErrBroken},
		{"too many rows", sheetOf(t, "<worksheet><sheetData>"+strings.Repeat("<row/>", 11)+"</sheetData></worksheet>", ""), xlsx.Limits{Rows: 10}, xlsx.ErrRows},
		{"a value in column ZZ", sheetOf(t, strings.ReplaceAll(ok, "A1", "ZZ1"), ""), xlsx.Limits{Columns: 200}, xlsx.ErrColumns},
		{"a file over the bound", raw(string(whole)), xlsx.Limits{File: 100}, xlsx.ErrTooLarge},
		{"more parts than a workbook has", sheetOf(t, ok, ""), xlsx.Limits{Parts: 3}, xlsx.ErrBomb},
		{"a zip bomb", bomb(t, 1<<30), xlsx.Limits{}, xlsx.ErrBomb},
		{"a zip bomb that lies about its size", liar(t), xlsx.Limits{}, xlsx.ErrBroken},
		{"a directory of a million entries", manyEntries(t), xlsx.Limits{}, xlsx.ErrBomb},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			if _, err := read(t, c.path, c.l); !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
			if d := time.Since(began); d > 2*time.Second {
				t.Errorf("took %v to refuse", d)
			}
		})
	}
}

// bomb is a workbook whose sheet is n bytes of spaces: about a thousandth of that, packed.
func bomb(t testing.TB, n int) string {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range n >> 20 {
		w.Write(block)
	}
	w.Close()
	return rawPart(t, packed.Bytes(), uint64(n))
}

// liar declares a hundred bytes for a part that unpacks to 64 MB.
func liar(t testing.TB) string {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	w.Write([]byte("<worksheet>"))
	w.Write(bytes.Repeat([]byte(" "), 64<<20))
	w.Close()
	return rawPart(t, packed.Bytes(), 100)
}

func rawPart(t testing.TB, packed []byte, claims uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range map[string]string{"_rels/.rels": rootRels, "xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": bookRels} {
		w, _ := z.Create(name)
		io.WriteString(w, text)
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/a.xml", Method: zip.Deflate,
		CompressedSize64: uint64(len(packed)), UncompressedSize64: claims})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(packed)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// manyEntries has a directory of some 60 MB and an end record that tells of five entries.
func manyEntries(t testing.TB) string {
	t.Helper()
	entry := make([]byte, 46)
	copy(entry, "PK\x01\x02")
	file := append([]byte("PK\x03\x04"), make([]byte, 60)...)
	at := len(file)
	file = append(file, bytes.Repeat(entry, 1_300_000)...)
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], 5)
	binary.LittleEndian.PutUint16(end[10:], 5)
	binary.LittleEndian.PutUint32(end[12:], 5*46)
	binary.LittleEndian.PutUint32(end[16:], uint32(at))
	path := filepath.Join(t.TempDir(), "many.xlsx")
	if err := os.WriteFile(path, append(file, end...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestManyStrings reads 60 MB of shared strings, forward and back, in little memory.
func TestManyStrings(t *testing.T) {
	const n, width = 60_000, 1000
	var sheet, shared strings.Builder
	sheet.WriteString("<worksheet><sheetData>")
	shared.WriteString("<sst>")
	for i := range n {
		fmt.Fprintf(&shared, "<si><t>%0*d</t></si>", width, i)
		fmt.Fprintf(&sheet, `<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>`, i, i/2)
	}
	sheet.WriteString("</sheetData></worksheet>")
	shared.WriteString("</sst>")
	path := sheetOf(t, sheet.String(), shared.String())
	sheet.Reset()
	shared.Reset()
	b, err := xlsx.Open(path, xlsx.Limits{Ratio: 1000})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	rows, err := b.Rows("名单")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	i := 0
	for ; rows.Next(); i++ {
		c := rows.Row().Cells
		if c[0].Text != fmt.Sprintf("%0*d", width, i) || c[1].Text != fmt.Sprintf("%0*d", width, i/2) {
			t.Fatalf("row %d reads %s, %s", i, c[0].Text, c[1].Text)
		}
	}
	if rows.Err() != nil || i != n {
		t.Fatalf("%d rows, %v", i, rows.Err())
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 64<<20 {
		t.Errorf("%d MB on the heap", m.HeapAlloc>>20)
	}
}

func TestColumnNames(t *testing.T) {
	for col, name := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if xlsx.ColumnName(col) != name || xlsx.ColumnIndex(name) != col {
			t.Errorf("%d is %s, %s is %d", col, xlsx.ColumnName(col), name, xlsx.ColumnIndex(name))
		}
	}
	for _, bad := range []string{"", "a", "A1", "1", "ABCDE", "甲"} {
		if i := xlsx.ColumnIndex(bad); i != -1 {
			t.Errorf("%q is column %d", bad, i)
		}
	}
}

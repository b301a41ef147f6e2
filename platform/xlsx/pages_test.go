package xlsx_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"yingda/platform/xlsx"
)

// TestPages: no row is lost where a sheet is full, and every sheet says what its columns are.
func TestPages(t *testing.T) {
	for rows, want := range map[int][]int{0: {1}, 9: {10}, 10: {10, 2}, 18: {10, 10}, 19: {10, 10, 2}} {
		p := xlsx.NewPages([]any{"number", "name"}, 18, 10)
		for i := range rows {
			if err := p.Row([]any{i, "王芳"}); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := p.Finish(&b); err != nil {
			t.Fatal(err)
		}
		_ = p.Close()
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.GetSheetList(); len(got) != len(want) {
			t.Fatalf("%d rows: sheets %v", rows, got)
		}
		for i, name := range f.GetSheetList() {
			lines, err := f.GetRows(name)
			if err != nil || len(lines) != want[i] || lines[0][0] != "number" {
				t.Errorf("%d rows, sheet %d: %d lines, %v", rows, i, len(lines), err)
			}
		}
	}
}

// TestPagesAreNotHeldInMemory: the file goes out in pieces, however large it is.
func TestPagesAreNotHeldInMemory(t *testing.T) {
	p := xlsx.NewPages([]any{"a", "b", "c", "d"}, 18, xlsx.MaxRows)
	defer p.Close()
	for i := range 200_000 {
		if err := p.Row([]any{i, "2026-11-18 12:00:00", "翡翠湾", i * 7919}); err != nil {
			t.Fatal(err)
		}
	}
	var out pieces
	if err := p.Finish(&out); err != nil {
		t.Fatal(err)
	}
	if out.all < 2<<20 || out.largest > 128<<10 {
		t.Errorf("a file of %d bytes comes in pieces of up to %d", out.all, out.largest)
	}
}

type pieces struct{ all, largest int }

func (p *pieces) Write(b []byte) (int, error) {
	p.all, p.largest = p.all+len(b), max(p.largest, len(b))
	return len(b), nil
}

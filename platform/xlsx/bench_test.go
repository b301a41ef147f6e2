package xlsx_test

import (
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"yingda/platform/xlsx"
)

const benchRows = 100_000

// leads is a workbook as excelize's stream writer makes it: five columns, texts inline.
func leads(t testing.TB, n int) string {
	return save(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			row := []any{fmt.Sprintf("王%d", i), fmt.Sprint(13800000000 + i), "翡翠湾", "老客户", i}
			if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkRead reads one sheet of 100,000 rows by this package and by excelize.
func BenchmarkRead(b *testing.B) {
	path := leads(b, benchRows)
	b.Run("xlsx", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if got, err := read(b, path, xlsx.Limits{}); err != nil || len(got) != benchRows {
				b.Fatal(len(got), err)
			}
		}
		b.ReportMetric(float64(benchRows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("excelize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if n := readExcelize(b, path); n != benchRows {
				b.Fatal(n)
			}
		}
		b.ReportMetric(float64(benchRows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

func readExcelize(b *testing.B, path string) (n int) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}

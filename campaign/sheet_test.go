package campaign

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yingda/platform/errs"
	"yingda/platform/locale"
	"yingda/platform/xlsx"
)

// book writes a sheet with these rows and returns its path.
func book(t testing.TB, rows ...[]any) string {
	t.Helper()
	return bookOf(t, func(add func(...any)) {
		for _, r := range rows {
			add(r...)
		}
	})
}

// bookOf is book for many rows.
func bookOf(t testing.TB, fill func(add func(...any))) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	fill(func(cells ...any) {
		n++
		if err := w.SetRow(fmt.Sprintf("A%d", n), cells); err != nil {
			t.Fatal(err)
		}
	})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "leads.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func raw(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "upload.xlsx")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// zipBomb is a genuine workbook whose sheet part unpacks to 1 GB.
func zipBomb(t testing.TB) string {
	t.Helper()
	src, err := zip.OpenReader(book(t, []any{"姓名", "电话"}))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range src.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			if err := z.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	block := bytes.Repeat([]byte(" "), 1<<20)
	const n = 1 << 30
	for range n / len(block) {
		w.Write(block)
	}
	w.Close()
	part, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate,
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: n})
	if err != nil {
		t.Fatal(err)
	}
	part.Write(packed.Bytes())
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return raw(t, out.Bytes())
}

func wide(n int) []any {
	row := make([]any, n)
	for i := range row {
		row[i] = fmt.Sprintf("列%d", i)
	}
	return row
}

// TestRefusedUploads: each bad file of FEATURES A3.3 is refused at once, with a key
// that both languages can say.
func TestRefusedUploads(t *testing.T) {
	locale.Add(Locale)
	ole := append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 4096)...)
	locked := append(slices.Clone(ole), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...)
	whole, err := os.ReadFile(book(t, []any{"姓名", "电话"}, []any{"王芳", "13800138000"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, key string }{
		{"no byte at all", raw(t, nil), "import.empty"},
		{"an old .xls", raw(t, ole), "import.not_xlsx"},
		{"a CSV with the wrong name", raw(t, []byte("姓名,电话\n王芳,13800138000\n")), "import.not_xlsx"},
		{"a workbook with a password", raw(t, locked), "import.encrypted"},
		{"half an upload", raw(t, whole[:len(whole)/2]), "import.broken"},
		{"a zip bomb", zipBomb(t), "import.bomb"},
		{"an empty sheet", book(t), "import.empty"},
		{"nothing but white space", book(t, []any{" ", "\u3000"}), "import.empty"},
		{"a header without leads", book(t, []any{"姓名", "电话"}), "import.no_rows"},
		{"5,000 columns", book(t, wide(5000), wide(5000)), "import.too_many_columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			_, err := Look(c.path)
			var e *errs.Error
			if !asError(err, &e) || e.Key != c.key || e.Kind != errs.Invalid {
				t.Fatalf("got %v, want %s", err, c.key)
			}
			if d := time.Since(began); d > time.Second {
				t.Errorf("took %v", d)
			}
			for _, lang := range []string{locale.Chinese, locale.English} {
				if s := locale.T(lang, e.Key, e.Args); s == e.Key || strings.Contains(s, "{") {
					t.Errorf("%s says %q", lang, s)
				}
			}
		})
	}
}

func TestLook(t *testing.T) {
	phone := func(i int) string { return fmt.Sprint(13800138000 + i) }
	for _, c := range []struct {
		name   string
		rows   [][]any
		want   string // phone, name, vars
		header int
	}{
		{"plain Chinese titles", [][]any{{"姓名", "电话", "项目"}, {"王芳", phone(0), "翡翠湾"}}, "B A C=项目", 1},
		{"English titles", [][]any{{"Mobile", "Full name", "City"}, {phone(0), "Ann", "Xi'an"}}, "A B C=City", 1},
		{"a title above the header", [][]any{{"2026年客户名单"}, {}, {"客户", "联系方式"}, {"王芳", phone(0)}}, "B A", 3},
		{"no header at all", [][]any{{"王芳", phone(0)}, {"李强", phone(1)}}, "B ", 0},
		{"a title that says nothing", [][]any{{"甲", "乙"}, {"王芳", phone(0)}, {"李强", phone(1)}}, "B  A=甲", 1},
		{"an id card beside the phone", [][]any{{"姓名", "身份证号码", "手机"}, {"王芳", "610102199003070012", phone(0)}}, "C A B=身份证号码", 1},
		{"a second number is no variable", [][]any{{"姓名", "手机", "备用电话"}, {"王芳", phone(0), phone(1)}}, "B A", 1},
		{"phone numbers that are all wrong", [][]any{{"姓名", "手机"}, {"王芳", "123"}}, "B A", 1},
		{"no phone column", [][]any{{"姓名", "城市"}, {"王芳", "西安"}}, " A B=城市", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Look(book(t, c.rows...))
			if err != nil {
				t.Fatal(err)
			}
			m := s.Suggest()
			got := m.Phone + " " + m.Name
			for col, name := range m.Vars {
				got += " " + col + "=" + name
			}
			if got != c.want || s.Header != c.header {
				t.Errorf("got %q below row %d, want %q below row %d", got, s.Header, c.want, c.header)
			}
			if noPhone := m.Phone == ""; noPhone != (len(s.Warnings) == 1) {
				t.Errorf("warnings %v", s.Warnings)
			}
		})
	}
}

func TestLookEstimatesAndPreviews(t *testing.T) {
	path := bookOf(t, func(add func(...any)) {
		add("姓名", "电话")
		for i := range 20_000 {
			add(fmt.Sprintf("客户%d", i), 13800000000+i)
		}
	})
	began := time.Now()
	s, err := Look(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.Rows < 16_000 || s.Rows > 24_000 {
		t.Errorf("estimates %d rows of 20,000", s.Rows)
	}
	if len(s.Preview) != 5 || s.Preview[0][1] != "13800000000" {
		t.Errorf("preview %v", s.Preview)
	}
	if d := time.Since(began); d > 300*time.Millisecond {
		t.Errorf("a look took %v", d)
	}
}

func TestMappingCheck(t *testing.T) {
	s, err := Look(book(t, []any{"姓名", "电话", "项目"}, []any{"王芳", "13800138000", "翡翠湾"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		m    Mapping
		want string
	}{
		{"all well", Mapping{Phone: "B", Name: "A", Vars: map[string]string{"C": "项目"}}, ""},
		{"only a phone", Mapping{Phone: "B"}, ""},
		{"no phone", Mapping{Name: "A"}, "phone import.no_phone_column"},
		{"a column that is not there", Mapping{Phone: "Z"}, "phone import.no_such_column"},
		{"no column at all", Mapping{Phone: "2;DROP"}, "phone import.no_such_column"},
		{"one column twice", Mapping{Phone: "B", Name: "B"}, "name import.column_twice"},
		{"a variable without a name", Mapping{Phone: "B", Vars: map[string]string{"C": " "}}, "vars.C import.bad_variable"},
		{"two variables of one name", Mapping{Phone: "B", Vars: map[string]string{"A": "x", "C": "x"}}, "vars.C import.variable_twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			var e *errs.Error
			if err := c.m.Check(s); asError(err, &e) {
				for _, f := range e.Fields {
					got += f.Path + " " + f.Key
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRefusalsOfOthersPassThrough(t *testing.T) {
	_, err := Look(filepath.Join(t.TempDir(), "not there"))
	if errs.KindOf(err) != errs.Internal {
		t.Errorf("a missing file is %v", err)
	}
	if err := refusal(nil); err != nil {
		t.Error(err)
	}
	if k := errs.KindOf(refusal(xlsx.ErrTooLarge)); k != errs.TooLarge {
		t.Errorf("too large is %v", k)
	}
}

// rewrite copies a workbook with one of its parts changed.
func rewrite(t testing.TB, src []byte, part string, change func([]byte) []byte) string {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			b = change(b)
		}
		w, _ := z.Create(f.Name)
		w.Write(b)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return raw(t, out.Bytes())
}

// openTest opens the leads of a file's first sheet.
func openTest(t testing.TB, path string) (done func(), rows *sheetRows) {
	t.Helper()
	b, err := xlsx.Open(path, sheetLimits)
	if err != nil {
		t.Fatal(err)
	}
	rows, err = openRows(b, "")
	if err != nil {
		t.Fatal(err)
	}
	return func() { rows.Close(); b.Close() }, rows
}

package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yingda/platform/errs"
	"yingda/platform/locale"
)

// list is a Sink in memory.
type list struct {
	leads   []Lead
	has     map[string]bool
	blocked map[string]bool
	known   map[string]string
	largest int
	fail    error
	after   func() // called in each Write
}

func newList() *list { return &list{has: map[string]bool{}} }

func (l *list) Blocked(_ context.Context, digests []string) (map[string]bool, error) {
	return l.blocked, l.fail
}

func (l *list) Known(_ context.Context, digests []string) (map[string]string, error) {
	return l.known, nil
}

func (l *list) Write(_ context.Context, leads []Lead) (dupes []int, err error) {
	l.largest = max(l.largest, len(leads))
	for i, lead := range leads {
		if l.has[lead.Digest] {
			dupes = append(dupes, i)
			continue
		}
		l.has[lead.Digest] = true
		l.leads = append(l.leads, lead)
	}
	if l.after != nil {
		l.after()
	}
	return dupes, nil
}

// source reads path with a digest that is the number's last four.
func source(path string, rejects *bytes.Buffer) Source {
	locale.Add(Locale)
	s := Source{Path: path, Digest: func(e164 string) string { return e164[1:] },
		Text: func(key string, args map[string]any) string { return locale.T(locale.Chinese, key, args) }}
	if rejects != nil {
		s.Rejects = rejects
	}
	return s
}

func TestImport(t *testing.T) {
	path := book(t,
		[]any{"西安楼盘客户名单"},
		[]any{"姓名", "电话", "项目", "年龄"},
		[]any{"王芳", 13800138000, "翡翠湾", 41}, // taken
		[]any{"李强", "未知", "翡翠湾", 33},        // letters
		[]any{},
		[]any{"王芳芳", "+86 138 0013 8000", "翡翠湾", 41}, // the first one again
		[]any{"赵敏", "13900139000"},                   // do not call
		[]any{"孙丽", "13700137000"},                   // in another campaign
		[]any{"周杰", "13600136000"},                   // the list has it
		[]any{"吴刚", "13500135000"},                   // appears in the list meanwhile
		[]any{"郑爽", "029-88886666", "", "=1+1"},      // taken
		[]any{"", "", "没有号码"},
	)
	sink := newList()
	sink.blocked = map[string]bool{"8613900139000": true}
	sink.known = map[string]string{"8613700137000": "春季回访", "8613600136000": ""}
	sink.has["8613500135000"] = true
	var rejects bytes.Buffer
	var last Report
	got, err := Import(t.Context(), source(path, &rejects), Mapping{Phone: "B", Name: "A", Vars: map[string]string{"C": "项目", "D": "年龄"}}, sink, func(r Report) { last = r })
	if err != nil {
		t.Fatal(err)
	}
	want := Report{Rows: 10, Total: 10, Accepted: 2, Blank: 1, Invalid: 2, Duplicate: 3, DoNotCall: 1, InCampaign: 1, Progress: 1}
	if got != want || last != want {
		t.Errorf("got %+v and %+v, want %+v", got, last, want)
	}
	if len(sink.leads) != 2 || sink.leads[0].Vars["年龄"] != "41" || sink.leads[0].Row != 3 || sink.leads[1].Vars["年龄"] != "=1+1" {
		t.Errorf("stored %+v", sink.leads)
	}
	wantRows(t, &rejects, "行号|原因|单元格|姓名|电话|项目|年龄",
		"4|电话里有不是数字的字符：未知|B4|李强|未知|翡翠湾|33",
		"6|与第 3 行号码重复||王芳芳|+86 138 0013 8000|翡翠湾|41",
		"7|在免打扰名单中||赵敏|13900139000",
		"8|已在营销任务“春季回访”中||孙丽|13700137000",
		"9|名单里已有这个号码||周杰|13600136000",
		"10|名单里已有这个号码||吴刚|13500135000",
		"12|没有电话号码|B12|||没有号码")
}

func wantRows(t *testing.T, file *bytes.Buffer, want ...string) {
	t.Helper()
	f, err := excelize.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("未导入")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, strings.Join(r, "|"))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// many has n leads, of which every tenth is the one before it again and every
// eleventh has no phone.
func many(t testing.TB, n int) string {
	return bookOf(t, func(add func(...any)) {
		add("姓名", "电话", "项目", "来源", "备注")
		for i := range n {
			var phone any = fmt.Sprint(13_000_000_000 + i*37)
			switch {
			case i%11 == 10:
				phone = "没留"
			case i%10 == 9:
				phone = fmt.Sprint(13_000_000_000 + (i-1)*37)
			}
			add(fmt.Sprintf("客户%d", i), phone, "翡翠湾", "老客户介绍", "想看三居")
		}
	})
}

func TestImportLosesNothing(t *testing.T) {
	const n = 30_000
	sink, rejects := newList(), bytes.Buffer{}
	ticks := 0
	r, err := Import(t.Context(), source(many(t, n), &rejects), Mapping{Phone: "B", Name: "A"}, sink, func(r Report) {
		if ticks++; r.Rows != r.Accepted+r.Rejected()+r.Blank {
			t.Errorf("lost rows on the way: %+v", r)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows != n || r.Accepted != len(sink.leads) || r.Accepted+r.Rejected() != n || r.Duplicate == 0 || r.Invalid != n/11 {
		t.Errorf("%+v, %d stored", r, len(sink.leads))
	}
	if ticks < n/batchRows || sink.largest > batchRows {
		t.Errorf("%d ticks, batches up to %d", ticks, sink.largest)
	}
	f, err := excelize.OpenReader(&rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("未导入")
	if err != nil || len(rows) != r.Rejected()+1 {
		t.Errorf("%d rows in the rejects of %d, %v", len(rows), r.Rejected(), err)
	}
}

func TestImportStops(t *testing.T) {
	path := many(t, 20_000)
	m := Mapping{Phone: "B"}
	before := runtime.NumGoroutine()

	t.Run("when it is cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		sink := newList()
		sink.after = cancel
		r, err := Import(ctx, source(path, nil), m, sink, nil)
		if !errors.Is(err, context.Canceled) || r.Rows == 0 || r.Rows > batchRows {
			t.Errorf("%+v, %v", r, err)
		}
	})
	t.Run("when the sink fails", func(t *testing.T) {
		sink := newList()
		sink.fail = errors.New("the database is gone")
		if _, err := Import(t.Context(), source(path, nil), m, sink, nil); !errors.Is(err, sink.fail) || errs.KindOf(err) != errs.Internal {
			t.Errorf("%v", err)
		}
	})
	t.Run("when the file breaks off", func(t *testing.T) {
		r, err := Import(t.Context(), source(cutSheet(t), nil), m, newList(), nil)
		var e *errs.Error
		if !asError(err, &e) || e.Key != "import.broken" || r.Rows != r.Accepted+r.Rejected()+r.Blank {
			t.Errorf("%+v, %v", r, err)
		}
	})
	t.Run("when the sheet is not there", func(t *testing.T) {
		_, err := Import(t.Context(), source(path, nil), Mapping{Sheet: "别的", Phone: "B"}, newList(), nil)
		var e *errs.Error
		if !asError(err, &e) || e.Key != "import.no_such_sheet" {
			t.Errorf("%v", err)
		}
	})
	for i := 0; runtime.NumGoroutine() > before && i < 50; i++ {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

// cutSheet is a workbook whose sheet stops in the middle of a row.
func cutSheet(t testing.TB) string {
	t.Helper()
	src, err := os.ReadFile(many(t, 5000))
	if err != nil {
		t.Fatal(err)
	}
	return rewrite(t, src, "xl/worksheets/sheet1.xml", func(xml []byte) []byte { return xml[:len(xml)/2] })
}

func TestImportTooManyRows(t *testing.T) {
	r := reader{rows: &sheetRows{}, judge: NewJudge(Mapping{Phone: "A"}, nil), leads: MaxRows}
	path := many(t, 10)
	b, rows := openTest(t, path)
	defer b()
	r.rows, r.judge.Parse = rows, func(string) (string, bool) { return "", false }
	var e *errs.Error
	if got := r.batch(); !asError(refusal(got.err), &e) || e.Key != "import.too_many_rows" {
		t.Errorf("got %v", got.err)
	}
}

// peak samples the heap while f runs and returns its highest value in MB.
func peak(f func()) uint64 {
	var top atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			top.Store(max(top.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-done
	return top.Load() >> 20
}

// discard is a Sink that keeps nothing.
type discard struct{ n int }

func (d *discard) Blocked(context.Context, []string) (map[string]bool, error) { return nil, nil }
func (d *discard) Known(context.Context, []string) (map[string]string, error) { return nil, nil }
func (d *discard) Write(_ context.Context, leads []Lead) ([]int, error) {
	d.n += len(leads)
	return nil, nil
}

// BenchmarkImport: the target is 1.6 times what excelize needs to read the sheet.
// IMPORT_ROWS=1000000 measures the largest file that is allowed.
func BenchmarkImport(b *testing.B) {
	n := 100_000
	if s := os.Getenv("IMPORT_ROWS"); s != "" {
		fmt.Sscan(s, &n)
	}
	path := many(b, n)
	m := Mapping{Phone: "B", Name: "A", Vars: map[string]string{"C": "项目", "D": "来源", "E": "备注"}}
	b.Run("import", func(b *testing.B) {
		b.ReportAllocs()
		top, used := uint64(0), cpu()
		for b.Loop() {
			out, err := os.Create(filepath.Join(b.TempDir(), "rejects.xlsx"))
			if err != nil {
				b.Fatal(err)
			}
			src := source(path, nil)
			src.Rejects = out
			var r Report
			top = max(top, peak(func() { r, err = Import(b.Context(), src, m, &discard{}, nil) }))
			if out.Close(); err != nil || r.Rows != n {
				b.Fatal(r, err)
			}
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric((cpu()-used)/float64(b.N), "cpu-s/op")
		b.ReportMetric(float64(top), "MB-peak")
	})
	b.Run("excelize-read", func(b *testing.B) {
		used := cpu()
		for b.Loop() {
			f, err := excelize.OpenFile(path)
			if err != nil {
				b.Fatal(err)
			}
			rows, err := f.Rows("Sheet1")
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				if _, err := rows.Columns(); err != nil {
					b.Fatal(err)
				}
			}
			rows.Close()
			f.Close()
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric((cpu()-used)/float64(b.N), "cpu-s/op")
	})
}

// cpu is what this process has used, in seconds: a busy machine does not change it much.
func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

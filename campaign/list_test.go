package campaign

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/platform/locale"
	"yingda/tenant"
)

var phoneAndName = Mapping{Phone: "B", Name: "A", Vars: map[string]string{"C": "项目"}}

// upload takes a sheet to the point where its rows are to be judged.
func (s *stage) upload(path string) *importRow {
	s.t.Helper()
	im, err := s.Upload(s.ctx, "客户.xlsx", path)
	if err != nil {
		s.t.Fatal(err)
	}
	return im
}

func (s *stage) judged(im *importRow) *importRow {
	s.t.Helper()
	if _, err := s.Judge(s.ctx, im.ID, phoneAndName); err != nil {
		s.t.Fatal(err)
	}
	if err := s.RunImport(s.own, im.ID); err != nil {
		s.t.Fatal(err)
	}
	im, err := s.Import(s.own, im.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return im
}

func (s *stage) leadsOf(list db.ID) []leadRow {
	s.t.Helper()
	p, err := s.Leads(s.own, list, LeadFilter{}, 0, 5000, 5000)
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Rows
}

func (s *stage) work(id db.ID) tenant.Work {
	s.t.Helper()
	for _, w := range every[tenant.Work](s) {
		if w.ID == id {
			return w
		}
	}
	s.t.Fatal("no such work")
	return tenant.Work{}
}

// TestFromExcelToLeads: a real file, judged row by row; who is on the do-not-call list, in
// another live campaign, twice, or has no number is not called and stands in the rejects.
func TestFromExcelToLeads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		locale.Add(Locale)
		s := open(t, d)
		s.campaign(s.ctx, "春季回访", "manual", 7, 1, 1) // +8613800000007
		done := s.campaign(s.ctx, "旧的", "manual", 8, 1, 1)
		if err := s.Terminate(s.ctx, done.ID); err != nil {
			t.Fatal(err)
		}
		s.dnc[s.People.Vault.Digest(s.own, "+8613900139000")] = true
		im := s.judged(s.upload(book(t, []any{"姓名", "电话", "项目"},
			[]any{"王芳", "13800138000", "翡翠湾"},
			[]any{"李强", "没有", "翡翠湾"},
			[]any{"王芳芳", 13800138000, "翡翠湾"},
			[]any{"赵敏", "13900139000", "翡翠湾"},
			[]any{"孙丽", "13800000007", "翡翠湾"},
			[]any{"周杰", "13800000008", "翡翠湾"}, // the old campaign is over
		)))
		if im.State != Ready || im.Accepted != 2 || im.Invalid != 1 || im.Duplicate != 1 || im.DNC != 1 || im.InCampaign != 1 || im.Done != 6 || im.Total != 6 {
			t.Errorf("%+v", im)
		}
		ls := s.leadsOf(im.ID)
		if len(ls) != 2 || ls[1].Name != "王芳" || ls[1].RowNo != 2 || ls[1].vars()["项目"] != "翡翠湾" || ls[1].PhoneLast4 != "8000" {
			t.Fatalf("%+v", ls)
		}
		if bytes.Contains(ls[1].PhoneCipher, []byte("13800138000")) {
			t.Error("the number lies in the open")
		}
		if n, err := s.People.Vault.Open(s.own, ls[1].PhoneCipher); err != nil || n != "+8613800138000" {
			t.Errorf("%q %v", n, err)
		}
		for _, want := range []string{"李强", "王芳芳", "赵敏", "孙丽", "春季回访"} {
			if text := s.rejects(im); !strings.Contains(text, want) {
				t.Errorf("the rejects do not name %s:\n%s", want, text)
			}
		}
		if w := s.work(im.TaskID); w.State != tenant.Done {
			t.Errorf("the work is %s", w.State)
		}
	})
}

// rejects is the rejects file as text.
func (s *stage) rejects(im *importRow) string {
	s.t.Helper()
	r, err := s.Files.Open(s.own, im.RejectKey)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		s.t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(rows)
}

// customers is a sheet of n good rows.
func customers(t *testing.T, n int) string {
	return bookOf(t, func(add func(...any)) {
		add("姓名", "电话", "项目")
		for i := range n {
			add("客户", numberOf(i)[3:], "翡翠湾")
		}
	})
}

// TestAnImportThatRunsAgain begins on an empty list: after a worker that died halfway, and
// after another mapping; one that is ready is left alone.
func TestAnImportThatRunsAgain(t *testing.T) {
	s := open(t, dbtest.Open(t))
	im := s.upload(customers(t, 4500))
	if _, err := s.Judge(s.ctx, im.ID, phoneAndName); err != nil {
		t.Fatal(err)
	}
	dying, die := context.WithCancel(s.own)
	batches, look := 0, s.Blocked
	s.Blocked = func(ctx context.Context, digests []string) (map[string]bool, error) {
		if batches++; batches == 2 {
			die() // the first batch is written
		}
		return look(ctx, digests)
	}
	if err := s.RunImport(dying, im.ID); err == nil {
		t.Fatal("a worker that dies has done its work")
	}
	if got, _ := s.Import(s.own, im.ID); got.State != Checking {
		t.Fatalf("after the worker's death it is %s", got.State)
	}
	s.clock.Advance(2 * time.Minute)
	s.queue.imports = nil
	if err := s.sweepImports(db.System(context.Background(), "imports"), time.Now().Add(2*time.Minute)); err != nil || len(s.queue.imports) != 1 {
		t.Fatalf("nobody takes it up again: %v %v", s.queue.imports, err)
	}
	for range 2 { // the task comes twice
		if err := s.RunImport(s.own, im.ID); err != nil {
			t.Fatal(err)
		}
	}
	got, _ := s.Import(s.own, im.ID)
	if got.State != Ready || got.Accepted != 4500 || got.Duplicate != 0 || len(s.leadsOf(im.ID)) != 4500 {
		t.Errorf("%+v, %d leads", got, len(s.leadsOf(im.ID)))
	}
	if got = s.judged(got); got.State != Ready || got.Accepted != 4500 || len(s.leadsOf(im.ID)) != 4500 {
		t.Errorf("mapped again: %+v", got)
	}
}

// TestCancelledImports leave no lead, whoever cancels and whenever: before the worker came,
// in the middle, with the last batch, or when it was ready.
func TestCancelledImports(t *testing.T) {
	colleague := func(s *stage) context.Context {
		return tenant.WithPerson(context.Background(), tenant.Person{User: db.NewID(), Tenant: s.tenant, Name: "李雷", Role: tenant.Admin})
	}
	for name, c := range map[string]struct {
		rows, batch int // cancelled while this batch is judged; 0 = before the worker, -1 = when it was ready
		who         func(s *stage) context.Context
	}{
		"before the worker came":     {rows: 10},
		"in the middle":              {rows: 4500, batch: 2},
		"in the middle, by another":  {rows: 4500, batch: 2, who: colleague},
		"with the last batch":        {rows: 10, batch: 1},
		"when it was ready":          {rows: 10, batch: -1},
		"before, by another of them": {rows: 10, who: colleague},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, dbtest.Open(t))
			im := s.upload(customers(t, c.rows))
			cancel := func() {
				ctx := s.ctx
				if c.who != nil {
					ctx = c.who(s)
				}
				if err := s.CancelImport(ctx, im.ID); err != nil {
					t.Error(err)
				}
			}
			if _, err := s.Judge(s.ctx, im.ID, phoneAndName); err != nil {
				t.Fatal(err)
			}
			batches, look := 0, s.Blocked
			s.Blocked = func(ctx context.Context, digests []string) (map[string]bool, error) {
				if batches++; batches == c.batch {
					cancel()
				}
				return look(ctx, digests)
			}
			if c.batch == 0 {
				cancel()
			}
			if err := s.RunImport(s.own, im.ID); err != nil {
				t.Fatal(err)
			}
			if c.batch < 0 {
				cancel()
			}
			got, err := s.Import(s.own, im.ID)
			if err != nil || got.State != Broken || got.FailKey != "work.cancelled" || len(s.leadsOf(im.ID)) != 0 {
				t.Errorf("%s %s, %d leads, %v", got.State, got.FailKey, len(s.leadsOf(im.ID)), err)
			}
			if w := s.work(got.TaskID); c.batch >= 0 && w.State != tenant.Cancelled {
				t.Errorf("the work is %s", w.State)
			}
			s.Blocked = look
			if names := s.files(); len(names) != 0 {
				t.Errorf("left: %v", names)
			}
			if _, err := s.Judge(s.ctx, got.ID, phoneAndName); !errs.Is(err, errs.Conflict) {
				t.Errorf("mapped again without its file: %v", err)
			}
		})
	}
}

// TestAListInUse can neither be cancelled nor mapped again.
func TestAListInUse(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "manual", 0, 2, 1)
	if err := s.CancelImport(s.ctx, c.ListID); !errs.Is(err, errs.Conflict) {
		t.Errorf("cancelled: %v", err)
	}
	im := s.judged(s.upload(customers(t, 3)))
	if err := update[importRow](s.own, s.Store, im.ID, map[string]any{"campaign_id": c.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Judge(s.ctx, im.ID, phoneAndName); !errs.Is(err, errs.Conflict) {
		t.Errorf("mapped again: %v", err)
	}
}

// TestUploadKeepsNothingBad: what cannot be read is refused, and neither row nor file stays.
func TestUploadKeepsNothingBad(t *testing.T) {
	s := open(t, dbtest.Open(t))
	for name, bytes := range map[string]string{"a .xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "letters": "姓名,电话\n", "nothing": ""} {
		if _, err := s.Upload(s.ctx, "x.xlsx", raw(t, []byte(bytes))); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(every[importRow](s)); n != 0 {
		t.Errorf("%d imports are kept", n)
	}
	im := s.upload(customers(t, 3))
	if _, err := s.Judge(s.ctx, im.ID, Mapping{Phone: "Z"}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a column that is not there: %v", err)
	}
}

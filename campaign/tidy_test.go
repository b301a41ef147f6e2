package campaign

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/tenant"
)

// mixed is a sheet with a good row and one that is rejected.
func mixed(t *testing.T) string {
	return book(t, []any{"姓名", "电话", "项目"}, []any{"王芳", "13800138000", "翡翠湾"}, []any{"李强", "没有", "翡翠湾"})
}

func (s *stage) tidyAt(now time.Time) {
	s.t.Helper()
	if err := s.tidy(db.System(context.Background(), "imports"), now); err != nil {
		s.t.Fatal(err)
	}
}

// TestAnUploadGoesWhenItsListIsTaken: the numbers are then encrypted in the leads, and in
// the clear only in the rejects, which a person still has to correct.
func TestAnUploadGoesWhenItsListIsTaken(t *testing.T) {
	s := open(t, dbtest.Open(t))
	im := s.judged(s.upload(mixed(t)))
	if len(s.files()) != 2 {
		t.Fatal(s.files())
	}
	c, err := s.Create(s.ctx, Draft{Name: "a", ScriptID: 1, ImportID: im.ID, TemplateID: s.always.ID, Start: "manual", Rules: Rules{Seats: s.seats(s.ctx, "x", 1)}})
	if err != nil {
		t.Fatal(err)
	}
	if names := s.files(); len(names) != 1 || !strings.HasPrefix(names[0], "rejects-") {
		t.Errorf("left: %v", names)
	}
	twin, err := s.Copy(s.ctx, c.ID, "b")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(s.ctx, twin.ID); err != nil {
		t.Fatal(err)
	}
	if len(s.files()) != 1 {
		t.Error("deleting a copy took the rejects of the first")
	}
	if err := s.Delete(s.ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	if names := s.files(); len(names) != 0 || len(every[leadRow](s)) != 0 || len(every[importRow](s)) != 0 {
		t.Errorf("a deleted campaign leaves %v, %d leads, %d imports", names, len(every[leadRow](s)), len(every[importRow](s)))
	}
}

// TestWhatIsNotWantedIsNotKept: a cancelled import at once, one that nobody goes on with after a day.
func TestWhatIsNotWantedIsNotKept(t *testing.T) {
	s := open(t, dbtest.Open(t))
	cancelled := s.judged(s.upload(mixed(t)))
	if err := s.CancelImport(s.ctx, cancelled.ID); err != nil {
		t.Fatal(err)
	}
	if names := s.files(); len(names) != 0 {
		t.Errorf("a cancelled import leaves %v", names)
	}
	if got, _ := s.Import(s.own, cancelled.ID); got.State != Broken || bytes.Contains(got.Look, []byte("13800138000")) {
		t.Errorf("%s, look %s", got.State, got.Look)
	}
	if _, err := s.Judge(s.ctx, cancelled.ID, phoneAndName); !errs.Is(err, errs.Conflict) {
		t.Errorf("mapped without its file: %v", err)
	}
	uploaded, ready := s.upload(mixed(t)), s.judged(s.upload(mixed(t)))
	if err := update[importRow](s.own, s.Store, uploaded.ID, map[string]any{"updated_at": time.Now()}); err != nil {
		t.Fatal(err)
	}
	s.tidyAt(time.Now().Add(keepUnused - time.Hour))
	if len(s.files()) != 3 {
		t.Errorf("before a day is over: %v", s.files())
	}
	s.tidyAt(time.Now().Add(keepUnused + time.Hour))
	if names := s.files(); len(names) != 1 || !strings.HasPrefix(names[0], "rejects-") {
		t.Errorf("after a day: %v", names)
	}
	if _, err := s.Import(s.own, uploaded.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("an upload that nobody mapped: %v", err)
	}
	if got, err := s.Import(s.own, ready.ID); err != nil || got.BlobKey != "" || len(s.leadsOf(ready.ID)) != 1 {
		t.Errorf("a list that may still be used: %+v %v", got, err)
	}
}

// TestADeletedListIsTidiedUp though whoever deleted it did not come to the end, and a copy that was broken off.
func TestADeletedListIsTidiedUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		kept, gone := s.campaign(s.ctx, "a", "manual", 0, 3, 1), s.campaign(s.ctx, "b", "manual", 10, 3, 1)
		for _, c := range []*Campaign{kept, gone} {
			if err := update[importRow](s.own, s.Store, c.ListID, map[string]any{"campaign_id": c.ID}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.db.In(s.own).Delete(&Campaign{}, gone.ID).Error; err != nil {
			t.Fatal(err)
		}
		half := importRow{ID: db.NewID(), State: Broken, Look: []byte("{}"), Mapping: []byte("{}"), CreatedAt: noon, UpdatedAt: noon}
		if err := create(s.own, s.Store, &half, "x"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.copyList(s.own, kept.ListID, half.ID); err != nil {
			t.Fatal(err)
		}
		s.tidyAt(noon.Add(keepUnused + time.Hour))
		if n := len(every[leadRow](s)); n != 3 || len(s.leadsOf(kept.ListID)) != 3 {
			t.Errorf("%d leads are left", n)
		}
	})
}

// TestSamplesAreForThoseWhoImport: who may only look at campaigns sees no numbers of an upload.
func TestSamplesAreForThoseWhoImport(t *testing.T) {
	s := open(t, dbtest.Open(t))
	im := s.upload(mixed(t))
	for _, c := range []struct {
		role tenant.Role
		sees bool
	}{{tenant.Admin, true}, {tenant.Sales, false}} {
		ctx := tenant.WithPerson(context.Background(), tenant.Person{User: db.NewID(), Tenant: s.tenant, Role: c.role})
		v := importView(ctx, *im)
		if shown := len(v.Sheet.Preview) > 0; shown != c.sees || len(v.Sheet.Headers) != 3 {
			t.Errorf("%s: sees rows %v, %d columns", c.role, shown, len(v.Sheet.Headers))
		}
	}
}

// TestStartNowIsOneStep: where the start is refused there is no campaign either, and the list is free for another try.
func TestStartNowIsOneStep(t *testing.T) {
	s := open(t, dbtest.Open(t))
	seats, list := s.seats(s.ctx, "x", 1), s.list(s.ctx, 0, 2)
	d := Draft{Name: "a", ScriptID: 1, ImportID: list, TemplateID: s.always.ID, Start: "now", Rules: Rules{Seats: seats}}
	sys := db.System(context.Background(), "test")
	refuse := "CREATE TRIGGER no_start BEFORE INSERT ON audits WHEN NEW.action = 'campaign.start' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
	if err := s.db.In(sys).Exec(refuse).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(s.ctx, d); err == nil {
		t.Fatal("started without a line in the operation log")
	}
	if err := s.db.In(sys).Exec("DROP TRIGGER no_start").Error; err != nil {
		t.Fatal(err)
	}
	if n := len(every[Campaign](s)); n != 0 {
		t.Fatalf("%d campaigns are left", n)
	}
	c, err := s.Create(s.ctx, d)
	if err != nil || s.look(c.ID).State != Running {
		t.Errorf("second try: %v", err)
	}
}

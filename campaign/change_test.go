package campaign

import (
	"context"
	"errors"
	"slices"
	"testing"

	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
)

// held lists the seats that a campaign holds.
func (s *stage) held(id db.ID) []db.ID {
	s.t.Helper()
	ids, err := s.heldBy(s.own, id)
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// TestACopyCanBePutRight: its hours were deleted with the first one's end, its seats serve
// another; both can be changed while nobody is called, and then it starts.
func TestACopyCanBePutRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		c := s.campaign(s.ctx, "a", "now", 0, 3, 2)
		if err := s.Change(s.ctx, c.ID, Changes{Template: s.always.ID}); !errs.Is(err, errs.Conflict) {
			t.Errorf("other hours while it runs: %v", err)
		}
		two, err := s.Copy(s.ctx, c.ID, "again")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Terminate(s.ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.db.In(s.own).Delete(&Template{}, s.always.ID).Error; err != nil {
			t.Fatal(err)
		}
		if err := s.Start(s.ctx, two.ID); !errs.Is(err, errs.NotFound) || s.look(two.ID).State != NotStarted {
			t.Errorf("started without hours: %v", err)
		}
		fresh, seats := s.template(s.ctx, "新的", "00:00", "24:00"), s.seats(s.ctx, "y", 2)
		if err := s.Change(s.ctx, two.ID, Changes{Template: fresh.ID, Seats: seats}); err != nil {
			t.Fatal(err)
		}
		if got := s.held(two.ID); len(got) != 0 {
			t.Errorf("before its start it holds %v", got)
		}
		if err := s.Start(s.ctx, two.ID); err != nil || !slices.Equal(s.held(two.ID), seats) {
			t.Fatalf("%v, holds %v", err, s.held(two.ID))
		}
		if err := s.Pause(s.ctx, two.ID); err != nil {
			t.Fatal(err)
		}
		more := s.seats(s.ctx, "z", 1)
		if err := s.Change(s.ctx, two.ID, Changes{Seats: []db.ID{seats[1], more[0]}}); err != nil || !slices.Equal(s.held(two.ID), []db.ID{seats[1], more[0]}) {
			t.Errorf("%v, holds %v", err, s.held(two.ID))
		}
		s.always = fresh
		other := s.campaign(s.ctx, "b", "now", 50, 3, 1)
		if err := s.Change(s.ctx, two.ID, Changes{Seats: other.rules().Seats}); !errs.Is(err, errs.Conflict) || len(s.held(two.ID)) != 2 {
			t.Errorf("another's seat: %v, holds %v", err, s.held(two.ID))
		}
		if err := s.Change(s.ctx, two.ID, Changes{Seats: []db.ID{4711}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a seat that is not there: %v", err)
		}
	})
}

// TestAPushToNobody is refused: it would silently promise nothing.
func TestAPushToNobody(t *testing.T) {
	s := open(t, dbtest.Open(t))
	for mode, bad := range map[string]bool{"each": true, "round_robin": true, "owner": false} {
		wrong, err := s.wrongRules(s.ctx, Rules{Seats: s.seats(s.ctx, mode, 1), Push: &PushRule{Grades: []string{"A"}, Mode: mode}})
		if err != nil || (len(wrong) == 1 && wrong[0].Path == "push.rep_ids") != bad {
			t.Errorf("%s: %v %v", mode, wrong, err)
		}
	}
}

// TestNoActWithoutItsLine: what cannot be written into the operation log does not happen.
func TestNoActWithoutItsLine(t *testing.T) {
	s := open(t, dbtest.Open(t))
	h := handlers{s.Service}
	seat, unused := s.seats(s.ctx, "x", 1)[0], s.template(s.ctx, "闲置", "09:00", "10:00")
	im := s.upload(mixed(t))
	c := s.campaign(s.ctx, "a", "manual", 0, 2, 1)
	refuse := "CREATE TRIGGER no_log BEFORE INSERT ON audits BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
	if err := s.db.In(db.System(context.Background(), "test")).Exec(refuse).Error; err != nil {
		t.Fatal(err)
	}
	off, hours := false, Hours{Zone: "Asia/Shanghai", Weekdays: []int{1}, Ranges: []Range{{"09:00", "10:00"}}}
	change := &changeSeatIn{ByID: httpapi.ByID{ID: seat}}
	change.Body.Enabled = &off
	other := &changeTemplateIn{ByID: httpapi.ByID{ID: s.always.ID}, Body: templateBody{"改过", hours}}
	for what, act := range map[string]func() error{
		"a seat switched off": func() error { _, err := h.changeSeat(s.ctx, change); return err },
		"hours added":         func() error { _, err := s.CreateTemplate(s.ctx, "新", hours); return err },
		"hours changed":       func() error { _, err := h.changeTemplate(s.ctx, other); return err },
		"hours deleted":       func() error { _, err := h.deleteTemplate(s.ctx, &httpapi.ByID{ID: unused.ID}); return err },
		"a file uploaded":     func() error { _, err := s.Upload(s.ctx, "b.xlsx", mixed(t)); return err },
		"columns mapped":      func() error { _, err := s.Judge(s.ctx, im.ID, phoneAndName); return err },
		"an import cancelled": func() error { return s.CancelImport(s.ctx, im.ID) },
		"a campaign renamed":  func() error { return s.Change(s.ctx, c.ID, Changes{Name: "b"}) },
		"a campaign deleted":  func() error { return s.Delete(s.ctx, c.ID) },
	} {
		var known *errs.Error
		if err := act(); err == nil || errors.As(err, &known) {
			t.Errorf("%s: %v", what, err)
		}
	}
	got, err := s.Seat(s.own, seat)
	if ts := every[Template](s); err != nil || !got.Enabled || len(ts) != 2 || ts[0].Name != "总是" {
		t.Errorf("seat %+v, hours %+v, %v", got, ts, err)
	}
	if ims := every[importRow](s); len(ims) != 2 || ims[0].State != Uploaded || s.look(c.ID).Name != "a" || len(s.files()) != 1 {
		t.Errorf("imports %+v, files %v", ims, s.files())
	}
}

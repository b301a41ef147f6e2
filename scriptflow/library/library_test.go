package library_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
	"yingda/scriptflow/library"
	"yingda/tenant"
)

const acme, other db.ID = 7, 8

// shelf is a library on a real database. Its queue keeps what was enqueued, so that a
// test says when it runs; its renderer is a stand-in for the voice.
type shelf struct {
	*library.Service
	voice  voice
	queued []struct{ version, work db.ID }
	used   int64
}

// voice pretends to render: it counts, can fail, and can be held up.
type voice struct {
	texts []string
	fails error
	each  func(done int) // called before each prompt is reported
}

func (v *voice) Prepare(ctx context.Context, texts []string, progress func(done, total int)) error {
	v.texts = append(v.texts, texts...)
	for i := range texts {
		if v.each != nil {
			v.each(i)
		}
		progress(i, len(texts))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return v.fails
}

func open(t *testing.T, d *db.DB) *shelf {
	t.Helper()
	vault, err := tenant.NewVault(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	l := &shelf{Service: library.New(d, tenant.NewService(tenant.NewStore(d), vault, time.Hour))}
	l.Render = &l.voice
	l.Enqueue = func(_ context.Context, version, work db.ID) error {
		l.queued = append(l.queued, struct{ version, work db.ID }{version, work})
		return nil
	}
	l.UsedBy = func(context.Context, db.ID) (int64, error) { return l.used, nil }
	return l
}

func as(t db.ID) context.Context {
	return tenant.WithPerson(context.Background(), tenant.Person{User: 5, Tenant: t, Name: "陈经理", Role: tenant.Admin})
}

// script is the demo's under another name; says changes a line, so that versions differ.
func script(name, says string) *scriptflow.Script {
	s := demo.Script()
	s.Name, s.Description = name, says
	return s
}

func (l *shelf) save(t *testing.T, ctx context.Context, id db.ID, s *scriptflow.Script) *library.Script {
	t.Helper()
	row, err := l.Save(ctx, id, s)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// run does what the queue would do next.
func (l *shelf) run(t *testing.T, ctx context.Context) {
	t.Helper()
	next := l.queued[0]
	l.queued = l.queued[1:]
	if err := l.RunPublish(ctx, next.version, next.work); err != nil {
		t.Fatal(err)
	}
}

func (l *shelf) states(t *testing.T, ctx context.Context, id db.ID) (all []string) {
	t.Helper()
	vs, err := l.Versions(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		all = append(all, v.State)
	}
	return all
}

// lastWork is how the newest long work of the person ended.
func (l *shelf) lastWork(t *testing.T, ctx context.Context) tenant.WorkView {
	t.Helper()
	ws, err := l.People.MyWork(ctx)
	if err != nil || len(ws) == 0 {
		t.Fatalf("no work: %v", err)
	}
	return tenant.ViewWork(ctx, ws[0])
}

func isKey(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Key != key {
		t.Errorf("%v, want %s %s", err, kind, key)
	}
}

func TestVersionsOfAScript(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := open(t, d), as(acme)
		one := l.save(t, ctx, 0, script("新房", "first"))
		if one.Version != 1 || one.PublishedVersion != 0 || one.Nodes == 0 || one.Keywords == 0 || one.OwnerID != 5 {
			t.Errorf("the first upload is %+v", one)
		}
		if same := l.save(t, ctx, 0, script("新房", "second")); same.ID != one.ID || same.Version != 2 {
			t.Errorf("the same name is a new version of the same script: %+v", same)
		}
		if renamed := l.save(t, ctx, one.ID, script("新房二期", "third")); renamed.ID != one.ID || renamed.Version != 3 || renamed.Name != "新房二期" {
			t.Errorf("an upload over a script may rename it: %+v", renamed)
		}
		second := l.save(t, ctx, 0, script("别墅", "x"))
		_, err := l.Save(ctx, second.ID, script("新房二期", "x"))
		isKey(t, err, errs.Conflict, "script.name_taken")
		_, err = l.Save(ctx, 999, script("谁的", "x"))
		isKey(t, err, errs.NotFound, "script.not_found")
		v, err := l.Version(ctx, one.ID, 2)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := v.Parsed(); err != nil || s.Description != "second" {
			t.Errorf("version 2 says %+v, %v", s, err)
		}
		if got := l.states(t, ctx, one.ID); !slices.Equal(got, []string{"draft", "draft", "draft"}) {
			t.Errorf("states %v", got)
		}
	})
}

func TestPublishing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := open(t, d), as(acme)
		row := l.save(t, ctx, 0, script("新房", "first"))
		_, _, err := l.Published(ctx, row.ID)
		isKey(t, err, errs.Conflict, "script.not_published")
		for range 2 { // pressed twice before the queue came
			if _, err := l.Publish(ctx, row.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got := l.states(t, ctx, row.ID); got[0] != library.Publishing {
			t.Errorf("states %v", got)
		}
		l.run(t, ctx)
		rendered := len(l.voice.texts)
		l.run(t, ctx)
		if len(l.voice.texts) != rendered || rendered == 0 {
			t.Errorf("%d prompts were rendered, then %d more", rendered, len(l.voice.texts)-rendered)
		}
		if n, name, err := l.Published(ctx, row.ID); n != 1 || name != "新房" || err != nil {
			t.Errorf("published: %d %s %v", n, name, err)
		}
		if _, err := l.Publish(ctx, row.ID); true {
			isKey(t, err, errs.Conflict, "script.published_already")
		}
		v, _ := l.Version(ctx, row.ID, 1)
		if v.PublishedAt == nil || v.PromptsReady != rendered || v.PromptsTotal != rendered {
			t.Errorf("the version is %+v", v)
		}
		ws, _ := l.People.MyWork(ctx)
		for _, w := range ws {
			if w.State != tenant.Done {
				t.Errorf("the person still sees %s work: %+v", w.State, w)
			}
		}
		// A newer draft changes nothing for campaigns until it is published itself.
		l.save(t, ctx, row.ID, script("新房", "second"))
		if n, _, _ := l.Published(ctx, row.ID); n != 1 {
			t.Errorf("a draft is published as %d", n)
		}
		old, err := l.Flow(ctx, row.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := l.Flow(ctx, row.ID, 1); again != old {
			t.Error("a version is compiled anew for each call")
		}
	})
}

// TestPublishingIsTakenUpAgain: a task that was lost, or could not be enqueued, leaves
// nothing that is queued for ever.
func TestPublishingIsTakenUpAgain(t *testing.T) {
	l, ctx := open(t, dbtest.Open(t)), as(acme)
	sys := db.System(context.Background(), "test")
	keep := l.Enqueue
	row := l.save(t, ctx, 0, script("新房", "first"))
	l.Enqueue = func(context.Context, db.ID, db.ID) error { return errors.New("dial tcp: connection refused") }
	if _, err := l.Publish(ctx, row.ID); err != nil {
		t.Fatalf("the broker is away: %v", err)
	}
	l.Enqueue = keep
	if _, err := l.Publish(ctx, row.ID); err != nil {
		t.Fatal(err)
	}
	l.queued = nil // lost
	if err := l.Sweep(sys); err != nil || len(l.queued) != 1 {
		t.Fatalf("swept: %v, %v", l.queued, err)
	}
	l.run(t, db.WithTenant(context.Background(), acme))
	if err := l.Sweep(sys); err != nil || len(l.queued) != 0 {
		t.Errorf("what is published is enqueued again: %v, %v", l.queued, err)
	}
	ws, _ := l.People.MyWork(ctx)
	if len(ws) != 2 || ws[0].State != tenant.Done || ws[1].State != tenant.Cancelled {
		t.Errorf("the person sees %+v", ws)
	}
	l.save(t, ctx, row.ID, script("新房", "second"))
	if _, err := l.Publish(ctx, row.ID); err != nil {
		t.Fatal(err)
	}
	if err := l.Delete(ctx, row.ID); err != nil {
		t.Fatal(err)
	}
	l.run(t, ctx)
	if w := l.lastWork(t, ctx); w.State != tenant.Failed {
		t.Errorf("the publishing of a deleted script is %s", w.State)
	}
}

// TestPublishingThatDoesNotBegin ends its work.
func TestPublishingThatDoesNotBegin(t *testing.T) {
	d := dbtest.Open(t)
	l, ctx := open(t, d), as(acme)
	row := l.save(t, ctx, 0, script("新房", "first"))
	refuse := "CREATE TRIGGER no_log BEFORE INSERT ON audits BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
	if err := d.In(db.System(context.Background(), "test")).Exec(refuse).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := l.Publish(ctx, row.ID); err == nil {
		t.Fatal("published without a line in the operation log")
	}
	if w := l.lastWork(t, ctx); w.State != tenant.Failed {
		t.Errorf("the work is %s", w.State)
	}
	if got := l.states(t, ctx, row.ID); got[0] != library.Draft {
		t.Errorf("the version is %v", got)
	}
}

func TestPublishingThatFails(t *testing.T) {
	l, ctx := open(t, dbtest.Open(t)), as(acme)
	row := l.save(t, ctx, 0, script("新房", "first"))
	l.voice.fails = errors.New("espeak: exit status 1")
	if _, err := l.Publish(ctx, row.ID); err != nil {
		t.Fatal(err)
	}
	l.run(t, ctx)
	if got := l.states(t, ctx, row.ID); got[0] != library.Draft {
		t.Errorf("after a failure the version is %v", got)
	}
	if w := l.lastWork(t, ctx); w.State != tenant.Failed || strings.Contains(w.Result.Text, "espeak") || w.Result.Text == "" {
		t.Errorf("the person reads %+v", w)
	}
	l.voice.fails = nil
	if _, err := l.Publish(ctx, row.ID); err != nil {
		t.Fatalf("published again: %v", err)
	}
	l.run(t, ctx)
	if n, _, err := l.Published(ctx, row.ID); n != 1 || err != nil {
		t.Errorf("published: %d %v", n, err)
	}
}

func TestPublishingThatIsCancelled(t *testing.T) {
	l, ctx := open(t, dbtest.Open(t)), as(acme)
	row := l.save(t, ctx, 0, script("新房", "first"))
	w, err := l.Publish(ctx, row.ID)
	if err != nil {
		t.Fatal(err)
	}
	l.voice.each = func(done int) {
		if done == 2 {
			if err := l.People.CancelWork(ctx, w.ID); err != nil {
				t.Error(err)
			}
		}
	}
	l.run(t, ctx)
	if got := l.states(t, ctx, row.ID); got[0] != library.Draft {
		t.Errorf("a cancelled version is %v", got)
	}
	if w := l.lastWork(t, ctx); w.State != tenant.Cancelled {
		t.Errorf("the work is %+v", w)
	}
}

func TestScriptsInUseStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := open(t, d), as(acme)
		row := l.save(t, ctx, 0, script("新房", "first"))
		l.used = 3
		err := l.Delete(ctx, row.ID)
		isKey(t, err, errs.Conflict, "script.in_use")
		if e := new(errs.Error); !errors.As(err, &e) || e.Args["n"] != int64(3) {
			t.Errorf("%v does not say how many", err)
		}
		l.used = 0
		if err := l.Delete(ctx, row.ID); err != nil {
			t.Fatal(err)
		}
		_, err = l.Script(ctx, row.ID)
		isKey(t, err, errs.NotFound, "script.not_found")
		if vs, _ := l.Versions(ctx, row.ID); len(vs) != 0 {
			t.Errorf("%d versions are left behind", len(vs))
		}
	})
}

func TestShelvesOfTenantsAreApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := open(t, d)
		mine := l.save(t, as(acme), 0, script("新房", "ours"))
		theirs := l.save(t, as(other), 0, script("新房", "theirs"))
		if mine.ID == theirs.ID {
			t.Fatal("one script for two tenants")
		}
		_, err := l.Save(as(other), mine.ID, script("偷", "x"))
		isKey(t, err, errs.NotFound, "script.not_found")
		for what, try := range map[string]func() error{
			"read":    func() error { _, err := l.Script(as(other), mine.ID); return err },
			"version": func() error { _, err := l.Version(as(other), mine.ID, 1); return err },
			"publish": func() error { _, err := l.Publish(as(other), mine.ID); return err },
			"delete":  func() error { return l.Delete(as(other), mine.ID) },
			"flow":    func() error { _, err := l.Flow(as(other), mine.ID, 1); return err },
		} {
			if err := try(); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s of another tenant's script: %v", what, err)
			}
		}
		if p, err := l.Scripts(as(other), "", "", 0, 50, 100); err != nil || len(p.Rows) != 1 || p.Rows[0].ID != theirs.ID {
			t.Errorf("the other tenant sees %+v, %v", p.Rows, err)
		}
	})
}

func TestFindingScripts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := open(t, d), as(acme)
		a := l.save(t, ctx, 0, script("新房_一期", "x"))
		l.save(t, ctx, 0, script("别墅100%", "x"))
		if err := l.RunPublish(ctx, version(t, l, ctx, a.ID), 0); err != nil {
			t.Fatal(err)
		}
		for _, r := range []struct {
			text, state string
			want        int
		}{{"", "", 2}, {"新房", "", 1}, {"_", "", 1}, {"%", "", 1}, {"!", "", 0}, {"", "published", 1}, {"", "draft", 1}, {"别墅", "published", 0}} {
			p, err := l.Scripts(ctx, r.text, r.state, 0, 50, 100)
			if err != nil || len(p.Rows) != r.want || p.Total != r.want {
				t.Errorf("%q %q finds %d of %d (%v), want %d", r.text, r.state, len(p.Rows), p.Total, err, r.want)
			}
		}
		names, err := l.Names(ctx, []db.ID{a.ID, 999})
		if err != nil || len(names) != 1 || names[a.ID] != "新房_一期" {
			t.Errorf("names %v %v", names, err)
		}
	})
}

func version(t *testing.T, l *shelf, ctx context.Context, id db.ID) db.ID {
	t.Helper()
	v, err := l.Version(ctx, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	return v.ID
}

// TestReadingUploads: JSON by its place, Excel by its cell, anything else by its reason.
func TestReadingUploads(t *testing.T) {
	whole, _ := json.Marshal(demo.Script())
	var excel bytes.Buffer
	if err := scriptflow.WriteTemplate(&excel, demo.Script()); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"demo.json": whole, "demo.xlsx": excel.Bytes(), "excel under a wrong name.json": excel.Bytes()} {
		s, _, err := library.Read(name, bytes.NewReader(file))
		if err != nil || s.Name != demo.Script().Name || len(s.Nodes) != len(demo.Script().Nodes) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := demo.Script()
	broken.Nodes[0].Branches[0].To = "nirvana"
	lost, _ := json.Marshal(broken)
	for _, r := range []struct {
		what string
		file []byte
		key  string
		path string
	}{
		{"nothing", nil, "script.unreadable", ""}, {"one letter", []byte("x"), "script.unreadable", ""}, {"a text", []byte("hello there"), "script.unreadable", ""},
		{"a node that leads nowhere", lost, "script.has_errors", "/nodes/0/branches/0/to"}, {"a zip that is no workbook", []byte("PK\x03\x04 rubbish"), "script.has_errors", "file"},
	} {
		s, _, err := library.Read("script", bytes.NewReader(r.file))
		isKey(t, err, errs.Invalid, r.key)
		if e := new(errs.Error); s != nil || r.path != "" && (!errors.As(err, &e) || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == r.path })) {
			t.Errorf("%s: %v names no %s", r.what, err, r.path)
		}
	}
	_, _, err := library.Read("big.json", bytes.NewReader(bytes.Repeat([]byte(" "), scriptflow.MaxBytes+10)))
	isKey(t, err, errs.TooLarge, "script.too_large")
}

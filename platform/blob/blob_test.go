package blob_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/platform/blob"
	"yingda/platform/db"
	"yingda/platform/errs"
)

var (
	one = db.WithTenant(context.Background(), 1)
	two = db.WithTenant(context.Background(), 2)
	day = time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)
)

func each(t *testing.T, test func(t *testing.T, s *blob.Store)) {
	for name, address := range map[string]string{"folder": t.TempDir() + "/deep er/blob", "memory": "mem://"} {
		t.Run(name, func(t *testing.T) {
			s, err := blob.Open(one, address)
			must(t, err)
			t.Cleanup(func() { _ = s.Close() })
			must(t, s.Ping(one))
			test(t, s)
		})
	}
}

func TestPutOpenDelete(t *testing.T) {
	each(t, func(t *testing.T, s *blob.Store) {
		key := blob.Key(1, day, "77.wav")
		if key != "1/2026-03-02/77.wav" {
			t.Fatalf("key %s", key)
		}
		n, err := s.Put(one, key, strings.NewReader("0123456789"))
		if err != nil || n != 10 {
			t.Fatalf("%d bytes, %v", n, err)
		}
		r, err := s.OpenRange(one, key, 3, 4)
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		if string(b) != "3456" {
			t.Fatalf("range %q", b)
		}
		if _, err = s.Get(one, key, 9); err == nil {
			t.Fatal("a file over the bound was read")
		}
		_, err = s.Put(one, key, strings.NewReader("new"))
		must(t, err)
		if b, err := s.Get(one, key, 9); err != nil || string(b) != "new" {
			t.Fatalf("after replacing: %q, %v", b, err)
		}
		must(t, s.Delete(one, key))
		must(t, s.Delete(one, key))
		if _, err := s.Open(one, key); !errs.Is(err, errs.NotFound) {
			t.Fatalf("after deleting: %v", err)
		}
	})
}

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, s *blob.Store) {
		key := blob.Key(1, day, "half.wav")
		_, err := s.Put(one, key, io.MultiReader(strings.NewReader("half"), failing{}))
		if !errors.Is(err, fs.ErrClosed) {
			t.Fatalf("error %v", err)
		}
		w, err := s.Create(one, key)
		must(t, err)
		_, _ = w.Write([]byte("more"))
		if _, err := s.Open(one, key); !errs.Is(err, errs.NotFound) {
			t.Fatalf("a half-written file is seen: %v", err)
		}
		w.Abort()
		w, err = s.Create(one, key)
		must(t, err)
		_, _ = w.Write([]byte("whole"))
		must(t, w.Close())
		if b, err := s.Get(one, key, 99); err != nil || string(b) != "whole" {
			t.Fatalf("%q, %v", b, err)
		}
	})
}

func TestNoWayOutOfTheTenant(t *testing.T) {
	each(t, func(t *testing.T, s *blob.Store) {
		key := blob.Key(1, day, "a.wav")
		_, err := s.Put(one, key, strings.NewReader("mine"))
		must(t, err)
		if _, err := s.Open(two, key); !errs.Is(err, errs.NotFound) {
			t.Errorf("another tenant: %v", err)
		}
		if _, err := s.Open(context.Background(), key); !errors.Is(err, db.ErrNoTenant) {
			t.Errorf("no tenant: %v", err)
		}
		if _, err := s.Get(db.System(context.Background(), "test"), key, 9); err != nil {
			t.Errorf("system: %v", err)
		}
		for _, bad := range []string{"", "1/../2/a", "/1/a", "1/a/", "1//a", "1/.hidden", "1/a b", "1/a\\b", "1/\x00", "1/录音", "1/" + strings.Repeat("x", 200)} {
			if _, err := s.Put(one, bad, strings.NewReader("x")); !errs.Is(err, errs.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestEachListsADay(t *testing.T) {
	each(t, func(t *testing.T, s *blob.Store) {
		for _, k := range []string{"1/2026-03-02/b", "1/2026-03-02/a", "1/2026-03-03/c", "2/2026-03-02/d"} {
			_, err := s.Put(db.System(one, "test"), k, strings.NewReader("xy"))
			must(t, err)
		}
		var got []string
		must(t, s.Each(one, "1/2026-03-02", func(i blob.Item) error { got = append(got, i.Key); return nil }))
		if strings.Join(got, " ") != "1/2026-03-02/a 1/2026-03-02/b" {
			t.Fatalf("listed %v", got)
		}
		if err := s.Each(one, "2", func(blob.Item) error { return nil }); !errs.Is(err, errs.NotFound) {
			t.Fatalf("another tenant's listing: %v", err)
		}
	})
}

func TestTheFolderHoldsNothingElse(t *testing.T) {
	dir := t.TempDir() + "/blob"
	s, err := blob.Open(one, dir)
	must(t, err)
	defer s.Close()
	_, err = s.Put(one, "1/2026-03-02/a.wav", strings.NewReader("x"))
	must(t, err)
	_, _ = s.Put(one, "1/2026-03-02/b.wav", failing{})
	var files []string
	must(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if info, _ := e.Info(); e.IsDir() && info.Mode().Perm() != 0o700 {
			t.Errorf("%s is %v", p, info.Mode())
		}
		if !e.IsDir() {
			files = append(files, p)
		}
		return err
	}))
	if len(files) != 1 || files[0] != filepath.Join(dir, "1/2026-03-02/a.wav") {
		t.Fatalf("files %v", files)
	}
	if _, err := os.Stat(files[0]); err != nil {
		t.Fatal(err)
	}
}

func TestServesRanges(t *testing.T) {
	each(t, func(t *testing.T, s *blob.Store) {
		_, err := s.Put(one, "1/d/a.wav", strings.NewReader("0123456789"))
		must(t, err)
		r, err := s.Open(one, "1/d/a.wav")
		must(t, err)
		defer r.Close()
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Header.Set("Range", "bytes=4-5")
		rec := httptest.NewRecorder()
		http.ServeContent(rec, req, "a.wav", r.ModTime(), r)
		if rec.Code != http.StatusPartialContent || rec.Body.String() != "45" {
			t.Fatalf("%d %q", rec.Code, rec.Body)
		}
	})
}

// failing is a source that breaks.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, fs.ErrClosed }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

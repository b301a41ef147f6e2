package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"yingda/platform/httpapi"
)

type formIn struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

// TestNothingOfAnUploadStays: a list of people's numbers is spilled to the temporary folder
// while it is read, and must not stay there, however the operation ends.
func TestNothingOfAnUploadStays(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	a := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	spilled := 0
	for _, end := range []func() error{func() error { return nil }, func() error { return errors.New("disk full") }, func() error { panic("nil map") }} {
		path := "/upload" + string(rune('a'+len(a.Ops())))
		httpapi.Register(a, httpapi.Op{ID: path[1:], Method: "POST", Path: path, Public: true}, func(_ context.Context, in *formIn) (*httpapi.Empty, error) {
			if got, err := io.ReadAll(in.RawBody.Data().File); err != nil || len(got) != 100_000 {
				t.Errorf("%d bytes arrived: %v", len(got), err)
			}
			spilled += len(files(t, tmp))
			return nil, end()
		})
	}
	s := httptest.NewServer(a.Engine)
	defer s.Close()
	for _, op := range a.Ops() {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		w, _ := form.CreateFormFile("file", "leads.xlsx")
		_, _ = w.Write(bytes.Repeat([]byte("1"), 100_000))
		_ = form.Close()
		res, err := http.Post(s.URL+httpapi.Base+op.Path, form.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	if spilled != 3 {
		t.Fatalf("%d of 3 uploads were spilled: the test proves nothing", spilled)
	}
	if left := files(t, tmp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func files(t *testing.T, dir string) (names []string) {
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Error(err)
	}
	for _, f := range all {
		names = append(names, f.Name())
	}
	return names
}

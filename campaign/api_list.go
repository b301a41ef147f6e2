package campaign

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
)

// maxUpload bounds an Excel upload; sheetLimits says the same to the reader.
const maxUpload = 101 << 20

func listRoutes(a *httpapi.API, h handlers) {
	httpapi.Register(a, httpapi.Op{ID: "get-sample", Method: "GET", Path: "/imports/sample", Right: "campaign:read", Scope: httpapi.Shared, Stream: true}, h.sample)
	httpapi.Register(a, httpapi.Op{ID: "upload-leads", Method: "POST", Path: "/imports", Right: "campaign:write", Scope: httpapi.Reach, Status: 201, MaxBody: maxUpload, ReadFor: 10 * time.Minute}, h.upload)
	httpapi.Register(a, httpapi.Op{ID: "get-import", Method: "GET", Path: "/imports/{id}", Right: "campaign:read", Scope: httpapi.Reach}, h.getImport)
	httpapi.Register(a, httpapi.Op{ID: "map-import", Method: "POST", Path: "/imports/{id}/mapping", Right: "campaign:write", Scope: httpapi.Reach, Status: 202}, h.mapping)
	httpapi.Register(a, httpapi.Op{ID: "get-rejects", Method: "GET", Path: "/imports/{id}/rejects", Right: "campaign:write", Scope: httpapi.Reach, Stream: true}, h.rejects)
	httpapi.Register(a, httpapi.Op{ID: "cancel-import", Method: "DELETE", Path: "/imports/{id}", Right: "campaign:write", Scope: httpapi.Reach}, h.cancelImport)
}

func (h handlers) sample(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	lang := locale.Of(ctx)
	return httpapi.Download(locale.Say(ctx, "import.sample_name", nil)+".xlsx", httpapi.XLSX, func(w io.Writer) error {
		return WriteSample(w, lang, h.SampleNumbers)
	}), nil
}

type uploadIn struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

func (h handlers) upload(ctx context.Context, in *uploadIn) (*httpapi.Out[ImportView], error) {
	f := in.RawBody.Data().File
	if !f.IsSet {
		return nil, errs.New(errs.Invalid, "import.no_file")
	}
	defer f.Close()
	path, err := spool(f)
	if err != nil {
		return nil, err
	}
	defer os.Remove(path)
	row, err := h.Upload(ctx, f.Filename, path)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[ImportView]{Body: importView(ctx, *row)}, nil
}

// spool copies an upload to a file of our own, because Excel files are read by seeking.
func spool(r io.Reader) (string, error) {
	f, err := os.CreateTemp("", "yingda-upload-*.xlsx")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return f.Name(), err
}

func (h handlers) getImport(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[ImportView], error) {
	im, err := h.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[ImportView]{Body: importView(ctx, *im)}, nil
}

type mappingIn struct {
	httpapi.ByID
	Body Mapping
}

func (h handlers) mapping(ctx context.Context, in *mappingIn) (*httpapi.Out[ImportView], error) {
	im, err := h.Judge(ctx, in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[ImportView]{Body: importView(ctx, *im)}, nil
}

func (h handlers) rejects(ctx context.Context, in *httpapi.ByID) (*huma.StreamResponse, error) {
	im, err := h.Import(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if im.RejectKey == "" {
		return nil, errs.New(errs.NotFound, "import.no_rejects")
	}
	r, err := h.Files.Open(ctx, im.RejectKey)
	if err != nil {
		return nil, err
	}
	if err := h.People.Audit(ctx, "rejects.download", "import", in.ID); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return httpapi.File(locale.Say(ctx, "import.rejects_name", map[string]any{"file": im.FileName})+".xlsx", httpapi.XLSX, true, im.UpdatedAt, r), nil
}

func (h handlers) cancelImport(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.CancelImport(ctx, in.ID)
}

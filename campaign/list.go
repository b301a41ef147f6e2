package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/locale"
	"yingda/tenant"
)

// Files is where uploads and rejects files lie (platform/blob).
type Files interface {
	Put(ctx context.Context, key string, r io.Reader) (int64, error)
	// Fetch copies a file to a local path, because Excel files are read by seeking.
	Fetch(ctx context.Context, key, path string) error
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
	Key(tenant db.ID, day time.Time, name string) string
}

// Queue is how work gets to the workers; tasks carry ids only.
type Queue interface {
	EnqueueImport(ctx context.Context, id db.ID) error
	EnqueueCall(ctx context.Context, node string, attempt db.ID) error
}

// Upload takes an Excel file that lies at path, looks at it and keeps it. What is
// wrong with the file is said at once, and nothing of a bad one is kept.
func (s *Service) Upload(ctx context.Context, name, path string) (*importRow, error) {
	look, err := Look(path)
	if err != nil {
		return nil, err
	}
	p, now := tenant.PersonOf(ctx), s.Clock.Now()
	id := db.NewID()
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	key := s.Files.Key(db.TenantOf(ctx), now, "import-"+id.String()+".xlsx")
	if _, err := s.Files.Put(ctx, key, f); err != nil {
		return nil, err
	}
	lookJSON, _ := json.Marshal(look)
	row := &importRow{ID: id, OwnerID: p.User, DepartmentID: p.Department, FileName: clip(name, 200), BlobKey: key, State: Uploaded, Look: lookJSON,
		Mapping: []byte("{}"), Total: int64(look.Rows), CreatedAt: now, UpdatedAt: now}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.db.In(ctx).Create(row).Error; err != nil {
			return err
		}
		return s.People.Audit(ctx, "import.upload", "import", id, "file", name)
	})
	if err != nil {
		return nil, errors.Join(err, s.Files.Delete(context.WithoutCancel(ctx), key))
	}
	return row, nil
}

// Judge starts to judge the rows with a mapping, in the background.
func (s *Service) Judge(ctx context.Context, id db.ID, m Mapping) (*importRow, error) {
	im, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	var look Sheet
	if err := json.Unmarshal(im.Look, &look); err != nil {
		return nil, err
	}
	if err := m.Check(look); err != nil {
		return nil, err
	}
	if im.State == Ready && im.CampaignID == 0 || im.State == Broken {
		// mapped again: the old verdicts go when the work begins
	} else if im.State != Uploaded {
		return nil, errs.New(errs.Conflict, "import.changed_meanwhile")
	}
	if im.BlobKey == "" {
		return nil, errs.New(errs.Conflict, "import.file_gone")
	}
	w, err := s.People.StartWork(ctx, "import", "import.title", map[string]any{"file": im.FileName}, im.Total)
	if err != nil {
		return nil, err
	}
	b, _ := json.Marshal(m)
	set := map[string]any{"mapping": b, "task_id": w.ID, "cancel": false, "fail_key": "", "done": 0, "accepted": 0}
	if err := s.stepImport(ctx, im, Checking, set, "import.map"); err != nil {
		_ = s.People.EndWork(context.WithoutCancel(ctx), w.ID, tenant.WorkResult{}, err)
		return nil, err
	}
	im.Mapping, im.TaskID, im.Done, im.Accepted = b, w.ID, 0, 0
	if err := s.Queue.EnqueueImport(ctx, id); err != nil {
		slog.Warn("import waits for the broker", "import", id, "error", err) // the sweeper enqueues it again
	}
	return im, nil
}

// stepImport moves an import together with its line in the operation log.
func (s *Service) stepImport(ctx context.Context, im *importRow, next ImportState, set map[string]any, action string) error {
	moved := *im
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		moved = *im
		if err := s.moveImport(ctx, &moved, next, set); err != nil {
			return err
		}
		return s.People.Audit(ctx, action, "import", im.ID, "file", im.FileName)
	})
	if err == nil {
		*im = moved
	}
	return err
}

// CancelImport stops an import and takes back what it wrote; its files go with it.
func (s *Service) CancelImport(ctx context.Context, id db.ID) error {
	im, err := s.Import(ctx, id)
	if err != nil {
		return err
	}
	if im.CampaignID != 0 {
		return errs.New(errs.Conflict, "import.used_already")
	}
	if im.State != Checking {
		if err := s.stepImport(ctx, im, Broken, map[string]any{"cancel": true, "fail_key": "work.cancelled"}, "import.cancel"); err != nil {
			return err
		}
		ctx = context.WithoutCancel(ctx)
		return errors.Join(s.dropFiles(ctx, im), s.emptyList(ctx, id))
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := update[importRow](ctx, s.Store, id, map[string]any{"cancel": true}); err != nil {
			return err
		}
		return s.People.Audit(ctx, "import.cancel", "import", id, "file", im.FileName)
	})
	if err != nil || im.TaskID == 0 {
		return err
	}
	err = s.People.CancelWork(ctx, im.TaskID)
	if errs.Is(err, errs.NotFound) { // a colleague's: the import's own flag stops it
		return nil
	}
	return err
}

// RunImport judges the rows of an import: the queue's task. It may run twice; the second
// begins again on an empty list, and one that is not being checked is left alone.
func (s *Service) RunImport(ctx context.Context, id db.ID) error {
	im, err := s.Import(ctx, id)
	if err != nil || im.State != Checking {
		return err
	}
	dir, err := os.MkdirTemp("", "yingda-import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	report, rejects, err := s.judge(ctx, im, dir)
	if ctx.Err() != nil { // the worker stops: the task comes again
		return ctx.Err()
	}
	set := map[string]any{"done": report.Rows, "total": report.Total, "accepted": report.Accepted, "invalid": report.Invalid, "duplicate": report.Duplicate,
		"dnc": report.DoNotCall, "in_campaign": report.InCampaign, "reject_key": rejects}
	result := tenant.WorkResult{Key: "import.done", Args: map[string]any{"accepted": report.Accepted, "rejected": report.Rejected()}}
	if rejects != "" {
		result.URL = "/api/v1/imports/" + id.String() + "/rejects"
	}
	next := Ready
	if err == nil {
		set["look"] = withoutSamples(im.Look)
	}
	if err != nil {
		next = Broken
		set["fail_key"] = keyOf(err)
		err = errors.Join(s.emptyList(ctx, id), err)
	}
	if errors.Is(err, tenant.ErrCancelled) {
		if derr := s.dropFiles(ctx, im); derr != nil {
			slog.Warn("the files of a cancelled import are left to the janitor", "import", id, "error", derr)
		}
	}
	if merr := s.moveImport(ctx, im, next, set); merr != nil {
		return merr
	}
	if im.TaskID != 0 {
		_ = s.People.EndWork(ctx, im.TaskID, result, err)
	}
	if errs.KindOf(err) == errs.Internal && err != nil {
		return err
	}
	return nil
}

func (s *Service) judge(ctx context.Context, im *importRow, dir string) (Report, string, error) {
	if err := s.emptyList(ctx, im.ID); err != nil {
		return Report{}, "", err
	}
	if im.RejectKey != "" { // another mapping's; the new file may have another day in its name
		if err := s.Files.Delete(ctx, im.RejectKey); err != nil {
			return Report{}, "", err
		}
	}
	path := dir + "/leads.xlsx"
	if err := s.Files.Fetch(ctx, im.BlobKey, path); err != nil {
		return Report{}, "", err
	}
	var m Mapping
	if err := json.Unmarshal(im.Mapping, &m); err != nil {
		return Report{}, "", err
	}
	sink, err := s.newSink(ctx, im.ID, s.People.Vault, s.Blocked)
	if err != nil {
		return Report{}, "", err
	}
	out, err := os.Create(dir + "/rejects.xlsx")
	if err != nil {
		return Report{}, "", err
	}
	defer out.Close()
	lang := locale.Of(ctx)
	src := Source{Path: path, Digest: s.People.Vault.DigestFor(db.TenantOf(ctx)), Rejects: out,
		Text: func(key string, args map[string]any) string { return locale.T(lang, key, args) }}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	report, err := Import(ctx, src, m, sink, func(r Report) { s.progress(ctx, im, r, stop) })
	if errors.Is(context.Cause(ctx), tenant.ErrCancelled) { // also where the last batch was done by then
		return report, "", tenant.ErrCancelled
	}
	if err != nil || report.Rejected() == 0 {
		return report, "", err
	}
	return s.keepRejects(ctx, im, report, out)
}

func (s *Service) keepRejects(ctx context.Context, im *importRow, r Report, out *os.File) (Report, string, error) {
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return r, "", err
	}
	key := s.Files.Key(db.TenantOf(ctx), s.Clock.Now(), "rejects-"+im.ID.String()+".xlsx")
	_, err := s.Files.Put(ctx, key, out)
	return r, key, err
}

// progress writes how far the import is, and stops it where its person cancelled it.
func (s *Service) progress(ctx context.Context, im *importRow, r Report, stop context.CancelCauseFunc) {
	_ = update[importRow](ctx, s.Store, im.ID, map[string]any{"done": r.Rows, "total": r.Total, "accepted": r.Accepted, "invalid": r.Invalid,
		"duplicate": r.Duplicate, "dnc": r.DoNotCall, "in_campaign": r.InCampaign, "updated_at": s.Clock.Now()})
	if now, err := s.Import(ctx, im.ID); err == nil && now.Cancel {
		stop(tenant.ErrCancelled)
		return
	}
	if im.TaskID == 0 {
		return
	}
	if err := s.People.Progress(ctx, im.TaskID, int64(r.Rows), int64(r.Total)); errors.Is(err, tenant.ErrCancelled) {
		stop(err)
	}
}

// sweepImports enqueues again what is being checked and has not moved for a while: its
// task was lost with the broker, or its worker died.
func (s *Service) sweepImports(ctx context.Context, now time.Time) error {
	var ims []importRow
	if err := s.db.In(ctx).Where("state = ? AND updated_at < ?", Checking, now.Add(-time.Minute)).Limit(100).Find(&ims).Error; err != nil {
		return err
	}
	for _, im := range ims {
		if err := s.Queue.EnqueueImport(db.WithTenant(ctx, im.TenantID), im.ID); err != nil {
			return err
		}
	}
	return nil
}

func keyOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return "internal"
}

func clip(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// withoutSamples is what is kept of a look when the list is made: the numbers that it
// showed are then encrypted in the leads and nowhere else.
func withoutSamples(look json.RawMessage) json.RawMessage {
	var sheet Sheet
	if err := json.Unmarshal(look, &sheet); err != nil {
		return json.RawMessage("{}")
	}
	sheet.Preview = nil
	for i := range sheet.Headers {
		sheet.Headers[i].Sample = nil
	}
	b, _ := json.Marshal(sheet)
	return b
}

package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/scriptflow"
	"yingda/tenant"
)

// Script is one script with its newest version's numbers.
type Script struct {
	ID               db.ID
	TenantID         db.ID
	OwnerID          db.ID
	DepartmentID     db.ID
	Name             string
	Description      string
	Locale           string
	Version          int // the newest
	PublishedVersion int // what new campaigns talk by; 0 = none
	Nodes            int
	Keywords         int
	UpdatedBy        db.ID
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Version is one definition of a script. A published one never changes.
type Version struct {
	ID           db.ID
	TenantID     db.ID
	ScriptID     db.ID
	Version      int
	State        string // draft, publishing, published
	Definition   string
	PromptsTotal int
	PromptsReady int
	WorkID       db.ID // who pressed publish last looks at it
	CreatedBy    db.ID
	CreatedAt    time.Time
	PublishedAt  *time.Time
}

// TableName is where versions live.
func (Version) TableName() string { return "script_versions" }

// States of a version.
const (
	Draft      = "draft"
	Publishing = "publishing"
	Published  = "published"
)

// Renderer prepares fixed prompts before the first call (speech/prompts).
type Renderer interface {
	Prepare(ctx context.Context, texts []string, progress func(done, total int)) error
}

// Service is what can be done with scripts.
type Service struct {
	db      *db.DB
	People  *tenant.Service
	Render  Renderer
	UsedBy  func(ctx context.Context, script db.ID) (int64, error) // campaigns that use it; filled in by cmd
	Enqueue func(ctx context.Context, version db.ID, work db.ID) error

	flows sync.Map // flowKey → *scriptflow.Flow
}

// New makes the service.
func New(d *db.DB, people *tenant.Service) *Service { return &Service{db: d, People: people} }

// Read reads an upload, JSON or Excel, and returns the script with everything that was
// noticed. A script with errors is not kept: the error names each place.
func Read(name string, r io.ReadSeeker) (*scriptflow.Script, scriptflow.Problems, error) {
	head := make([]byte, 4)
	if n, _ := io.ReadFull(r, head); n == 0 {
		_, err := scriptflow.Parse(nil)
		return nil, nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	if string(head[:2]) == "PK" {
		s, ps := scriptflow.ParseSheet(r)
		return checked(s, ps)
	}
	b, err := io.ReadAll(io.LimitReader(r, scriptflow.MaxBytes+1))
	if err != nil {
		return nil, nil, err
	}
	s, err := scriptflow.Parse(b)
	if err != nil {
		return nil, nil, err
	}
	return checked(s, scriptflow.Check(s))
}

func checked(s *scriptflow.Script, ps scriptflow.Problems) (*scriptflow.Script, scriptflow.Problems, error) {
	if s == nil || ps.Bad() {
		e := errs.New(errs.Invalid, "script.has_errors", "n", len(ps))
		for _, p := range ps {
			if p.Severity == scriptflow.Error {
				e = e.With(errs.Field{Path: or(p.Place, "file"), Key: p.Key, Args: p.Args})
			}
		}
		return nil, ps, e
	}
	return s, ps, nil
}

// Save keeps a checked script as a new draft version: of the script with this id, or of
// the one of the same name, or as a new script.
func (l *Service) Save(ctx context.Context, id db.ID, s *scriptflow.Script) (*Script, error) {
	def, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	flow, ps := scriptflow.Compile(s)
	if flow == nil {
		return nil, fmt.Errorf("a checked script does not compile: %s", ps)
	}
	var row *Script
	err = l.db.Tx(ctx, func(ctx context.Context) (err error) {
		if row, err = l.rowFor(ctx, id, s.Name); err != nil {
			return err
		}
		now, p := time.Now().UTC(), tenant.PersonOf(ctx)
		row.Name, row.Description, row.Locale, row.Nodes, row.Keywords = s.Name, s.Description, or(s.Locale, "zh-CN"), len(s.Nodes), keywords(s)
		row.Version, row.UpdatedBy, row.UpdatedAt = row.Version+1, p.User, now
		if row.CreatedAt.IsZero() {
			row.OwnerID, row.DepartmentID, row.CreatedAt = p.User, p.Department, now
			err = l.db.In(ctx).Create(row).Error
		} else {
			err = l.db.In(ctx).Model(&Script{}).Where("id = ?", row.ID).Select("Name", "Description", "Locale", "Nodes", "Keywords", "Version", "UpdatedBy", "UpdatedAt").Updates(row).Error
		}
		if db.IsDuplicate(err) {
			return errs.New(errs.Conflict, "script.name_taken", "name", s.Name)
		}
		if err != nil {
			return err
		}
		if err := l.People.Audit(ctx, "script.upload", "script", row.ID, "name", row.Name, "version", row.Version); err != nil {
			return err
		}
		return l.db.In(ctx).Create(&Version{ID: db.NewID(), ScriptID: row.ID, Version: row.Version, State: Draft, Definition: string(def),
			PromptsTotal: len(flow.Prompts()), CreatedBy: p.User, CreatedAt: now}).Error
	})
	return row, err
}

func (l *Service) rowFor(ctx context.Context, id db.ID, name string) (*Script, error) {
	if id != 0 {
		return l.Script(ctx, id)
	}
	var row Script
	err := l.db.In(ctx).Where("name = ?", name).First(&row).Error
	if db.IsMissing(err) {
		return &Script{ID: db.NewID()}, nil
	}
	return &row, err
}

func keywords(s *scriptflow.Script) (n int) {
	for _, c := range s.Classes {
		n += len(c.Keywords)
	}
	return n
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// Script returns one script.
func (l *Service) Script(ctx context.Context, id db.ID) (*Script, error) {
	var row Script
	err := l.db.In(ctx).Scopes(db.Visible(ctx)).First(&row, id).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "script.not_found")
	}
	return &row, err
}

// Scripts returns a page, newest first.
func (l *Service) Scripts(ctx context.Context, text, state string, after db.ID, limit, countCap int) (db.Page[Script], error) {
	q := l.db.In(ctx).Scopes(db.Visible(ctx))
	if text != "" {
		q = q.Scopes(db.Contains(text, "name"))
	}
	switch state {
	case Published:
		q = q.Where("published_version > 0")
	case Draft:
		q = q.Where("published_version < version")
	}
	return db.NewestFirst(q, after, limit, countCap, func(s Script) db.ID { return s.ID })
}

// Names tells what scripts are called.
func (l *Service) Names(ctx context.Context, ids []db.ID) (map[db.ID]string, error) {
	var rows []Script
	err := l.db.In(ctx).Select("id", "name").Where("id IN ?", ids).Find(&rows).Error
	names := make(map[db.ID]string, len(rows))
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, err
}

// Versions lists the versions of a script, newest first, without their definitions.
func (l *Service) Versions(ctx context.Context, script db.ID) ([]Version, error) {
	var vs []Version
	err := l.db.In(ctx).Omit("definition").Where("script_id = ?", script).Order("version DESC").Limit(100).Find(&vs).Error
	return vs, err
}

// Version returns one version with its definition.
func (l *Service) Version(ctx context.Context, script db.ID, version int) (*Version, error) {
	var v Version
	err := l.db.In(ctx).Where("script_id = ? AND version = ?", script, version).First(&v).Error
	if db.IsMissing(err) {
		return nil, errs.New(errs.NotFound, "script.not_found")
	}
	return &v, err
}

// Parsed is the script that a version holds.
func (v *Version) Parsed() (*scriptflow.Script, error) { return scriptflow.Parse([]byte(v.Definition)) }

// Published returns the version that new campaigns talk by.
func (l *Service) Published(ctx context.Context, script db.ID) (int, string, error) {
	s, err := l.Script(ctx, script)
	if err != nil {
		return 0, "", err
	}
	if s.PublishedVersion == 0 {
		return 0, s.Name, errs.New(errs.Conflict, "script.not_published", "name", s.Name)
	}
	return s.PublishedVersion, s.Name, nil
}

type flowKey struct {
	tenant, script db.ID
	version        int
}

// Flow returns a published version, compiled once per process.
func (l *Service) Flow(ctx context.Context, script db.ID, version int) (*scriptflow.Flow, error) {
	k := flowKey{db.TenantOf(ctx), script, version}
	if f, ok := l.flows.Load(k); ok {
		return f.(*scriptflow.Flow), nil
	}
	v, err := l.Version(ctx, script, version)
	if err != nil {
		return nil, err
	}
	f, err := v.compile()
	if err == nil {
		l.flows.Store(k, f)
	}
	return f, err
}

func (v *Version) compile() (*scriptflow.Flow, error) {
	s, err := v.Parsed()
	if err != nil {
		return nil, err
	}
	f, ps := scriptflow.Compile(s)
	if f == nil {
		return nil, fmt.Errorf("script %d version %d does not compile: %s", v.ScriptID, v.Version, ps)
	}
	return f, nil
}

// Publish begins to publish the newest version: its prompts are rendered in the background.
// Pressed again it begins again, in place of what was pressed before.
func (l *Service) Publish(ctx context.Context, id db.ID) (*tenant.Work, error) {
	s, err := l.Script(ctx, id)
	if err != nil {
		return nil, err
	}
	v, err := l.Version(ctx, id, s.Version)
	if err != nil {
		return nil, err
	}
	if v.State == Published {
		return nil, errs.New(errs.Conflict, "script.published_already", "name", s.Name, "version", v.Version)
	}
	w, err := l.People.StartWork(ctx, "publish", "script.publish_title", map[string]any{"name": s.Name, "version": v.Version}, int64(v.PromptsTotal))
	if err != nil {
		return nil, err
	}
	err = l.db.Tx(ctx, func(ctx context.Context) error {
		set := map[string]any{"state": Publishing, "work_id": w.ID}
		if err := l.db.In(ctx).Model(&Version{}).Where("id = ? AND state <> ?", v.ID, Published).Updates(set).Error; err != nil {
			return err
		}
		return l.People.Audit(ctx, "script.publish", "script", id, "name", s.Name, "version", v.Version)
	})
	if err != nil {
		_ = l.People.EndWork(context.WithoutCancel(ctx), w.ID, tenant.WorkResult{}, err)
		return nil, err
	}
	if v.WorkID != 0 && v.State == Publishing {
		_ = l.People.EndWork(ctx, v.WorkID, tenant.WorkResult{}, tenant.ErrCancelled)
	}
	if err := l.Enqueue(ctx, v.ID, w.ID); err != nil {
		slog.Warn("publishing waits for the broker", "version", v.ID, "error", err) // Sweep enqueues it again
	}
	return w, nil
}

// Sweep enqueues again, over all tenants, what is being published: its task may be lost
// with the broker. A task that is still there is not doubled.
func (l *Service) Sweep(ctx context.Context) error {
	var vs []Version
	if err := l.db.In(ctx).Omit("definition").Where("state = ?", Publishing).Limit(100).Find(&vs).Error; err != nil {
		return err
	}
	for _, v := range vs {
		if err := l.Enqueue(db.WithTenant(ctx, v.TenantID), v.ID, v.WorkID); err != nil {
			return err
		}
	}
	return nil
}

// RunPublish renders the prompts of a version and publishes it: the queue's task. It may
// run twice; what is rendered is not rendered again.
func (l *Service) RunPublish(ctx context.Context, version, work db.ID) error {
	var v Version
	err := l.db.In(ctx).First(&v, version).Error
	if db.IsMissing(err) { // the script was deleted meanwhile
		l.ended(ctx, &v, work, errs.New(errs.NotFound, "script.not_found"))
		return nil
	}
	if err != nil {
		return err
	}
	if v.State == Published { // pressed twice, or this task ran before
		l.ended(ctx, &v, work, nil)
		return nil
	}
	err = l.publish(ctx, &v, work)
	if ctx.Err() != nil { // the worker stops: the task comes again
		return ctx.Err()
	}
	if err != nil {
		slog.Error("script not published", "script", v.ScriptID, "version", v.Version, "error", err)
		_ = l.db.In(ctx).Model(&Version{}).Where("id = ? AND state = ?", v.ID, Publishing).Update("state", Draft).Error
		var known *errs.Error
		if !errors.As(err, &known) {
			err = errs.New(errs.Unavailable, "script.render_failed").Because(err)
		}
	}
	l.ended(ctx, &v, work, err)
	return nil
}

// ended tells the person who pressed publish what came of it.
func (l *Service) ended(ctx context.Context, v *Version, work db.ID, err error) {
	if work == 0 {
		return
	}
	result := tenant.WorkResult{Key: "script.published", Args: map[string]any{"version": v.Version}, URL: "/scripts/" + v.ScriptID.String()}
	if err := l.People.EndWork(ctx, work, result, err); err != nil {
		slog.Warn("publishing ended unseen", "work", work, "error", err)
	}
}

func (l *Service) publish(ctx context.Context, v *Version, work db.ID) error {
	flow, err := v.compile()
	if err != nil {
		return err
	}
	var texts []string
	for _, p := range flow.Prompts() {
		texts = append(texts, p.Text)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if l.Render != nil {
		if err := l.Render.Prepare(ctx, texts, func(done, total int) {
			if work == 0 {
				return
			}
			if err := l.People.Progress(ctx, work, int64(done), int64(total)); errors.Is(err, tenant.ErrCancelled) {
				stop(err)
			}
		}); err != nil {
			if errors.Is(context.Cause(ctx), tenant.ErrCancelled) {
				return tenant.ErrCancelled
			}
			return err
		}
	}
	return l.setPublished(ctx, v, len(texts))
}

func (l *Service) setPublished(ctx context.Context, v *Version, prompts int) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		now := time.Now().UTC()
		err := l.db.In(ctx).Model(&Version{}).Where("id = ?", v.ID).Updates(map[string]any{"state": Published, "published_at": now, "prompts_ready": prompts, "prompts_total": prompts}).Error
		if err != nil {
			return err
		}
		return l.db.In(ctx).Model(&Script{}).Where("id = ? AND published_version < ?", v.ScriptID, v.Version).
			Updates(map[string]any{"published_version": v.Version, "updated_at": now}).Error
	})
}

// Delete removes a script that no campaign ever used.
func (l *Service) Delete(ctx context.Context, id db.ID) error {
	s, err := l.Script(ctx, id)
	if err != nil {
		return err
	}
	if l.UsedBy != nil {
		n, err := l.UsedBy(ctx, id)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "script.in_use", "name", s.Name, "n", n)
		}
	}
	return l.db.Tx(ctx, func(ctx context.Context) error {
		if err := l.db.In(ctx).Where("script_id = ?", id).Delete(&Version{}).Error; err != nil {
			return err
		}
		if err := l.People.Audit(ctx, "script.delete", "script", id, "name", s.Name); err != nil {
			return err
		}
		return l.db.In(ctx).Delete(&Script{}, id).Error
	})
}

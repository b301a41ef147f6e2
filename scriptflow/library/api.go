package library

import (
	"context"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
)

type handlers struct{ *Service }

// Routes registers the room's operations.
func Routes(a *httpapi.API, l *Service) {
	h := handlers{l}
	httpapi.Register(a, httpapi.Op{ID: "list-scripts", Method: "GET", Path: "/scripts", Right: "script:read", Scope: httpapi.Reach}, h.list)
	httpapi.Register(a, httpapi.Op{ID: "upload-script", Method: "POST", Path: "/scripts/upload", Right: "script:write", Scope: httpapi.Reach, Status: 201, MaxBody: scriptflow.MaxBytes + 64<<10, ReadFor: 2 * time.Minute}, h.upload)
	httpapi.Register(a, httpapi.Op{ID: "get-script-template", Method: "GET", Path: "/scripts/template", Right: "script:read", Scope: httpapi.Shared, Stream: true}, h.template)
	httpapi.Register(a, httpapi.Op{ID: "get-script", Method: "GET", Path: "/scripts/{id}", Right: "script:read", Scope: httpapi.Reach}, h.get)
	httpapi.Register(a, httpapi.Op{ID: "download-script", Method: "GET", Path: "/scripts/{id}/download", Right: "script:read", Scope: httpapi.Reach, Stream: true}, h.download)
	httpapi.Register(a, httpapi.Op{ID: "publish-script", Method: "POST", Path: "/scripts/{id}/publish", Right: "script:write", Scope: httpapi.Reach, Status: 202}, h.publish)
	httpapi.Register(a, httpapi.Op{ID: "delete-script", Method: "DELETE", Path: "/scripts/{id}", Right: "script:write", Scope: httpapi.Reach}, h.remove)
}

// View is a script in a list.
type View struct {
	ID               db.ID     `json:"id"`
	Name             string    `json:"name"`
	Description      string    `json:"description"`
	Locale           string    `json:"locale"`
	State            string    `json:"state" enum:"draft,published"`
	Version          int       `json:"version"`
	PublishedVersion int       `json:"published_version"`
	Nodes            int       `json:"nodes"`
	Keywords         int       `json:"keywords"`
	UsedBy           int64     `json:"used_by"`
	UpdatedAt        time.Time `json:"updated_at"`
	CreatedAt        time.Time `json:"created_at"`
	UpdatedBy        string    `json:"updated_by"`
}

// Detail is one version of a script, drawn.
type Detail struct {
	View
	Shown      int                `json:"shown_version"`
	Definition *scriptflow.Script `json:"definition"`
	Graph      Graph              `json:"graph"`
	Classes    []ClassView        `json:"classes" nullable:"false"`
	Variables  []VariableView     `json:"variables" nullable:"false"`
	Problems   []ProblemView      `json:"problems" nullable:"false"`
	Versions   []VersionView      `json:"versions" nullable:"false"`
	Prompts    PromptCount        `json:"prompts"`
}

// Graph is the flow to draw: nodes by columns and rows, edges with their conditions.
type Graph struct {
	Nodes []scriptflow.GraphNode `json:"nodes" nullable:"false"`
	Edges []scriptflow.GraphEdge `json:"edges" nullable:"false"`
}

// ClassView is a keyword class.
type ClassView struct {
	ID         string   `json:"id"`
	Label      string   `json:"label"`
	Kind       string   `json:"kind"`
	CountsForA bool     `json:"counts_for_a"`
	Keywords   []string `json:"keywords" nullable:"false"`
}

// VariableView is a variable that a column of the Excel sheet may fill.
type VariableView struct {
	Name    string `json:"name"`
	Label   string `json:"label"`
	Default string `json:"default"`
}

// ProblemView is a problem told in the person's language.
type ProblemView struct {
	Severity string         `json:"severity" enum:"error,warning"`
	Place    string         `json:"place"`
	Key      string         `json:"key"`
	Args     map[string]any `json:"args,omitempty"`
	Message  string         `json:"message"`
}

// VersionView is one version in a script's history.
type VersionView struct {
	Version     int        `json:"version"`
	State       string     `json:"state" enum:"draft,publishing,published"`
	PublishedAt *time.Time `json:"published_at"`
	CreatedAt   time.Time  `json:"created_at"`
	By          string     `json:"by"`
}

// PromptCount is how many fixed prompts a version has, and how many are rendered.
type PromptCount struct {
	Total int `json:"total"`
	Ready int `json:"ready"`
}

func problems(ctx context.Context, ps scriptflow.Problems) []ProblemView {
	out := make([]ProblemView, 0, len(ps))
	for _, p := range ps {
		out = append(out, ProblemView{string(p.Severity), p.Place, p.Key, p.Args, locale.Say(ctx, p.Key, p.Args)})
	}
	return out
}

func (h handlers) view(ctx context.Context, s Script, people map[db.ID]string) (View, error) {
	v := View{ID: s.ID, Name: s.Name, Description: s.Description, Locale: s.Locale, State: Draft, Version: s.Version, PublishedVersion: s.PublishedVersion,
		Nodes: s.Nodes, Keywords: s.Keywords, UpdatedAt: s.UpdatedAt, CreatedAt: s.CreatedAt, UpdatedBy: people[s.UpdatedBy]}
	if s.PublishedVersion > 0 {
		v.State = Published
	}
	var err error
	if h.UsedBy != nil {
		v.UsedBy, err = h.UsedBy(ctx, s.ID)
	}
	return v, err
}

func (h handlers) people(ctx context.Context) (map[db.ID]string, error) {
	us, err := h.People.Users(ctx, "")
	names := map[db.ID]string{}
	for _, u := range us {
		names[u.ID] = u.Name
	}
	return names, err
}

type listIn struct {
	httpapi.PageIn
	Q     string `query:"q" maxLength:"60"`
	State string `query:"state" enum:"draft,published,"`
}

func (h handlers) list(ctx context.Context, in *listIn) (*httpapi.ListOut[View], error) {
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	p, err := h.Scripts(ctx, in.Q, in.State, after, in.Limit, httpapi.CountCap)
	if err != nil {
		return nil, err
	}
	names, err := h.people(ctx)
	if err != nil {
		return nil, err
	}
	views := db.Page[View]{Next: p.Next, Total: p.Total}
	for _, s := range p.Rows {
		v, err := h.view(ctx, s, names)
		if err != nil {
			return nil, err
		}
		views.Rows = append(views.Rows, v)
	}
	return httpapi.ListOf(views, func(v View) View { return v }), nil
}

type getIn struct {
	httpapi.ByID
	Version int `query:"version" minimum:"0"`
}

func (h handlers) get(ctx context.Context, in *getIn) (*httpapi.Out[Detail], error) {
	d, err := h.detail(ctx, in.ID, in.Version)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Detail]{Body: *d}, nil
}

func (h handlers) detail(ctx context.Context, id db.ID, version int) (*Detail, error) {
	s, err := h.Script(ctx, id)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		version = s.Version
	}
	v, err := h.Version(ctx, id, version)
	if err != nil {
		return nil, err
	}
	names, err := h.people(ctx)
	if err != nil {
		return nil, err
	}
	d := &Detail{Shown: version, Classes: []ClassView{}, Variables: []VariableView{}, Versions: []VersionView{}, Prompts: PromptCount{v.PromptsTotal, v.PromptsReady}}
	if d.View, err = h.view(ctx, *s, names); err != nil {
		return nil, err
	}
	if err := d.draw(ctx, v); err != nil {
		return nil, err
	}
	all, err := h.Versions(ctx, id)
	for _, x := range all {
		d.Versions = append(d.Versions, VersionView{x.Version, x.State, x.PublishedAt, x.CreatedAt, names[x.CreatedBy]})
	}
	return d, err
}

func (d *Detail) draw(ctx context.Context, v *Version) error {
	def, err := v.Parsed()
	if err != nil {
		return err
	}
	flow, err := v.compile()
	if err != nil {
		return err
	}
	g := flow.Graph()
	d.Definition, d.Graph = def, Graph{g.Nodes, g.Edges}
	d.Problems = problems(ctx, scriptflow.Check(def))
	for _, c := range def.Classes {
		d.Classes = append(d.Classes, ClassView{c.ID, c.Label, string(c.Kind), c.CountsForA(), append([]string{}, c.Keywords...)})
	}
	for _, x := range def.Variables {
		d.Variables = append(d.Variables, VariableView{x.Name, x.Label, x.Default})
	}
	return nil
}

type uploadIn struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
		ID   string        `form:"id" required:"false"`
	}]
}

func (h handlers) upload(ctx context.Context, in *uploadIn) (*httpapi.Out[Detail], error) {
	form := in.RawBody.Data()
	if !form.File.IsSet {
		return nil, errs.New(errs.Invalid, "invalid").With(errs.Field{Path: "file", Key: "validation.required"})
	}
	defer form.File.Close()
	s, _, err := Read(form.File.Filename, form.File)
	if err != nil {
		return nil, err
	}
	var id db.ID
	if err := id.UnmarshalText([]byte(form.ID)); err != nil {
		return nil, errs.New(errs.NotFound, "script.not_found")
	}
	row, err := h.Save(ctx, id, s)
	if err != nil {
		return nil, err
	}
	d, err := h.detail(ctx, row.ID, 0)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Detail]{Body: *d}, nil
}

// FormatIn chooses a download's kind. It is exported because huma reads no parameters from
// an embedded type that is not.
type FormatIn struct {
	Format string `query:"format" enum:"xlsx,json" default:"xlsx"`
}

func (h handlers) template(ctx context.Context, in *FormatIn) (*huma.StreamResponse, error) {
	return file(ctx, locale.Say(ctx, "script.template_name", nil), in.Format, demo.Script())
}

func file(ctx context.Context, name, format string, s *scriptflow.Script) (*huma.StreamResponse, error) {
	if format == "json" {
		return httpapi.Download(name+".json", "application/json", func(w io.Writer) error { return writeJSON(w, s) }), nil
	}
	return httpapi.Download(name+".xlsx", httpapi.XLSX, func(w io.Writer) error { return scriptflow.WriteTemplate(w, s) }), nil
}

type downloadIn struct {
	httpapi.ByID
	FormatIn
	Version int `query:"version" minimum:"0"`
}

func (h handlers) download(ctx context.Context, in *downloadIn) (*huma.StreamResponse, error) {
	s, err := h.Script(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Version == 0 {
		in.Version = s.Version
	}
	v, err := h.Version(ctx, in.ID, in.Version)
	if err != nil {
		return nil, err
	}
	def, err := v.Parsed()
	if err != nil {
		return nil, err
	}
	return file(ctx, s.Name, in.Format, def)
}

// PublishOut is the long work that publishing is.
type PublishOut struct {
	TaskID db.ID `json:"task_id"`
}

func (h handlers) publish(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[PublishOut], error) {
	w, err := h.Publish(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[PublishOut]{Body: PublishOut{w.ID}}, nil
}

func (h handlers) remove(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.Delete(ctx, in.ID)
}

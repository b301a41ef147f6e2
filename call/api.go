package call

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/platform/audio"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
)

// Blobs is where recordings lie.
type Blobs interface {
	// Open returns a recording that can be read from any place; NotFound where there is none.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
}

type handlers struct{ *Service }

// Routes registers the room's operations.
func Routes(a *httpapi.API, s *Service) {
	h := handlers{s}
	httpapi.Register(a, httpapi.Op{ID: "list-calls", Method: "GET", Path: "/calls", Right: "call:read", Scope: httpapi.Reach}, h.list)
	httpapi.Register(a, httpapi.Op{ID: "export-calls", Method: "GET", Path: "/calls/export", Right: "call:export", Scope: httpapi.Reach, Stream: true}, h.export)
	httpapi.Register(a, httpapi.Op{ID: "assign-calls", Method: "POST", Path: "/calls/assign", Right: "customer:assign", Scope: httpapi.Reach}, h.assign)
	httpapi.Register(a, httpapi.Op{ID: "get-call", Method: "GET", Path: "/calls/{id}", Right: "call:read", Scope: httpapi.Reach}, h.get)
	httpapi.Register(a, httpapi.Op{ID: "get-recording", Method: "GET", Path: "/calls/{id}/recording", Right: "call:read", Scope: httpapi.Reach, Stream: true}, h.recording)
	httpapi.Register(a, httpapi.Op{ID: "get-peaks", Method: "GET", Path: "/calls/{id}/peaks", Right: "call:read", Scope: httpapi.Reach}, h.peaks)
}

// FilterIn is what a list of calls can be asked for. It is exported because huma reads
// no parameters from an embedded type that is not.
type FilterIn struct {
	Campaign  db.ID  `query:"campaign"`
	Seat      db.ID  `query:"seat"`
	Customer  db.ID  `query:"customer"`
	Grade     string `query:"grade" maxLength:"20" doc:"grades, separated by commas"`
	Outcome   string `query:"outcome" maxLength:"120"`
	Q         string `query:"q" maxLength:"60" doc:"part of the name, or the last four digits"`
	From      string `query:"from" maxLength:"30" doc:"day in the tenant's zone, or RFC 3339"`
	To        string `query:"to" maxLength:"30" doc:"the last day that counts, or RFC 3339"`
	MinMs     int64  `query:"min_ms" minimum:"0"`
	MaxMs     int64  `query:"max_ms" minimum:"0"`
	MinRounds int    `query:"min_rounds" minimum:"0"`
	Assigned  string `query:"assigned" enum:"yes,no,"`
}

func (s *Service) filter(ctx context.Context, in FilterIn) (Filter, error) {
	f := Filter{Campaign: in.Campaign, Seat: in.Seat, Customer: in.Customer, Grades: Split(in.Grade), Outcomes: Split(in.Outcome), Text: in.Q,
		MinMs: in.MinMs, MaxMs: in.MaxMs, MinRounds: in.MinRounds, Assigned: in.Assigned}
	zone, err := s.Zone(ctx)
	if err != nil {
		return f, err
	}
	f.From, f.To, err = Span(in.From, in.To, zone)
	return f, err
}

// Zone is the tenant's: its days begin there.
func (s *Service) Zone(ctx context.Context) (*time.Location, error) {
	t, err := s.People.Tenant(ctx, db.TenantOf(ctx))
	if err != nil {
		return nil, err
	}
	return t.Location(), nil
}

// Span reads a range of days in a zone (to is included), or of RFC 3339 times.
func Span(from, to string, zone *time.Location) (a, b time.Time, err error) {
	if a, err = day(from, zone, 0, "from"); err == nil {
		b, err = day(to, zone, 1, "to")
	}
	return a, b, err
}

func day(text string, zone *time.Location, plus int, field string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, errs.New(errs.Invalid, "invalid").With(errs.Field{Path: field, Key: "validation.date"})
	}
	return t.AddDate(0, 0, plus).UTC(), nil
}

// Split reads a list of words, separated by commas; none where there is nothing.
func Split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

type listIn struct {
	httpapi.PageIn
	FilterIn
}

func (h handlers) list(ctx context.Context, in *listIn) (*httpapi.ListOut[View], error) {
	f, err := h.filter(ctx, in.FilterIn)
	if err != nil {
		return nil, err
	}
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	p, err := h.List(ctx, f, after, in.Limit, httpapi.CountCap)
	if err != nil {
		return nil, err
	}
	n, err := h.namesOf(ctx, p.Rows)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(p, func(c Call) View { return h.view(ctx, c, n) }), nil
}

func (h handlers) get(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[Detail], error) {
	c, err := h.Call(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := h.detail(ctx, *c)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Detail]{Body: *d}, nil
}

type recordingIn struct {
	httpapi.ByID
	Download bool `query:"download"`
}

func (h handlers) recording(ctx context.Context, in *recordingIn) (*huma.StreamResponse, error) {
	c, r, err := h.openRecording(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Download {
		if err := h.People.Audit(ctx, "recording.download", "call", c.ID); err != nil {
			return nil, errors.Join(err, r.Close())
		}
	}
	zone, err := h.Zone(ctx)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return httpapi.File(c.FileName(zone), "audio/wav", in.Download, *c.EndedAt, r), nil
}

func (s *Service) openRecording(ctx context.Context, id db.ID) (*Call, io.ReadSeekCloser, error) {
	c, err := s.Call(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if c.RecordingKey == "" || c.EndedAt == nil {
		return nil, nil, errs.New(errs.NotFound, "call.no_recording")
	}
	r, err := s.Blobs.Open(ctx, c.RecordingKey)
	return c, r, err
}

// Peaks are a waveform's pairs of minimum and maximum, -127…127, left the callee, right the robot.
type Peaks struct {
	Rate  float64 `json:"rate" doc:"pairs per second"`
	Left  []int   `json:"left" nullable:"false"`
	Right []int   `json:"right" nullable:"false"`
}

func (h handlers) peaks(ctx context.Context, in *httpapi.ByID) (*httpapi.Out[Peaks], error) {
	_, r, err := h.openRecording(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	w, err := audio.ReadWAV(r)
	if err != nil {
		return nil, err
	}
	n := min(1200, max(1, len(w.Samples)/w.Channels/80))
	p := Peaks{Rate: float64(n) * float64(w.Rate) / float64(max(1, len(w.Samples)/w.Channels))}
	p.Left = ints(audio.Peaks(w.Channel(0), n))
	p.Right = ints(audio.Peaks(w.Channel(w.Channels-1), n))
	return &httpapi.Out[Peaks]{Body: p}, nil
}

func ints(in []int8) []int {
	out := make([]int, len(in))
	for i, v := range in {
		out[i] = int(v)
	}
	return out
}

type assignIn struct {
	Body struct {
		Calls []db.ID `json:"call_ids" minItems:"1" maxItems:"500"`
		User  db.ID   `json:"user_id"`
		View  string  `json:"view" enum:"masked,full"`
	}
}

func (h handlers) assign(ctx context.Context, in *assignIn) (*httpapi.Out[Assigned], error) {
	if _, err := h.Assignee(ctx, in.Body.User, in.Body.View); err != nil {
		return nil, err
	}
	done, refused, err := h.AssignCalls(ctx, in.Body.Calls, in.Body.User, in.Body.View)
	if err != nil {
		return nil, err
	}
	return ShowAssigned(ctx, done, refused), nil
}

type exportIn struct{ FilterIn }

func (h handlers) export(ctx context.Context, in *exportIn) (*huma.StreamResponse, error) {
	f, err := h.filter(ctx, in.FilterIn)
	if err != nil {
		return nil, err
	}
	zone, err := h.Zone(ctx)
	if err != nil {
		return nil, err
	}
	if err := h.People.Audit(ctx, "call.export", "call", 0, "campaign", f.Campaign, "grades", f.Grades); err != nil {
		return nil, err
	}
	name := locale.Say(ctx, "call.export_name", nil) + time.Now().In(zone).Format("-20060102-1504") + ".xlsx"
	return httpapi.Download(name, httpapi.XLSX, func(w io.Writer) error { return h.writeSheet(ctx, w, f, zone) }), nil
}

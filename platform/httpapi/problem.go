package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yingda/platform/errs"
	"yingda/platform/locale"
)

// Problem is the body of every error (RFC 9457), with our key, arguments and reference.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
	Fields []ProblemField `json:"fields,omitempty"`
	Ref    string         `json:"ref"`
}

// GetHeaders adds Retry-After where the problem passes with time.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if retry, ok := p.Args["retry_s"]; ok {
		h.Set("Retry-After", fmt.Sprint(retry))
	}
	return h
}

// ProblemField is one wrong field, told in the person's language.
type ProblemField struct {
	Path    string         `json:"path"`
	Key     string         `json:"key"`
	Message string         `json:"message"`
	Args    map[string]any `json:"args,omitempty"`
}

func (p *Problem) Error() string             { return p.Key }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[errs.Kind]int{
	errs.Internal: 500, errs.Invalid: 422, errs.NotFound: 404, errs.Conflict: 409, errs.Forbidden: 403,
	errs.Unauthorized: 401, errs.TooMany: 429, errs.TooLarge: 413, errs.Unavailable: 503,
}

// Fail turns an error into what the person may see. What it hides (an error without
// a kind, a cause) it logs with the reference.
func Fail(ctx context.Context, err error) error {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return problemOf(ctx, err)
}

func problemOf(ctx context.Context, err error) *Problem {
	lang, ref := locale.Of(ctx), refOf(ctx)
	var e *errs.Error
	if !errors.As(err, &e) {
		e = errs.New(errs.Internal, "internal").Because(err)
		if tooBig := new(http.MaxBytesError); errors.As(err, &tooBig) {
			e = errs.New(errs.TooLarge, "too_large", "mb", tooBig.Limit>>20)
		}
	}
	logHidden(ctx, e, ref)
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(statusOf[e.Kind]), Status: statusOf[e.Kind],
		Key: e.Key, Args: e.Args, Detail: locale.T(lang, e.Key, e.Args), Ref: ref,
	}
	if e.Kind == errs.Internal {
		p.Key, p.Args, p.Detail = "internal", nil, locale.T(lang, "internal", nil)
	}
	for _, f := range e.Fields {
		p.Fields = append(p.Fields, ProblemField{Path: f.Path, Key: f.Key, Args: f.Args, Message: locale.T(lang, f.Key, f.Args)})
	}
	return p
}

func logHidden(ctx context.Context, e *errs.Error, ref string) {
	switch {
	case ref == "": // no request: huma asks what our problems look like when operations are registered
	case errors.Is(e.Cause, context.Canceled):
	case e.Kind == errs.Internal:
		slog.ErrorContext(ctx, "request failed", "ref", ref, "error", e.Error())
	case e.Cause != nil:
		slog.WarnContext(ctx, "request refused", "ref", ref, "error", e.Error())
	}
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// speakOurErrors makes huma's own errors (validation, unknown type, unreadable body) Problems.
func speakOurErrors() {
	keyValidation()
	huma.NewError = func(status int, msg string, causes ...error) huma.StatusError {
		return fromHuma(context.Background(), status, msg, causes)
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, causes ...error) huma.StatusError {
		return fromHuma(c.Context(), status, msg, causes)
	}
}

// fromHuma makes a Problem of what huma refuses: our own problems as they are, a body
// that cannot be read, one of a kind we do not take, wrong fields. What Go says about it
// goes into the log.
func fromHuma(ctx context.Context, status int, msg string, causes []error) *Problem {
	var fields []errs.Field
	var hidden []error
	for _, c := range causes {
		var p *Problem
		if errors.As(c, &p) {
			return p
		}
		if f, told := told(c); told {
			fields = append(fields, f)
		} else if c != nil {
			hidden = append(hidden, c)
		}
	}
	cause := errors.Join(append(hidden, errors.New(msg))...)
	e := errs.New(errs.Invalid, "invalid").With(fields...)
	switch text := strings.ToLower(cause.Error()); {
	case status == http.StatusRequestEntityTooLarge || strings.Contains(text, "request body too large"):
		status, e = http.StatusRequestEntityTooLarge, errs.New(errs.TooLarge, "too_large")
	case status >= 500:
		e = errs.New(errs.Internal, "internal").Because(cause)
	case status == http.StatusUnsupportedMediaType || strings.Contains(text, "content-type isn't"):
		status, e = http.StatusUnsupportedMediaType, errs.New(errs.Invalid, "media_type").Because(cause)
	case len(fields) == 0:
		e = errs.New(errs.Invalid, "unreadable").Because(cause)
	}
	p := problemOf(ctx, e)
	p.Status, p.Title = status, http.StatusText(status)
	return p
}

// told is the wrong field that a cause names by one of our keys; false where the cause is
// Go's own text.
func told(cause error) (errs.Field, bool) {
	d, is := cause.(huma.ErrorDetailer)
	if !is {
		return errs.Field{}, false
	}
	detail := d.ErrorDetail()
	return fieldOf(detail), strings.HasPrefix(detail.Message, "validation.") || path(detail.Location) != bodyPath
}

// Deny answers with err as a problem: for what is served outside of the operations.
func Deny(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, problemOf(r.Context(), err))
}

// denyMethod answers a path that exists and a method that does not.
func denyMethod(w http.ResponseWriter, r *http.Request) {
	p := problemOf(r.Context(), errs.New(errs.NotFound, "method_not_allowed"))
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	writeProblem(w, p)
}

type refKey struct{}

func refOf(ctx context.Context) string {
	s, _ := ctx.Value(refKey{}).(string)
	return s
}

func newRef() string {
	var b [5]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
)

// reader is who asks in these tests: holds one right and has one token.
type reader struct{}

func (reader) Has(right string) bool { return right == "book:read" }
func (reader) CSRF() string          { return "token" }

type book struct {
	Title string   `json:"title" minLength:"2" maxLength:"5" pattern:"^[a-z]+$"`
	Pages int      `json:"pages" minimum:"1" maximum:"9"`
	Kind  string   `json:"kind" enum:"novel,poems"`
	Tags  []string `json:"tags" minItems:"1" maxItems:"2" uniqueItems:"true" nullable:"false"`
	Lent  bool     `json:"lent,omitempty"`
	Price float64  `json:"price,omitempty"`
	Since string   `json:"since,omitempty" format:"date-time"`
	Day   string   `json:"day,omitempty" format:"date"`
	Hour  string   `json:"hour,omitempty" format:"time"`
}

type bookIn struct{ Body book }

// house is an API with an operation for each way to fail.
func house(t *testing.T) *httptest.Server {
	t.Helper()
	a := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	a.SetGuard(func(ctx context.Context, r *http.Request) (context.Context, httpapi.Person, error) {
		switch r.Header.Get("Cookie") {
		case "":
			return ctx, nil, nil
		case "broken":
			return ctx, nil, errors.New("sql: the database is away")
		}
		return ctx, reader{}, nil
	})
	get := func(id string, answer func(ctx context.Context) error) {
		httpapi.Register(a, httpapi.Op{ID: id, Method: "GET", Path: "/" + id, Right: "book:read", Scope: httpapi.Reach}, func(ctx context.Context, _ *struct{}) (*httpapi.Empty, error) {
			return nil, answer(ctx)
		})
	}
	get("internal", func(context.Context) error { return fmt.Errorf("sql: no such table: %w", io.ErrUnexpectedEOF) })
	get("panic", func(context.Context) error { panic("nil map") })
	get("late", func(context.Context) error { return errs.New(errs.TooMany, "cursor.broken", "retry_s", 7) })
	get("hidden", func(context.Context) error {
		return errs.New(errs.Conflict, "not_found").Because(errors.New("secret cause"))
	})
	get("page", func(context.Context) error { _, err := httpapi.PageIn{Cursor: "!"}.After(); return err })
	httpapi.Register(a, httpapi.Op{ID: "write", Method: "POST", Path: "/books", Right: "book:read", Scope: httpapi.Reach, MaxBody: 1000, Status: 201},
		func(_ context.Context, in *bookIn) (*httpapi.Out[book], error) {
			return &httpapi.Out[book]{Body: in.Body}, nil
		})
	httpapi.Register(a, httpapi.Op{ID: "burn", Method: "DELETE", Path: "/books", Right: "book:burn", Scope: httpapi.Reach}, func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, nil })
	httpapi.Register(a, httpapi.Op{ID: "list", Method: "GET", Path: "/list", Public: true}, func(_ context.Context, in *httpapi.PageIn) (*httpapi.ListOut[int], error) {
		after, err := in.After()
		if err != nil {
			return nil, err
		}
		return httpapi.ListOf(db.Page[int]{Rows: []int{in.Limit, int(after)}, Next: 77, Total: httpapi.CountCap + 1}, func(n int) int { return n }), nil
	})
	download := func(id string, write func(w io.Writer) error) {
		httpapi.Register(a, httpapi.Op{ID: id, Method: "GET", Path: "/" + id, Public: true, Stream: true}, func(context.Context, *struct{}) (*huma.StreamResponse, error) {
			return httpapi.Download("书单 1.xlsx", httpapi.XLSX, write), nil
		})
	}
	download("file", func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err })
	download("nofile", func(io.Writer) error { return errs.New(errs.NotFound, "not_found") })
	download("halffile", func(w io.Writer) error {
		_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20))
		return errors.New("disk full")
	})
	s := httptest.NewServer(a.Engine)
	t.Cleanup(s.Close)
	return s
}

// ask sends a request as the reader (cookie "reader", with the token) in a language.
func ask(t *testing.T, s *httptest.Server, method, path, lang, cookie, body string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+httpapi.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", lang)
	r.Header.Set("Cookie", cookie)
	r.Header.Set("X-CSRF-Token", "token")
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res, b
}

func TestEveryFailureIsAProblem(t *testing.T) {
	s := house(t)
	rows := []struct {
		what, method, path, cookie, body string
		status                           int
		key                              string
	}{
		{"an error without a kind", "GET", "/internal", "reader", "", 500, "internal"},
		{"a panic", "GET", "/panic", "reader", "", 500, "internal"},
		{"a guard that fails", "GET", "/page", "broken", "", 500, "internal"},
		{"a wait", "GET", "/late", "reader", "", 429, "cursor.broken"},
		{"a cause that is hidden", "GET", "/hidden", "reader", "", 409, "not_found"},
		{"a broken cursor", "GET", "/page", "reader", "", 422, "cursor.broken"},
		{"nobody", "GET", "/page", "", "", 401, "auth.required"},
		{"no right", "DELETE", "/books", "reader", "", 403, "auth.no_right"},
		{"no JSON", "POST", "/books", "reader", "x", 400, "unreadable"},
		{"half a JSON", "POST", "/books", "reader", `{"title":`, 400, "unreadable"},
		{"a body over its bound", "POST", "/books", "reader", `{"title":"` + strings.Repeat("x", 2000) + `"}`, 413, "too_large"},
		{"a file that is not there", "GET", "/nofile", "", "", 404, "not_found"},
		{"a method that is not there", "PATCH", "/books", "reader", "", 405, "method_not_allowed"},
	}
	for _, r := range rows {
		for _, lang := range []string{locale.Chinese, locale.English} {
			res, body := ask(t, s, r.method, r.path, lang, r.cookie, r.body)
			var p httpapi.Problem
			if err := json.Unmarshal(body, &p); err != nil || res.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: no problem but %q %s", r.what, res.Header.Get("Content-Type"), body)
				continue
			}
			if res.StatusCode != r.status || p.Status != r.status || p.Key != r.key || p.Title != http.StatusText(r.status) {
				t.Errorf("%s: %d %+v, want %d %s", r.what, res.StatusCode, p, r.status, r.key)
			}
			if want := locale.T(lang, r.key, p.Args); p.Detail != want || want == r.key {
				t.Errorf("%s: says %q, want %q", r.what, p.Detail, want)
			}
			if p.Ref == "" || p.Ref != res.Header.Get("X-Request-Id") {
				t.Errorf("%s: the reference %q is not the header's %q", r.what, p.Ref, res.Header.Get("X-Request-Id"))
			}
			for _, secret := range []string{"sql", "secret", "nil map", "EOF", "JSON"} {
				if bytes.Contains(body, []byte(secret)) {
					t.Errorf("%s: tells %q: %s", r.what, secret, body)
				}
			}
		}
	}
}

func TestRetryAfterComesFromTheArguments(t *testing.T) {
	res, _ := ask(t, house(t), "GET", "/late", "", "reader", "")
	if got := res.Header.Get("Retry-After"); got != "7" {
		t.Errorf("Retry-After is %q, want 7", got)
	}
}

// TestEveryRuleHasASentence breaks each rule that a schema can hold: the field is named,
// and told in both languages.
func TestEveryRuleHasASentence(t *testing.T) {
	s := house(t)
	good := map[string]any{"title": "abc", "pages": 3, "kind": "novel", "tags": []string{"a"}}
	rows := []struct {
		field string
		value any
		path  string
		key   string
		n     string // its argument
	}{
		{"title", "a", "title", "min_length", "2"}, {"title", "abcdef", "title", "max_length", "5"}, {"title", "ABC", "title", "pattern", "^[a-z]+$"},
		{"title", 5, "title", "string", ""}, {"pages", 0, "pages", "min", "1"}, {"pages", 10, "pages", "max", "9"}, {"pages", 1.5, "pages", "integer", ""},
		{"pages", "many", "pages", "integer", ""}, {"kind", "map", "kind", "one_of", "novel, poems"}, {"tags", []string{}, "tags", "min_items", "1"},
		{"tags", []string{"a", "b", "c"}, "tags", "max_items", "2"}, {"tags", []string{"a", "a"}, "tags", "unique", ""}, {"tags", "a", "tags", "array", ""},
		{"lent", "yes", "lent", "boolean", ""}, {"price", "dear", "price", "number", ""}, {"since", "yesterday", "since", "datetime", ""},
		{"day", "monday", "day", "date", ""}, {"hour", "noon", "hour", "time", ""}, {"colour", "red", "colour", "unexpected", ""}, {"pages", nil, "pages", "integer", ""},
	}
	for _, r := range rows {
		b := map[string]any{}
		for k, v := range good {
			b[k] = v
		}
		b[r.field] = r.value
		j, _ := json.Marshal(b)
		for _, lang := range []string{locale.Chinese, locale.English} {
			_, body := ask(t, s, "POST", "/books", lang, "reader", string(j))
			fieldIs(t, string(j), lang, body, r.path, "validation."+r.key, r.n)
		}
	}
	_, body := ask(t, s, "POST", "/books", locale.English, "reader", `{"title":"abc","kind":"novel","tags":["a"]}`)
	fieldIs(t, "no pages", locale.English, body, "pages", "validation.required", "pages")
	_, body = ask(t, s, "POST", "/books", locale.English, "reader", `[]`)
	fieldIs(t, "a list", locale.English, body, "body", "validation.object", "")
	_, body = ask(t, s, "GET", "/list?limit=many", locale.Chinese, "", "")
	fieldIs(t, "a limit of many", locale.Chinese, body, "limit", "validation.other", "")
}

func fieldIs(t *testing.T, what, lang string, body []byte, path, key, n string) {
	t.Helper()
	var p httpapi.Problem
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatalf("%s: %v: %s", what, err, body)
	}
	i := slices.IndexFunc(p.Fields, func(f httpapi.ProblemField) bool { return f.Path == path && f.Key == key })
	if i < 0 {
		t.Errorf("%s: no field %s with %s in %+v", what, path, key, p.Fields)
		return
	}
	f := p.Fields[i]
	if f.Message == "" || f.Message == key || strings.ContainsAny(f.Message, "{\x1f") || f.Message != locale.T(lang, key, f.Args) {
		t.Errorf("%s: %s says %q", what, key, f.Message)
	}
	if n != "" && fmt.Sprint(f.Args["n"]) != n {
		t.Errorf("%s: the argument of %s is %v, want %s", what, key, f.Args, n)
	}
}

func TestTokenOfThePage(t *testing.T) {
	s := house(t)
	for token, want := range map[string]int{"": 403, "guessed": 403, "token": 201} {
		r, _ := http.NewRequest("POST", s.URL+httpapi.Base+"/books", strings.NewReader(`{"title":"abc","pages":3,"kind":"novel","tags":["a"]}`))
		r.Header.Set("Cookie", "reader")
		r.Header.Set("X-CSRF-Token", token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("with token %q: %d, want %d", token, res.StatusCode, want)
		}
	}
}

func TestPages(t *testing.T) {
	s := house(t)
	for query, want := range map[string][]int{"": {50, 0}, "?limit=7": {7, 0}, "?cursor=" + httpapi.Cursor(db.ID(12345)): {50, 12345}} {
		_, body := ask(t, s, "GET", "/list"+query, "", "", "")
		var l httpapi.List[int]
		if err := json.Unmarshal(body, &l); err != nil || !slices.Equal(l.Items, want) {
			t.Errorf("%q gives %s, want %v", query, body, want)
		}
		if l.Next != httpapi.Cursor(77) || l.Total == nil || *l.Total != httpapi.CountCap || !l.TotalCapped {
			t.Errorf("%q gives %s", query, body)
		}
	}
	if got := httpapi.Cursor(0); got != "" {
		t.Errorf("the cursor of nothing is %q", got)
	}
}

// TestDownloads: a name in any script, and half a file is never taken for a whole one.
func TestDownloads(t *testing.T) {
	s := house(t)
	res, body := ask(t, s, "GET", "/file", "", "", "")
	if string(body) != "whole" || !strings.Contains(res.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''%E4%B9%A6%E5%8D%95") || res.Header.Get("Content-Type") != httpapi.XLSX {
		t.Errorf("%q %v", body, res.Header)
	}
	if res, _ := ask(t, s, "GET", "/nofile", "", "", ""); res.Header.Get("Content-Disposition") != "" {
		t.Errorf("an error is offered as a file: %v", res.Header)
	}
	half, err := http.Get(s.URL + httpapi.Base + "/halffile")
	if err == nil {
		defer half.Body.Close()
		_, err = io.ReadAll(half.Body)
	}
	if err == nil {
		t.Error("half a file came without an error")
	}
}

// TestFilesCanBeSought: a player asks for a part of a recording.
func TestFilesCanBeSought(t *testing.T) {
	a := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	httpapi.Register(a, httpapi.Op{ID: "play", Method: "GET", Path: "/play", Public: true, Stream: true}, func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return httpapi.File("call.wav", "audio/wav", false, time.Unix(1, 0), nopCloser{strings.NewReader("0123456789")}), nil
	})
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", httpapi.Base+"/play", nil)
	r.Header.Set("Range", "bytes=3-5")
	a.Engine.ServeHTTP(w, r)
	if w.Code != http.StatusPartialContent || w.Body.String() != "345" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "inline") {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

func TestOperationsDeclareWhoMayAskAndWhoseDataTheyTouch(t *testing.T) {
	for what, op := range map[string]httpapi.Op{
		"nobody's right": {Scope: httpapi.Reach}, "a right and Public": {Public: true, Right: "book:read"}, "nobody's data": {Right: "book:read"},
		"a scope that is none": {Right: "book:read", Scope: "some"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("an operation with %s was registered", what)
				}
			}()
			op.ID, op.Method, op.Path = "open", "GET", "/open"
			httpapi.Register(httpapi.New("test", slog.Default()), op, func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, nil })
		}()
	}
}

// TestSumsOfEverybodyNeedTheWholeReach: who sees a part of the rows is not told their sum.
func TestSumsOfEverybodyNeedTheWholeReach(t *testing.T) {
	a := httpapi.New("test", slog.New(slog.NewTextHandler(io.Discard, nil)))
	httpapi.Register(a, httpapi.Op{ID: "sum", Method: "GET", Path: "/sum", Right: "book:read", Scope: httpapi.All}, func(context.Context, *struct{}) (*httpapi.Empty, error) { return nil, nil })
	for reach, want := range map[db.Reach]int{db.Own: 403, db.Department: 403, db.All: 204} {
		a.SetGuard(func(ctx context.Context, _ *http.Request) (context.Context, httpapi.Person, error) {
			return db.WithScope(ctx, db.Scope{Tenant: 1, User: 2, Reach: reach}), reader{}, nil
		})
		w := httptest.NewRecorder()
		a.Engine.ServeHTTP(w, httptest.NewRequest("GET", httpapi.Base+"/sum", nil))
		if w.Code != want {
			t.Errorf("reach %d: %d %s, want %d", reach, w.Code, w.Body, want)
		}
	}
}

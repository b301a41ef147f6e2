package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"
)

// person is somebody at a browser: cookies, the CSRF token, a language. Not logged in
// until login.
type person struct {
	t    testing.TB
	base string
	lang string
	http *http.Client
}

// visitor is a person who has not logged in, and reads Chinese.
func visitor(t testing.TB, base string) *person {
	jar, _ := cookiejar.New(nil)
	return &person{t: t, base: base, lang: "zh-CN", http: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
}

// reading is the same person, with another language.
func (p *person) reading(lang string) *person {
	q := *p
	q.lang = lang
	return &q
}

// in is the same person in a test of their own.
func (p *person) in(t testing.TB) *person {
	q := *p
	q.t = t
	return &q
}

func login(t testing.TB, base, tenant, account, password string) *person {
	t.Helper()
	p := visitor(t, base)
	a := p.do("POST", "/auth/login", map[string]string{"tenant": tenant, "account": account, "password": password})
	if a.status != http.StatusOK {
		t.Fatalf("%s/%s cannot log in: %s", tenant, account, a)
	}
	return p
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, clip(string(a.body), 600)) }

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n] + "…"
	}
	return s
}

// problem is an error's body (RFC 9457), as httpapi writes it.
type problem struct {
	Title, Detail, Key, Ref string
	Status                  int
	Fields                  []struct{ Path, Key, Message string }
}

func (a answer) problem(t testing.TB) (p problem) {
	t.Helper()
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("the answer is %q, not a problem: %s", ct, a)
		return
	}
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Errorf("%v: %s", err, a)
	}
	return p
}

// do sends JSON (nothing where body is nil; a []byte as it is) and reads the answer.
func (p *person) do(method, path string, body any) answer {
	p.t.Helper()
	var r io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case []byte:
		r, kind = bytes.NewReader(b), "application/json"
	default:
		j, err := json.Marshal(b)
		if err != nil {
			p.t.Fatal(err)
		}
		r, kind = bytes.NewReader(j), "application/json"
	}
	return p.send(method, path, kind, r)
}

// upload sends a file the way a form does, with further fields.
func (p *person) upload(path, name string, file []byte, fields map[string]string) answer {
	p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = w.WriteField(k, v)
	}
	part, _ := w.CreateFormFile("file", name)
	_, _ = part.Write(file)
	_ = w.Close()
	return p.send("POST", path, w.FormDataContentType(), &b)
}

func (p *person) send(method, path, kind string, body io.Reader) answer {
	p.t.Helper()
	r, err := http.NewRequest(method, p.base+"/api/v1"+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token := p.csrf(); token != "" && method != "GET" {
		r.Header.Set("X-CSRF-Token", token)
	}
	return p.ask(r)
}

// ask sends a request as it is, in the person's language.
func (p *person) ask(r *http.Request) answer {
	p.t.Helper()
	r.Header.Set("Accept-Language", p.lang)
	res, err := p.http.Do(r)
	if err != nil {
		p.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	return answer{res.StatusCode, res.Header, b}
}

func (p *person) csrf() string {
	u, _ := url.Parse(p.base)
	for _, c := range p.http.Jar.Cookies(u) {
		if c.Name == "yd_csrf" {
			return c.Value
		}
	}
	return ""
}

// must sends and expects a success; what comes back goes into v (nil = not wanted).
func (p *person) must(method, path string, body, v any) {
	p.t.Helper()
	a := p.do(method, path, body)
	if a.status >= 300 {
		p.t.Fatalf("%s %s: %s", method, path, a)
	}
	a.into(p.t, v)
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if v == nil {
		return
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v: %s", err, a)
	}
}

// page reads a whole list, page by page.
func page[T any](p *person, path string) (all []T) {
	p.t.Helper()
	for cursor := ""; ; {
		var l struct {
			Items []T
			Next  string
		}
		p.must("GET", path+"limit=200&cursor="+cursor, nil, &l)
		all = append(all, l.Items...)
		if cursor = l.Next; cursor == "" {
			return all
		}
	}
}

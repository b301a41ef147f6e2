package test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"
)

// languages of the product; everything wrong is told in each.
var languages = []string{"zh-CN", "en-US"}

// goText is what a program says to programmers; nobody else shall read it.
var goText = regexp.MustCompile(`panic|goroutine|\.go:\d|runtime error|nil pointer|invalid character|cannot unmarshal|unexpected end|strconv\.|json:|zip:|xml:|sql:|SQLITE|multipart:|\bEOF\b|%!|\{\w+\}`)

// isTold checks a refusal: its status, its key, a reference that is also in the header,
// and every sentence in the person's language, with no Go in it.
func isTold(t *testing.T, what string, p *person, a answer, status int, key string) problem {
	t.Helper()
	pr := a.problem(t)
	if a.status != status || pr.Key != key || pr.Status != status {
		t.Errorf("%s (%s): %s, want %d %s", what, p.lang, a, status, key)
		return pr
	}
	if pr.Ref == "" || pr.Ref != a.header.Get("X-Request-Id") {
		t.Errorf("%s: the reference is %q, the header says %q", what, pr.Ref, a.header.Get("X-Request-Id"))
	}
	inLanguage(t, what, p.lang, pr.Detail)
	for _, f := range pr.Fields {
		if f.Path == "" || f.Key == "" {
			t.Errorf("%s: a field without its place or key: %+v", what, f)
		}
		inLanguage(t, what+" "+f.Path, p.lang, f.Message)
	}
	return pr
}

// quoted parts repeat what the person wrote, in whatever language that was.
var quoted = regexp.MustCompile(`“[^”]*”|「[^」]*」|: \S+$|：\S+$`)

func inLanguage(t *testing.T, what, lang, text string) {
	t.Helper()
	if text == "" || goText.MatchString(text) {
		t.Errorf("%s (%s): %q is no sentence for a person", what, lang, text)
	}
	han := strings.ContainsFunc(quoted.ReplaceAllString(text, ""), func(r rune) bool { return unicode.Is(unicode.Han, r) })
	if han != (lang == "zh-CN") {
		t.Errorf("%s: %q is not in %s", what, text, lang)
	}
}

func TestFilesThatAreNoLeadLists(t *testing.T) {
	h := sharedHouse(t)
	wide := make([]any, 5000)
	for i := range wide {
		wide[i] = fmt.Sprintf("列%d", i+1)
	}
	wide[0] = "电话"
	whole := sheet(t, []any{"姓名", "电话"}, []any{"王先生", "13800000001"})
	ole := append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 4096)...)
	files := []struct {
		what, name string
		file       []byte
		key        string
	}{
		{"an old .xls", "leads.xls", ole, "import.not_xlsx"},
		{"an old .xls with a new name", "leads.xlsx", ole, "import.not_xlsx"},
		{"a text file", "leads.txt", []byte("姓名,电话\n王先生,13800000001\n"), "import.not_xlsx"},
		{"an empty file", "leads.xlsx", nil, "import.empty"},
		{"half a workbook", "leads.xlsx", whole[:len(whole)/2], "import.broken"},
		{"a zip that is no workbook", "leads.xlsx", zipOf(t, "readme.txt", []byte("hello")), "import.not_xlsx"},
		{"an empty sheet", "leads.xlsx", sheet(t), "import.empty"},
		{"only a header", "leads.xlsx", sheet(t, []any{"姓名", "电话"}), "import.no_rows"},
		{"5,000 columns", "leads.xlsx", sheet(t, wide, []any{"13800000001"}), "import.too_many_columns"},
	}
	for _, f := range files {
		for _, lang := range languages {
			p := h.admin.reading(lang)
			isTold(t, f.what, p, p.upload("/imports", f.name, f.file, nil), http.StatusUnprocessableEntity, f.key)
		}
	}
}

// TestZipBombs: 50 MB that would unpack to 50 GB, with honest sizes in its directory and
// with sizes that lie, as a sheet and as the table of strings.
func TestZipBombs(t *testing.T) {
	h := sharedHouse(t)
	p := h.admin.reading("en-US")
	for _, entry := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
		for _, lies := range []bool{false, true} {
			began := time.Now()
			a := p.upload("/imports", "leads.xlsx", bomb(t, entry, lies), nil)
			if pr := a.problem(t); a.status != http.StatusUnprocessableEntity || pr.Key != "import.bomb" && pr.Key != "import.broken" {
				t.Errorf("a bomb in %s (lying sizes: %t): %s", entry, lies, a)
			}
			inLanguage(t, "a bomb", p.lang, a.problem(t).Detail)
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("a bomb in %s kept the server busy for %s", entry, took)
			}
		}
	}
	if mb := peakMB(t, h.server.cmd.Process.Pid); mb > 800 {
		t.Errorf("the server once held %d MB", mb)
	} else {
		t.Logf("the server never held more than %d MB", mb)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "yingda-upload-*")); len(left) > 0 {
		t.Errorf("uploads were left behind: %v", left)
	}
}

// TestRowsThatAreNoLeads: a sheet whose rows are wrong in every way is judged row by row,
// and the rejects file says why in the person's language.
func TestRowsThatAreNoLeads(t *testing.T) {
	h := sharedHouse(t)
	for i, lang := range languages {
		p := h.admin.reading(lang)
		good := fmt.Sprintf("1390000%04d", 7700+i)
		file := sheet(t, []any{"姓名", "电话"}, []any{"好", good}, []any{"字母", "abcdefg"}, []any{"两次", good}, []any{"空", ""}, []any{"短", "138"}, []any{"长", "138000000012345678"})
		var im struct {
			ID, State, Failure string
			Accepted           int
			Rejects            string `json:"rejects_url"`
			Rejected           struct{ Invalid, Duplicate int }
		}
		p.upload("/imports", "rows.xlsx", file, nil).into(t, &im)
		isTold(t, "no phone column named", p, p.do("POST", "/imports/"+im.ID+"/mapping", map[string]any{"phone": ""}), http.StatusUnprocessableEntity, "import.bad_mapping")
		isTold(t, "a column that is not there", p, p.do("POST", "/imports/"+im.ID+"/mapping", map[string]any{"phone": "ZZ"}), http.StatusUnprocessableEntity, "import.bad_mapping")
		p.must("POST", "/imports/"+im.ID+"/mapping", map[string]any{"phone": "B", "name": "A"}, nil)
		waitFor(t, 20*time.Second, "the import", func() bool {
			p.must("GET", "/imports/"+im.ID, nil, &im)
			return im.State != "checking"
		})
		if im.State != "ready" || im.Accepted != 1 || im.Rejected.Invalid != 4 || im.Rejected.Duplicate != 1 {
			t.Errorf("the import came to %+v", im)
		}
		a := p.do("GET", strings.TrimPrefix(im.Rejects, "/api/v1"), nil)
		for n, why := range reasons(t, a.body) {
			inLanguage(t, fmt.Sprintf("reject %d", n), lang, why)
		}
	}
}

// reasons of a rejects file: its last columns hold them; we take every cell of the column
// whose head says so in either language.
func reasons(t *testing.T, file []byte) (all []string) {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("the rejects file: %v", err)
	}
	defer x.Close()
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil || len(rows) < 2 {
		t.Fatalf("the rejects file has %d rows: %v", len(rows), err)
	}
	at := -1
	for i, head := range rows[0] {
		if head == "原因" || head == "Reason" {
			at = i
		}
	}
	for _, r := range rows[1:] {
		if at < 0 || at >= len(r) {
			t.Fatalf("no reason in %v under %v", r, rows[0])
		}
		all = append(all, r[at])
	}
	if len(all) != 5 {
		t.Errorf("%d rejected rows in the file, want 5: %q", len(all), all)
	}
	return all
}

// TestSheetWithoutPhones: the look itself says that no column holds phone numbers.
func TestSheetWithoutPhones(t *testing.T) {
	h := sharedHouse(t)
	for _, lang := range languages {
		p := h.admin.reading(lang)
		a := p.upload("/imports", "names.xlsx", sheet(t, []any{"姓名", "城市"}, []any{"王先生", "杭州"}), nil)
		var im struct {
			Sheet struct {
				Warnings []struct{ Path, Key, Message string }
			}
		}
		a.into(t, &im)
		if len(im.Sheet.Warnings) != 1 || im.Sheet.Warnings[0].Key != "import.no_phone_column" {
			t.Errorf("a sheet without phones is answered by %s", a)
		}
	}
}

// TestScriptsThatLeadNowhere: as JSON the place is a pointer, in the Excel template a cell.
func TestScriptsThatLeadNowhere(t *testing.T) {
	h := sharedHouse(t)
	file := h.admin.do("GET", "/scripts/template?format=json", nil).body
	var s map[string]any
	if err := json.Unmarshal(file, &s); err != nil {
		t.Fatal(err)
	}
	branch := s["nodes"].([]any)[0].(map[string]any)["branches"].([]any)[0].(map[string]any)
	branch["to"] = "nirvana"
	broken, _ := json.Marshal(s)
	book, cell := leadNowhere(t, h.admin.do("GET", "/scripts/template?format=xlsx", nil).body)
	for _, lang := range languages {
		p := h.admin.reading(lang)
		before := len(page[named](p, "/scripts?"))
		for _, c := range []struct {
			name, place string
			file        []byte
		}{{"script.json", "/nodes/0/branches/0/to", broken}, {"script.xlsx", cell, book}} {
			pr := isTold(t, c.name, p, p.upload("/scripts/upload", c.name, c.file, map[string]string{"id": ""}), http.StatusUnprocessableEntity, "script.has_errors")
			found := false
			for _, f := range pr.Fields {
				found = found || f.Path == c.place && strings.Contains(f.Message, "nirvana")
			}
			if !found {
				t.Errorf("%s: no field names %s and nirvana: %+v", c.name, c.place, pr.Fields)
			}
		}
		for what, file := range map[string]string{"no JSON": "{\n  \"format\": 1,\n  \"name\": }", "a field nobody knows": `{"format":1,"nodez":[]}`,
			"a wrong type": `{"format":1,"nodes":"x"}`, "a text": "你好，请问是王先生吗？", "half a script": string(file[:len(file)/2]), "something behind it": string(file) + "{}"} {
			isTold(t, what, p, p.upload("/scripts/upload", "script.json", []byte(file), map[string]string{"id": ""}), http.StatusUnprocessableEntity, "script.unreadable")
		}
		isTold(t, "an empty file", p, p.upload("/scripts/upload", "script.json", nil, map[string]string{"id": ""}), http.StatusUnprocessableEntity, "script.unreadable")
		isTold(t, "the format of tomorrow", p, p.upload("/scripts/upload", "script.json", []byte(`{"format":99}`), map[string]string{"id": ""}), http.StatusUnprocessableEntity, "script.format")
		isTold(t, "no script at all", p, p.upload("/scripts/upload", "script.xlsx", zipOf(t, "readme.txt", []byte("hello")), map[string]string{"id": ""}), http.StatusUnprocessableEntity, "script.has_errors")
		a := p.upload("/scripts/upload", "script.json", bytes.Repeat([]byte(" "), 40<<20), map[string]string{"id": ""})
		isTold(t, "a script of 40 MB", p, a, http.StatusRequestEntityTooLarge, "too_large")
		if after := len(page[named](p, "/scripts?")); after != before {
			t.Errorf("broken uploads left %d scripts behind", after-before)
		}
	}
}

// leadNowhere writes an unknown target into the template's first branch and says in which
// cell.
func leadNowhere(t *testing.T, template []byte) (file []byte, cell string) {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows("分支")
	if err != nil || len(rows) < 2 {
		t.Fatalf("the template's branches: %v %v", rows, err)
	}
	for i, head := range rows[0] {
		if strings.Contains(head, "去") || strings.Contains(head, "转到") || strings.Contains(head, "下一") {
			at, _ := excelize.CoordinatesToCellName(i+1, 2)
			if err := x.SetCellStr("分支", at, "nirvana"); err != nil {
				t.Fatal(err)
			}
			b, err := x.WriteToBuffer()
			if err != nil {
				t.Fatal(err)
			}
			return b.Bytes(), "分支!" + at
		}
	}
	t.Fatalf("no column of targets in %v", rows[0])
	return nil, ""
}

// TestWrongRequests: rows of who asks what wrongly, and what they are told.
func TestWrongRequests(t *testing.T) {
	h := sharedHouse(t)
	big := []byte(`{"name":"` + strings.Repeat("x", 2<<20) + `"}`)
	const wrong = http.StatusUnprocessableEntity
	rows := []struct {
		what, method, path string
		body               any
		status             int
		key                string
		fields             []string
	}{
		{"half a JSON", "POST", "/campaigns", []byte(`{"name": "x`), 400, "unreadable", nil},
		{"no JSON", "POST", "/campaigns", []byte(`name=x`), 400, "unreadable", nil},
		{"a list instead of an object", "POST", "/campaigns", []byte(`[]`), wrong, "invalid", nil},
		{"no body", "POST", "/campaigns", nil, 400, "unreadable", nil},
		{"wrong types", "POST", "/campaigns", map[string]any{"name": 5, "seat_ids": "all", "start": "someday", "script_id": "1", "import_id": "1", "template_id": "1"}, wrong, "invalid", []string{"name", "seat_ids", "start"}},
		{"nothing that is needed", "POST", "/campaigns", map[string]any{}, wrong, "invalid", []string{"name", "script_id", "import_id", "seat_ids", "template_id", "start"}},
		{"a field nobody knows", "POST", "/dnc", map[string]any{"number": "13800138000", "colour": "red"}, wrong, "invalid", []string{"colour"}},
		{"a name that is too long", "PATCH", "/campaigns/1", map[string]any{"name": strings.Repeat("长", 61)}, wrong, "invalid", []string{"name"}},
		{"things that are not there", "POST", "/campaigns", map[string]any{"name": "x", "script_id": "1", "import_id": "1", "seat_ids": []string{"1"}, "template_id": "1", "start": "now"}, wrong, "invalid", []string{"script_id", "import_id", "template_id"}},
		{"ids that are none", "POST", "/campaigns", map[string]any{"name": "x", "script_id": "abc", "import_id": "../..", "seat_ids": []string{"-1"}, "template_id": "1e9", "start": "now"}, wrong, "unreadable", nil},
		{"two megabytes", "POST", "/campaigns", big, 413, "too_large", nil},
		{"an id that is none", "GET", "/campaigns/abc", nil, 404, "campaign.not_found", nil},
		{"a negative id", "GET", "/calls/-1", nil, 404, "call.not_found", nil},
		{"an id beyond all numbers", "GET", "/customers/99999999999999999999", nil, 404, "crm.customer_not_found", nil},
		{"a broken cursor", "GET", "/calls?cursor=%21%21", nil, wrong, "cursor.broken", nil},
		{"a page of 9,999", "GET", "/calls?limit=9999", nil, wrong, "invalid", []string{"limit"}},
		{"a page of many", "GET", "/calls?limit=many", nil, wrong, "invalid", []string{"limit"}},
		{"a day that is none", "GET", "/calls?from=yesterday", nil, wrong, "invalid", []string{"from"}},
		{"a choice that is none", "GET", "/calls?assigned=perhaps", nil, wrong, "invalid", []string{"assigned"}},
		{"no phone number", "POST", "/dnc", map[string]any{"number": "not a phone"}, wrong, "invalid", []string{"number"}},
		{"hours that end before they begin", "POST", "/time-templates", map[string]any{"name": "x", "zone": "Mars/Olympus", "weekdays": []int{9}, "ranges": []any{map[string]string{"from": "25:00", "to": "09:00"}}, "exceptions": []any{}}, wrong, "invalid", nil},
		{"a password that is too short", "POST", "/me/password", map[string]any{"old": "demo-admin-2026", "new": "x"}, wrong, "invalid", []string{"new"}},
		{"the old password wrong", "POST", "/me/password", map[string]any{"old": "wrong", "new": "long enough 1"}, wrong, "auth.old_wrong", []string{"old"}},
		{"a way that does not exist", "GET", "/nowhere", nil, 404, "not_found", nil},
		{"a method that does not exist", "DELETE", "/campaigns", nil, 405, "method_not_allowed", nil},
	}
	for _, r := range rows {
		for _, lang := range languages {
			p := h.admin.reading(lang)
			pr := isTold(t, r.what, p, p.do(r.method, r.path, r.body), r.status, r.key)
			for _, want := range r.fields {
				found := false
				for _, f := range pr.Fields {
					found = found || f.Path == want
				}
				if !found {
					t.Errorf("%s: no field %q in %+v", r.what, want, pr.Fields)
				}
			}
		}
	}
	for _, lang := range languages {
		p := h.admin.reading(lang)
		isTold(t, "a form instead of JSON", p, p.send("POST", "/campaigns", "text/csv", strings.NewReader("a,b")), http.StatusUnsupportedMediaType, "media_type")
		isTold(t, "JSON instead of a file", p, p.do("POST", "/imports", map[string]any{"file": "x"}), http.StatusUnsupportedMediaType, "media_type")
		isTold(t, "a form without its file", p, p.send("POST", "/imports", "multipart/form-data; boundary=x", strings.NewReader("--x--\r\n")), wrong, "invalid")
		isTold(t, "a form without an end", p, p.send("POST", "/imports", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"")), wrong, "invalid")
	}
}

// TestUploadBeyondTheBound: more than an upload may hold is cut off, not read to its end.
func TestUploadBeyondTheBound(t *testing.T) {
	h := sharedHouse(t)
	p := h.admin.reading("en-US")
	body := io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"leads.xlsx\"\r\n\r\n"), io.LimitReader(zeros{}, 103<<20), strings.NewReader("\r\n--x--\r\n"))
	a := p.send("POST", "/imports", "multipart/form-data; boundary=x", body)
	isTold(t, "103 MB", p, a, http.StatusRequestEntityTooLarge, "too_large")
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestElevenWrongPasswords: ten are refused all alike, whether the account is there or not;
// then the account is locked for a while, for the right password, too.
func TestElevenWrongPasswords(t *testing.T) {
	h := sharedHouse(t)
	for i, lang := range languages {
		p := visitor(t, h.server.base).reading(lang)
		account := []string{"rep", "nobody"}[i]
		try := func(password string) answer {
			return p.do("POST", "/auth/login", map[string]string{"tenant": "acme", "account": account, "password": password})
		}
		for range 10 {
			isTold(t, "a wrong password", p, try("wrong"), http.StatusUnauthorized, "auth.wrong")
		}
		for _, password := range []string{"wrong", "not-used-by-anybody"} {
			a := try(password)
			isTold(t, "after ten wrong passwords", p, a, http.StatusTooManyRequests, "auth.locked")
			if s, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || s < 60 || s > 900 {
				t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
			}
		}
	}
}

// TestForgedRequests: a page of somebody else's can send our cookies, but not our token.
func TestForgedRequests(t *testing.T) {
	h := sharedHouse(t)
	for _, lang := range languages {
		p := h.admin.reading(lang)
		for _, token := range []string{"", "guessed"} {
			r, _ := http.NewRequest("POST", h.server.base+"/api/v1/auth/logout", nil)
			if token != "" {
				r.Header.Set("X-CSRF-Token", token)
			}
			isTold(t, "a request without the page's token", p, p.ask(r), http.StatusForbidden, "auth.csrf")
		}
	}
	h.admin.must("GET", "/me", nil, nil)
}

func zipOf(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = z.Close()
	return b.Bytes()
}

// bomb is a workbook of some 50 MB one of whose parts unpacks to some 50 GB of blanks.
func bomb(t *testing.T, entry string, lies bool) []byte {
	t.Helper()
	whole, err := zip.NewReader(bytes.NewReader(sheet(t, []any{"姓名", "电话"}, []any{"王先生", "13800000001"})), int64(len(sheet(t, []any{"姓名", "电话"}, []any{"王先生", "13800000001"}))))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range whole.File {
		if f.Name != entry {
			if err := z.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	packed, unpacked := blanks(t, entry)
	head := &zip.FileHeader{Name: entry, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(nil), CompressedSize64: uint64(len(packed)), UncompressedSize64: unpacked}
	if lies {
		head.UncompressedSize64 = 2000
	}
	w, err := z.CreateRaw(head)
	if err == nil {
		_, err = w.Write(packed)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// blanks is XML that begins well and goes on with 50 GB of blanks: one deflated piece of
// them, repeated, since deflate's pieces may be strung together (RFC 1951).
func blanks(t *testing.T, entry string) (packed []byte, unpacked uint64) {
	t.Helper()
	head := `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	if strings.Contains(entry, "sharedStrings") {
		head = `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	}
	const piece, times = 64 << 20, 800
	deflate := func(text []byte) []byte {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestCompression)
		_, _ = w.Write(text)
		_ = w.Flush()
		return b.Bytes()
	}
	packed = deflate([]byte(head))
	packed = append(packed, bytes.Repeat(deflate(bytes.Repeat([]byte(" "), piece)), times)...)
	packed = append(packed, 0x03, 0x00) // the last piece, empty
	return packed, uint64(len(head)) + piece*times
}

// peakMB is the most memory that a process ever held.
func peakMB(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no /proc here: the server's memory is not measured")
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(b)
	kb, _ := strconv.Atoi(string(m[1]))
	return kb / 1024
}

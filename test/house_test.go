package test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors is the house, ground floor first. A room imports rooms on lower floors only;
// rooms on one floor do not know each other. A name covers its sub-packages, and the
// longest name wins: scriptflow/library, which keeps scripts for tenants, stands a floor
// above the pure scriptflow.
var floors = [][]string{
	{"migrations", "web"},
	{"platform", "models"},
	{"tenant"},
	{"scriptflow", "speech", "telephony", "call"},
	{"robot", "crm", "notify", "callee", "scriptflow/library"},
	{"campaign", "callcenter"},
	{"cmd", "test"},
}

// only says which files may know a framework (path.Match patterns, or a folder ending
// in a slash), so that one knows where to look when it is to be replaced.
var only = map[string][]string{
	"gorm.io":                          {"platform/db/", "platform/lease/row.go", "*/store*.go", "*/rollup.go"},
	"github.com/hibiken/asynq":         {"platform/queue/"},
	"github.com/danielgtaylor/huma/v2": {"platform/httpapi/", "*/api*.go", "scriptflow/library/api*.go"},
	"github.com/gin-gonic/gin":         {"platform/httpapi/", "cmd/yingda/"},
	"github.com/emiago/sipgo":          {"telephony/sip/"},
	"github.com/silenceper/wechat/v2":  {"notify/wechat/"},
}

// pure rooms decide; they reach neither clock-keepers nor the world. What they may
// import of the house is listed, sub-packages included.
var pure = map[string][]string{
	"scriptflow": {"platform/errs", "platform/locale", "scriptflow/words"},
}

// place of a room: its name and floor; floor 0 where it stands on none.
func place(dir string) (room string, floor int) {
	for i, rooms := range floors {
		for _, r := range rooms {
			if (dir == r || strings.HasPrefix(dir, r+"/")) && len(r) > len(room) {
				room, floor = r, i+1
			}
		}
	}
	return room, floor
}

// source is one Go file of the house.
type source struct {
	file    string // relative to the root, with slashes
	imports []string
	doc     string
}

func (s source) dir() string  { return path.Dir(s.file) }
func (s source) isTest() bool { return strings.HasSuffix(s.file, "_test.go") }

// sources reads every Go file, whatever its build constraints say.
func sources(t *testing.T) (all []source) {
	t.Helper()
	walk(t, func(file string) {
		if path.Ext(file) != ".go" {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			return
		}
		all = append(all, source{file, importsOf(f), f.Doc.Text()})
	})
	if len(all) < 100 {
		t.Fatalf("only %d Go files found: this test looks in the wrong place", len(all))
	}
	return all
}

func importsOf(f *ast.File) (paths []string) {
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

const root = ".."

// built are folders that hold no source.
var built = []string{".git", "bin", "var", "node_modules", "web/dist", "web/shots", "web/e2e/out"}

// walk calls do for every file of the tree, with its path relative to the root.
func walk(t *testing.T, do func(file string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if e.IsDir() && (slices.Contains(built, rel) || slices.Contains(built, e.Name())) {
			return filepath.SkipDir
		}
		if e.Type().IsRegular() {
			do(rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoImportRunsUpstairs(t *testing.T) {
	for _, s := range sources(t) {
		room, floor := place(s.dir())
		if floor == 0 {
			t.Errorf("%s stands on no floor: add its room to floors", s.file)
			continue
		}
		for _, i := range s.imports {
			dir, ours := strings.CutPrefix(i, "yingda/")
			if !ours {
				continue
			}
			switch other, below := place(dir); {
			case other == room || below < floor:
			case below == floor:
				t.Errorf("%s (floor %d) imports %s, a room of its own floor: what it needs goes through cmd as a small func or interface", s.file, floor, dir)
			default:
				t.Errorf("%s (floor %d) imports %s, which is upstairs (floor %d)", s.file, floor, dir, below)
			}
		}
	}
}

func TestPureRoomsStayPure(t *testing.T) {
	for _, s := range sources(t) {
		may, isPure := pure[s.dir()]
		if !isPure || s.isTest() {
			continue
		}
		for _, i := range s.imports {
			if dir, ours := strings.CutPrefix(i, "yingda/"); ours && !slices.Contains(may, dir) || i == "net/http" || i == "database/sql" || i == "os" {
				t.Errorf("%s imports %s, but %s is pure", s.file, i, s.dir())
			}
		}
	}
}

func TestFrameworksStayBehindTheirFaces(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		for _, i := range s.imports {
			for module, files := range only {
				if (i == module || strings.HasPrefix(i, module+"/")) && !slices.ContainsFunc(files, s.matches) {
					t.Errorf("%s imports %s, which only %v may", s.file, i, files)
				}
			}
		}
	}
}

func (s source) matches(pattern string) bool {
	if strings.HasSuffix(pattern, "/") {
		return strings.HasPrefix(s.file, pattern)
	}
	ok, _ := path.Match(pattern, s.file)
	return ok
}

func TestEveryPackageTellsItsStory(t *testing.T) {
	told := map[string]bool{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		story := strings.HasPrefix(s.doc, "Package ") || strings.HasPrefix(s.doc, "Command ")
		told[s.dir()] = told[s.dir()] || story
		if path.Base(s.file) == "doc.go" && !story {
			t.Errorf("%s does not begin with `// Package …`", s.file)
		}
	}
	for dir, ok := range told {
		if !ok {
			t.Errorf("%s has no package comment: what owns what, what dies with what, an example", dir)
		}
	}
}

// The console's language files have plurals and a test of their own (web/src/locale).
func TestBothLanguagesSayTheSame(t *testing.T) {
	n := 0
	walk(t, func(file string) {
		if !strings.HasSuffix(file, "/locale/zh-CN.json") {
			return
		}
		n++
		zh, en := texts(t, file), texts(t, strings.Replace(file, "zh-CN", "en-US", 1))
		for k, v := range zh {
			if other, has := en[k]; !has {
				t.Errorf("%s: %q has no English", file, k)
			} else if v == "" || other == "" {
				t.Errorf("%s: %q is empty", file, k)
			}
		}
		for k := range en {
			if _, has := zh[k]; !has {
				t.Errorf("%s: %q has no Chinese", file, k)
			}
		}
	})
	if n < 8 {
		t.Fatalf("only %d language files found", n)
	}
}

// texts reads a room's language file: flat, key → text.
func texts(t *testing.T, file string) (m map[string]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, file))
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		t.Errorf("%s: %v", file, err)
	}
	return m
}

// private finds what must not be published: paths of somebody's machine, and keys.
var private = map[string]*regexp.Regexp{
	"a path of somebody's machine": regexp.MustCompile("(?:^|[\\s\"'`=(:])/(?:work|root|home/[a-z0-9]+|Users/\\w+)/\\w"),
	"a private key":                regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----`),
	"a cloud vendor's key":         regexp.MustCompile(`\b(?:AKIA[0-9A-Z]{16}|LTAI[0-9A-Za-z]{16,}|AKID[0-9A-Za-z]{30,})\b`),
}

func TestNothingPrivateIsPublished(t *testing.T) {
	walk(t, func(file string) {
		info, err := os.Stat(filepath.Join(root, file))
		if err != nil || info.Size() > 1<<20 { // models; nobody writes a megabyte of text by hand
			return
		}
		b, err := os.ReadFile(filepath.Join(root, file))
		if err != nil || slices.Contains(b[:min(len(b), 8000)], 0) {
			return
		}
		for n, line := range strings.Split(string(b), "\n") {
			for what, re := range private {
				if re.MatchString(line) {
					t.Errorf("%s:%d holds %s: %s", file, n+1, what, re.FindString(line))
				}
			}
		}
	})
}

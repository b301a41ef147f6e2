package notify

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"yingda/notify/delivery"
	"yingda/platform/locale"
)

// TestFailuresAreToldInBothLanguages: what is shown of a failure is the vendor's words or a
// sentence of ours, never a key and never another language's.
func TestFailuresAreToldInBothLanguages(t *testing.T) {
	for _, r := range []struct {
		err             error
		chinese, abroad string
	}{
		{nil, "", ""},
		{delivery.Fail(delivery.Refused, "bad_number", "空号"), "bad_number 空号", "bad_number 空号"},
		{delivery.Fail(delivery.Later, "", "notify.send.no_connection"), "连接不上服务商", "The vendor cannot be reached"},
		{delivery.Fail(delivery.Lost, "502", "notify.send.status"), "服务商返回 502", "The vendor answered 502"},
		{delivery.Fail(delivery.Refused, "", "notify.no_account"), "还没有配置公众号", "No official account is configured"},
		{errors.New("EOF"), "服务商没有回答", "The vendor did not answer"},
	} {
		kept := errorText(r.err)
		for lang, want := range map[string]string{locale.Chinese: r.chinese, locale.English: r.abroad} {
			if got := sayError(locale.With(context.Background(), lang), kept); got != want {
				t.Errorf("%v in %s: %q, want %q", r.err, lang, got, want)
			}
		}
	}
}

// TestOurWordsAboutFailuresAreKeys walks every delivery.Fail of the room.
func TestOurWordsAboutFailuresAreKeys(t *testing.T) {
	found := 0
	for _, dir := range []string{".", "sms", "wechat"} {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if key := wordsOfFail(n); key != "" {
					found++
					for _, lang := range []string{locale.Chinese, locale.English} {
						if !ours(key) || locale.T(lang, key, nil) == key {
							t.Errorf("%s: %q is no message key in %s", name, key, lang)
						}
					}
				}
				return true
			})
		}
	}
	if found < 8 {
		t.Fatalf("only %d failures found: the test proves nothing", found)
	}
}

// wordsOfFail is the text written into a call of delivery.Fail, "" where it is none.
func wordsOfFail(n ast.Node) string {
	c, ok := n.(*ast.CallExpr)
	if !ok || len(c.Args) != 3 {
		return ""
	}
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Fail" {
		return ""
	}
	lit, ok := c.Args[2].(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

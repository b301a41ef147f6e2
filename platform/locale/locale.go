// Package locale turns message keys into sentences of the person's language.
//
// Every room embeds its catalogues (locale/zh-CN.json, locale/en-US.json: flat key →
// text) and hands them to Add when the program starts. A text names its arguments
// in braces: "{n} 个号码格式不对". {from:campaign.state} translates the argument itself
// as the key campaign.state.<value>. zh-CN is the default and the fallback.
package locale

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
	"sync"
)

// The languages of the product; the first is the default.
const (
	Chinese = "zh-CN"
	English = "en-US"
)

var catalog = struct {
	sync.RWMutex
	texts map[string]map[string]string
}{texts: map[string]map[string]string{Chinese: {}, English: {}}}

// Add takes a room's catalogues; it panics on a broken file, because that is a
// build mistake.
func Add(files fs.FS) {
	catalog.Lock()
	defer catalog.Unlock()
	for lang, texts := range catalog.texts {
		b, err := fs.ReadFile(files, path.Join("locale", lang+".json"))
		if err != nil {
			panic(fmt.Sprintf("locale %s: %v", lang, err))
		}
		m := map[string]string{}
		if err := json.Unmarshal(b, &m); err != nil {
			panic(fmt.Sprintf("locale %s: %v", lang, err))
		}
		for k, v := range m {
			texts[k] = v
		}
	}
}

// Keys lists every key known in a language, sorted.
func Keys(lang string) []string {
	catalog.RLock()
	defer catalog.RUnlock()
	keys := make([]string, 0, len(catalog.texts[lang]))
	for k := range catalog.texts[lang] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

var hole = regexp.MustCompile(`\{(\w+)(?::([\w.]+))?\}`)

// T is the sentence for key in lang; the key itself where nobody wrote one.
func T(lang, key string, args map[string]any) string {
	text, ok := find(lang, key)
	if !ok {
		return key
	}
	if !strings.Contains(text, "{") {
		return text
	}
	return hole.ReplaceAllStringFunc(text, func(h string) string {
		m := hole.FindStringSubmatch(h)
		v, given := args[m[1]]
		if !given {
			return h
		}
		if m[2] != "" {
			if word, ok := find(lang, m[2]+"."+fmt.Sprint(v)); ok {
				return word
			}
		}
		return fmt.Sprint(v)
	})
}

func find(lang, key string) (string, bool) {
	catalog.RLock()
	defer catalog.RUnlock()
	if t, ok := catalog.texts[lang][key]; ok {
		return t, true
	}
	t, ok := catalog.texts[Chinese][key]
	return t, ok
}

// Pick chooses the language for an Accept-Language header or a saved setting.
func Pick(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		switch {
		case strings.HasPrefix(tag, "zh"):
			return Chinese
		case strings.HasPrefix(tag, "en"):
			return English
		}
	}
	return Chinese
}

type key struct{}

// With puts the person's language into ctx.
func With(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, key{}, lang)
}

// Of is the language in ctx, Chinese where none was set.
func Of(ctx context.Context) string {
	if l, ok := ctx.Value(key{}).(string); ok && l != "" {
		return l
	}
	return Chinese
}

// Say is T in the language of ctx.
func Say(ctx context.Context, key string, args map[string]any) string { return T(Of(ctx), key, args) }

package config

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// yaml reads the file; a key that is no setting is a problem, since a misspelt
// setting that silently does nothing is worse than a refusal.
func (l *loader) yaml(name string, b []byte) {
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil {
		l.problem(name, "is not YAML: %v", err)
		return
	}
	if len(doc.Content) == 0 {
		return
	}
	known := map[string]setting{}
	for _, s := range l.settings {
		known[s.key] = s
	}
	l.section(name, "", doc.Content[0], known)
}

func (l *loader) section(file, prefix string, n *yaml.Node, known map[string]setting) {
	if n.Kind != yaml.MappingNode {
		l.problem(place(file, n, prefix), "must be a list of name: value")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		key := prefix + k.Value
		s, is := known[key]
		switch {
		case seen[key]:
			l.problem(place(file, k, key), "is given twice")
		case is:
			l.entry(s, v, place(file, k, key))
		case isSection(known, key):
			l.section(file, key+".", v, known)
		default:
			l.problem(place(file, k, key), "is not a setting%s", near(known, key))
		}
		seen[key] = true
	}
}

func (l *loader) entry(s setting, v *yaml.Node, where string) {
	switch v.Kind {
	case yaml.ScalarNode:
		if v.Tag != "!!null" {
			l.set(s, v.Value, where)
		}
	case yaml.SequenceNode:
		items := make([]string, len(v.Content))
		for i, item := range v.Content {
			items[i] = item.Value
		}
		l.set(s, strings.Join(items, ","), where)
	default:
		l.problem(where, "must be a value")
	}
}

func place(file string, n *yaml.Node, key string) string {
	return fmt.Sprintf("%s:%d %s", file, n.Line, strings.TrimSuffix(key, "."))
}

func isSection(known map[string]setting, key string) bool {
	for k := range known {
		if strings.HasPrefix(k, key+".") {
			return true
		}
	}
	return false
}

// near suggests the setting that ends in the same word, or differs by case or dashes only.
func near(known map[string]setting, key string) string {
	plain := func(s string) string { return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(s)) }
	last := key[strings.LastIndexByte(key, '.')+1:]
	best := ""
	for k := range known {
		same := plain(k) == plain(key)
		if same || strings.HasSuffix(k, "."+last) && (best == "" || k < best) {
			best = k
		}
		if same {
			break
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

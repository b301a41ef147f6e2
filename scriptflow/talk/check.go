package talk

import (
	"io/fs"
	"path"
	"strings"
)

// Differ says in a sentence how the result departs from the file; "" where it does not.
func (t *Talk) Differ(r Result) string {
	if len(r.Unsaid) > 0 {
		return "the call was over before " + r.Unsaid[0].String()
	}
	if t.Grade != "" && t.Grade != r.Verdict.Grade || t.Rule != 0 && t.Rule != r.Verdict.Rule {
		return "graded " + string(r.Verdict.Grade) + " by " + r.Verdict.Key
	}
	want, got := strings.Split(string(t.Format()), "\n"), strings.Split(string(r.Talk.Format()), "\n")
	for i := range max(len(want), len(got)) {
		w, g := at(want, i), at(got, i)
		if w != g {
			return "has " + quote(g) + " where the file has " + quote(w)
		}
	}
	return ""
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func quote(s string) string { return "“" + s + "”" }

// Load reads every talk of dir in fsys.
func Load(fsys fs.FS, dir string) ([]*Talk, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.talk"))
	if err != nil {
		return nil, err
	}
	talks := make([]*Talk, 0, len(names))
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		t, err := Parse(name, data)
		if err != nil {
			return nil, err
		}
		talks = append(talks, t)
	}
	return talks, nil
}

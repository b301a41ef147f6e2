// Package talktest runs .talk files as Go tests. It stands apart from talk, so that a program
// which replays talks does not inherit test flags.
package talktest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yingda/scriptflow"
	"yingda/scriptflow/talk"
)

var update = flag.Bool("update", false, "rewrite the robot's lines of .talk files")

// Run runs every talk of dir, a directory on disk, as a subtest; flow> names a JSON script
// in scripts. With -update the robot's lines are written back.
func Run(t *testing.T, dir, scripts string) {
	talks, err := talk.Load(os.DirFS(dir), ".")
	if err != nil || len(talks) == 0 {
		t.Fatalf("%d talks in %s: %v", len(talks), dir, err)
	}
	flows := map[string]*scriptflow.Flow{}
	for _, k := range talks {
		if flows[k.Flow] == nil {
			flows[k.Flow] = flow(t, filepath.Join(scripts, k.Flow))
		}
		t.Run(strings.TrimSuffix(k.Name, ".talk"), func(t *testing.T) { one(t, dir, k, flows[k.Flow]) })
	}
}

func flow(t *testing.T, file string) *scriptflow.Flow {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scriptflow.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	f, problems := scriptflow.Compile(s)
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

func one(t *testing.T, dir string, k *talk.Talk, f *scriptflow.Flow) {
	r := k.Run(f)
	if *update {
		if err := os.WriteFile(filepath.Join(dir, k.Name), r.Talk.Format(), 0o644); err != nil {
			t.Fatal(err)
		}
		k = r.Talk
	}
	if d := k.Differ(r); d != "" {
		t.Errorf("%s\n%s", d, r.Talk.Format())
	}
}

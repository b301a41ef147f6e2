package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Load reads defaults, then the YAML file, then the environment, then the flags in
// args, each over the one before. The file is --config, else YINGDA_CONFIG, else
// yingda.yaml where there is one. The error is Problems: all of them, not the first only.
func Load(args []string, env func(string) string, readFile func(string) ([]byte, error)) (Config, error) {
	c := Default()
	l := loader{settings: settingsOf(&c), from: c.from, read: readFile}
	flags := l.parseFlags(args)
	l.file(flags[configFlag], env("YINGDA_CONFIG"))
	l.environment(env)
	for _, s := range l.settings {
		if v, given := flags[s.flag()]; given {
			l.set(s, v, "--"+s.flag())
		}
	}
	if len(l.problems) == 0 {
		l.problems = c.check()
	}
	if len(l.problems) > 0 {
		return c, l.problems
	}
	return c, nil
}

// Default is the configuration that nobody changed.
func Default() Config {
	c := Config{from: map[string]string{}}
	l := loader{from: c.from}
	for _, s := range settingsOf(&c) {
		if s.def != "" {
			l.set(s, s.def, "default")
		}
	}
	if len(l.problems) > 0 {
		panic("config: a default breaks its own rule: " + l.problems.Error())
	}
	return c
}

// Problem is one thing wrong: where it was written and why it cannot be.
type Problem struct {
	Where string // "yingda.yaml:7 http.listen", "YINGDA_HTTP_LISTEN", "--http-listen"
	Why   string
}

// Problems are all that is wrong with a configuration.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Where + ": " + one.Why
	}
	return strings.Join(lines, "\n")
}

type loader struct {
	settings []setting
	from     map[string]string
	read     func(string) ([]byte, error)
	problems Problems
}

func (l *loader) problem(where, format string, args ...any) {
	l.problems = append(l.problems, Problem{where, fmt.Sprintf(format, args...)})
}

func (l *loader) set(s setting, text, where string) {
	if err := s.parse(text); err != nil {
		l.problem(where, "%s", s.hide(err, text))
		return
	}
	l.from[s.key] = where
}

// environment reads YINGDA_…, and for secrets YINGDA_…_FILE.
func (l *loader) environment(env func(string) string) {
	for _, s := range l.settings {
		v, path := env(s.env()), ""
		if s.secret {
			path = env(s.env() + "_FILE")
		}
		switch {
		case v != "" && path != "":
			l.problem(s.env(), "is given together with %s_FILE; choose one", s.env())
		case v != "":
			l.set(s, v, s.env())
		case path != "":
			l.secretFile(s, path)
		}
	}
}

func (l *loader) secretFile(s setting, path string) {
	b, err := l.read(path)
	if err != nil {
		l.problem(s.env()+"_FILE", "cannot be read: %v", err)
		return
	}
	l.set(s, strings.TrimRight(string(b), "\r\n"), s.env()+"_FILE")
}

// file reads the first of: the flag's file, the environment's, yingda.yaml. Only the last may be missing.
func (l *loader) file(flag, env string) {
	name, where := "yingda.yaml", ""
	if env != "" {
		name, where = env, "YINGDA_CONFIG"
	}
	if flag != "" {
		name, where = flag, "--"+configFlag
	}
	b, err := l.read(name)
	if where == "" && errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		l.problem(name, "cannot be read: %v", err)
		return
	}
	l.yaml(name, b)
}

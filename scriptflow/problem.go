package scriptflow

import (
	"fmt"
	"strings"
)

// Severity tells a mistake from a doubt. Only a script without errors compiles.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing wrong with a script: where (a JSON pointer such as
// /nodes/3/branches/0/to, or 流程!C5 for a sheet), what as a message key, and its arguments.
type Problem struct {
	Place    string         `json:"place"`
	Severity Severity       `json:"severity"`
	Key      string         `json:"key"`
	Args     map[string]any `json:"args,omitempty"`
}

func (p Problem) String() string {
	return fmt.Sprintf("%s: %s %s %v", p.Severity, p.Place, p.Key, p.Args)
}

// Problems are in the order of the script.
type Problems []Problem

// Bad says whether any of them is an error.
func (ps Problems) Bad() bool {
	for _, p := range ps {
		if p.Severity == Error {
			return true
		}
	}
	return false
}

func (ps Problems) String() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// mostProblems bounds each severity: nobody reads on, and a broken file is broken.
const mostProblems = 200

// add notes a problem; kv are its arguments as name, value pairs.
func (ps *Problems) add(sev Severity, place, key string, kv ...any) {
	if ps.count(sev) >= mostProblems {
		return
	}
	p := Problem{Place: place, Severity: sev, Key: "script.problem." + key}
	for i := 0; i+1 < len(kv); i += 2 {
		if p.Args == nil {
			p.Args = map[string]any{}
		}
		p.Args[kv[i].(string)] = kv[i+1]
	}
	*ps = append(*ps, p)
}

func (ps Problems) count(sev Severity) (n int) {
	for _, p := range ps {
		if p.Severity == sev {
			n++
		}
	}
	return n
}

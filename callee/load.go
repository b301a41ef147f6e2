package callee

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed demo.yaml
var demo []byte

// Demo returns the personas of the demo campaign, agreeing with the demo script.
func Demo() (*Personas, error) { return Parse("demo.yaml", demo) }

// Load reads personas from a YAML file (docs/personas.md).
func Load(file string) (*Personas, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("personas: %w", err)
	}
	return Parse(file, b)
}

// Parse reads personas; name is the file named in errors. It reports all mistakes
// at once, each with its line and persona.
func Parse(name string, b []byte) (*Personas, error) {
	var doc struct {
		First    string    `yaml:"first_number"`
		Personas []Persona `yaml:"personas"`
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty", name)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	p := &Personas{All: doc.Personas, first: doc.First}
	if p.first == "" {
		p.first = FirstNumber
	}
	places := linesOf(b)
	err := p.sound(func(i int) string {
		if i < 0 || i >= len(places) {
			return name
		}
		return fmt.Sprintf("%s:%d: persona %d %q", name, places[i], i+1, doc.Personas[i].Name)
	})
	if err != nil {
		return nil, err
	}
	p.lay()
	return p, nil
}

// linesOf gives the line each persona begins on.
func linesOf(b []byte) []int {
	var doc yaml.Node
	if yaml.Unmarshal(b, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	var lines []int
	top := doc.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		if top[i].Value != "personas" {
			continue
		}
		for _, p := range top[i+1].Content {
			lines = append(lines, p.Line)
		}
	}
	return lines
}

// UnmarshalYAML reads "400ms" or "300ms-900ms".
func (s *Span) UnmarshalYAML(n *yaml.Node) error {
	from, to, isSpan := strings.Cut(n.Value, "-")
	var err error
	if s.Min, err = time.ParseDuration(strings.TrimSpace(from)); err == nil && isSpan {
		s.Max, err = time.ParseDuration(strings.TrimSpace(to))
	} else {
		s.Max = s.Min
	}
	if err != nil || s.Min < 0 || s.Max < s.Min {
		return fmt.Errorf("line %d: %q is no duration such as 400ms or span such as 300ms-900ms", n.Line, n.Value)
	}
	return nil
}

// Lines are the variants of something said.
type Lines []string

// UnmarshalYAML reads one text or a list of them.
func (l *Lines) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = Lines{n.Value}
		return nil
	}
	var many []string
	if err := n.Decode(&many); err != nil {
		return fmt.Errorf("line %d: say wants a text or a list of texts", n.Line)
	}
	*l = many
	return nil
}

package scriptflow

import (
	"slices"
	"strings"
	"unicode"
)

// line is a Line cut at its variables. One without variables is ready to be said.
type line struct {
	id        string
	pieces    []piece
	ready     []Piece // nil = there are variables to fill in
	interrupt Interrupt
}

type piece struct {
	text, audio string
	variable    string // its name; text and audio are empty then
}

func linesOf(owner string, lines []Line, i Interrupt) []line {
	out := make([]line, len(lines))
	for n, l := range lines {
		out[n] = line{id: lineID(owner, n), pieces: piecesOf(l), interrupt: i}
		if len(variablesIn(l.Text)) == 0 {
			out[n].ready = slices.Clip(out[n].fill(nil))
		}
	}
	return out
}

// piecesOf cuts a line at its {{variables}}. A fixed piece without a sound (a comma between
// two variables) joins the piece before it, so that nothing silent is rendered or recorded.
func piecesOf(l Line) []piece {
	var out []piece
	fixed := 0
	for _, part := range cut(l.Text) {
		switch {
		case part.variable != "":
			out = append(out, part)
		case !audible(part.text):
			if len(out) > 0 && out[len(out)-1].variable == "" {
				out[len(out)-1].text += part.text
			}
		default:
			if fixed < len(l.Audio) {
				part.audio = l.Audio[fixed]
			}
			fixed++
			out = append(out, part)
		}
	}
	return out
}

// cut splits text at {{name}}; what is no well-formed variable stays text.
func cut(text string) []piece {
	var out []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		name, after, closed := strings.Cut(rest, "}}")
		if !found || !closed {
			return append(out, piece{text: text})
		}
		if before != "" {
			out = append(out, piece{text: before})
		}
		out = append(out, piece{variable: strings.TrimSpace(name)})
		text = after
	}
	return out
}

// variablesIn are the names used in text.
func variablesIn(text string) []string {
	var names []string
	for _, p := range cut(text) {
		if strings.Contains(text, "{{") && p.text == "" {
			names = append(names, p.variable)
		}
	}
	return names
}

func audible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// fill gives the line's pieces with the variables' values; one without a value is left out.
func (l *line) fill(vars map[string]string) []Piece {
	if l.ready != nil {
		return l.ready
	}
	out := make([]Piece, 0, len(l.pieces))
	for _, p := range l.pieces {
		switch {
		case p.variable == "":
			out = append(out, Piece{Text: p.text, Audio: p.audio})
		case vars[p.variable] != "":
			out = append(out, Piece{Text: vars[p.variable], Variable: true})
		}
	}
	return out
}

// Prompt is a fixed piece of a script to render, or to look up, before the first call.
type Prompt struct {
	Line  string `json:"line"` // the first line that needs it
	Text  string `json:"text"`
	Audio string `json:"audio,omitempty"` // recorded file, where the author named one
}

// Prompts are all fixed pieces of the script, each once, in the order of the script.
func (f *Flow) Prompts() []Prompt {
	var out []Prompt
	seen := map[Piece]bool{}
	f.eachLine(func(l line) {
		for _, p := range l.pieces {
			key := Piece{Text: p.text, Audio: p.audio}
			if p.variable == "" && !seen[key] {
				seen[key] = true
				out = append(out, Prompt{l.id, p.text, p.audio})
			}
		}
	})
	return out
}

func (f *Flow) eachLine(visit func(line)) {
	all := func(lines []line) {
		for _, l := range lines {
			visit(l)
		}
	}
	for _, n := range f.script.Nodes {
		n := f.nodes[n.ID]
		all(n.lines)
		all(n.again)
		if n.Silence != nil {
			all(n.silence.lines)
		}
		if n.NoMatch != nil {
			all(n.noMatch.lines)
		}
	}
	for _, a := range f.script.Answers {
		all(f.answers[a.Classes[0]].lines)
	}
	all(f.silence.lines)
	all(f.noMatch.lines)
}

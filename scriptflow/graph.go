package scriptflow

import "strings"

// Graph is a script drawn: what the console lays out.
type Graph struct {
	Nodes []GraphNode `json:"nodes"`
	Edges []GraphEdge `json:"edges"`
}

// GraphNode is a node, or an answer that holds everywhere (Kind "answer").
type GraphNode struct {
	ID     string   `json:"id"`
	Label  string   `json:"label"`
	Kind   string   `json:"kind"`
	Step   int      `json:"step,omitempty"`
	Last   bool     `json:"last,omitempty"`
	Entry  bool     `json:"entry,omitempty"`
	Say    []string `json:"say"`
	Column int      `json:"column"` // steps from the entry
	Row    int      `json:"row"`    // within the column
}

// GraphEdge leads from a node to another. On says why, as the kind of condition: class,
// keyword, digit, any, silence, no_match, next, then. Label is in the author's words.
type GraphEdge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	On    string `json:"on"`
	Label string `json:"label"`
}

// Graph draws the flow: columns by the distance from the entry, rows in the script's order.
func (f *Flow) Graph() Graph {
	g := Graph{}
	for _, n := range f.script.Nodes {
		g.Nodes = append(g.Nodes, GraphNode{ID: n.ID, Label: n.Label, Kind: string(n.Kind), Step: n.Step, Last: n.Last, Entry: n.ID == f.entry.ID, Say: texts(n.Say)})
		g.Edges = append(g.Edges, f.edges(n)...)
	}
	for _, a := range f.script.Answers {
		id := f.answers[a.Classes[0]].id
		g.Nodes = append(g.Nodes, GraphNode{ID: id, Label: f.labels(a.Classes), Kind: "answer", Say: texts(a.Say)})
		g.edge(id, a.To, "next", "")
		g.edge(id, a.Then, "then", "")
	}
	g.place(f.entry.ID)
	return g
}

func (f *Flow) edges(n Node) []GraphEdge {
	g := Graph{}
	for _, b := range n.Branches {
		on, label := f.condition(b)
		g.edge(n.ID, b.To, on, orElse(b.Label, label))
	}
	if n.Silence != nil {
		g.edge(n.ID, n.Silence.To, "silence", "")
	}
	if n.NoMatch != nil {
		g.edge(n.ID, n.NoMatch.To, "no_match", "")
	}
	g.edge(n.ID, n.Next, "next", "")
	return g.Edges
}

func (g *Graph) edge(from, to, on, label string) {
	if to != "" {
		g.Edges = append(g.Edges, GraphEdge{from, to, on, label})
	}
}

func (f *Flow) condition(b Branch) (on, label string) {
	switch {
	case len(b.Classes) > 0:
		return "class", f.labels(b.Classes)
	case len(b.Keywords) > 0:
		return "keyword", strings.Join(b.Keywords[:min(3, len(b.Keywords))], "、")
	case len(b.Digits) > 0:
		return "digit", strings.Join(b.Digits, "、")
	}
	return "any", ""
}

func (f *Flow) labels(classes []string) string {
	out := make([]string, len(classes))
	for i, c := range classes {
		out[i] = f.classes[c].Label
	}
	return strings.Join(out, "、")
}

func texts(lines []Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return out
}

// place sets columns breadth first; what the entry does not lead to stands in a last column.
func (g *Graph) place(entry string) {
	column := map[string]int{entry: 0}
	for queue := []string{entry}; len(queue) > 0; queue = queue[1:] {
		for _, e := range g.Edges {
			if _, placed := column[e.To]; e.From == queue[0] && !placed {
				column[e.To] = column[e.From] + 1
				queue = append(queue, e.To)
			}
		}
	}
	last, rows := 0, map[int]int{}
	for _, c := range column {
		last = max(last, c)
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		c, placed := column[n.ID]
		if !placed {
			c = last + 1
		}
		n.Column, n.Row = c, rows[c]
		rows[c]++
	}
}

// Label is the author's name of a node; its id where it has none.
func (f *Flow) Label(id string) string {
	if n := f.nodes[id]; n != nil {
		return orElse(n.Label, id)
	}
	return id
}

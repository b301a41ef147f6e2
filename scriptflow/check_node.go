package scriptflow

import (
	"fmt"
	"strings"
)

func (c *checker) node(place string, n *Node) {
	switch {
	case strings.TrimSpace(n.ID) == "":
		c.wrong(place+"/id", "no_id")
	case strings.ContainsAny(n.ID, "+/ "):
		c.wrong(place+"/id", "bad_id", "id", n.ID)
	case c.nodes[n.ID] != n:
		c.wrong(place+"/id", "duplicate", "id", n.ID)
	}
	if !n.Interrupt.valid() {
		c.wrong(place+"/interrupt", "bad_interrupt", "value", string(n.Interrupt))
	}
	if n.MaxVisits < 0 {
		c.wrong(place+"/max_visits", "negative", "value", n.MaxVisits)
	}
	c.lines(place+"/say", n.Say, n.Kind == Talk)
	c.lines(place+"/again", n.Again, false)
	c.kind(place, n)
}

// kind checks what only some kinds of node have.
func (c *checker) kind(place string, n *Node) {
	switch n.Kind {
	case Talk:
		c.talk(place, n)
	case Pass:
		c.target(place+"/next", n.Next)
	case HandOff:
		if strings.TrimSpace(n.Queue) == "" {
			c.wrong(place+"/queue", "no_queue")
		}
		c.optional(place+"/next", n.Next)
	case End:
	default:
		c.wrong(place+"/kind", "unknown_node_kind", "value", string(n.Kind))
	}
	if n.Kind != Talk && len(n.Branches) > 0 {
		c.wrong(place+"/branches", "deaf_branches", "node", n.ID)
	}
	if n.Kind == End && n.Next != "" {
		c.wrong(place+"/next", "end_goes_on", "node", n.ID)
	}
}

func (c *checker) talk(place string, n *Node) {
	if len(n.Branches) == 0 && len(c.s.Answers) == 0 {
		c.wrong(place+"/branches", "no_way_on", "node", n.ID)
	}
	taken := map[string]bool{}
	for i, b := range n.Branches {
		c.branch(fmt.Sprintf("%s/branches/%d", place, i), b, taken)
	}
	if n.Silence != nil {
		c.silence(place+"/silence", n.Silence)
	}
	if n.NoMatch != nil {
		c.noMatch(place+"/no_match", n.NoMatch)
	}
}

// branch checks one branch; taken holds what the branches before it wait for.
func (c *checker) branch(place string, b Branch, taken map[string]bool) {
	c.target(place+"/to", b.To)
	if len(b.Classes)+len(b.Keywords)+len(b.Digits) == 0 && !b.Any {
		c.wrong(place, "no_condition")
	}
	if b.Means != "" {
		c.knownClass(place+"/means", b.Means)
	}
	for j, id := range b.Classes {
		at := fmt.Sprintf("%s/classes/%d", place, j)
		c.knownClass(at, id)
		c.once(at, "class", id, taken)
	}
	for j, w := range b.Keywords {
		c.readable(fmt.Sprintf("%s/keywords/%d", place, j), w)
	}
	for j, d := range b.Digits {
		c.key(fmt.Sprintf("%s/digits/%d", place, j), d, taken)
	}
}

func (c *checker) key(place, d string, taken map[string]bool) {
	if k := digitKey(d); len(k) != 1 || !strings.Contains("0123456789*#", k) {
		c.wrong(place, "bad_digit", "value", d)
		return
	}
	c.once(place, "key", digitKey(d), taken)
}

// once warns of a condition that an earlier branch of the node already takes.
func (c *checker) once(place, kind, value string, taken map[string]bool) {
	if taken[kind+" "+value] {
		c.doubt(place, "branch_twice", "value", value)
	}
	taken[kind+" "+value] = true
}

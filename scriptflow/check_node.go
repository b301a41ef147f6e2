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
	for i := range n.Branches {
		c.branch(fmt.Sprintf("%s/branches/%d", place, i), n, i)
	}
	if n.Silence != nil {
		c.silence(place+"/silence", n.Silence)
	}
	if n.NoMatch != nil {
		c.noMatch(place+"/no_match", n.NoMatch)
	}
}

func (c *checker) branch(place string, n *Node, i int) {
	b := n.Branches[i]
	c.target(place+"/to", b.To)
	if len(b.Classes)+len(b.Keywords)+len(b.Digits) == 0 && !b.Any {
		c.wrong(place, "no_condition")
	}
	for j, id := range b.Classes {
		at := fmt.Sprintf("%s/classes/%d", place, j)
		c.knownClass(at, id)
		if earlier(n.Branches[:i], func(o Branch) []string { return o.Classes }, id) {
			c.doubt(at, "branch_twice", "value", id)
		}
	}
	if b.Means != "" {
		c.knownClass(place+"/means", b.Means)
	}
	for j, w := range b.Keywords {
		c.readable(fmt.Sprintf("%s/keywords/%d", place, j), w)
	}
	for j, d := range b.Digits {
		at := fmt.Sprintf("%s/digits/%d", place, j)
		if len(digitKey(d)) != 1 || !strings.Contains("0123456789*#", digitKey(d)) {
			c.wrong(at, "bad_digit", "value", d)
		} else if earlier(n.Branches[:i], func(o Branch) []string { return o.Digits }, d) {
			c.doubt(at, "branch_twice", "value", d)
		}
	}
}

func earlier(branches []Branch, of func(Branch) []string, value string) bool {
	for _, b := range branches {
		for _, v := range of(b) {
			if v == value {
				return true
			}
		}
	}
	return false
}

package scriptflow

import "fmt"

// shape looks at the script as a graph: what is never reached, what never ends.
func (c *checker) shape() {
	ways := c.ways()
	reached := spread(ways, []string{c.s.Entry})
	back := map[string][]string{}
	for from, tos := range ways {
		for _, to := range tos {
			back[to] = append(back[to], from)
		}
	}
	ends := spread(back, c.ends())
	// Every limit of a talk leads to give_up, so a ring of talk nodes does end; but only by
	// being cut off, which is no way to end a conversation.
	for i, n := range c.s.Nodes {
		place := fmt.Sprintf("/nodes/%d", i)
		switch {
		case n.Last && !reached[n.ID]:
			c.wrong(place, "last_step_unreachable", "node", n.ID)
		case !reached[n.ID] && n.ID != c.s.GiveUp:
			c.doubt(place, "unreachable", "node", n.ID)
		case !ends[n.ID] && c.ring(n, ways):
			c.wrong(place, "endless_ring", "node", n.ID)
		case !ends[n.ID]:
			c.wrong(place, "loop_without_exit", "node", n.ID)
		}
		if n.Kind == Talk && len(n.Again) == 0 && c.returning() {
			c.doubt(place+"/again", "nothing_to_pick_up", "node", n.ID)
		}
	}
}

// ways are the nodes that each node can lead to by what the callee says. Giving up after
// silence or too many misses is not counted: it is the emergency exit.
func (c *checker) ways() map[string][]string {
	ways, anywhere := map[string][]string{}, c.answerWays()
	for i := range c.s.Nodes {
		n := &c.s.Nodes[i]
		add := func(to string) {
			if to != "" {
				ways[n.ID] = append(ways[n.ID], to)
			}
		}
		add(n.Next)
		if n.Kind == HandOff && n.Next == "" {
			add(c.s.GiveUp)
		}
		if n.Kind == Talk {
			c.talkWays(n, add)
			ways[n.ID] = append(ways[n.ID], anywhere...)
		}
	}
	return ways
}

func (c *checker) talkWays(n *Node, add func(string)) {
	for _, b := range n.Branches {
		add(b.To)
	}
	if n.Silence != nil {
		add(n.Silence.To)
	} else {
		add(c.s.Silence.To)
	}
	if n.NoMatch != nil {
		add(n.NoMatch.To)
	} else {
		add(c.s.NoMatch.To)
	}
}

// answerWays are where the answers lead that hold at every talk node, each once.
func (c *checker) answerWays() (ways []string) {
	seen := map[string]bool{"": true}
	for _, a := range c.s.Answers {
		for _, to := range []string{a.To, a.Then} {
			if !seen[to] {
				seen[to] = true
				ways = append(ways, to)
			}
		}
	}
	return ways
}

func (c *checker) ends() (ids []string) {
	for _, n := range c.s.Nodes {
		if n.Kind == End {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// ring says whether n is part of a ring of Pass nodes, which would never take a breath.
func (c *checker) ring(n Node, ways map[string][]string) bool {
	for at, hops := n.ID, 0; c.nodes[at] != nil && c.nodes[at].Kind == Pass; hops++ {
		if hops > len(c.s.Nodes) {
			return true
		}
		at = ways[at][0]
	}
	return false
}

func (c *checker) returning() bool {
	for _, a := range c.s.Answers {
		if a.To == "" {
			return true
		}
	}
	return false
}

// spread is everything that can be reached from the given nodes.
func spread(ways map[string][]string, from []string) map[string]bool {
	reached := map[string]bool{}
	for len(from) > 0 {
		id := from[len(from)-1]
		from = from[:len(from)-1]
		if !reached[id] {
			reached[id] = true
			from = append(from, ways[id]...)
		}
	}
	return reached
}

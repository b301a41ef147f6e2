package words

// automaton is an Aho–Corasick automaton over symbols. Its edges lie in one open hash
// table, because an utterance touches few of its states and a full table of forty thousand
// states by seven hundred symbols would not stay in the cache.
type automaton struct {
	root   [alphabet]int32
	states []state
	also   []int32 // per entry: the next entry with the same syllables, -1 = none
	edges  []edge
	mask   uint32
}

type state struct {
	fail   int32
	report int32 // nearest state on the failure path that ends a keyword, 0 = none
	first  int32 // first entry that ends here, -1 = none
}

type edge struct {
	key uint32 // state<<10 | symbol, 0 = free: no edge leaves the root through the table
	to  int32
}

const symbolBits = 10 // alphabet < 1024

func keyOf(from int32, s symbol) uint32 { return uint32(from)<<symbolBits | uint32(s) }

func slotOf(key uint32) uint32 { return (key * 0x9e3779b1) >> 7 }

// next is the state after reading s.
func (a *automaton) next(from int32, s symbol) int32 {
	for from != 0 {
		if to := a.edge(from, s); to != 0 {
			return to
		}
		from = a.states[from].fail
	}
	return a.root[s]
}

func (a *automaton) edge(from int32, s symbol) int32 {
	key := keyOf(from, s)
	for i := slotOf(key) & a.mask; ; i = (i + 1) & a.mask {
		if e := a.edges[i]; e.key == key {
			return e.to
		} else if e.key == 0 {
			return 0
		}
	}
}

// builder grows the trie; finish turns it into an automaton.
type builder struct {
	kids  []map[symbol]int32
	first []int32
	also  []int32
}

func newBuilder() *builder {
	b := &builder{}
	b.grow()
	return b
}

func (b *builder) grow() int32 {
	b.kids = append(b.kids, nil)
	b.first = append(b.first, -1)
	return int32(len(b.kids) - 1)
}

// add enters word as entry i; entries come in rising order.
func (b *builder) add(word []rune, i int32) {
	at := int32(0)
	for _, r := range word {
		s := symbolOf(r)
		to, ok := b.kids[at][s]
		if !ok {
			to = b.grow()
			if b.kids[at] == nil {
				b.kids[at] = map[symbol]int32{}
			}
			b.kids[at][s] = to
		}
		at = to
	}
	for int32(len(b.also)) <= i {
		b.also = append(b.also, -1)
	}
	b.also[i], b.first[at] = b.first[at], i
}

func (b *builder) finish() automaton {
	a := automaton{states: make([]state, len(b.kids)), also: b.also}
	a.edges, a.mask = table(len(b.kids))
	for at, kids := range b.kids {
		a.states[at].first = b.first[at]
		for s, to := range kids {
			if at == 0 {
				a.root[s] = to
			} else {
				a.put(keyOf(int32(at), s), to)
			}
		}
	}
	b.link(&a)
	return a
}

// table makes room for n edges at a load of at most one in two.
func table(n int) ([]edge, uint32) {
	size := 8
	for size < 2*n {
		size *= 2
	}
	return make([]edge, size), uint32(size - 1)
}

func (a *automaton) put(key uint32, to int32) {
	i := slotOf(key) & a.mask
	for a.edges[i].key != 0 {
		i = (i + 1) & a.mask
	}
	a.edges[i] = edge{key, to}
}

// link sets the failure and report links, breadth first.
func (b *builder) link(a *automaton) {
	queue := make([]int32, 0, len(b.kids))
	for _, to := range b.kids[0] {
		queue = append(queue, to)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for s, to := range b.kids[at] {
			fail := a.next(a.states[at].fail, s)
			a.states[to].fail, a.states[to].report = fail, a.ending(fail)
			queue = append(queue, to)
		}
	}
}

// ending is s itself where a keyword ends in it, else its report link.
func (a *automaton) ending(s int32) int32 {
	if a.states[s].first >= 0 {
		return s
	}
	return a.states[s].report
}

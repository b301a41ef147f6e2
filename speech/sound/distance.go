package sound

// Syllable costs are counted in eighths: one that is missing, extra or sounds quite
// different costs Whole; one that is alike (Alike) costs 1.
const Whole = 8

// Within finds where phrase is most nearly contained in text: the least cost of
// syllables to insert, drop or change, in eighths of a syllable, and the syllables [from, to)
// of text it covers; from = to where it is better left out altogether. (Sellers' approximate
// matching: starting anywhere in the text costs nothing.)
func Within(phrase []ID, text []Syllable) (cost, from, to int) {
	row := make([]cell, len(text)+1)
	for j := range row {
		row[j].from = j
	}
	for i, want := range phrase {
		diagonal := row[0]
		row[0] = cell{cost: (i + 1) * Whole}
		for j, s := range text {
			up := row[j+1]
			row[j+1] = cheapest(diagonal.plus(change(want, s.ID)), up.plus(Whole), row[j].plus(Whole))
			diagonal = up
		}
	}
	for j, c := range row {
		if j == 0 || c.cost < cost || c.cost == cost && off(j-c.from, phrase) < off(to-from, phrase) {
			cost, from, to = c.cost, c.from, j
		}
	}
	return cost, from, to
}

// change is what it costs to take one syllable for another.
func change(a, b ID) int {
	switch {
	case a == b:
		return 0
	case Alike(a, b):
		return 1
	}
	return Whole
}

// off is how much a span of n syllables differs in length from the phrase: of equally
// cheap alignments the one of its own length is the likeliest.
func off(n int, phrase []ID) int { return max(n-len(phrase), len(phrase)-n) }

// cell is the cost of one alignment and where in the text it began.
type cell struct{ cost, from int }

func (c cell) plus(cost int) cell {
	c.cost += cost
	return c
}

func cheapest(change, skipped, added cell) cell {
	best := change
	if skipped.cost < best.cost {
		best = skipped
	}
	if added.cost < best.cost {
		best = added
	}
	return best
}

// Edits is the plain edit distance between two sequences (Levenshtein).
func Edits[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			up := row[j+1]
			swap := diagonal
			if x != y {
				swap++
			}
			row[j+1], diagonal = min(swap, up+1, row[j]+1), up
		}
	}
	return row[len(b)]
}

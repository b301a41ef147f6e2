package callee

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// FirstNumber is the number of the first lead where the file names none.
const FirstNumber = "13800000001"

// maxRange is how many numbers one range may name.
const maxRange = 1_000_000

// Personas is a set of callees and who has which number. It never changes.
type Personas struct {
	All     []Persona
	first   string
	pattern []int          // index into All, one round of leads, well mixed
	own     map[string]int // numbers that a persona names itself
}

// Lead is a row of a campaign's sheet, with what must come of it.
type Lead struct {
	Name    string `json:"name"`
	Number  string `json:"number"` // E.164: +8613800000001
	Persona string `json:"persona"`
	Grade   string `json:"grade"` // expected; "" = not judged
	SMS     bool   `json:"sms"`   // a keyword SMS is expected
	Spoken  int    `json:"spoken"`
}

// lay mixes one round: each persona as evenly over it as its count allows, so that
// any dozen calls at once are a fair mix.
func (p *Personas) lay() {
	type seat struct {
		at      float64
		persona int
	}
	var seats []seat
	p.own = map[string]int{}
	for i := range p.All {
		n := max(1, p.All[i].Count)
		for k := range n {
			seats = append(seats, seat{(float64(k) + 0.5) / float64(n), i})
		}
		for _, number := range p.All[i].numbers() {
			p.own[number] = i
		}
	}
	slices.SortStableFunc(seats, func(a, b seat) int { return cmp.Compare(a.at, b.at) })
	for _, s := range seats {
		p.pattern = append(p.pattern, s.persona)
	}
}

// Count is the number of leads of one round.
func (p *Personas) Count() int { return len(p.pattern) }

// Assign gives the number of lead i (0, 1, …) and who answers there; after one
// round the pattern begins again with further numbers.
func (p *Personas) Assign(i int) (number string, who *Persona) {
	who = &p.All[p.pattern[i%len(p.pattern)]]
	if own := who.numbers(); len(own) > 0 {
		if k := p.turnOf(i); k < len(own) {
			return own[k], who
		}
	}
	first, _ := strconv.Atoi(p.first)
	return fmt.Sprintf("%011d", first+i), who
}

// turnOf says how many leads before i have the same persona.
func (p *Personas) turnOf(i int) int {
	who, round := p.pattern[i%len(p.pattern)], i/len(p.pattern)
	k := 0
	for j, q := range p.pattern {
		if q != who {
			continue
		}
		k += round
		if j < i%len(p.pattern) {
			k++
		}
	}
	return k
}

// Of says who answers at a number or user part: the persona of that name, the
// owner of the number, else the one whom Assign gives it. Numbers are compared by
// their last 11 digits, so +86, 0 and gateway prefixes do not matter.
func (p *Personas) Of(number string) *Persona {
	for i := range p.All {
		if p.All[i].Name == number {
			return &p.All[i]
		}
	}
	digits := digitsOf(number)
	digits = digits[max(0, len(digits)-11):]
	if i, ok := p.own[digits]; ok {
		return &p.All[i]
	}
	n, err := strconv.Atoi(digits)
	first, _ := strconv.Atoi(p.first)
	if err != nil || n < first {
		h := fnv.New32a()
		h.Write([]byte(number))
		return &p.All[p.pattern[int(h.Sum32()%uint32(len(p.pattern)))]]
	}
	return &p.All[p.pattern[(n-first)%len(p.pattern)]]
}

// Leads makes n leads for a campaign; 0 = one round.
func (p *Personas) Leads(n int) []Lead {
	if n <= 0 {
		n = p.Count()
	}
	leads := make([]Lead, n)
	for i := range leads {
		number, who := p.Assign(i)
		leads[i] = Lead{Name: nameOf(i), Number: "+86" + number, Persona: who.Name, Grade: who.Grade, SMS: who.SMS, Spoken: who.SpokenTurns()}
	}
	return leads
}

var surnames = []rune("王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁")

func nameOf(i int) string {
	return string(surnames[i%len(surnames)]) + [...]string{"先生", "女士"}[i/len(surnames)%2]
}

// numbers that the persona names itself, expanded.
func (q *Persona) numbers() []string {
	var all []string
	for _, n := range q.Numbers {
		all = append(all, expand(n)...)
	}
	return all
}

// expand lists the numbers of "13900000001" or "13900000001-13900000050"; nil if it is neither.
func expand(s string) []string {
	from, to, isRange := strings.Cut(s, "-")
	if !isRange {
		to = from
	}
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if errA != nil || errB != nil || len(from) != 11 || len(to) != 11 || b < a || b-a >= maxRange {
		return nil
	}
	all := make([]string, 0, b-a+1)
	for n := a; n <= b; n++ {
		all = append(all, fmt.Sprintf("%011d", n))
	}
	return all
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

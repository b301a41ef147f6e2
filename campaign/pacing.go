package campaign

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"yingda/platform/db"
)

// Room is something with a bound: a plan, a line, a node.
type Room struct{ Max, InFlight int }

// Free is never negative: a bound may be lowered while calls run.
func (r Room) Free() int { return max(0, r.Max-r.InFlight) }

// Pulse is what the pacer is told of one campaign each tick. It reads no clock and no
// database, so any moment of a campaign can be written down in a test.
type Pulse struct {
	Now     time.Time
	State   State
	Hours   Hours
	Legal   Window
	Waiting int    // leads that may be called now
	Seats   int    // free robot seats of the campaign: one seat is one call (FEATURES A5.2)
	Tenant  Room   // the plan's concurrent calls
	Line    Room   // the line's channels; Max 0 = there is no line
	Failing bool   // nothing gets through the line: Line has room for a probe at most
	Rate    Bucket // the line's calls per second
	Node    Room   // what the media nodes have measured they can carry
}

// Why says what keeps a campaign from placing a call; the zero value is nothing.
type Why struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Next says how many calls this campaign could start now if it were alone, and why
// not, where that is none. It is never negative.
func (p Pulse) Next() (int, Why) {
	if p.State != Running {
		return 0, Why{Key: "pacing.not_running"}
	}
	if !p.Hours.Open(p.Now, p.Legal) {
		return 0, p.whenOpen()
	}
	n := p.Waiting
	why := Why{}
	for _, b := range p.bounds() {
		if n = min(n, b.free); n <= 0 {
			return 0, Why{Key: b.key}
		}
	}
	return n, why
}

// bound is one neck of the bottle.
type bound struct {
	free int
	key  string
}

// bounds are in the order in which a person could do something about them.
func (p Pulse) bounds() []bound {
	line := "pacing.line_full"
	switch {
	case p.Failing:
		line = lineFailing
	case p.Line.Max == 0:
		line = "pacing.line_down"
	}
	return []bound{
		{p.Waiting, "pacing.no_leads"},
		{p.Seats, "pacing.no_seat"},
		{p.Tenant.Free(), "pacing.tenant_full"},
		{p.Line.Free(), line},
		{p.Node.Free(), "pacing.node_full"},
		{p.Rate.Ready(p.Now), "pacing.line_rate"},
	}
}

func (p Pulse) whenOpen() Why {
	at, ok := p.Hours.NextOpen(p.Now, p.Legal)
	if !ok {
		return Why{Key: "pacing.hours_over"}
	}
	return Why{Key: "pacing.outside_hours", Args: map[string]any{"at": at.In(zone(p.Hours.Zone)).Format("2006-01-02 15:04")}}
}

// Bucket holds the calls that a line was given in the last second. In no second,
// wherever it begins, there are more than PerSecond, and in no tenth of a second more
// than a fifth of that, so that they do not come at once. It is a value: Take gives the
// next one.
type Bucket struct {
	PerSecond int         // 0 = the line knows no such bound
	Recent    []time.Time // when the calls of the last second started
}

const noBound = 1 << 20

// Ready is how many calls may start at now.
func (b Bucket) Ready(now time.Time) int {
	if b.PerSecond <= 0 {
		return noBound
	}
	second, moment := 0, 0
	for _, at := range b.Recent {
		d := now.Sub(at).Abs() // a clock that steps back must not stop us for long
		if d < time.Second {
			second++
		}
		if d < time.Second/10 {
			moment++
		}
	}
	return max(0, min(b.PerSecond-second, max(1, (b.PerSecond+4)/5)-moment))
}

// Take is the bucket after n calls have started at now.
func (b Bucket) Take(n int, now time.Time) Bucket {
	if b.PerSecond <= 0 {
		return b
	}
	recent := make([]time.Time, 0, len(b.Recent)+n)
	for _, at := range b.Recent {
		if now.Sub(at).Abs() < time.Second {
			recent = append(recent, at)
		}
	}
	for range n {
		recent = append(recent, now)
	}
	b.Recent = recent
	return b
}

// Want is how many calls a campaign could start now, as Pulse.Next said.
type Want struct {
	Tenant   db.ID
	Campaign db.ID
	N        int
	Room     int // what the tenant's plan leaves, the same in all its campaigns
}

// Turn remembers who was served when, counted in calls, so that a budget smaller than
// the number of those who wait goes round. The zero value has served nobody.
type Turn struct {
	Calls    uint64
	Tenant   map[db.ID]uint64
	Campaign map[db.ID]uint64
}

// Share divides budget: deficit round robin with one call as quantum and as cost, which
// is to serve whoever was served longest ago; first among tenants, so that ten
// campaigns of one do not outweigh one of another, then among a tenant's campaigns.
// given[i] is the share of wants[i], at most its N; a tenant gets at most its Room.
// What one leaves goes to the others: nothing of the budget is left while somebody
// wants it, and nobody starves who wants again and again, however seldom. Hand the turn
// that comes back to the next call.
func Share(wants []Want, budget int, turn Turn) (given []int, next Turn) {
	given = make([]int, len(wants))
	next = Turn{turn.Calls, remembered(turn.Tenant), remembered(turn.Campaign)}
	for ring := queues(wants, turn); budget > 0 && len(ring) > 0; {
		q := ring[0]
		ring = ring[1:]
		i, ok := q.serve(wants, given)
		if !ok {
			continue
		}
		budget--
		given[i]++
		next.Calls++
		next.Tenant[q.tenant], next.Campaign[wants[i].Campaign] = next.Calls, next.Calls
		ring = append(ring, q)
	}
	return given, next
}

// queue is a tenant with its campaigns in the order of their turn.
type queue struct {
	tenant db.ID
	room   int
	wants  []int // indexes
}

// queues are the tenants and their campaigns, who was served longest ago first.
func queues(wants []Want, turn Turn) []*queue {
	of := map[db.ID]*queue{}
	var all []*queue
	for i, w := range wants {
		q := of[w.Tenant]
		if q == nil {
			q = &queue{tenant: w.Tenant, room: w.Room}
			of[w.Tenant], all = q, append(all, q)
		}
		q.room = min(q.room, w.Room)
		q.wants = append(q.wants, i)
	}
	for _, q := range all {
		slices.SortFunc(q.wants, func(a, b int) int { return longestAgo(turn.Campaign, wants[a].Campaign, wants[b].Campaign) })
	}
	slices.SortFunc(all, func(a, b *queue) int { return longestAgo(turn.Tenant, a.tenant, b.tenant) })
	return all
}

// longestAgo orders two by when they were served.
func longestAgo(served map[db.ID]uint64, a, b db.ID) int {
	return cmp.Or(cmp.Compare(served[a], served[b]), cmp.Compare(a, b))
}

// serve picks the campaign whose turn it is and puts it last; false where the tenant
// wants or may have no more.
func (q *queue) serve(wants []Want, given []int) (i int, ok bool) {
	if q.room <= 0 {
		return 0, false
	}
	for len(q.wants) > 0 {
		i = q.wants[0]
		q.wants = q.wants[1:]
		if given[i] < wants[i].N {
			q.wants = append(q.wants, i)
			q.room--
			return i, true
		}
	}
	return 0, false
}

const longMemory = 4096

// remembered copies a memory and forgets the older half of a long one: who is unknown
// counts as served longest ago, so that forgetting them changes next to nothing.
func remembered(served map[db.ID]uint64) map[db.ID]uint64 {
	out := maps.Clone(served)
	if out == nil {
		out = map[db.ID]uint64{}
	}
	if len(out) > longMemory {
		middle := slices.Sorted(maps.Values(out))[len(out)/2]
		maps.DeleteFunc(out, func(_ db.ID, at uint64) bool { return at < middle })
	}
	return out
}

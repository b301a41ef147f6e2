package campaign

import (
	"math/rand/v2"
	"testing"
	"time"

	"yingda/platform/db"
)

func TestNext(t *testing.T) {
	noon := in(t, "Asia/Shanghai", "2026-09-30 10:00")
	// wide open, to be narrowed in one place by each row
	pulse := func(narrow func(*Pulse)) Pulse {
		p := Pulse{Now: noon, State: Running, Hours: office, Legal: LegalWindow, Waiting: 100, Seats: 10,
			Tenant: Room{Max: 50}, Line: Room{Max: 30}, Node: Room{Max: 500}}
		narrow(&p)
		return p
	}
	for _, c := range []struct {
		name string
		p    Pulse
		n    int
		why  string
	}{
		{"the seats are the neck", pulse(func(p *Pulse) {}), 10, ""},
		{"three leads are left", pulse(func(p *Pulse) { p.Waiting = 3 }), 3, ""},
		{"all leads are called", pulse(func(p *Pulse) { p.Waiting = 0 }), 0, "pacing.no_leads"},
		{"every seat talks", pulse(func(p *Pulse) { p.Seats = 0 }), 0, "pacing.no_seat"},
		{"paused", pulse(func(p *Pulse) { p.State = Paused }), 0, "pacing.not_running"},
		{"lunch", pulse(func(p *Pulse) { p.Now = in(t, "Asia/Shanghai", "2026-09-30 12:30") }), 0, "pacing.outside_hours"},
		{"a template that never opens", pulse(func(p *Pulse) { p.Hours = nobody }), 0, "pacing.hours_over"},
		{"the plan is the neck", pulse(func(p *Pulse) { p.Tenant = Room{Max: 50, InFlight: 46} }), 4, ""},
		{"the plan was lowered while calls run", pulse(func(p *Pulse) { p.Tenant = Room{Max: 5, InFlight: 9} }), 0, "pacing.tenant_full"},
		{"the line is the neck", pulse(func(p *Pulse) { p.Line = Room{Max: 8, InFlight: 6} }), 2, ""},
		{"the line is full", pulse(func(p *Pulse) { p.Line.InFlight = 30 }), 0, "pacing.line_full"},
		{"there is no line", pulse(func(p *Pulse) { p.Line = Room{} }), 0, "pacing.line_down"},
		{"one call a second, and it was just made", pulse(func(p *Pulse) { p.Rate = Bucket{PerSecond: 1}.Take(1, noon) }), 0, "pacing.line_rate"},
		{"the node is the neck", pulse(func(p *Pulse) { p.Node = Room{Max: 500, InFlight: 499} }), 1, ""},
		{"the node is full", pulse(func(p *Pulse) { p.Node = Room{Max: 1, InFlight: 1} }), 0, "pacing.node_full"},
		{"the zero pulse calls nobody", Pulse{}, 0, "pacing.not_running"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if n, why := c.p.Next(); n != c.n || why.Key != c.why {
				t.Errorf("got %d %q, want %d %q", n, why.Key, c.n, c.why)
			}
		})
	}
	p := pulse(func(p *Pulse) { p.Now = in(t, "Asia/Shanghai", "2026-09-30 19:00") })
	if _, why := p.Next(); why.Args["at"] != "2026-10-02 09:00" {
		t.Errorf("goes on at %v", why.Args)
	}
}

// TestNextKeepsEveryBound runs random campaigns: calls start as Next and Share say and
// end at random, bounds are lowered and raised on the way.
func TestNextKeepsEveryBound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noon := in(t, "Asia/Shanghai", "2026-09-30 10:00")
	for range 300 {
		w := town{rand: r, now: noon, line: 1 + r.IntN(20), node: 1 + r.IntN(30), rate: Bucket{PerSecond: r.IntN(40)}}
		for id := range 1 + r.IntN(6) {
			w.campaigns = append(w.campaigns, sim{tenant: db.ID(1 + id%3), id: db.ID(id + 1), seats: 1 + r.IntN(8), waiting: r.IntN(60)})
		}
		w.plans = map[db.ID]int{1: 1 + r.IntN(10), 2: 1 + r.IntN(10), 3: 1 + r.IntN(10)}
		for range 60 {
			w.tick(t)
		}
	}
}

type sim struct {
	tenant, id              db.ID
	seats, waiting, talking int
}

type town struct {
	rand       *rand.Rand
	now        time.Time
	line, node int
	rate       Bucket
	turn       Turn
	plans      map[db.ID]int
	campaigns  []sim
	starts     []time.Time
}

func (w *town) talking(tenant db.ID) (n int) {
	for _, c := range w.campaigns {
		if tenant == 0 || c.tenant == tenant {
			n += c.talking
		}
	}
	return n
}

func (w *town) tick(t *testing.T) {
	w.now = w.now.Add(time.Duration(20+w.rand.IntN(200)) * time.Millisecond)
	if w.rand.IntN(10) == 0 {
		w.line = 1 + w.rand.IntN(20)
	}
	line, node := Room{w.line, w.talking(0)}, Room{w.node, w.talking(0)}
	var wants []Want
	for _, c := range w.campaigns {
		plan := Room{w.plans[c.tenant], w.talking(c.tenant)}
		n, why := Pulse{Now: w.now, State: Running, Hours: office, Legal: LegalWindow, Waiting: c.waiting, Seats: c.seats - c.talking,
			Tenant: plan, Line: line, Rate: w.rate, Node: node}.Next()
		if n < 0 || (n == 0) != (why.Key != "") {
			t.Fatalf("%d calls because of %q", n, why.Key)
		}
		wants = append(wants, Want{Tenant: c.tenant, Campaign: c.id, N: n, Room: plan.Free()})
	}
	budget := min(line.Free(), node.Free(), w.rate.Ready(w.now))
	given, next := Share(wants, budget, w.turn)
	w.turn = next
	w.begin(t, wants, given, budget)
	for i := range w.campaigns {
		if c := &w.campaigns[i]; c.talking > 0 {
			c.talking -= w.rand.IntN(c.talking + 1)
		}
	}
}

func (w *town) begin(t *testing.T, wants []Want, given []int, budget int) {
	total, wanted := 0, 0
	for i, n := range given {
		if n < 0 || n > wants[i].N {
			t.Fatalf("%d of %d wanted", n, wants[i].N)
		}
		total += n
		w.campaigns[i].talking += n
		w.campaigns[i].waiting -= n
		if w.campaigns[i].talking > w.campaigns[i].seats {
			t.Fatalf("%d calls on %d seats", w.campaigns[i].talking, w.campaigns[i].seats)
		}
	}
	for id, plan := range w.plans {
		room := 0
		for _, v := range wants {
			if v.Tenant == id {
				room += v.N
			}
		}
		wanted += min(room, max(0, plan-(w.talking(id)-sum(given, wants, id))))
		if started := sum(given, wants, id); started > 0 && w.talking(id) > plan {
			t.Fatalf("%d calls in a plan of %d", w.talking(id), plan)
		}
	}
	if total != min(budget, wanted) {
		t.Fatalf("gave %d of %d, %d wanted", total, budget, wanted)
	}
	if total > 0 && (w.talking(0) > w.line || w.talking(0) > w.node) {
		t.Fatalf("%d calls, line %d, node %d", w.talking(0), w.line, w.node)
	}
	w.rate = w.rate.Take(total, w.now)
	for range total {
		w.starts = append(w.starts, w.now)
	}
	w.checkRate(t)
}

func (w *town) checkRate(t *testing.T) {
	if w.rate.PerSecond == 0 {
		return
	}
	n := 0
	for _, at := range w.starts {
		if w.now.Sub(at) < time.Second {
			n++
		}
	}
	if n > w.rate.PerSecond {
		t.Fatalf("%d calls in a second of %d", n, w.rate.PerSecond)
	}
}

func sum(given []int, wants []Want, tenant db.ID) (n int) {
	for i, g := range given {
		if wants[i].Tenant == tenant {
			n += g
		}
	}
	return n
}

func TestRateIsReached(t *testing.T) {
	for _, cps := range []int{1, 3, 10, 15, 50, 200} {
		r, now, n := Bucket{PerSecond: cps}, time.Unix(1e9, 0), 0
		for range 200 { // 20 s in ticks of 100 ms
			k := r.Ready(now)
			r, n, now = r.Take(k, now), n+k, now.Add(100*time.Millisecond)
		}
		if n != 20*cps {
			t.Errorf("%d calls in 20 s at %d a second", n, cps)
		}
	}
	r := Bucket{PerSecond: 1}.Take(1, time.Unix(1000, 0))
	if n := r.Ready(time.Unix(999, 5e8)); n != 0 {
		t.Errorf("half a second back, %d calls may start", n)
	}
	if n := r.Ready(time.Unix(900, 0)); n != 1 {
		t.Errorf("a clock set back stops the line")
	}
	if n := (Bucket{}).Ready(time.Unix(0, 0)); n < 1e6 {
		t.Errorf("no bound is %d", n)
	}
}

func TestShare(t *testing.T) {
	t.Run("equal wants get equal shares over time, whatever the budget", func(t *testing.T) {
		wants := []Want{{1, 1, 99, 99}, {2, 2, 99, 99}, {3, 3, 99, 99}}
		for budget := 1; budget < 8; budget++ {
			got, turn := make([]int, len(wants)), Turn{}
			for range 50 {
				var given []int
				given, turn = Share(wants, budget, turn)
				low, high := 1<<30, 0
				for i, n := range given {
					got[i] += n
					low, high = min(low, got[i]), max(high, got[i])
				}
				if high-low > 1 {
					t.Fatalf("budget %d: %v", budget, got)
				}
			}
		}
	})
	t.Run("ten campaigns of one tenant do not outweigh one of another", func(t *testing.T) {
		var wants []Want
		for i := range 10 {
			wants = append(wants, Want{Tenant: 1, Campaign: db.ID(i + 1), N: 5, Room: 99})
		}
		wants = append(wants, Want{Tenant: 2, Campaign: 99, N: 5, Room: 99})
		got, turn := make([]int, len(wants)), Turn{}
		for range 40 {
			var given []int
			given, turn = Share(wants, 3, turn)
			for i, n := range given {
				got[i] += n
			}
		}
		if got[10] != 60 {
			t.Errorf("the other tenant has %d of 120", got[10])
		}
		for i, n := range got[:10] {
			if n != 6 {
				t.Errorf("campaign %d has %d of 60", i, n)
			}
		}
	})
	t.Run("what one leaves goes to the others", func(t *testing.T) {
		given, _ := Share([]Want{{1, 1, 1, 99}, {1, 2, 99, 99}, {2, 3, 2, 99}}, 10, Turn{})
		if given[0] != 1 || given[1] != 7 || given[2] != 2 {
			t.Errorf("got %v", given)
		}
	})
	t.Run("a full plan leaves its share", func(t *testing.T) {
		given, _ := Share([]Want{{1, 1, 9, 2}, {1, 2, 9, 2}, {2, 3, 9, 9}}, 8, Turn{})
		if given[0]+given[1] != 2 || given[2] != 6 {
			t.Errorf("got %v", given)
		}
	})
	t.Run("nobody starves beside a newcomer", func(t *testing.T) {
		turn, got := Turn{}, map[db.ID]int{}
		for i := range 30 { // tenant 2 has work only in every other tick
			wants := []Want{{1, 1, 9, 9}, {3, 3, 9, 9}}
			if i%2 == 0 {
				wants = append(wants, Want{2, 2, 9, 9})
			}
			var given []int
			given, turn = Share(wants, 1, turn)
			for j, n := range given {
				got[wants[j].Tenant] += n
			}
		}
		if got[1] < 8 || got[3] < 8 || got[2] < 5 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("one that blinks does not get ahead of those who wait", func(t *testing.T) {
		turn, got := Turn{}, map[db.ID]int{}
		for i := range 60 {
			wants := []Want{{1, 1, 9, 9}}
			if i%2 == 0 {
				wants = append(wants, Want{2, 2, 1, 9})
			}
			var given []int
			given, turn = Share(wants, 1, turn)
			for j, n := range given {
				got[wants[j].Tenant] += n
			}
		}
		if got[1] < 30 || got[2] == 0 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("memory is bounded", func(t *testing.T) {
		turn := Turn{}
		for i := range 20_000 {
			_, turn = Share([]Want{{db.ID(i), db.ID(i), 1, 1}}, 1, turn)
		}
		if len(turn.Tenant) > longMemory+1 || len(turn.Campaign) > longMemory+1 {
			t.Errorf("remembers %d", len(turn.Tenant))
		}
	})
	t.Run("no budget, no wants", func(t *testing.T) {
		if given, _ := Share([]Want{{1, 1, 9, 9}}, 0, Turn{}); given[0] != 0 {
			t.Error(given)
		}
		if given, _ := Share(nil, 9, Turn{}); len(given) != 0 {
			t.Error(given)
		}
	})
}

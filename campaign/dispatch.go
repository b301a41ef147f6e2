package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// tickEvery is how often the dispatcher looks even when nobody woke it.
const tickEvery = 200 * time.Millisecond

// Media is a node that can carry calls.
type Media struct {
	Fence
	Max int // measured headroom included
}

// Dispatcher decides, tick by tick, how many calls of which campaign start where. One
// runs in the installation (Leader); should two run for a moment, claims keep them
// from taking the same lead, seat or number.
type Dispatcher struct {
	S      *Service
	Nodes  func(ctx context.Context) ([]Media, error)
	Leader func(ctx context.Context) bool
	Trunk  func(ctx context.Context) (channels, perSecond int, err error) // channels 0 = there is no line

	turn    Turn
	bucket  Bucket
	breaker breaker
}

// Wake makes the dispatcher look now: a seat is free, a campaign started.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run ticks until ctx ends.
func (d *Dispatcher) Run(ctx context.Context) {
	t := d.S.Clock.NewTicker(tickEvery)
	defer t.Stop()
	ctx = db.System(ctx, "dispatcher")
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C():
		case <-d.S.wake:
		}
		if d.Leader != nil && !d.Leader(ctx) {
			continue
		}
		if err := d.Tick(ctx); err != nil && ctx.Err() == nil {
			slog.Error("dispatcher tick failed", "error", err)
			time.Sleep(500 * time.Millisecond) // the database is away; do not flood the log
		}
	}
}

// candidate is a running campaign with what the pacer said of it.
type candidate struct {
	c    Campaign
	n    int
	room int
}

// Tick looks once at everything that is due and starts what may start.
func (d *Dispatcher) Tick(ctx context.Context) error {
	now := d.S.Clock.Now()
	due, err := d.S.due(ctx, now)
	if err != nil || len(due) == 0 {
		return err
	}
	w, err := d.look(ctx, due, now)
	if err != nil {
		return err
	}
	var wants []Want
	var running []candidate
	for _, c := range due {
		if c.State == NotStarted {
			d.startScheduled(ctx, &c)
			continue
		}
		k, err := d.weigh(ctx, c, w, now)
		if err != nil { // one campaign with a broken template must not stop all the others
			slog.Error("campaign not weighed", "tenant", c.TenantID, "campaign", c.ID, "error", err)
			d.S.why.Store(c.ID, Why{Key: keyOf(err)})
			continue
		}
		if k.n > 0 {
			running = append(running, k)
			wants = append(wants, Want{Tenant: c.TenantID, Campaign: c.ID, N: k.n, Room: k.room})
		}
	}
	if len(wants) == 0 {
		return nil
	}
	budget := min(w.line.Free(), w.node.Free(), d.bucket.Ready(now))
	var given []int
	given, d.turn = Share(wants, budget, d.turn)
	for i, n := range given {
		if n > 0 {
			d.place(ctx, &running[i].c, n, w, now)
		}
	}
	return nil
}

// moment is what all campaigns share at one tick.
type moment struct {
	nodes     []Media
	load      map[string]int // by node
	byTenant  map[db.ID]int
	flying    map[db.ID]int // by campaign
	line      Room
	node      Room
	failing   bool // the line lets nothing through
	freeSeats map[db.ID]int
	plans     map[db.ID]int // tenant → most calls at once
	templates map[db.ID]Template
}

func (d *Dispatcher) look(ctx context.Context, due []Campaign, now time.Time) (*moment, error) {
	w := &moment{plans: map[db.ID]int{}}
	var err error
	if w.templates, err = d.S.templatesOf(ctx, due); err != nil {
		return nil, err
	}
	if w.nodes, err = d.Nodes(ctx); err != nil {
		return nil, err
	}
	total := 0
	if w.flying, w.byTenant, w.load, total, err = d.S.flying(ctx); err != nil {
		return nil, err
	}
	channels, cps, err := d.Trunk(ctx)
	if err != nil {
		return nil, err
	}
	d.bucket.PerSecond = cps
	w.line = Room{Max: channels, InFlight: total}
	for _, n := range w.nodes {
		w.node.Max += n.Max
	}
	w.node.InFlight = total
	if err := d.feel(ctx, w, now); err != nil {
		return nil, err
	}
	w.freeSeats, err = d.S.freeSeatCount(ctx, now)
	return w, err
}

// weigh asks the pacer about one running campaign, and completes one that has nobody left.
func (d *Dispatcher) weigh(ctx context.Context, c Campaign, w *moment, now time.Time) (candidate, error) {
	ctx = db.WithTenant(ctx, c.TenantID)
	t, known := w.templates[c.TemplateID]
	if !known || t.TenantID != c.TenantID {
		return candidate{}, errs.New(errs.NotFound, "template.not_found")
	}
	p := Pulse{Now: now, State: c.State, Legal: d.S.Legal, Seats: w.freeSeats[c.ID], Line: w.line, Failing: w.failing, Node: w.node, Rate: d.bucket}
	if err := json.Unmarshal(t.Spec, &p.Hours); err != nil {
		return candidate{}, err
	}
	if !p.Hours.Open(now, p.Legal) && (c.Called < c.Total || w.flying[c.ID] > 0) { // most campaigns most of the day: nothing is asked
		_, why := p.Next()
		d.S.why.Store(c.ID, why)
		return candidate{}, nil
	}
	soon, ever, err := d.S.leadsLeft(ctx, c.ListID, now)
	if err != nil {
		return candidate{}, err
	}
	if !ever && w.flying[c.ID] == 0 {
		return candidate{}, d.complete(ctx, &c)
	}
	if soon {
		p.Waiting = p.Seats // more than the seats can take is not asked
		p.Waiting = max(1, p.Waiting)
	}
	if p.Tenant, err = d.plan(ctx, c.TenantID, w); err != nil {
		return candidate{}, err
	}
	n, why := p.Next()
	if n > 0 && w.failing { // a probe goes out; the console says all the time why nothing else does
		d.S.why.Store(c.ID, Why{Key: lineFailing})
	} else {
		d.explain(c.ID, n, why, w.flying[c.ID])
	}
	return candidate{c, n, p.Tenant.Free()}, nil
}

// explain keeps why nothing is placed, for the console. While calls are under way a
// full seat or a list that runs dry is not worth a word.
func (d *Dispatcher) explain(id db.ID, n int, why Why, flying int) {
	if n > 0 || flying > 0 && (why.Key == "pacing.no_seat" || why.Key == "pacing.no_leads" || why.Key == "pacing.line_rate") {
		d.S.why.Delete(id)
		return
	}
	d.S.why.Store(id, why)
}

func (d *Dispatcher) plan(ctx context.Context, id db.ID, w *moment) (Room, error) {
	most, known := w.plans[id]
	if !known {
		t, err := d.S.People.Tenant(ctx, id)
		if err != nil {
			return Room{}, err
		}
		if t.Open(d.S.Clock.Now()) {
			most = t.MaxCalls
		}
		w.plans[id] = most
	}
	return Room{Max: most, InFlight: w.byTenant[id]}, nil
}

func (d *Dispatcher) complete(ctx context.Context, c *Campaign) error {
	err := d.S.shift(ctx, c.ID, Completed, "campaign.complete", d.S.closeIfOver)
	if errs.Is(err, errs.Conflict) {
		return nil // paused or terminated this very moment
	}
	return err
}

// startScheduled starts a campaign whose time has come; one whose seats are taken by
// then waits and says why.
func (d *Dispatcher) startScheduled(ctx context.Context, c *Campaign) {
	err := d.S.Start(db.WithTenant(ctx, c.TenantID), c.ID)
	var e *errs.Error
	switch {
	case err == nil:
	case errors.As(err, &e):
		d.S.why.Store(c.ID, Why{Key: e.Key, Args: e.Args})
	default:
		slog.Error("scheduled campaign not started", "campaign", c.ID, "error", err)
	}
}

// place claims n leads, spread over the nodes with most room, and wakes the nodes.
func (d *Dispatcher) place(ctx context.Context, c *Campaign, n int, w *moment, now time.Time) {
	ctx = db.WithTenant(ctx, c.TenantID)
	for n > 0 {
		node, free := w.roomiest()
		if free == 0 {
			return
		}
		k := min(n, free)
		ready, err := d.S.passOver(ctx, c, k, now)
		if err == nil && !ready {
			return // the next tick goes on
		}
		var got []attemptRow
		if err == nil {
			got, err = d.S.claim(ctx, c, k, node.Fence, now)
		}
		if err != nil {
			slog.Error("leads not claimed", "campaign", c.ID, "error", err)
			return
		}
		d.bucket = d.bucket.Take(len(got), now)
		d.breaker.placed(len(got), now)
		w.load[node.Node] += len(got)
		for _, a := range got {
			if err := d.S.Queue.EnqueueCall(ctx, node.Node, a.ID); err != nil {
				slog.Warn("call waits for the sweeper: the broker is away", "attempt", a.ID, "error", err)
			}
		}
		if n -= k; len(got) < k {
			return
		}
	}
}

func (w *moment) roomiest() (best Media, free int) {
	for _, n := range w.nodes {
		if f := n.Max - w.load[n.Node]; f > free {
			best, free = n, f
		}
	}
	return best, free
}

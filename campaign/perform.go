package campaign

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/robot"
	"yingda/scriptflow"
	"yingda/telephony"
)

// Handler is what becomes of a claimed attempt: the robot takes it now; queue, IVR, file
// and text come with the call centre (FEATURES B3.5).
type Handler interface {
	// Run places the call and returns when it is over and finished.
	Run(ctx context.Context, j *robot.Job) (*call.Finished, error)
	// Recover finishes a call whose node is gone.
	Recover(ctx context.Context, c call.Call) error
}

// Node is this process as a media node: its fence, its line, and the calls it runs.
type Node struct {
	s       *Service
	Fence   Fence
	Handler Handler
	Line    func(ctx context.Context) (telephony.Line, error) // the way out
	life    context.Context                                   // ends when the node must let go of its calls

	mu       sync.Mutex
	running  map[db.ID]bool
	draining bool
	done     sync.WaitGroup
}

// NewNode makes a node that runs calls until life ends.
func NewNode(life context.Context, s *Service, f Fence, h Handler, line func(context.Context) (telephony.Line, error)) *Node {
	return &Node{s: s, Fence: f, Handler: h, Line: line, life: life, running: map[db.ID]bool{}}
}

// Perform runs the call of a claimed attempt to its end: the queue's task, and the
// sweeper's where a task was lost. It may be asked twice; the fence lets one through.
func (n *Node) Perform(ctx context.Context, id db.ID) error {
	if !n.begin(id) {
		return nil
	}
	return n.perform(ctx, id)
}

// perform is Perform of an attempt that this process has begun.
func (n *Node) perform(ctx context.Context, id db.ID) error {
	defer n.finished(id)
	a, err := n.s.attempt(ctx, id)
	if err != nil || a.State != Claimed {
		return err
	}
	j, err := n.job(ctx, a)
	if err != nil {
		return n.giveUp(ctx, a, err)
	}
	now := n.s.Clock.Now()
	set := map[string]any{"dialled_at": now, "call_id": j.Call.ID, "turnaround_ms": n.s.turnaround(a.SeatID, now)}
	if err := n.s.advance(ctx, a, n.Fence, Dialling, set); err != nil {
		if errors.Is(err, errLost) {
			return nil // another run of this task, or the node's epoch is over
		}
		return err
	}
	n.s.tell(ctx, a.CampaignID)
	life, stop := n.callLife(ctx)
	defer stop()
	_, err = n.Handler.Run(life, j)
	if errors.Is(err, call.ErrFinished) || errors.Is(err, errLost) {
		slog.Warn("the call was finished by another", "call", j.Call.ID)
		return nil
	}
	return err // whatever is left open, Sweep ends
}

// callLife is the ctx of one call: the tenant's scope of ctx, the node's life, not the
// broker's: a call that talks goes on when Redis is away.
func (n *Node) callLife(ctx context.Context) (context.Context, context.CancelFunc) {
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	release := context.AfterFunc(n.life, stop)
	return life, func() { release(); stop() }
}

func (n *Node) begin(id db.ID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.running[id] || n.draining || n.life.Err() != nil {
		return false
	}
	n.running[id] = true
	n.done.Add(1)
	return true
}

// runs says whether this process has the attempt's call in hand.
func (n *Node) runs(id db.ID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.running[id]
}

func (n *Node) finished(id db.ID) {
	n.mu.Lock()
	delete(n.running, id)
	n.mu.Unlock()
	n.done.Done()
}

// Drain takes no further calls; those that run go on. What is claimed for this node and
// not dialled yet goes back to its list by the janitor, when the lease is given up.
func (n *Node) Drain() {
	n.mu.Lock()
	n.draining = true
	n.mu.Unlock()
}

// Wait returns when all calls of the node are over, or ctx ends.
func (n *Node) Wait(ctx context.Context) {
	over := make(chan struct{})
	go func() { n.done.Wait(); close(over) }()
	select {
	case <-over:
	case <-ctx.Done():
	}
}

// giveUp ends an attempt whose call cannot even be placed: the lead waits for better
// times, and the log has the cause.
func (n *Node) giveUp(ctx context.Context, a *attemptRow, cause error) error {
	level := slog.LevelError
	if errors.Is(cause, errNotNow) || errors.Is(cause, errBlocked) {
		level = slog.LevelInfo
	}
	slog.Log(ctx, level, "call not placed", "attempt", a.ID, "campaign", a.CampaignID, "error", cause)
	return n.s.release(ctx, *a)
}

// job gathers what the robot needs for an attempt.
func (n *Node) job(ctx context.Context, a *attemptRow) (*robot.Job, error) {
	s := n.s
	c, err := s.Campaign(ctx, a.CampaignID)
	if err != nil {
		return nil, err
	}
	lead, err := one[leadRow](db.WithTenant(ctx, a.TenantID), s.Store, a.LeadID, "lead.not_found")
	if err != nil {
		return nil, err
	}
	seat, err := s.Seat(ctx, a.SeatID)
	if err != nil {
		return nil, err
	}
	if err := s.mayCallNow(ctx, c); err != nil {
		return nil, err
	}
	if err := s.mayCall(ctx, lead.PhoneDigest); err != nil {
		return nil, err
	}
	flow, err := s.Scripts.Flow(ctx, c.ScriptID, c.ScriptVersion)
	if err != nil {
		return nil, err
	}
	number, err := s.People.Vault.Open(ctx, lead.PhoneCipher)
	if err != nil {
		return nil, err
	}
	line, err := n.Line(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := s.policy(ctx, c)
	if err != nil {
		return nil, err
	}
	j := &robot.Job{Number: dialString(number), Line: line, Flow: flow, Vars: lead.script(), Policy: policy}
	j.Call = call.Call{ID: db.NewID(), TenantID: a.TenantID, OwnerID: c.OwnerID, DepartmentID: c.DepartmentID, Node: n.Fence.Node, Epoch: n.Fence.Epoch,
		Direction: "out", CampaignID: c.ID, LeadID: lead.ID, AttemptID: a.ID, SeatID: seat.ID, SeatNumber: seat.Number, Name: lead.Name,
		PhoneCipher: lead.PhoneCipher, PhoneDigest: lead.PhoneDigest, PhoneLast4: lead.PhoneLast4, ScriptID: c.ScriptID, ScriptVersion: c.ScriptVersion}
	j.Dialling = func(ctx context.Context) error { return s.holds(ctx, a, n.Fence) }
	j.Talking = func(ctx context.Context) {
		if err := s.advance(ctx, a, n.Fence, Talking, map[string]any{"talking_at": s.Clock.Now()}); err != nil {
			slog.Warn("attempt not moved to talking", "attempt", a.ID, "error", err)
		}
		s.tell(ctx, a.CampaignID)
	}
	return j, nil
}

// script gives the lead's variables as the script knows them; the name is always one.
func (l leadRow) script() map[string]string {
	v := l.vars()
	if l.Name != "" {
		v["name"], v["姓名"] = l.Name, l.Name
	}
	return v
}

func (s *Service) policy(ctx context.Context, c *Campaign) (scriptflow.Policy, error) {
	t, err := s.People.Tenant(ctx, db.TenantOf(ctx))
	if err != nil {
		return scriptflow.Policy{}, err
	}
	return scriptflow.Policy{RefusalFirst: t.Chosen().RefusalOutweighsCompletion, Gate: c.rules().Gate}, nil
}

// dialString writes a number as Chinese lines want it: mobiles with their eleven digits,
// land lines with their 0, other countries with 00.
func dialString(e164 string) string {
	if len(e164) > 3 && e164[:3] == "+86" {
		n := e164[3:]
		if n[0] == '1' && len(n) == 11 {
			return n
		}
		return "0" + n
	}
	return "00" + e164[1:]
}

// turnaround is how long the seat stood idle since its last call, in ms; 0 for its first.
func (s *Service) turnaround(seat db.ID, now time.Time) int64 {
	if at, ok := s.freed.LoadAndDelete(seat); ok {
		return max(1, now.Sub(at.(time.Time)).Milliseconds())
	}
	return 0
}

// EndAttempt is the hook that ends the attempt in the transaction that finishes its call.
// A call that we or the line lost before its answer is tried again; the callee's own
// outcomes are not, until there is a retry policy (FEATURES A3.5).
func (s *Service) EndAttempt(ctx context.Context, f *call.Finished) error {
	c := &f.Call
	if c.AttemptID == 0 {
		return nil
	}
	a, err := s.attempt(ctx, c.AttemptID)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	next, err := s.nextTry(ctx, a, c.Outcome, now)
	if err != nil {
		return err
	}
	err = s.end(ctx, c.AttemptID, c, c.Outcome, next, now)
	if errors.Is(err, errLost) {
		slog.Warn("a call has ended whose attempt was given back meanwhile", "call", c.ID, "attempt", a.ID)
		return s.endLate(ctx, a, c, now)
	}
	return err
}

// mostClaims of a lead: one whose call can never be placed does not go round for ever.
const mostClaims = 20

// nextTry is when a lead is called again, nil where it is not. Tries are counted in
// calls: an attempt that was given back before anybody dialled is none.
func (s *Service) nextTry(ctx context.Context, a *attemptRow, o call.Outcome, now time.Time) (*time.Time, error) {
	policy := RetryPolicy{LineGap: s.Patience.Lead}
	if _, ever := policy.Again(o, 0); !ever || a.TryNo >= mostClaims {
		return nil, nil
	}
	tries, err := s.dials(ctx, a.LeadID)
	if err != nil {
		return nil, err
	}
	wait, again := policy.Again(o, tries)
	if !again {
		return nil, nil
	}
	at := now.Add(wait)
	return &at, nil
}

// LastTry says whether a finished call was its lead's last: what is promised for an
// unanswered lead waits for it (FEATURES A7.2). It is asked after EndAttempt, in the same transaction.
func (s *Service) LastTry(ctx context.Context, c *call.Call) (bool, error) {
	if c.LeadID == 0 {
		return true, nil
	}
	var l []leadRow
	err := s.db.In(ctx).Select("id", "state").Where("id = ?", c.LeadID).Find(&l).Error
	return len(l) == 0 || l[0].State == Finished, err
}

// CallEnded is the listener that wakes the dispatcher: a seat is free.
func (s *Service) CallEnded(ctx context.Context, f *call.Finished) {
	if f.Call.SeatID != 0 && f.Call.EndedAt != nil { // from the hang-up: what we do afterwards is idle time of the seat
		s.freed.Store(f.Call.SeatID, *f.Call.EndedAt)
	}
	s.Wake()
	if f.Call.CampaignID != 0 {
		s.tell(ctx, f.Call.CampaignID)
	}
}

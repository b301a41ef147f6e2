package callee

import (
	"slices"
	"sync"
	"time"

	"yingda/telephony"
)

// Call is what one callee lived through. Offsets count from the answer.
type Call struct {
	CallID   string        `json:"call"`
	Attempt  string        `json:"attempt"` // X-Yingda-Attempt
	To       string        `json:"to"`
	Persona  string        `json:"persona"`
	Grade    string        `json:"grade"` // expected
	Began    time.Time     `json:"began"` // the INVITE
	Answered bool          `json:"answered"`
	Ended    bool          `json:"ended"`
	By       string        `json:"by"` // who hung up: robot, callee, media, node; "" = never answered
	Why      string        `json:"why"`
	Length   time.Duration `json:"length"`
	Said     []Said        `json:"said"`
	Robot    []Stretch     `json:"robot"` // when the robot was heard

	who *Persona
	nth int
}

// Said is one thing a callee said; beeps have no text.
type Said struct {
	Text       string        `json:"text"`
	Start, End time.Duration // of what is audible
	Typed      bool          // by real-time text, too
	Cut        bool          // the call ended first
}

// Stretch is a stretch of speech.
type Stretch struct{ Start, End time.Duration }

// Spread sums up measurements in milliseconds; zero where N is 0.
type Spread struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	Max float64 `json:"max"`
}

// Report is what the callees saw so far.
type Report struct {
	Invites     int            `json:"invites"`
	Answered    int            `json:"answered"`
	Open        int            `json:"open"` // calls that have not ended
	Spoken      int            `json:"spoken"`
	TurnLatency Spread         `json:"turn_latency_ms"` // callee's last voiced sample → robot's first audible frame
	BargeIn     Spread         `json:"barge_in_ms"`     // callee's first voiced sample → robot silent
	ByPersona   map[string]int `json:"by_persona"`      // invites
}

// kept bounds the calls remembered one by one; sums go on beyond it.
const kept = 20_000

// tally collects from all calls.
type tally struct {
	mu       sync.Mutex
	calls    []*Call
	sum      Report
	replies  []time.Duration
	yields   []time.Duration
	byNumber map[string]int
}

// Report sums up all calls until now.
func (c *Callees) Report() Report {
	t := &c.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.sum
	r.TurnLatency, r.BargeIn = spread(t.replies), spread(t.yields)
	r.ByPersona = map[string]int{}
	for k, v := range t.sum.ByPersona {
		r.ByPersona[k] = v
	}
	return r
}

// Calls lists all calls until now, oldest first (the first 20,000 of them).
func (c *Callees) Calls() []Call {
	t := &c.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Call, len(t.calls))
	for i, call := range t.calls {
		out[i] = *call
		out[i].Said, out[i].Robot = slices.Clone(call.Said), slices.Clone(call.Robot)
	}
	return out
}

func spread(d []time.Duration) Spread {
	if len(d) == 0 {
		return Spread{}
	}
	d = slices.Clone(d)
	slices.Sort(d)
	at := func(p float64) float64 {
		return float64(d[min(len(d)-1, int(p*float64(len(d))))].Microseconds()) / 1000
	}
	return Spread{N: len(d), P50: at(0.5), P95: at(0.95), Max: at(1)}
}

// begin opens the record of a call.
func (c *Callees) begin(in *telephony.Incoming, who *Persona) *Call {
	r := &Call{CallID: in.CallID, Attempt: attemptOf(in.Headers), To: in.To, Persona: who.Name, Grade: who.Grade, Began: time.Now(), who: who}
	t := &c.tally
	t.mu.Lock()
	if t.byNumber == nil {
		t.byNumber, t.sum.ByPersona = map[string]int{}, map[string]int{}
	}
	r.nth = t.byNumber[in.To]
	t.byNumber[in.To]++
	t.sum.Invites++
	t.sum.Open++
	t.sum.ByPersona[who.Name]++
	if len(t.calls) < kept {
		t.calls = append(t.calls, r)
	}
	t.mu.Unlock()
	c.note(r, entry{Event: "invite", Attempt: r.Attempt, To: r.To, From: in.From, Persona: r.Persona, Grade: r.Grade})
	return r
}

// note writes a line of the log; a full disk is told once per line to the operator, not to the call.
func (c *Callees) note(r *Call, e entry) {
	e.Call, e.Attempt = r.CallID, r.Attempt
	if e.Event == "answer" {
		c.tally.with(func(t *tally) { r.Answered = true; t.sum.Answered++ })
	}
	if err := c.log.write(e); err != nil {
		c.cfg.Log.Error("callee log", "call", r.CallID, "event", e.Event, "err", err)
	}
}

func (t *tally) with(change func(*tally)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(t)
}

func (c *Callees) spoke(r *Call, s Said) {
	c.tally.with(func(t *tally) { r.Said = append(r.Said, s); t.sum.Spoken++ })
	c.note(r, entry{Event: "said", Text: s.Text, Start: millis(s.Start), End: millis(s.End), Typed: s.Typed, Cut: s.Cut})
}

func (c *Callees) heard(r *Call, s Stretch) {
	c.tally.with(func(*tally) { r.Robot = append(r.Robot, s) })
	c.note(r, entry{Event: "robot", Start: millis(s.Start), End: millis(s.End)})
}

func (c *Callees) replied(r *Call, after time.Duration) {
	c.tally.with(func(t *tally) { t.replies = append(t.replies, after) })
	c.note(r, entry{Event: "turn", Took: millis(after)})
}

func (c *Callees) yielded(r *Call, after time.Duration) {
	c.tally.with(func(t *tally) { t.yields = append(t.yields, after) })
	c.note(r, entry{Event: "barge_in", Took: millis(after)})
}

func (c *Callees) ended(r *Call, by, why string, length time.Duration) {
	c.tally.with(func(*tally) { r.By, r.Why, r.Length = by, why, length })
	c.note(r, entry{Event: "bye", By: by, Why: why, End: millis(length)})
}

// finish closes the record, whatever became of the call.
func (c *Callees) finish(r *Call) {
	c.tally.with(func(t *tally) { r.Ended = true; t.sum.Open-- })
}

package callee

import (
	"math/rand/v2"
	"time"
)

// Persona is one kind of callee.
type Persona struct {
	Name    string   `yaml:"name"`    // unique, also a user part that can be dialled
	About   string   `yaml:"about"`   // for people
	Grade   string   `yaml:"grade"`   // A…F: what the robot must arrive at; empty = not judged
	SMS     bool     `yaml:"sms"`     // a keyword SMS must have been promised
	Count   int      `yaml:"count"`   // leads of it in one round; 0 = 1
	Numbers []string `yaml:"numbers"` // its own numbers, "13900000001" or "13900000001-13900000050"; else by roster

	Ring   Span    `yaml:"ring"`   // rings so long before what follows; 0 = 400ms-900ms
	Reject *Reject `yaml:"reject"` // does not pick up
	Turns  []Turn  `yaml:"turns"`  // what is said after picking up, in order

	HangUp   *Span         `yaml:"hang_up"`    // after the last turn, once the robot has spoken and been silent so long
	HangUpAt *Span         `yaml:"hang_up_at"` // so long after the last turn or the answer, whatever the robot does; neither = stays and listens
	Patience time.Duration `yaml:"patience"`   // hangs up after so long without hearing anything; 0 = 10s
	Longest  time.Duration `yaml:"longest"`    // hangs up after so long in any case; 0 = 90s
}

// Reject is how a call is not taken.
type Reject struct {
	Status   int    `yaml:"status"`   // 300…699
	Reason   string `yaml:"reason"`   // empty = the usual words
	Announce string `yaml:"announce"` // spoken in early media (183) before the status
}

// Turn is one thing a callee does. Without At and Over it waits until the robot
// has spoken and then been silent for After.
type Turn struct {
	Say    Lines  `yaml:"say"`    // one of these, drawn
	Press  string `yaml:"press"`  // DTMF keys, after what is said
	Beep   bool   `yaml:"beep"`   // an answering machine's tone, after what is said
	Quiet  bool   `yaml:"quiet"`  // says nothing when it could, and waits for the robot to try again
	After  Span   `yaml:"after"`  // the robot's silence that means "your turn"; 0 = 450ms-550ms
	Think  Span   `yaml:"think"`  // on top of After; 0 = 50ms-200ms
	Over   *Span  `yaml:"over"`   // talks over the robot, so long after it began
	Aside  bool   `yaml:"aside"`  // with over: a mere 嗯 that the robot is right to talk through; not measured
	At     *Span  `yaml:"at"`     // does not wait: so long after the answer or the turn before
	Repeat int    `yaml:"repeat"` // does it so many times; 0 = once
}

// answers says whether the persona picks up.
func (p *Persona) answers() bool { return p.Reject == nil }

// SpokenTurns is how often the persona speaks if the robot lets it.
func (p *Persona) SpokenTurns() int {
	n := 0
	for _, t := range p.Turns {
		if len(t.Say) > 0 {
			n += max(1, t.Repeat)
		}
	}
	return n
}

// Span is a duration drawn anew each time: "400ms" or "300ms-900ms".
type Span struct{ Min, Max time.Duration }

// draw picks within s; the zero span gives one within the default.
func (s Span) draw(r *rand.Rand, fallback Span) time.Duration {
	if s == (Span{}) {
		s = fallback
	}
	if s.Max <= s.Min {
		return s.Min
	}
	return s.Min + time.Duration(r.Int64N(int64(s.Max-s.Min)))
}

const ms = time.Millisecond

var (
	usualRing  = Span{400 * ms, 900 * ms}
	usualAfter = Span{450 * ms, 550 * ms}
	usualThink = Span{50 * ms, 200 * ms}
)

func (p *Persona) patience() time.Duration { return orElse(p.Patience, 10*time.Second) }
func (p *Persona) longest() time.Duration  { return orElse(p.Longest, 90*time.Second) }

func orElse(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}

package callee

import (
	"context"
	"math/rand/v2"
	"time"

	"yingda/telephony"
)

// talk is one answered call. It belongs to one goroutine; only the ear is fed from the media loop.
type talk struct {
	house *Callees
	leg   *telephony.Leg
	ear   *ear
	rec   *Call
	who   *Persona
	luck  *rand.Rand

	ctx  context.Context // over with the call
	hush context.CancelFunc

	s       scene         // what has been noticed; now is filled in by look
	pending time.Duration // end of our speech that waits for a reply; negative = none
	over    *interruption // we are talking over the robot
	ended   bool
}

// interruption measures how fast the robot falls silent.
type interruption struct {
	play  *telephony.Playback
	first time.Duration // of what is audible in it
}

func newTalk(c *Callees, leg *telephony.Leg, r *Call, luck *rand.Rand) *talk {
	t := &talk{house: c, leg: leg, ear: newEar(), rec: r, who: r.who, luck: luck, pending: -1}
	t.s = scene{began: -1, opening: true}
	t.ctx, t.hush = context.WithCancel(c.ctx)
	leg.Tap(func(alaw []byte) { t.ear.hear(alaw, leg.Now()) })
	return t
}

// run talks until somebody hangs up.
func (t *talk) run() {
	defer t.hush()
	for _, turn := range t.who.Turns {
		for range max(1, turn.Repeat) {
			if !t.await(turn.timing(t.luck)) {
				return
			}
			t.take(turn)
		}
	}
	if t.await(t.leaving()) {
		t.hangUp("done")
	}
}

// leaving is when the persona hangs up by itself; without a wish it listens until
// the robot ends the call or patience is out.
func (t *talk) leaving() timing {
	switch {
	case t.who.HangUpAt != nil:
		at := t.who.HangUpAt.draw(t.luck, Span{})
		return timing{at: &at}
	case t.who.HangUp != nil:
		return timing{after: t.who.HangUp.draw(t.luck, Span{})}
	}
	return timing{after: 24 * time.Hour}
}

func (t Turn) timing(luck *rand.Rand) timing {
	tm := timing{after: t.After.draw(luck, usualAfter) + t.Think.draw(luck, usualThink)}
	if t.Over != nil {
		d := t.Over.draw(luck, Span{})
		tm.over = &d
	}
	if t.At != nil {
		d := t.At.draw(luck, Span{})
		tm.at = &d
	}
	return tm
}

// await waits for the cue; false = the call is over, by whoever's doing.
func (t *talk) await(tm timing) bool {
	for !t.ended {
		s := t.look()
		wait := cue(tm, s)
		if wait == 0 {
			return true
		}
		limit := soonest(bored(t.who.patience(), s), until(t.who.longest(), s.now))
		if limit == 0 {
			t.hangUp("patience")
			return false
		}
		t.wait(soonest(wait, limit), nil)
	}
	return false
}

// look completes the scene.
func (t *talk) look() scene {
	s := t.s
	s.now = t.leg.Now()
	if s.talking {
		s.ended = t.ear.lastHeard()
	}
	return s
}

// soonest of two waits, either of which may be never.
func soonest(a, b time.Duration) time.Duration {
	switch {
	case a == never:
		return b
	case b == never:
		return a
	}
	return min(a, b)
}

// wait returns after d, when done closes, or when something was noticed.
func (t *talk) wait(d time.Duration, done <-chan struct{}) {
	var timer <-chan time.Time
	if d != never {
		clock := time.NewTimer(d)
		defer clock.Stop()
		timer = clock.C
	}
	select {
	case m := <-t.ear.marks:
		t.notice(m)
	case e, ok := <-t.leg.Events():
		if !ok || e.Kind == telephony.Ended {
			t.end(e.By, "")
		}
	case <-t.ctx.Done():
		t.hangUp("closing")
	case <-timer:
	case <-done:
	}
}

// take says and does what the turn wants.
func (t *talk) take(turn Turn) {
	t.s.opening = false
	if turn.Quiet {
		t.s.spoke = t.leg.Now()
	}
	if len(turn.Say) > 0 {
		line := turn.Say[t.luck.IntN(len(turn.Say))]
		t.play(t.house.book.clips[line], line, turn.Over != nil && !turn.Aside)
	}
	if turn.Press != "" && !t.ended {
		t.press(turn.Press)
	}
	if turn.Beep && !t.ended {
		t.play(t.house.book.beep, "", false)
	}
}

// play sounds a clip and waits for its end, typing the line along.
func (t *talk) play(c clip, line string, over bool) {
	t.pending = -1
	play := t.leg.Play(c.alaw)
	if over && t.s.talking {
		t.over = &interruption{play, c.first}
	}
	if line != "" && t.leg.HasText() {
		go typeAlong(t.ctx, t.leg, keystrokes(line, c.last, t.luck))
	}
	for !t.ended && !isClosed(play.Done()) {
		t.wait(never, play.Done())
	}
	t.said(play, c, line)
}

// said records what was played and, the robot being silent, expects its reply.
func (t *talk) said(play *telephony.Playback, c clip, line string) {
	start := play.Started()
	if start < 0 {
		return // the call ended first
	}
	t.s.spoke = start + min(c.last, play.Played())
	if !t.s.talking {
		t.pending = t.s.spoke
	}
	t.house.spoke(t.rec, Said{Text: line, Start: start + c.first, End: t.s.spoke, Cut: play.Cut(), Typed: line != "" && t.leg.HasText()})
}

// keyTime is how long one key takes: 100 ms and a pause as long.
const keyTime = 200 * time.Millisecond

func (t *talk) press(keys string) {
	t.pending = -1
	start := t.leg.Now()
	t.leg.SendDigits(keys)
	t.s.spoke = start + time.Duration(len(keys))*keyTime
	t.house.note(t.rec, entry{Event: "press", Text: keys, Start: millis(start)})
}

// notice learns from the ear.
func (t *talk) notice(m mark) {
	if m.began {
		t.s.talking, t.s.began = true, m.at
		if t.pending >= 0 && m.at > t.pending {
			t.house.replied(t.rec, m.at-t.pending)
		}
		t.pending = -1
		return
	}
	t.s.talking, t.s.ended = false, m.at
	t.house.heard(t.rec, Stretch{t.s.began, m.at})
	t.interrupted(m.at)
}

// interrupted measures, when the robot has stopped, how long that took.
func (t *talk) interrupted(silent time.Duration) {
	if t.over == nil || t.over.play.Started() < 0 {
		return
	}
	from := t.over.play.Started() + t.over.first
	t.over = nil
	if silent > from {
		t.house.yielded(t.rec, silent-from)
	}
}

func (t *talk) hangUp(why string) {
	if t.ended {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
	defer stop()
	if err := t.leg.Hangup(ctx); err != nil {
		why += ": " + err.Error()
	}
	t.end(telephony.ByUs, why)
}

// end closes the record. ByFar is the robot here.
func (t *talk) end(by telephony.Party, why string) {
	if t.ended {
		return
	}
	t.ended = true
	t.hush()
	if t.s.talking {
		t.house.heard(t.rec, Stretch{t.s.began, t.ear.lastHeard()})
	}
	t.house.ended(t.rec, who(by), why, t.leg.Now())
}

// who names the parties from the callee's side of the line.
func who(by telephony.Party) string {
	switch by {
	case telephony.ByFar:
		return "robot"
	case telephony.ByUs:
		return "callee"
	}
	return string(by)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

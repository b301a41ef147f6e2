package robot

import (
	"context"
	"log/slog"
	"time"

	"yingda/call"
	"yingda/scriptflow"
	"yingda/speech"
	"yingda/telephony"
)

const (
	resumeAfter = 700 * time.Millisecond // a pause for a voice without words ends this long after the voice
	mostYield   = 8 * time.Second        // … and at the latest so long after it began: a television is no callee
	endWithin   = 5 * time.Second        // the far end has so long to answer the BYE
	goneWithin  = 6 * time.Second        // after Hangup the call is over, whatever the line says
	tapeWithin  = time.Second            // … and its recording complete so soon
	endSilence  = 600 * time.Millisecond // default of Options.EndSilence
)

// talk is one conversation at work: one goroutine, one select.
type talk struct {
	s    *Service
	job  *Job
	line Line
	flow *scriptflow.Flow

	state scriptflow.State
	ear   ear
	mouth mouth
	hearing
	log *slog.Logger

	noInput time.Duration     // what the last Listen asked for; 0 = nothing
	then    scriptflow.Action // Hangup or Transfer, to be done when the line has been said
	owes    time.Duration     // end of the callee's input that the next line answers, for the latency; 0 = none
	heardTo time.Duration     // end of the callee's latest input
	leaving bool              // the robot has hung up
	left    time.Duration     // when it did
	ended   *telephony.Event

	turns    []call.Turn
	told     int // turns the journal has
	latency  []int64
	bargeIns []int64
	marks    []call.Mark
	seq      int
	journal  chan<- journalled
}

// run talks until the leg is over. ctx is the call's own: it ends when the node must let go.
func (t *talk) run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx) // a line that is still being rendered at the end is for nobody
	defer stop()
	var actions []scriptflow.Action
	t.state, actions = t.flow.Start(t.job.Vars)
	if !t.line.HasText() {
		t.listen(ctx)
	}
	defer t.closeEar()
	t.do(ctx, actions)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for t.ended == nil {
		timer.Reset(t.next())
		t.wait(ctx, timer.C)
	}
	t.over()
}

// wait handles the one thing that happens next.
func (t *talk) wait(ctx context.Context, timeout <-chan time.Time) {
	select {
	case e, open := <-t.line.Events():
		if !open {
			e = telephony.Event{Kind: telephony.Ended, At: t.line.Now(), By: telephony.ByMedia}
		}
		t.happened(ctx, e)
	case h, open := <-t.heard:
		if !open {
			t.deaf()
			return
		}
		t.recognised(ctx, h)
	case o := <-t.opened:
		t.hears(o)
	case r := <-t.mouth.ready:
		t.rendered(ctx, r)
	case <-t.mouth.done():
		t.said(ctx)
	case <-timeout:
		t.tick(ctx)
	case <-ctx.Done():
		t.letGo()
	}
}

func (t *talk) happened(ctx context.Context, e telephony.Event) {
	switch e.Kind {
	case telephony.VoiceStart:
		t.ear.voiceStart(e.At)
		t.yield(e.At)
	case telephony.VoiceEnd:
		t.ear.voiceEnd(e.At)
		t.untyped(e.At)
	case telephony.Text:
		t.ear.typed(e.Text, e.At)
		if t.stream == nil {
			t.again = 0 // who types is read
		}
		t.partial(ctx, string(t.ear.text), e.At)
	case telephony.Digit:
		t.mark("digit", e.Text)
		t.input(ctx, scriptflow.Heard{Text: e.Text, Source: scriptflow.Digit, At: e.At, End: e.At})
	case telephony.Ended:
		t.ended = &e
	}
}

// yield pauses what plays, or is about to, while the callee talks, where the line may be
// interrupted by now.
func (t *talk) yield(from time.Duration) {
	u := t.mouth.now
	if at, ok := t.yieldDue(); !ok || t.line.Now() < at {
		return
	}
	now := t.line.Now()
	t.mouth.pause(now)
	if u.first >= 0 {
		t.bargeIns = append(t.bargeIns, max(0, (now-from).Milliseconds()))
	}
}

// yieldDue is from when the line gives way to the voice that is heard; false = it does
// not. A voice that goes on after its words were understood is none that began over this line.
func (t *talk) yieldDue() (time.Duration, bool) {
	p, u := t.state.Playing, t.mouth.now
	if p == nil || u == nil || u.paused || t.leaving || !t.ear.voicing || t.ear.voiceFrom < max(t.heardTo, u.insists) {
		return 0, false
	}
	after, may := p.Interrupt.After()
	if u.note(); u.first < 0 {
		return t.line.Now() + after, may
	}
	return u.first + after, may
}

func (t *talk) recognised(ctx context.Context, r speech.Heard) {
	if r.Err != nil {
		t.log.Warn("recogniser broke off", "error", r.Err)
		return
	}
	h, counts := t.ear.recognised(r, t.zero)
	switch {
	case !counts:
	case r.Final:
		t.input(ctx, h)
	default:
		t.partial(ctx, r.Text, t.line.Now())
		t.s.Watch.turn(t.job, call.Turn{Who: "callee", Text: r.Text, AtMs: h.At.Milliseconds(), Source: string(h.Source)}, true)
	}
}

func (t *talk) partial(ctx context.Context, text string, now time.Duration) {
	t.step(ctx, scriptflow.Partial{Text: text, At: now})
}

// input is a finished turn of the callee.
func (t *talk) input(ctx context.Context, h scriptflow.Heard) {
	before := len(t.state.Hits)
	node := t.state.Node
	t.owes = t.ear.spokenTo(h)
	t.heardTo = max(t.heardTo, h.End)
	actions := t.decide(h)
	if h.Text != "" {
		t.addTurn(calleeTurn(h, t.flow, node, t.state.Hits[before:], len(t.turns)))
	}
	t.do(ctx, actions)
}

func (t *talk) step(ctx context.Context, e scriptflow.Event) { t.do(ctx, t.decide(e)) }

func (t *talk) decide(e scriptflow.Event) []scriptflow.Action {
	var actions []scriptflow.Action
	t.state, actions = t.flow.Step(t.state, e)
	return actions
}

// do carries out what the script decided, in its order.
func (t *talk) do(ctx context.Context, actions []scriptflow.Action) {
	for len(actions) > 0 {
		a := actions[0]
		actions = actions[1:]
		switch a := a.(type) {
		case scriptflow.Stop:
			actions = append(actions, t.stop()...)
		case scriptflow.Say:
			t.speak(ctx, a)
		case scriptflow.Listen:
			t.noInput, t.then = a.NoInput, nil
			t.hint()
		case scriptflow.SendSMS:
			t.mark("sms", a.Keyword)
			t.s.promise(ctx, t.job)
		case scriptflow.MarkDoNotCall:
			t.mark("dnc", a.Keyword)
			t.s.doNotCall(ctx, t.job)
		case scriptflow.Transfer, scriptflow.Hangup:
			t.then, t.noInput = a, 0
		}
	}
	t.write()
	if t.then != nil && t.mouth.now == nil {
		t.leave(ctx)
	}
}

// stop cuts the line that plays and tells the script, which may have kept an input for this moment.
func (t *talk) stop() []scriptflow.Action {
	u := t.mouth.cut()
	if u == nil {
		return nil
	}
	t.addSpoken(u, true)
	return t.decide(scriptflow.Said{ID: u.say.ID, Cut: true, Unheard: u.first < 0, At: t.line.Now()})
}

func (t *talk) speak(ctx context.Context, a scriptflow.Say) {
	if u := t.mouth.cut(); u != nil {
		t.addSpoken(u, true)
	}
	t.mouth.start(ctx, a, t.state.Node)
	if t.line.HasText() {
		t.line.SendText(a.Text + "\u2028")
	}
}

func (t *talk) rendered(ctx context.Context, r rendered) {
	if r.err != nil {
		t.log.Error("prompt not rendered", "error", r.err)
	}
	t.yield(t.ear.voiceFrom)
	if u := t.mouth.now; !t.mouth.rendered(r) && u != nil && u.say.ID == r.id {
		t.said(ctx) // no sound at all: the talk goes on
	}
}

// said is the end of a line that was played through.
func (t *talk) said(ctx context.Context) {
	u := t.mouth.end()
	t.addSpoken(u, false)
	t.step(ctx, scriptflow.Said{ID: u.say.ID, At: t.line.Now()})
}

// next is how long to wait for time itself to matter.
func (t *talk) next() time.Duration {
	now := t.line.Now()
	wait := time.Minute
	sooner := func(at time.Duration, ok bool) {
		if ok {
			wait = min(wait, max(at-now, time.Millisecond))
		}
	}
	if t.leaving {
		sooner(t.left+goneWithin, true)
		return wait
	}
	sooner(t.s.Longest, t.s.Longest > 0)
	sooner(t.again, t.again > 0)
	sooner(t.ear.textDue())
	sooner(t.ear.askDue())
	sooner(t.yieldDue())
	if at, ok := t.resumeDue(); ok {
		sooner(max(at, now+20*time.Millisecond), true) // words may be owed for longer
	}
	if at, ok := t.silenceDue(); ok {
		sooner(max(at, now+20*time.Millisecond), true)
	}
	return wait
}

// silenceDue is when the script wants to hear that nothing was said.
func (t *talk) silenceDue() (time.Duration, bool) {
	if t.noInput == 0 || t.mouth.now != nil || t.leaving {
		return 0, false
	}
	return max(time.Duration(t.state.SaidAt)*time.Millisecond, t.ear.quietSince()) + t.noInput, true
}

// resumeDue is when a paused line goes on, if no words come.
func (t *talk) resumeDue() (time.Duration, bool) {
	u := t.mouth.now
	switch {
	case u == nil || !u.paused:
		return 0, false
	case t.ear.voicing:
		return u.pauseAt + mostYield, true
	}
	return min(max(u.pauseAt, t.ear.voiceTo)+resumeAfter, u.pauseAt+mostYield), true
}

// tick does the one thing that is due.
func (t *talk) tick(ctx context.Context) {
	now := t.line.Now()
	is := func(at time.Duration, ok bool) bool { return ok && now >= at }
	switch {
	case t.leaving:
		t.outwait(now)
	case is(t.s.Longest, t.s.Longest > 0):
		t.mark("limit", "")
		t.stop()
		t.hangUp()
	case is(t.again, t.again > 0):
		t.listen(ctx)
	case is(t.ear.askDue()):
		t.ear.asked = true
		t.stream.Flush()
	case is(t.yieldDue()):
		t.yield(t.ear.voiceFrom)
	case is(t.ear.textDue()):
		if h, ok := t.ear.takeText(now); ok {
			t.input(ctx, h)
		}
	case is(t.resumeDue()) && !t.ear.owesWords(now):
		t.mouth.resume(now)
	case is(t.silenceDue()) && !t.ear.busy(now):
		t.noInput, t.owes = 0, 0
		t.step(ctx, scriptflow.NoInput{At: now})
	}
}

// outwait ends a talk whose far end never says that it is over.
func (t *talk) outwait(now time.Duration) {
	if now >= t.left+goneWithin {
		t.log.Warn("the line does not say that it is over")
		t.ended = &telephony.Event{Kind: telephony.Ended, At: now, By: telephony.ByUs}
	}
}

// leave does what was to be done after the last line: hang up, or hand over.
func (t *talk) leave(ctx context.Context) {
	a := t.then
	t.then = nil
	switch a := a.(type) {
	case scriptflow.Transfer:
		t.mark("transfer", a.Queue)
		if t.s.Transfer == nil || t.s.Transfer(ctx, t.job.Call.ID, a.Queue) != nil {
			t.step(ctx, scriptflow.TransferFailed{At: t.line.Now()})
			return
		}
		t.step(ctx, scriptflow.Transferred{At: t.line.Now()})
	case scriptflow.Hangup:
		t.hangUp()
	}
}

// hangUp sends the BYE off the loop; the leg's Ended event closes the talk.
func (t *talk) hangUp() {
	if t.leaving {
		return
	}
	t.leaving, t.left = true, t.line.Now()
	go func() {
		ctx, stop := context.WithTimeout(context.Background(), endWithin)
		defer stop()
		_ = t.line.Hangup(ctx)
	}()
}

// letGo hangs up because the node must: its lease is lost or it drains.
func (t *talk) letGo() {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	_ = t.line.Hangup(ctx)
	t.ended = &telephony.Event{Kind: telephony.Ended, At: t.line.Now(), By: telephony.ByNode}
	for patience := time.After(tapeWithin); ; {
		select {
		case e, open := <-t.line.Events():
			if !open || e.Kind == telephony.Ended {
				return
			}
		case <-patience:
			return
		}
	}
}

// over closes the books: what was being said is cut, what was half typed still counts.
func (t *talk) over() {
	t.stop()
	if len(t.ear.text) > 0 {
		t.ear.voicing = false
		if h, ok := t.ear.takeText(time.Hour); ok {
			t.lastWords(h)
		}
	}
	t.drainEar()
	t.state, _ = t.flow.Step(t.state, scriptflow.HungUp{By: string(t.ended.By), At: t.ended.At})
}

// lastWords are graded though nothing answers them any more.
func (t *talk) lastWords(h scriptflow.Heard) {
	before, rounds, node := len(t.state.Hits), t.state.Rounds, t.state.Node
	t.decide(h)
	t.state.Rounds = rounds // an input that nothing answered before the hang-up is no effective round (FEATURES A4.2)
	t.addTurn(calleeTurn(h, t.flow, node, t.state.Hits[before:], len(t.turns)))
}

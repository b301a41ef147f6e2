package robot_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"yingda/robot"
	"yingda/speech"
	"yingda/telephony"
)

// line is a written line: no network, no sound. What the callee says is written onto
// it, what the robot plays is timed and counted. Its clock is the bubble's
// (testing/synctest), so that a call of a minute takes milliseconds.
type line struct {
	answered time.Time
	texts    bool // real-time text was agreed upon
	events   chan telephony.Event
	over     chan struct{}

	mu     sync.Mutex
	ended  bool
	tap    func([]byte)
	now    *playing
	plays  int           // how often something was played
	sound  time.Duration // end of the robot's latest sound, while nothing plays
	sent   []string      // real-time text of the robot
	hangup error         // what Hangup returns
	deaf   bool          // Hangup does nothing: the far end never answers the BYE
}

func newLine(texts bool) *line {
	l := &line{answered: time.Now(), texts: texts, events: make(chan telephony.Event, 512), over: make(chan struct{}), sound: -1}
	go l.feed()
	return l
}

// feed lets the recogniser hear silence, 20 ms at a time: stream time is audio time.
func (l *line) feed() {
	t := time.NewTicker(20 * time.Millisecond)
	defer t.Stop()
	frame := make([]byte, 160)
	for {
		select {
		case <-t.C:
			l.mu.Lock()
			tap := l.tap
			l.mu.Unlock()
			if tap != nil {
				tap(frame)
			}
		case <-l.over:
			return
		}
	}
}

func (l *line) Events() <-chan telephony.Event { return l.events }
func (l *line) HasText() bool                  { return l.texts }
func (l *line) Now() time.Duration             { return time.Since(l.answered) }
func (l *line) AnsweredAt() time.Time          { return l.answered }

func (l *line) Tap(hear func([]byte)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tap = hear
}

func (l *line) SendText(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, s)
}

func (l *line) Hangup(context.Context) error {
	if !l.deaf {
		l.end(telephony.ByUs)
	}
	return l.hangup
}

func (l *line) end(by telephony.Party) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.stop()
	l.ended = true
	l.events <- telephony.Event{Kind: telephony.Ended, At: l.Now(), By: by}
	close(l.events)
	close(l.over)
}

func (l *line) send(k telephony.EventKind, at time.Duration, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.events <- telephony.Event{Kind: k, At: at, Text: text}
	}
}

// playing is audio that takes its time and makes no sound.
type playing struct {
	l        *line
	from     time.Duration
	length   time.Duration
	done     chan struct{}
	timer    *time.Timer
	finished bool
	stopped  time.Duration
}

func (l *line) Play(alaw []byte) robot.Playing {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	p := &playing{l: l, from: l.Now(), length: time.Duration(len(alaw)/8) * time.Millisecond, done: make(chan struct{})}
	if l.ended {
		close(p.done)
		return p
	}
	l.now = p
	l.plays++
	p.timer = time.AfterFunc(p.length, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		p.finish()
	})
	return p
}

func (l *line) StopPlaying() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
}

// stop is called under the lock.
func (l *line) stop() {
	if l.now != nil {
		l.now.timer.Stop()
		l.now.finish()
	}
}

func (p *playing) finish() {
	if !p.finished {
		p.finished, p.stopped = true, p.l.Now()
		p.l.now, p.l.sound = nil, p.stopped
		close(p.done)
	}
}

func (p *playing) Done() <-chan struct{}  { return p.done }
func (p *playing) Started() time.Duration { return p.from }
func (p *playing) Played() time.Duration {
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	if p.finished {
		return p.stopped - p.from
	}
	return p.l.Now() - p.from
}

// talks says whether the robot is to be heard, since when, and since when not.
func (l *line) talks() (now bool, since, quiet time.Duration, plays int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now != nil {
		return true, l.now.from, 0, l.plays
	}
	return false, 0, l.sound, l.plays
}

// The man's way of talking.
const (
	perRune = 200 * time.Millisecond
	vadLag  = 60 * time.Millisecond  // voice is told of so late
	hang    = 200 * time.Millisecond // and its end so much later
)

// man is the callee: he writes onto the line what he would say.
type man struct {
	*line
	ear   *dictation    // nil: he types
	mute  bool          // he only types
	last  time.Duration // his latest sign of life
	heard int           // plays of the robot at that moment

	patience time.Duration // he waits for so much silence before he speaks
}

func (m *man) gone() bool {
	select {
	case <-m.over:
		return true
	default:
		return false
	}
}

// until looks every 20 ms; false where it did not come true within patience, or the call is over.
func (m *man) until(patience time.Duration, is func() bool) bool {
	for end := m.Now() + patience; m.Now() < end; time.Sleep(20 * time.Millisecond) {
		if m.gone() {
			return false
		}
		if is() {
			return true
		}
	}
	return false
}

// quiet waits until the robot has said something and then nothing for a while.
func (m *man) quiet(d time.Duration) bool {
	return m.until(time.Minute, func() bool {
		talks, _, since, plays := m.talks()
		return !talks && plays > 0 && m.Now()-max(since, m.last) >= d
	})
}

// inTheMiddle waits until a new line of the robot is half said.
func (m *man) inTheMiddle(text string) bool {
	half := time.Duration(len([]rune(text))) * perRune / 2
	return m.until(10*time.Second, func() bool {
		talks, since, _, plays := m.talks()
		return talks && plays > m.heard && m.Now()-since >= half
	})
}

// says speaks: voice, and words by the recogniser or by real-time text.
func (m *man) says(text string) {
	from := m.Now()
	time.Sleep(vadLag)
	m.voice(telephony.VoiceStart, from)
	runes := []rune(text)
	for i := range runes {
		m.speak(runes, i, from)
		time.Sleep(perRune)
	}
	end := m.Now() - vadLag
	time.Sleep(hang)
	m.voice(telephony.VoiceEnd, end)
	if m.ear != nil {
		m.ear.final(text, from, end)
	}
	_, _, _, m.heard = m.talks()
	m.last = end
}

func (m *man) voice(k telephony.EventKind, at time.Duration) {
	if !m.mute {
		m.send(k, at, "")
	}
}

// speak brings out one character.
func (m *man) speak(all []rune, i int, from time.Duration) {
	switch {
	case m.texts:
		m.send(telephony.Text, m.Now(), string(all[i]))
	case m.ear != nil && i%3 == 2:
		m.ear.partial(string(all[:i+1]), from, m.Now())
	}
}

func (m *man) presses(key string) {
	m.send(telephony.Digit, m.Now(), key)
	_, _, _, m.heard = m.talks()
	m.last = m.Now()
}

// dictation is a recogniser who is told what he hears.
type dictation struct {
	endSilence time.Duration
	refuses    error // Open fails with it
	opens      int   // how often it was asked to
	clock      func() time.Duration
	zero       time.Duration // of the stream, on the line's clock

	mu     sync.Mutex
	events chan speech.Heard
	bytes  int
	hints  []string
	flush  chan struct{}
	closed bool
	opened chan struct{}
}

func newDictation() *dictation {
	return &dictation{endSilence: 600 * time.Millisecond, events: make(chan speech.Heard, 256), flush: make(chan struct{}, 8), opened: make(chan struct{})}
}

func (d *dictation) Name() string { return "dictation" }

func (d *dictation) Open(context.Context, speech.Options) (speech.Stream, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.opens++; d.opens == 1 {
		close(d.opened)
	}
	if d.closed && d.refuses == nil { // it is back
		d.closed, d.events, d.zero = false, make(chan speech.Heard, 256), d.clock()
	}
	return d, d.refuses
}

// asks is how often the robot wanted a final before it was due.
func (d *dictation) asks() int { return len(d.flush) }

func (d *dictation) Write(alaw []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bytes += len(alaw)
}

func (d *dictation) Hint(phrases []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hints = phrases
}

func (d *dictation) Flush() { d.flush <- struct{}{} }

func (d *dictation) Events() <-chan speech.Heard {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.events
}

func (d *dictation) Close() { d.breakOff(nil) }

// breakOff ends the stream before the call is over.
func (d *dictation) breakOff(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	if err != nil {
		d.events <- speech.Heard{Err: err}
	}
	d.closed = true
	close(d.events)
}

func (d *dictation) tell(h speech.Heard) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		h.Start, h.End = h.Start-d.zero, h.End-d.zero
		d.events <- h
	}
}

func (d *dictation) partial(text string, from, now time.Duration) {
	d.tell(speech.Heard{Text: text, Start: from, End: now})
}

// final comes after the silence that ends an utterance, or at once when asked for.
func (d *dictation) final(text string, from, to time.Duration) {
	go func() {
		select {
		case <-time.After(d.endSilence - hang):
		case <-d.flush:
		}
		d.tell(speech.Heard{Text: text, Final: true, Start: from, End: to, Confidence: 0.9})
	}()
}

// slow gives every text the audio that its length asks for.
type slow struct{ perRune time.Duration }

func (p slow) Get(_ context.Context, text string) ([]byte, error) {
	return make([]byte, int(p.perRune.Milliseconds())*8*len([]rune(strings.TrimSpace(text)))), nil
}

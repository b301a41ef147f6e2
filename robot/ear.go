package robot

import (
	"strings"
	"time"

	"yingda/scriptflow"
	"yingda/speech"
)

const (
	typingPause = 450 * time.Millisecond  // after typed text that goes with a voice (T.140 comes in 300 ms pieces)
	silentPause = 1500 * time.Millisecond // after typed text without a voice: people stop to think
	finalWithin = 2500 * time.Millisecond // a recogniser's final comes this soon after the voice, or not at all
	shortest    = 250 * time.Millisecond  // of voice that is asked about when no words were found in it
	mostVoice   = 30 * time.Second        // of voice without an end: a recogniser cuts earlier, so it is no speech
)

// ear turns what happens on the line into finished inputs. It reads no clock: every
// method is told the offset, so any moment of a call can be written down in a test.
type ear struct {
	endSilence time.Duration // of voice, after which an input is complete
	listening  bool          // a recogniser hears along

	voicing            bool
	voiceFrom, voiceTo time.Duration // of the latest voice; voiceTo is its last voiced sample
	owed               bool          // voice has ended and its words have not come yet
	asked              bool          // … and the recogniser was asked for them

	text             []rune // typed so far
	textFrom, textAt time.Duration
	voiceWithText    bool
	readTo           time.Duration // end of the last input that came as text
}

func (e *ear) voiceStart(at time.Duration) {
	if !e.voicing {
		e.voicing, e.voiceFrom = true, at
	}
	e.voiceWithText = e.voiceWithText || len(e.text) > 0
}

func (e *ear) voiceEnd(at time.Duration) {
	e.voicing, e.voiceTo, e.owed, e.asked = false, at, e.listening, false
}

// spoke says whether the latest voice was long enough for words, and nothing was typed since it began.
func (e *ear) spoke() bool { return e.voiceTo-e.voiceFrom >= shortest && e.textAt < e.voiceFrom }

// askDue is when to ask the recogniser for the words it owes: it heard no voice where
// ours did (a cough), or is not done. false = nothing to ask.
func (e *ear) askDue() (time.Duration, bool) {
	return e.voiceTo + e.endSilence + flushAfter, e.owed && !e.asked
}

// typed adds real-time text; "\b" takes back one character (T.140 section 6.1).
func (e *ear) typed(s string, now time.Duration) {
	for _, r := range s {
		switch {
		case r == '\b':
			e.text = e.text[:max(0, len(e.text)-1)]
		case r == '\u2028' || r == '\r' || r == '\n': // a new line ends what was typed
			if len(e.text) > 0 {
				e.text = append(e.text, '\n')
			}
		default:
			if len(e.text) == 0 {
				e.textFrom = now
			}
			e.text = append(e.text, r)
		}
	}
	e.textAt = now
	// The voice that goes with the text may have ended just before the text arrived.
	e.voiceWithText = e.voiceWithText || e.voicing || e.voiceTo > 0 && now-e.voiceTo < 2*time.Second
}

// textDue is when what was typed is complete if nothing more happens; false while
// there is nothing typed or the callee still talks. No mark in the protocol says so:
// the audio's silence and the text's pause do.
func (e *ear) textDue() (time.Duration, bool) {
	switch {
	case len(e.text) == 0 || e.voicing:
		return 0, false
	case e.text[len(e.text)-1] == '\n':
		return e.textAt, true
	case !e.voiceWithText:
		return e.textAt + silentPause, true
	}
	return max(e.voiceTo+e.endSilence, e.textAt+typingPause), true
}

// takeText returns the typed input when it is complete at now.
func (e *ear) takeText(now time.Duration) (scriptflow.Heard, bool) {
	due, ok := e.textDue()
	if !ok || now < due {
		return scriptflow.Heard{}, false
	}
	h := scriptflow.Heard{Text: strings.TrimSpace(string(e.text)), Source: scriptflow.Typed, At: e.textFrom, End: e.textAt}
	if e.voiceWithText && e.voiceTo > e.voiceFrom {
		h.At, h.End = min(e.voiceFrom, e.textFrom), e.voiceTo
	}
	e.text, e.voiceWithText, e.owed, e.readTo = e.text[:0], false, false, max(e.textAt, e.voiceTo)
	return h, h.Text != ""
}

// recognised takes a result of the recogniser whose stream began at zero. What was
// also typed is dropped: text is what the callee meant.
func (e *ear) recognised(r speech.Heard, zero time.Duration) (scriptflow.Heard, bool) {
	h := scriptflow.Heard{Text: r.Text, Source: scriptflow.ASR, At: zero + r.Start, End: zero + r.End}
	if r.End == 0 && e.voiceFrom > 0 { // a recogniser that does not say when: it was the latest voice
		h.At, h.End = e.voiceFrom, max(e.voiceFrom, e.voiceTo)
	}
	if r.Final {
		e.owed = false
	}
	if len(e.text) > 0 || h.At < e.readTo {
		return h, false
	}
	return h, r.Text != "" || r.Final && r.End-r.Start >= shortest
}

// busy says whether the callee talks, types, or is owed an answer: no time to say "are you there?".
func (e *ear) busy(now time.Duration) bool {
	return e.voicing && now < e.voiceFrom+mostVoice || e.owesWords(now)
}

// owesWords says whether words are typed, or being recognised, that decide what comes next.
func (e *ear) owesWords(now time.Duration) bool {
	return len(e.text) > 0 || !e.voicing && e.owed && now < e.voiceTo+finalWithin
}

// quietSince is the end of the callee's last sign of life.
func (e *ear) quietSince() time.Duration { return max(e.voiceTo, e.readTo) }

// spokenTo is the last voiced sample of an input, from which the robot's answer is timed; 0
// for keys. Our own VAD heard it: a recogniser counts some silence in.
func (e *ear) spokenTo(h scriptflow.Heard) time.Duration {
	switch {
	case h.Source == scriptflow.Digit:
		return 0
	case !e.voicing && e.voiceTo > h.At && e.voiceTo < h.End:
		return e.voiceTo
	}
	return h.End
}

package scriptflow

import "time"

// Event is something that happened on the call. All times are offsets from the answer, on
// the clock of the recording.
type Event interface{ when() time.Duration }

// Source is how an input came.
type Source string

const (
	ASR   Source = "asr"   // a final of the recogniser
	Typed Source = "text"  // real-time text (RFC 4103)
	Digit Source = "digit" // a key; Text holds it
)

// Heard is one finished input of the callee, from At to End.
type Heard struct {
	Text    string
	Source  Source
	At, End time.Duration
}

// Partial is what has been understood so far of an input that goes on. It never moves the
// talk; it only decides whether the callee really interrupts.
type Partial struct {
	Text string
	At   time.Duration // now, not the start of the input
}

// NoInput says that the time of the last Listen has passed without an input.
type NoInput struct{ At time.Duration }

// Said says that the line of a Say ended, or was Cut: by Stop, or by the end of the call.
// Every Say is followed by exactly one Said, also where it could not be played. Unheard is a
// line cut before its first sound.
type Said struct {
	ID           int
	Cut, Unheard bool
	At           time.Duration
}

// HungUp says that the call is over. Before it comes the Said of a line that was playing.
type HungUp struct {
	By string // telephony.Party
	At time.Duration
}

// TransferFailed says that nobody took the call that Transfer offered.
type TransferFailed struct{ At time.Duration }

// Transferred says that a person has taken over: the script is done.
type Transferred struct{ At time.Duration }

func (e Heard) when() time.Duration          { return max(e.At, e.End) }
func (e Partial) when() time.Duration        { return e.At }
func (e NoInput) when() time.Duration        { return e.At }
func (e Said) when() time.Duration           { return e.At }
func (e HungUp) when() time.Duration         { return e.At }
func (e TransferFailed) when() time.Duration { return e.At }
func (e Transferred) when() time.Duration    { return e.At }

// Action is something to do now, in the order given.
type Action interface{ action() }

// Say plays a line. There is at most one in a step; it replaces nothing: a Stop comes first
// where a line is still playing.
type Say struct {
	ID        int     `json:"id"`   // counts the lines of the call from 1; Said gives it back
	Line      string  `json:"line"` // where it stands in the script, e.g. greet/0+visit.again/1
	Text      string  `json:"text"` // variables filled in
	Pieces    []Piece `json:"pieces"`
	Interrupt Interrupt
}

// Piece is a part of a line. Fixed pieces were prepared before the call (Flow.Prompts); a
// Variable one is rendered when it is needed.
type Piece struct {
	Text     string `json:"text"`
	Audio    string `json:"audio,omitempty"` // the recorded file of a fixed piece, if there is one
	Variable bool   `json:"variable,omitempty"`
}

// Stop cuts the line that is playing.
type Stop struct{}

// Listen asks for a NoInput after so much silence, counted from the end of what is playing
// and from the last sound of the callee. It takes the place of the Listen before it.
type Listen struct{ NoInput time.Duration }

// SendSMS promises the keyword SMS (FEATURES A7.1). At most once in a call.
type SendSMS struct{ Class, Keyword string }

// MarkDoNotCall takes the number off every list. At most once in a call.
type MarkDoNotCall struct{ Class, Keyword string }

// Transfer hands the call over when the line has been said.
type Transfer struct{ Queue string }

// Hangup ends the call when the line has been said.
type Hangup struct{ Reason string }

func (Say) action()           {}
func (Stop) action()          {}
func (Listen) action()        {}
func (SendSMS) action()       {}
func (MarkDoNotCall) action() {}
func (Transfer) action()      {}
func (Hangup) action()        {}

package telephony

import (
	"fmt"
	"time"
)

// Line is a way out to the telephone network, as configured by an operator.
type Line struct {
	ID       string // ours
	Address  string // host:port of the carrier or gateway, UDP
	Username string // digest; empty = none asked for
	Password string
	CallerID string   // user part of From
	Codecs   []string // in order of preference: "PCMA", "PCMU"; empty = both
	Channels int      // most calls at once; 0 = no limit here
	CPS      int      // most new calls per second; 0 = no limit here
}

// DialOptions of one outbound call.
type DialOptions struct {
	To         string            // user part of the request URI: the number as the line wants it
	From       string            // overrides Line.CallerID
	Headers    map[string]string // added to the INVITE, e.g. X-Yingda-Attempt
	Text       bool              // offer real-time text (RFC 4103)
	RecordTo   string            // path of the stereo A-law WAV (left callee, right us); "" = none
	RingFor    time.Duration     // give up and CANCEL after this long without an answer; 0 = 60 s
	EarlyMedia bool              // listen to 183/180 audio; what was heard is in Failure.Early
	OnRinging  func(status int)  // a provisional answer came
}

// Outcome is how a call attempt ended, in words that a campaign can act on.
// The zero value is Unknown: a cause nobody has met yet is never taken for a success.
type Outcome int

const (
	Unknown Outcome = iota
	Answered
	NoAnswer    // rang, nobody picked up (408/480/our timer)
	NoProgress  // no provisional answer at all: the line is silent
	Busy        // 486, 600
	Refused     // 603: the callee pressed reject
	BadNumber   // 404, 410, 484, 604, Q.850 1 and 28, or an announcement said so
	LineFailure // 403, 503, other 5xx: try another line
	Cancelled   // we hung up before the answer
)

func (o Outcome) String() string {
	return [...]string{"unknown", "answered", "no_answer", "no_progress", "busy", "refused", "bad_number", "line_failure", "cancelled"}[o]
}

// Failure is why Dial returned no leg.
type Failure struct {
	Outcome Outcome
	Status  int           // the final SIP status, 0 = none came
	Reason  string        // reason phrase or Reason header, for the log
	Q850    int           // cause from the Reason header, 0 = none
	Rang    time.Duration // from INVITE to the end
	Early   []byte        // A-law heard before the answer (DialOptions.EarlyMedia), at most 60 s
	Cause   error
}

func (f *Failure) Error() string {
	return fmt.Sprintf("call failed: %s (%d %s)", f.Outcome, f.Status, f.Reason)
}
func (f *Failure) Unwrap() error { return f.Cause }

// EventKind names what happened on a leg.
type EventKind int

const (
	VoiceStart EventKind = iota + 1 // the far end began to talk (VAD, hangover applied)
	VoiceEnd                        // … and stopped; At is the last voiced sample, not the moment of the decision
	Digit                           // one DTMF key, deduplicated by RTP timestamp (RFC 4733); Text holds it
	Text                            // real-time text arrived (T.140); Text holds the new characters, "\b" erases one
	Ended                           // the leg is over; By says who; the channel is closed after it
)

// Event on a leg. At is the offset from the answer, on the clock of the recording.
type Event struct {
	Kind EventKind
	At   time.Duration
	Text string
	By   Party
}

// Party is who ended a leg.
type Party string

const (
	ByFar   Party = "callee" // BYE from the other side
	ByUs    Party = "us"     // Hangup was called
	ByMedia Party = "media"  // no RTP for too long, or the session timer ran out
	ByNode  Party = "node"   // drain or lease lost
)

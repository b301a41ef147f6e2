package telephony

// AnswerOptions of an incoming call.
type AnswerOptions struct {
	RecordTo string   // as in DialOptions
	Text     bool     // accept real-time text when it is offered
	Codecs   []string // in order of preference; empty = PCMA, PCMU
}

// Incoming is a call that nobody has answered yet.
type Incoming struct {
	To, From, CallID string // user parts of To and From
	Headers          map[string]string
}

// Ring sends 180.
func (i *Incoming) Ring() error { return ErrClosed }

// Early sends 183 with SDP and plays A-law audio before the answer (ringback, an
// announcement); nothing is heard from the caller's side in exchange. Returns at once.
func (i *Incoming) Early(alaw []byte) (*Playback, error) { return nil, ErrClosed }

// Answer sends 200 and returns the connected leg, once the ACK came.
func (i *Incoming) Answer(o AnswerOptions) (*Leg, error) { return nil, ErrClosed }

// Reject ends the call with a final status from 300 to 699.
func (i *Incoming) Reject(status int, reason string) error { return ErrClosed }

// Gone is closed when the caller gave up (CANCEL) or the call was rejected.
func (i *Incoming) Gone() <-chan struct{} { return nil }

package delivery

import (
	"errors"
	"fmt"
)

// Failure is what a failed handing-over means for the message. The zero value is
// Lost: a failure nobody classified may have been a success.
type Failure int

const (
	Lost    Failure = iota // the answer is missing: the vendor may have taken it
	Refused                // the vendor said no, and will say no again
	Later                  // surely not taken; trying again helps
)

func (f Failure) String() string { return [...]string{"lost", "refused", "later"}[f] }

// Error is a vendor's failure with its own code and words, for the log and the console.
type Error struct {
	Failure Failure
	Code    string // the vendor's, "" if it never answered
	Text    string // the vendor's words; where it had none, a message key of notify (notify.…)
	Cause   error
}

// Fail makes an Error. What is ours in text is a message key, never a sentence: it is
// shown to people in their language.
func Fail(f Failure, code, text string) *Error { return &Error{Failure: f, Code: code, Text: text} }

// Because returns a copy of e with its cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s %s", e.Failure, e.Code, e.Text)
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// FailureOf says what err means for the message; Lost where err does not say.
func FailureOf(err error) Failure {
	var e *Error
	if errors.As(err, &e) {
		return e.Failure
	}
	return Lost
}

// Fate is what a vendor answers when it is asked what became of a message.
type Fate int

const (
	Unsure    Fate = iota // the vendor cannot say; nobody may send again
	NotTaken              // it never arrived (or a repeat is harmless): send again
	Taken                 // accepted, on its way
	Delivered             // on the receiver's phone
	Failed                // accepted, then failed for good
)

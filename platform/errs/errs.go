package errs

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind is what a caller can act on. The zero value is Internal: an error nobody
// classified is never shown to a person as their mistake.
type Kind int

const (
	Internal     Kind = iota // ours: logged whole, shown as "internal"
	Invalid                  // the input is wrong; Fields or Args say where
	NotFound                 // does not exist, or is not the caller's to see
	Conflict                 // legal input at the wrong moment
	Forbidden                // known person, missing right
	Unauthorized             // nobody is logged in
	TooMany                  // rate limit or capacity; trying later helps
	TooLarge                 // the body is over its bound
	Unavailable              // something we depend on is away
)

func (k Kind) String() string {
	return [...]string{"internal", "invalid", "not_found", "conflict", "forbidden", "unauthorized", "too_many", "too_large", "unavailable"}[k]
}

// Field names one wrong field of the input: where it is and why, as a key.
type Field struct {
	Path string         `json:"path"`
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Error carries the kind, the message key and its arguments, and the cause.
type Error struct {
	Kind   Kind
	Key    string
	Args   map[string]any
	Fields []Field
	Cause  error
}

// New makes an error of a kind with a message key; kv are the arguments as name, value pairs.
func New(kind Kind, key string, kv ...any) *Error {
	e := &Error{Kind: kind, Key: key}
	for i := 0; i+1 < len(kv); i += 2 {
		if e.Args == nil {
			e.Args = make(map[string]any, len(kv)/2)
		}
		e.Args[fmt.Sprint(kv[i])] = kv[i+1]
	}
	return e
}

// Because returns a copy of e with its cause, for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// With returns a copy of e that also names the wrong fields.
func (e *Error) With(fields ...Field) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), fields...)
	return &c
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	names := make([]string, 0, len(e.Args))
	for n := range e.Args {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&b, " %s=%v", n, e.Args[n])
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s %v]", f.Path, f.Key, f.Args)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf finds the kind of err; Internal where none was given.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is says whether err is of this kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

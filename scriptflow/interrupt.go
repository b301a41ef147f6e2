package scriptflow

import "time"

// Interrupt says whether the callee may talk over a line: "any" (or empty), "never", or a
// duration such as "1500ms", after which they may.
type Interrupt string

const (
	Anytime Interrupt = "any"
	Never   Interrupt = "never"
)

// After is how long a line plays before it may be interrupted; false = never.
func (i Interrupt) After() (time.Duration, bool) {
	switch i {
	case "", Anytime:
		return 0, true
	case Never:
		return 0, false
	}
	d, err := time.ParseDuration(string(i))
	return d, err == nil
}

// Allows says whether a line that has been playing for so long may be interrupted.
func (i Interrupt) Allows(playing time.Duration) bool {
	after, ok := i.After()
	return ok && playing >= after
}

func (i Interrupt) valid() bool {
	if i == "" || i == Anytime || i == Never {
		return true
	}
	d, err := time.ParseDuration(string(i))
	return err == nil && d >= 0 && d <= time.Minute
}

// stricter is the policy of a line that is made of two.
func (i Interrupt) stricter(o Interrupt) Interrupt {
	switch {
	case i == Never || o == Never:
		return Never
	case i == "" || i == Anytime:
		return o
	case o == "" || o == Anytime:
		return i
	}
	a, _ := time.ParseDuration(string(i))
	b, _ := time.ParseDuration(string(o))
	if b > a {
		return o
	}
	return i
}

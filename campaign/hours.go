package campaign

import (
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the zones, also on a machine that has none

	"yingda/platform/errs"
)

// Hours is a time template (时间模板, FEATURES A9.1): when calls may start. Times of day
// are wall-clock times of Zone, so a day with a clock change has the hours it shows.
// A range over midnight is refused: a person splits it, and then it is plain which
// weekday each half belongs to.
type Hours struct {
	Zone       string      `json:"zone"`
	Weekdays   []int       `json:"weekdays" nullable:"false"` // 1 = Monday … 7 = Sunday
	Ranges     []Range     `json:"ranges" nullable:"false"`
	Exceptions []Exception `json:"exceptions" nullable:"false"`
}

// Range is a part of a day, From included, To not: 09:00–12:00. 24:00 is the day's end.
type Range struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Exception replaces what its date would have been: no ranges is a holiday.
type Exception struct {
	Date   string  `json:"date"` // 2026-10-01
	Ranges []Range `json:"ranges" nullable:"false"`
}

// Window binds besides every template: nobody is called outside of it. Zone is the
// callee's.
type Window struct {
	Range
	Zone string `json:"zone"`
}

// LegalWindow is the default (FEATURES A9.1). All of China keeps one time.
var LegalWindow = Window{Range{"08:00", "21:00"}, "Asia/Shanghai"}

// Open says whether a call may start at t.
func (h Hours) Open(t time.Time, legal Window) bool {
	loc, there := zone(h.Zone), zone(legal.Zone)
	if loc == nil || there == nil {
		return false // never by mistake
	}
	return covers(h.rangesOn(t.In(loc)), t.In(loc)) && covers([]Range{legal.Range}, t.In(there))
}

// horizon is how far NextOpen looks ahead: a year and what a long holiday may take.
const horizon = 400 * 24 * time.Hour

// NextOpen returns t where it is open, else the next moment that is; false where
// there is none within 400 days.
func (h Hours) NextOpen(t time.Time, legal Window) (time.Time, bool) {
	return h.walk(t, legal, true)
}

// Closes returns when the hours that are open at t end. It returns t where they are
// closed, and false where they do not end within 400 days.
func (h Hours) Closes(t time.Time, legal Window) (time.Time, bool) {
	return h.walk(t, legal, false)
}

// walk goes from edge to edge until Open is as wanted.
func (h Hours) walk(t time.Time, legal Window, open bool) (time.Time, bool) {
	loc, there := zone(h.Zone), zone(legal.Zone)
	if loc == nil || there == nil {
		return t, !open
	}
	for end := t.Add(horizon); !t.After(end); {
		if h.Open(t, legal) == open {
			return t, true
		}
		ours, theirs := edge(t.In(loc), h.rangesOn(t.In(loc))), edge(t.In(there), []Range{legal.Range})
		t = ours.UTC()
		if theirs.Before(ours) {
			t = theirs.UTC()
		}
	}
	return time.Time{}, false
}

// edge is the next moment after t at which a range may begin or end, a day begins, or
// the clocks change. Up to a change of the clocks the wall clock runs evenly, so that
// there is nothing to guess.
func edge(t time.Time, ranges []Range) time.Time {
	h, m, s := t.Clock()
	midnight := t.Add(-time.Duration(h)*time.Hour - time.Duration(m)*time.Minute - time.Duration(s)*time.Second - time.Duration(t.Nanosecond()))
	next := midnight.Add(24 * time.Hour)
	try := func(e time.Time) {
		if e.After(t) && e.Before(next) {
			next = e
		}
	}
	for _, r := range ranges {
		from, to, _ := r.minutes()
		try(midnight.Add(time.Duration(from) * time.Minute))
		try(midnight.Add(time.Duration(to) * time.Minute))
	}
	if _, change := t.ZoneBounds(); !change.IsZero() {
		try(change)
	}
	return next
}

// rangesOn are the ranges of the day that t's wall clock shows.
func (h Hours) rangesOn(t time.Time) []Range {
	if len(h.Exceptions) > 0 {
		date := t.Format(time.DateOnly)
		for _, e := range h.Exceptions {
			if e.Date == date {
				return e.Ranges
			}
		}
	}
	if !slices.Contains(h.Weekdays, weekday(t)) {
		return nil
	}
	return h.Ranges
}

// weekday counts from Monday, as ISO 8601.
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

func covers(ranges []Range, t time.Time) bool {
	now := t.Hour()*60 + t.Minute()
	for _, r := range ranges {
		if from, to, ok := r.minutes(); ok && from <= now && now < to {
			return true
		}
	}
	return false
}

// minutes since midnight; ok is false for a range that is none.
func (r Range) minutes() (from, to int, ok bool) {
	from, a := minute(r.From)
	to, b := minute(r.To)
	return from, to, a && b && from < to
}

// minute reads 09:00; 24:00 is the end of the day.
func minute(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' || !digitsOnly(s[:2]+s[3:]) {
		return 0, false
	}
	m := int(s[0]-'0')*600 + int(s[1]-'0')*60 + int(s[3]-'0')*10 + int(s[4]-'0')
	return m, s[3] < '6' && m <= 24*60
}

var zones sync.Map // name → *time.Location: loading one reads a file

// zone is nil where there is none of that name.
func zone(name string) *time.Location {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location)
	}
	if name == "" || name == "Local" { // what the server's clock shows is nobody's zone
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, loc)
	return loc
}

const (
	maxRanges     = 12
	maxExceptions = 400
)

// Check names every wrong field, nil where there is none.
func (h Hours) Check() error {
	var c checker
	if zone(h.Zone) == nil {
		c.wrong("zone", "hours.bad_zone", "zone", h.Zone)
	}
	c.weekdays(h.Weekdays)
	if len(h.Ranges) == 0 {
		c.wrong("ranges", "hours.no_ranges")
	}
	c.ranges("ranges", h.Ranges)
	c.exceptions(h.Exceptions)
	if len(c.fields) == 0 {
		return nil
	}
	return errs.New(errs.Invalid, "invalid").With(c.fields...)
}

type checker struct{ fields []errs.Field }

func (c *checker) wrong(path, key string, kv ...any) {
	c.fields = append(c.fields, errs.Field{Path: path, Key: key, Args: errs.New(errs.Invalid, key, kv...).Args})
}

func (c *checker) weekdays(days []int) {
	if len(days) == 0 {
		c.wrong("weekdays", "hours.no_weekdays")
	}
	for i, d := range days {
		switch path := fmt.Sprintf("weekdays[%d]", i); {
		case d < 1 || d > 7:
			c.wrong(path, "hours.bad_weekday")
		case slices.Contains(days[:i], d):
			c.wrong(path, "hours.weekday_twice")
		}
	}
}

func (c *checker) ranges(path string, rs []Range) {
	if len(rs) > maxRanges {
		c.wrong(path, "hours.too_many_ranges", "max", maxRanges)
		return
	}
	end := -1
	for i, r := range rs {
		at := fmt.Sprintf("%s[%d]", path, i)
		from, fromOK := minute(r.From)
		to, toOK := minute(r.To)
		switch {
		case !fromOK:
			c.wrong(at+".from", "hours.bad_time", "text", r.From)
		case !toOK:
			c.wrong(at+".to", "hours.bad_time", "text", r.To)
		case from >= to:
			c.wrong(at+".to", "hours.backwards")
		case from < end:
			c.wrong(at+".from", "hours.overlap")
		}
		end = max(end, to)
	}
}

func (c *checker) exceptions(es []Exception) {
	if len(es) > maxExceptions {
		c.wrong("exceptions", "hours.too_many_exceptions", "max", maxExceptions)
		return
	}
	seen := map[string]bool{}
	for i, e := range es {
		path := fmt.Sprintf("exceptions[%d]", i)
		if _, err := time.Parse(time.DateOnly, e.Date); err != nil {
			c.wrong(path+".date", "hours.bad_date", "text", e.Date)
		} else if seen[e.Date] {
			c.wrong(path+".date", "hours.date_twice")
		}
		seen[e.Date] = true
		c.ranges(path+".ranges", e.Ranges)
	}
}

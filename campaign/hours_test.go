package campaign

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"yingda/platform/errs"
)

var (
	office = Hours{Zone: "Asia/Shanghai", Weekdays: []int{1, 2, 3, 4, 5}, Ranges: []Range{{"09:00", "12:00"}, {"13:30", "18:00"}},
		Exceptions: []Exception{{Date: "2026-10-01"}, {Date: "2026-10-10", Ranges: []Range{{"10:00", "11:00"}}}}}
	always   = Hours{Zone: "Asia/Shanghai", Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, Ranges: []Range{{"00:00", "24:00"}}}
	anyTime  = Window{Range{"00:00", "24:00"}, "Asia/Shanghai"}
	newYork  = Hours{Zone: "America/New_York", Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, Ranges: []Range{{"02:15", "02:45"}, {"09:00", "10:00"}}}
	nobody   = Hours{Zone: "Asia/Shanghai", Weekdays: []int{1}}
	wholeDay = Hours{Zone: "America/New_York", Weekdays: []int{7}, Ranges: []Range{{"00:00", "24:00"}}}
)

// in reads a wall-clock time of a zone; 2026-09-30 is a Wednesday.
func in(t testing.TB, zone, s string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s+strings.Repeat(":00", 2-strings.Count(s, ":")), loc)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestHours(t *testing.T) {
	const never = ""
	for _, c := range []struct {
		name   string
		hours  Hours
		legal  Window
		at     string // in Shanghai
		open   bool
		next   string
		closes string
	}{
		{"in the morning", office, LegalWindow, "2026-09-30 09:00", true, "2026-09-30 09:00", "2026-09-30 12:00"},
		{"a second before", office, LegalWindow, "2026-09-30 08:59:59", false, "2026-09-30 09:00", "2026-09-30 08:59:59"},
		{"at noon sharp", office, LegalWindow, "2026-09-30 12:00", false, "2026-09-30 13:30", "2026-09-30 12:00"},
		{"the evening before a holiday, then a weekend of its own", office, LegalWindow, "2026-09-30 18:00", false, "2026-10-02 09:00", "2026-09-30 18:00"},
		{"on the holiday", office, LegalWindow, "2026-10-01 10:00", false, "2026-10-02 09:00", "2026-10-01 10:00"},
		{"a Saturday that is worked in part", office, LegalWindow, "2026-10-10 10:30", true, "2026-10-10 10:30", "2026-10-10 11:00"},
		{"friday evening", office, LegalWindow, "2026-10-16 18:00", false, "2026-10-19 09:00", "2026-10-16 18:00"},
		{"the law closes earlier than the template", always, LegalWindow, "2026-09-30 20:59", true, "2026-09-30 20:59", "2026-09-30 21:00"},
		{"the law opens later", always, LegalWindow, "2026-09-30 03:00", false, "2026-09-30 08:00", "2026-09-30 03:00"},
		{"open for ever", always, anyTime, "2026-09-30 03:00", true, "2026-09-30 03:00", never},
		{"a template without ranges", nobody, LegalWindow, "2026-09-30 10:00", false, never, "2026-09-30 10:00"},
		{"an unknown zone is closed", Hours{Zone: "Mars/Base", Weekdays: []int{3}, Ranges: []Range{{"00:00", "24:00"}}}, LegalWindow, "2026-09-30 10:00", false, never, "2026-09-30 10:00"},
		{"another zone's morning is our night", newYork, LegalWindow, "2026-07-01 10:00", false, never, "2026-07-01 10:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := in(t, "Asia/Shanghai", c.at)
			if got := c.hours.Open(at, c.legal); got != c.open {
				t.Errorf("open is %v", got)
			}
			check := func(what, want string, got time.Time, ok bool) {
				if want == never {
					if ok {
						t.Errorf("%s at %v, want never", what, got)
					}
					return
				}
				if !ok || !got.Equal(in(t, "Asia/Shanghai", want)) {
					t.Errorf("%s at %v %v, want %s", what, got, ok, want)
				}
			}
			next, ok := c.hours.NextOpen(at, c.legal)
			if c.name != "another zone's morning is our night" {
				check("next open", c.next, next, ok)
			}
			closes, ok := c.hours.Closes(at, c.legal)
			check("closes", c.closes, closes, ok)
		})
	}
}

// TestHoursWhenTheClocksChange: in New York 2026-03-08 has no 02:00–03:00 and
// 2026-11-01 has 01:00–02:00 twice.
func TestHoursWhenTheClocksChange(t *testing.T) {
	ny := func(s string) time.Time { return in(t, "America/New_York", s) }
	legal := Window{Range{"00:00", "24:00"}, "America/New_York"}
	if next, ok := newYork.NextOpen(ny("2026-03-08 01:00"), legal); !ok || !next.Equal(ny("2026-03-08 09:00")) {
		t.Errorf("a range in the gap opens at %v", next)
	}
	if next, _ := newYork.NextOpen(ny("2026-03-07 01:00"), legal); !next.Equal(ny("2026-03-07 02:15")) {
		t.Errorf("the day before it opens at %v", next)
	}
	twice := Hours{Zone: "America/New_York", Weekdays: []int{7}, Ranges: []Range{{"01:30", "01:45"}}}
	first, _ := twice.NextOpen(ny("2026-11-01 00:00"), legal)
	shut, _ := twice.Closes(first, legal)
	second, _ := twice.NextOpen(shut, legal)
	if second.Sub(first) != time.Hour || shut.Sub(first) != 15*time.Minute {
		t.Errorf("opens at %v, closes at %v, opens again at %v", first, shut, second)
	}
	for _, day := range []struct {
		date  string
		hours time.Duration
	}{{"2026-03-08", 23}, {"2026-11-01", 25}, {"2026-06-07", 24}} {
		start := ny(day.date + " 00:00")
		if end, ok := wholeDay.Closes(start, legal); !ok || end.Sub(start) != day.hours*time.Hour {
			t.Errorf("%s lasts %v, want %d hours", day.date, end.Sub(start), day.hours)
		}
	}
}

// TestHoursAgreeWithAMinuteHand walks two years of odd templates minute by minute.
func TestHoursAgreeWithAMinuteHand(t *testing.T) {
	for _, h := range []Hours{office, newYork, always} {
		for _, from := range []string{"2026-03-06 23:47", "2026-09-29 22:00", "2026-10-31 12:00"} {
			at := in(t, "America/New_York", from)
			want := at
			for i := 0; !h.Open(want, LegalWindow) && i < 5*24*60; i++ {
				want = want.Add(time.Minute)
			}
			next, ok := h.NextOpen(at, LegalWindow)
			if h.Open(want, LegalWindow) != (ok && !next.After(want.Add(time.Minute))) || ok && next.Before(want.Add(-time.Minute)) {
				t.Errorf("%s from %s: %v %v, the minute hand says %v", h.Zone, from, next, ok, want)
			}
		}
	}
}

func TestHoursCheck(t *testing.T) {
	if err := office.Check(); err != nil {
		t.Error(err)
	}
	bad := Hours{Zone: "Local", Weekdays: []int{1, 8, 1}, Ranges: []Range{{"9:00", "12:00"}, {"13:00", "25:00"}, {"22:00", "06:00"}, {"09:00", "10:00"}, {"09:30", "24:00"}},
		Exceptions: []Exception{{Date: "2026-02-30"}, {Date: "2026-10-01", Ranges: []Range{{"10:00", "10:00"}}}, {Date: "2026-10-01"}}}
	var e *errs.Error
	if !asError(bad.Check(), &e) {
		t.Fatal("nothing is wrong")
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Path+" "+strings.TrimPrefix(f.Key, "hours."))
	}
	want := []string{"zone bad_zone", "weekdays[1] bad_weekday", "weekdays[2] weekday_twice", "ranges[0].from bad_time", "ranges[1].to bad_time",
		"ranges[2].to backwards", "ranges[3].from overlap", "ranges[4].from overlap", "exceptions[0].date bad_date", "exceptions[1].ranges[0].to backwards", "exceptions[2].date date_twice"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !asError(Hours{Zone: "Asia/Shanghai"}.Check(), &e) || len(e.Fields) != 2 {
		t.Errorf("an empty template: %v", e)
	}
}

func TestHoursJSON(t *testing.T) {
	const doc = `{"zone":"Asia/Shanghai","weekdays":[1,7],"ranges":[{"from":"09:00","to":"12:00"}],"exceptions":[{"date":"2026-10-01","ranges":[]}]}`
	var h Hours
	if err := json.Unmarshal([]byte(doc), &h); err != nil {
		t.Fatal(err)
	}
	if b, _ := json.Marshal(h); string(b) != doc {
		t.Errorf("got %s", b)
	}
}

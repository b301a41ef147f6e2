package campaign

import (
	"context"
	"maps"
	"slices"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
)

// Check is one thing that must be there before the first call (FEATURES A1.1).
type Check struct {
	Key  string // seat, script, template, sms, wechat
	Link string // where it is put right
	OK   func(ctx context.Context) (bool, error)
	Must bool // without it nothing can be dialled; the others only send messages
}

func homeRoutes(a *httpapi.API, h handlers) {
	httpapi.Register(a, httpapi.Op{ID: "get-checklist", Method: "GET", Path: "/home/checklist", Right: "home:read", Scope: httpapi.Shared}, h.checklist)
	httpapi.Register(a, httpapi.Op{ID: "get-summary", Method: "GET", Path: "/home/summary", Right: "home:read", Scope: httpapi.All}, h.summary)
}

// Checklist says what is there and what is missing.
type Checklist struct {
	Ready bool        `json:"ready"`
	Items []CheckItem `json:"items" nullable:"false"`
}

// CheckItem is one line of the checklist with a link to where it is put right.
type CheckItem struct {
	Key  string `json:"key"`
	OK   bool   `json:"ok"`
	Must bool   `json:"must"`
	Text string `json:"text"`
	Link string `json:"link"`
}

func (h handlers) checklist(ctx context.Context, _ *struct{}) (*httpapi.Out[Checklist], error) {
	out := httpapi.Out[Checklist]{Body: Checklist{Ready: true, Items: []CheckItem{}}}
	for _, c := range append(h.ownChecks(), h.Checks...) {
		ok, err := c.OK(ctx)
		if err != nil {
			return nil, err
		}
		key := "check." + c.Key + ".missing"
		if ok {
			key = "check." + c.Key + ".ok"
		}
		out.Body.Ready = out.Body.Ready && (ok || !c.Must)
		out.Body.Items = append(out.Body.Items, CheckItem{Key: c.Key, OK: ok, Must: c.Must, Text: locale.Say(ctx, key, nil), Link: c.Link})
	}
	return &out, nil
}

func (s *Service) ownChecks() []Check {
	return []Check{
		{Key: "seat", Link: "/seats", Must: true, OK: func(ctx context.Context) (bool, error) {
			seats, err := s.Seats(ctx, "")
			for _, x := range seats {
				if st := x.State(s.Clock.Now()); st == SeatIdle || st == SeatInService {
					return true, err
				}
			}
			return false, err
		}},
		{Key: "template", Link: "/time-templates", Must: true, OK: func(ctx context.Context) (bool, error) {
			ts, _, err := s.Templates(ctx)
			return len(ts) > 0, err
		}},
	}
}

type summaryIn struct {
	From     string `query:"from" maxLength:"30"`
	To       string `query:"to" maxLength:"30"`
	Campaign db.ID  `query:"campaign"`
}

// Summary is the home page's numbers (FEATURES A2.1).
type Summary struct {
	Seats     map[string]int64 `json:"seats" nullable:"false"`
	Campaigns map[State]int64  `json:"campaigns" nullable:"false"`
	Dials     Dials            `json:"dials"`
	Grades    map[string]int64 `json:"grades" nullable:"false"`
	Days      []DaySum         `json:"days" nullable:"false"`
	Hours     []HourSum        `json:"hours" nullable:"false"`
}

// Dials are the dial data of a span of time.
type Dials struct {
	Dialled     int64   `json:"dialled"`
	Connected   int64   `json:"connected"`
	ConnectRate float64 `json:"connect_rate"`
	TalkMs      int64   `json:"talk_ms"`
	AvgTalkMs   int64   `json:"avg_talk_ms"`
}

// DaySum is one day of the tenant's zone.
type DaySum struct {
	Day       string           `json:"day"`
	Dialled   int64            `json:"dialled"`
	Connected int64            `json:"connected"`
	Grades    map[string]int64 `json:"grades" nullable:"false"`
}

// HourSum is one hour of the day, over all days.
type HourSum struct {
	Hour      int   `json:"hour"`
	Dialled   int64 `json:"dialled"`
	Connected int64 `json:"connected"`
}

func (h handlers) summary(ctx context.Context, in *summaryIn) (*httpapi.Out[Summary], error) {
	zone, err := h.Calls.Zone(ctx)
	if err != nil {
		return nil, err
	}
	from, to, err := call.Span(in.From, in.To, zone)
	if err != nil {
		return nil, err
	}
	if from.IsZero() {
		from = daysBefore(h.Clock.Now(), 30, zone) // never the whole history
	}
	rs, err := h.Calls.Rollups(ctx, from, to, in.Campaign, 0)
	if err != nil {
		return nil, err
	}
	out := summaryOf(rs, zone)
	if out.Campaigns, err = h.countStates(ctx); err != nil {
		return nil, err
	}
	seats, err := h.Seats(ctx, "")
	for _, s := range seats {
		out.Seats[string(s.State(h.Clock.Now()))]++
	}
	return &httpapi.Out[Summary]{Body: out}, err
}

// daysBefore is the midnight of a day so many days before now, in a zone.
func daysBefore(now time.Time, days int, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d-days, 0, 0, 0, 0, zone)
}

// summaryOf turns hourly sums into the home page's numbers, by the zone's days and hours.
func summaryOf(rs []call.Rollup, zone *time.Location) Summary {
	t := call.Sum(rs)
	s := Summary{Seats: map[string]int64{"idle": 0, "in_service": 0, "disabled": 0, "expired": 0}, Grades: sixGrades(t.Grades), Days: []DaySum{}, Hours: make([]HourSum, 24),
		Dials: Dials{Dialled: t.Dialled, Connected: t.Connected, ConnectRate: t.ConnectRate(), TalkMs: t.TalkMs}}
	if t.Connected > 0 {
		s.Dials.AvgTalkMs = t.TalkMs / t.Connected
	}
	days := map[string]*call.Totals{}
	for i := range s.Hours {
		s.Hours[i].Hour = i
	}
	for _, r := range rs {
		at := r.Hour.In(zone)
		day := at.Format(time.DateOnly)
		if days[day] == nil {
			days[day] = &call.Totals{}
		}
		days[day].Add(r)
		s.Hours[at.Hour()].Dialled += r.Calls
		if r.Outcome.Connected() {
			s.Hours[at.Hour()].Connected += r.Calls
		}
	}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		d := days[day]
		s.Days = append(s.Days, DaySum{Day: day, Dialled: d.Dialled, Connected: d.Connected, Grades: sixGrades(d.Grades)})
	}
	return s
}

package campaign

import (
	"errors"
	"slices"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
	"yingda/tenant"
)

// acts are what a person can do to a campaign, by name.
var acts = map[string]func(s *stage, id db.ID) error{
	"start":     func(s *stage, id db.ID) error { return s.Start(s.ctx, id) },
	"pause":     func(s *stage, id db.ID) error { return s.Pause(s.ctx, id) },
	"resume":    func(s *stage, id db.ID) error { return s.Resume(s.ctx, id) },
	"terminate": func(s *stage, id db.ID) error { return s.Terminate(s.ctx, id) },
	"delete":    func(s *stage, id db.ID) error { return s.Delete(s.ctx, id) },
}

// TestMoves walks every act from every state (FEATURES A3.1, A3.2): what is legal leads
// where the table says and stands in the operation log, what is not is a conflict and
// changes nothing.
func TestMoves(t *testing.T) {
	way := map[State][]string{NotStarted: nil, Running: {"start"}, Paused: {"start", "pause"}, Terminated: {"start", "terminate"}, Completed: nil}
	legal := map[State]map[string]State{
		NotStarted: {"start": Running, "terminate": Terminated, "delete": ""},
		Running:    {"pause": Paused, "terminate": Terminated},
		Paused:     {"start": Running, "resume": Running, "terminate": Terminated},
		Terminated: {}, Completed: {},
	}
	s := open(t, dbtest.Open(t))
	first := 0
	for from, steps := range way {
		for name, act := range acts {
			first += 10
			c := s.campaign(s.ctx, string(from)+" "+name, "manual", first, 2, 1)
			for _, step := range steps {
				if err := acts[step](s, c.ID); err != nil {
					t.Fatal(err)
				}
			}
			if from == Completed {
				if err := s.shift(s.ctx, c.ID, Running, "campaign.start", nil); err != nil {
					t.Fatal(err)
				}
				if err := s.shift(s.ctx, c.ID, Completed, "campaign.complete", s.close); err != nil {
					t.Fatal(err)
				}
			}
			err := act(s, c.ID)
			to, may := legal[from][name]
			if !may {
				if !errs.Is(err, errs.Conflict) {
					t.Errorf("%s from %s: %v", name, from, err)
				}
				if got := s.look(c.ID); got.State != from {
					t.Errorf("%s from %s was refused and led to %s", name, from, got.State)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s from %s: %v", name, from, err)
				continue
			}
			s.acted(c, name, to)
		}
	}
}

// acted checks where an act led, and its line in the operation log.
func (s *stage) acted(c *Campaign, name string, to State) {
	s.t.Helper()
	log, err := s.People.Log(s.ctx, "campaign", c.ID, 10)
	action := "campaign." + map[string]string{"resume": "start"}[name]
	if action == "campaign." {
		action += name
	}
	if err != nil || len(log) == 0 || log[0].Action != action || log[0].UserName != "周敏" {
		s.t.Errorf("%s: the log says %+v, %v", name, log, err)
	}
	if to == "" {
		if _, err := s.Campaign(s.ctx, c.ID); !errs.Is(err, errs.NotFound) {
			s.t.Errorf("deleted, and still there: %v", err)
		}
		if p, err := s.Leads(s.ctx, c.ListID, LeadFilter{}, 0, 10, 10); err != nil || len(p.Rows) > 0 {
			s.t.Errorf("deleted, and %d leads are still there, %v", len(p.Rows), err)
		}
		return
	}
	if got := s.look(c.ID); got.State != to {
		s.t.Errorf("%s led to %s, not %s", name, got.State, to)
	}
	held := 0
	for _, id := range c.rules().Seats {
		if seat, err := s.Seat(s.own, id); err == nil && seat.CampaignID == c.ID {
			held++
		}
	}
	if want := map[bool]int{true: 1, false: 0}[to.Live()]; held != want {
		s.t.Errorf("%s: %d seats are held, want %d", name, held, want)
	}
}

// TestCreateNamesEverythingThatIsWrong at once.
func TestCreateNamesEverythingThatIsWrong(t *testing.T) {
	s := open(t, dbtest.Open(t))
	past := noon.Add(-time.Minute)
	_, err := s.Create(s.ctx, Draft{Name: "x", ScriptID: 2, ImportID: 3, TemplateID: 4, Start: "later", StartAt: &past})
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range e.Fields {
		paths = append(paths, f.Path+" "+f.Key)
	}
	slices.Sort(paths)
	want := []string{"import_id import.not_found", "script_id script.not_found", "seat_ids campaign.no_seats", "start_at campaign.start_in_past", "template_id template.not_found"}
	if !slices.Equal(paths, want) {
		t.Errorf("got %q", paths)
	}
	if n := len(every[Campaign](s)); n != 0 {
		t.Errorf("%d campaigns were made", n)
	}
}

// TestAListIsUsedOnce and a seat serves one campaign; what fails leaves nothing behind.
func TestAListIsUsedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		list, seats := s.list(s.ctx, 0, 3), s.seats(s.ctx, "x", 2)
		draft := func(name string, list db.ID, seats []db.ID) Draft {
			return Draft{Name: name, ScriptID: 1, ImportID: list, TemplateID: s.always.ID, Start: "now", Rules: Rules{Seats: seats}}
		}
		if _, err := s.Create(s.ctx, draft("a", list, seats)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Create(s.ctx, draft("b", list, s.seats(s.ctx, "y", 1))); !errs.Is(err, errs.Conflict) {
			t.Errorf("the list was used twice: %v", err)
		}
		other := s.list(s.ctx, 50, 3)
		if _, err := s.Create(s.ctx, draft("c", other, seats[1:])); !errs.Is(err, errs.Conflict) {
			t.Errorf("the seat was given twice: %v", err)
		}
		if im, err := s.Import(s.ctx, other); err != nil || im.CampaignID != 0 {
			t.Errorf("the failed campaign took the list with it: %+v %v", im, err)
		}
		if n := len(every[Campaign](s)); n != 1 {
			t.Errorf("%d campaigns", n)
		}
	})
}

// TestCopy: the same leads and rules, all waiting again, nothing of the first one's calls.
func TestCopy(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "now", 0, 3, 3)
	s.tick(s.dispatcher(10, 0, farNode))
	n := s.node(farNode.Fence, s.all(fate{outcome: call.Answered, grade: "A"}))
	for _, q := range s.queue.take() {
		s.perform(n, q)
	}
	two, err := s.Copy(s.ctx, c.ID, "a again")
	if err != nil {
		t.Fatal(err)
	}
	got := s.look(two.ID)
	if got.State != NotStarted || got.Total != 3 || got.Called != 0 || got.Connected != 0 || got.StartedAt != nil || got.Name != "a again" || got.ListID == c.ListID {
		t.Errorf("%+v", got)
	}
	p, err := s.Leads(s.ctx, got.ListID, LeadFilter{}, 0, 10, 10)
	if err != nil || len(p.Rows) != 3 {
		t.Fatal(len(p.Rows), err)
	}
	for _, l := range p.Rows {
		if l.State != Waiting || l.Tries != 0 || l.Grade != "" || l.LastCallID != 0 {
			t.Errorf("%+v", l)
		}
		if number, err := s.People.Vault.Open(s.own, l.PhoneCipher); err != nil || len(number) != 14 {
			t.Errorf("its number is %q, %v", number, err)
		}
	}
	if err := s.Delete(s.ctx, two.ID); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Leads(s.ctx, c.ListID, LeadFilter{Grades: []string{"A"}}, 0, 10, 10); err != nil || len(p.Rows) != 3 {
		t.Errorf("deleting the copy took the first one's leads: %d %v", len(p.Rows), err)
	}
}

// TestChange: the name always, the script only while nobody is called (FEATURES A3.2).
func TestChange(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "now", 0, 3, 1)
	if err := s.Change(s.ctx, c.ID, Changes{Name: "b"}); err != nil || s.look(c.ID).Name != "b" {
		t.Errorf("%v", err)
	}
	if err := s.Change(s.ctx, c.ID, Changes{Script: 1}); !errs.Is(err, errs.Conflict) {
		t.Errorf("another script while it runs: %v", err)
	}
	if err := s.Pause(s.ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(s.ctx, c.ID, Changes{Script: 1}); err != nil {
		t.Error(err)
	}
	if err := s.Change(s.ctx, c.ID, Changes{Script: 2}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a script that is not there: %v", err)
	}
}

// TestWhoseCampaignItIs: nobody of another tenant, and no rep without a share in it, finds it.
func TestWhoseCampaignItIs(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "manual", 0, 1, 1)
	foreign, _, _ := s.newTenant("other", 10)
	rep := tenant.WithPerson(t.Context(), tenant.Person{User: 99, Tenant: s.tenant, Role: tenant.Sales})
	for who, ctx := range map[string]struct{ of *stage }{"another tenant": {&stage{Service: s.Service, ctx: foreign}}, "a sales rep": {&stage{Service: s.Service, ctx: rep}}} {
		for name, act := range acts {
			if err := act(ctx.of, c.ID); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s may %s it: %v", who, name, err)
			}
		}
		if _, err := s.Copy(ctx.of.ctx, c.ID, "mine"); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s may copy it: %v", who, err)
		}
	}
	if got := s.look(c.ID); got.State != NotStarted {
		t.Errorf("it is %s", got.State)
	}
}

// TestSeatsOfACampaign: an expired or disabled seat is not held, and one that still talks
// is free for another campaign's hold but not for its calls.
func TestSeatsOfACampaign(t *testing.T) {
	s := open(t, dbtest.Open(t))
	c := s.campaign(s.ctx, "a", "now", 0, 1, 1)
	s.tick(s.dispatcher(10, 0, farNode))
	if err := s.Terminate(s.ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	d := Draft{Name: "b", ScriptID: 1, ImportID: s.list(s.ctx, 50, 2), TemplateID: s.always.ID, Start: "now", Rules: Rules{Seats: c.rules().Seats}}
	two, err := s.Create(s.ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	s.tick(s.dispatcher(10, 0, farNode))
	if n := len(every[attemptRow](s)); n != 1 {
		t.Errorf("a seat that talks was given a second call: %d attempts", n)
	}
	n := s.node(farNode.Fence, s.all(fate{outcome: call.Answered, grade: "B"}))
	s.perform(n, s.queue.take()[0])
	s.tick(s.dispatcher(10, 0, farNode))
	if as := every[attemptRow](s); len(as) != 2 || as[1].CampaignID != two.ID {
		t.Errorf("its new campaign does not use it: %+v", as)
	}
	expired := noon.Add(-time.Hour)
	for why, set := range map[string]map[string]any{"disabled": {"enabled": false}, "expired": {"valid_until": expired}} {
		seats := s.seats(s.ctx, why, 1)
		if err := update[Seat](s.own, s.Store, seats[0], set); err != nil {
			t.Fatal(err)
		}
		err := s.holdSeats(s.own, two.ID, seats, noon)
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("a seat that is %s was held: %v", why, err)
		}
	}
}

package campaign

import (
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

// outcomesOf counts the leads of a list by their last outcome.
func (s *stage) outcomesOf(list db.ID) map[string]int {
	out := map[string]int{}
	for _, l := range every[leadRow](s) {
		if l.ListID == list {
			out[l.LastOutcome]++
		}
	}
	return out
}

// TestTwoListsWithTheSameNumbers: both were judged before either campaign was there, so
// the import could not know. Only the older one calls them; the younger says why it did not.
func TestTwoListsWithTheSameNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		s := open(t, database)
		lists := []db.ID{s.list(s.ctx, 0, 40), s.list(s.ctx, 10, 40)} // 30 numbers are in both
		var cs []*Campaign
		for i, list := range lists {
			name := []string{"older", "younger"}[i]
			c, err := s.Create(s.ctx, Draft{Name: name, ScriptID: 1, ImportID: list, TemplateID: s.always.ID, Start: "now", Rules: Rules{Seats: s.seats(s.ctx, name, 5)}})
			if err != nil {
				t.Fatal(err)
			}
			cs = append(cs, c)
		}
		d := s.dispatcher(100, 0, farNode)
		p := s.all(fate{outcome: call.Answered, grade: "B"})
		n := s.node(farNode.Fence, p)
		for range 12 {
			s.tick(d)
			for _, q := range s.queue.take() {
				s.perform(n, q)
			}
			s.clock.Advance(tickEvery)
		}
		twice := map[string]int{}
		for _, c := range every[call.Call](s) {
			if twice[c.PhoneDigest]++; twice[c.PhoneDigest] > 1 {
				t.Errorf("number …%s was called %d times", c.PhoneLast4, twice[c.PhoneDigest])
			}
		}
		if got := s.outcomesOf(lists[1]); got[inCampaign] != 30 || got["answered"] != 10 {
			t.Errorf("the younger campaign's leads: %v", got)
		}
		for _, c := range cs {
			if got := s.look(c.ID); got.State != Completed || got.Called != 40 {
				t.Errorf("%s: %s, called %d", got.Name, got.State, got.Called)
			}
		}
	})
}

// TestALongBlockedHead: thousands of numbers that must not be called hold a tick up only
// so long, and do not stop the campaign.
func TestALongBlockedHead(t *testing.T) {
	s := open(t, dbtest.Open(t))
	const blocked = passRounds*passAtOnce + 100
	c := s.campaign(s.ctx, "a", "now", 0, blocked+5, 5)
	for i := range blocked {
		s.dnc[s.People.Vault.Digest(s.own, numberOf(i))] = true
	}
	d := s.dispatcher(100, 0, farNode)
	s.tick(d)
	if got := s.outcomesOf(c.ListID)[dnc]; got == 0 || got > passRounds*passAtOnce || len(every[attemptRow](s)) != 0 {
		t.Errorf("the first tick passed over %d leads and placed %d calls", got, len(every[attemptRow](s)))
	}
	s.tick(d)
	if got := s.look(c.ID).Called; got != blocked || len(every[attemptRow](s)) != 5 {
		t.Errorf("the second: %d passed over, %d calls", got, len(every[attemptRow](s)))
	}
}

// TestWhatChangedBetweenClaimAndCall: a campaign that was paused or ended, and hours that
// are over, place no call though the lead was claimed; the lead comes back.
func TestWhatChangedBetweenClaimAndCall(t *testing.T) {
	for name, change := range map[string]func(*stage, *Campaign) error{
		"paused":     func(s *stage, c *Campaign) error { return s.Pause(s.ctx, c.ID) },
		"terminated": func(s *stage, c *Campaign) error { return s.Terminate(s.ctx, c.ID) },
		"too late":   func(s *stage, c *Campaign) error { s.clock.Advance(9 * time.Hour); return nil }, // 21:00 there
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, dbtest.Open(t))
			c := s.campaign(s.ctx, "a", "now", 0, 3, 3)
			s.tick(s.dispatcher(10, 0, farNode))
			if err := change(s, c); err != nil {
				t.Fatal(err)
			}
			p := s.all(fate{outcome: call.Answered, grade: "B"})
			n := s.node(farNode.Fence, p)
			for _, q := range s.queue.take() {
				s.perform(n, q)
			}
			if len(p.dialed) != 0 || s.leadsIn(Waiting) != 3 {
				t.Errorf("%d people were called, %d leads wait", len(p.dialed), s.leadsIn(Waiting))
			}
			s.whole(name)
		})
	}
}

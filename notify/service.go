package notify

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"yingda/call"
	"yingda/notify/delivery"
	"yingda/notify/sms"
	"yingda/notify/wechat"
	"yingda/platform/clock"
	"yingda/platform/db"
	"yingda/tenant"
)

// RulesOf returns what a campaign promises; the zero Rules for a call without one.
type RulesOf func(ctx context.Context, campaign db.ID) (Rules, error)

// Channel is how a tenant sends SMS.
type Channel struct {
	Gateway sms.Gateway
	Sign    string // "" is the tenant's short name
	Secret  string // that receipts are signed with
	// Askable says that the gateway answers Status or drops repeats of a message's ID.
	Askable bool
}

// Service is the room. The fields above the gap are needed.
type Service struct {
	DB     *db.DB
	People *tenant.Store
	Vault  *tenant.Vault
	Clock  clock.Clock
	Queue  Queue
	Rules  RulesOf
	SMS    func(ctx context.Context) (Channel, error) // of the tenant in ctx

	PublicURL string // of the console, for links in pushes
	WeChat    wechat.Client
	Limits    Limits
	// Owner is the owner of the called customer, 0 if none.
	Owner func(ctx context.Context, c *call.Call) (db.ID, error)
	// Final says that the lead of the call will not be tried again; nil is always.
	Final func(ctx context.Context, c *call.Call) (bool, error)
	// Campaigns names campaigns, for views; nil leaves the names empty.
	Campaigns call.Names
	// Changed hears of a promise whose state moved, after the commit.
	Changed func(ctx context.Context, p Promise)

	gates sync.Map // carrier name → *delivery.Gate
}

// Limits bounds one vendor; zeros are 50 a second with bursts of 100, five failures
// in a row, a probe every 5 s.
type Limits struct {
	Rate  float64
	Burst int
	Trip  int
	Probe time.Duration
}

func (s *Service) store() store { return store{s.DB} }

// now is the present as the database keeps it: a finer time would be rounded up, and
// what is due now would be due in a moment.
func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Millisecond) }

func (s *Service) gate(carrier string) *delivery.Gate {
	l := s.Limits
	if l == (Limits{}) {
		l = Limits{Rate: 50, Burst: 100, Trip: 5, Probe: 5 * time.Second}
	}
	g, _ := s.gates.LoadOrStore(carrier, &delivery.Gate{Rate: l.Rate, Burst: l.Burst, Trip: l.Trip, Probe: l.Probe})
	return g.(*delivery.Gate)
}

// Hook writes what a finished call promises, in the finishing transaction. The same
// call again adds nothing. It is a call.Hook.
func (s *Service) Hook(ctx context.Context, f *call.Finished) error {
	rules, err := s.rules(ctx, &f.Call)
	if err != nil {
		return err
	}
	final := true
	if s.Final != nil {
		if final, err = s.Final(ctx, &f.Call); err != nil {
			return fmt.Errorf("is the lead of call %d done: %w", f.Call.ID, err)
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		for _, w := range Plan(rules, f, final) {
			if _, err := s.write(ctx, w, &f.Call, f.Facts.Vars); err != nil {
				return fmt.Errorf("promise %s: %w", w.Key, err)
			}
		}
		return nil
	})
}

// KeywordSMS promises the keyword SMS of a running call whose callee has asked for
// a text, and wakes its delivery. made is false where the campaign has no such rule
// or the promise is already there. vars are the lead's.
func (s *Service) KeywordSMS(ctx context.Context, c *call.Call, vars map[string]string) (made bool, err error) {
	rules, err := s.rules(ctx, c)
	if err != nil {
		return false, err
	}
	var p *Promise
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		p = nil
		for _, w := range planKeyword(rules, c) {
			var err error
			if p, err = s.write(ctx, w, c, vars); err != nil {
				return fmt.Errorf("promise %s: %w", w.Key, err)
			}
		}
		return nil
	})
	if err != nil || p == nil {
		return false, err
	}
	if p.State == Pending {
		s.wake(ctx, *p)
	}
	return true, nil
}

func (s *Service) rules(ctx context.Context, c *call.Call) (Rules, error) {
	if c.CampaignID == 0 {
		return Rules{}, nil
	}
	r, err := s.Rules(ctx, c.CampaignID)
	if err != nil {
		return r, fmt.Errorf("promises of campaign %d: %w", c.CampaignID, err)
	}
	return r, nil
}

// Ended wakes the delivery of a call's promises after the commit. It is a
// call.Listener; what it misses, Sweep finds.
func (s *Service) Ended(ctx context.Context, f *call.Finished) {
	ps, err := s.store().ofCall(ctx, f.Call.ID)
	if err != nil {
		slog.ErrorContext(ctx, "promises not woken", "call", f.Call.ID, "error", err)
		return
	}
	for _, p := range ps {
		if p.State == Pending {
			s.wake(ctx, p)
		}
	}
}

// Promises lists what a call promised, in the order it was promised.
func (s *Service) Promises(ctx context.Context, callID db.ID) ([]Promise, error) {
	return s.store().ofCall(ctx, callID)
}

package notify

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/notify/sandbox"
	"yingda/notify/wechat"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/platform/errs"
)

func TestACallKeepsItsPromises(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Keyword: &KeywordRule{h.keyword}, Screening: []ScreeningRule{{h.screen, []string{"A"}}},
			Push: &PushRule{Grades: []string{"A"}, Reps: h.reps[:2]}}
		f := h.finished("A")
		if made, err := h.KeywordSMS(h.one, &f.Call, f.Facts.Vars); err != nil || !made {
			t.Fatalf("during the call: %v %v", made, err)
		}
		f.Facts.Timeline = []call.Mark{{Kind: "sms"}}
		must(t, h.Hook(h.one, f))
		must(t, h.Hook(h.one, f)) // the transaction ran twice, or the call was finished again
		h.Ended(h.one, f)
		h.Ended(h.one, f)
		h.work()
		h.box.Close()
		texts, pushes := h.received(sandbox.SMS), h.received(sandbox.WeChat)
		if len(texts) != 2 || len(pushes) != 2 || len(h.promises(f)) != 4 {
			t.Fatalf("%d texts, %d pushes, %d promises", len(texts), len(pushes), len(h.promises(f)))
		}
		if got := texts[1].Text; got.Text != "您好王先生，湖畔花园的资料：http://x.cn/a" || got.Sign != "应答" {
			t.Fatalf("the keyword SMS says %+v", got)
		}
		data := pushes[0].Push.Data
		if data["keyword1"] != "王先生 138 **** 1234" || data["keyword3"] != "意向强烈" || data["keyword4"] != "1 分 23 秒" ||
			pushes[0].Push.URL != "http://here/calls/"+f.Call.ID.String() {
			t.Fatalf("the push says %+v", pushes[0].Push)
		}
		for _, p := range h.promises(f) {
			if want := map[Kind]State{SMS: Delivered, WeChat: Sent}[p.Kind]; p.State != want || p.SentAt == nil || p.Tries != 1 || p.VendorID == "" {
				t.Errorf("%s %s is %s after %d tries", p.Kind, p.Rule, p.State, p.Tries)
			}
		}
		if h.credit() != credit-2 {
			t.Fatalf("credit %d", h.credit())
		}
	})
}

func TestExactlyOnceUnderManyWorkers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}, Push: &PushRule{Grades: []string{"A"}, Reps: h.reps[:2]}}
		calls := []*call.Finished{h.finished("A"), h.finished("A"), h.finished("A"), h.finished("A")}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for _, f := range calls {
					if err := h.Hook(h.one, f); err != nil {
						t.Error(err)
					}
					ps, err := h.Promises(h.one, f.Call.ID)
					if err != nil {
						t.Error(err)
					}
					for _, p := range ps {
						if err := h.Deliver(h.one, p.ID); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		h.box.Close()
		if texts, pushes := len(h.received(sandbox.SMS)), len(h.received(sandbox.WeChat)); texts != 4 || pushes != 8 {
			t.Fatalf("%d texts, %d pushes", texts, pushes)
		}
		for _, f := range calls {
			for _, p := range h.promises(f) {
				if p.Tries != 1 || p.State != Sent && p.State != Delivered {
					t.Errorf("%s is %s after %d tries", p.UniqueKey, p.State, p.Tries)
				}
			}
		}
		if h.credit() != credit-4 {
			t.Fatalf("credit %d", h.credit())
		}
	})
}

func TestOneScreeningSMSPerLead(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A", "F"}}}}
	first, second := h.finished("F"), h.finished("A")
	second.Call.LeadID = first.Call.LeadID
	h.Final = func(context.Context, *call.Call) (bool, error) { return false, nil }
	must(t, h.Hook(h.one, first))
	if len(h.promises(first)) != 0 {
		t.Fatal("an F that will be tried again already got its SMS")
	}
	h.Final = nil
	must(t, h.Hook(h.one, second))
	again := h.finished("A")
	again.Call.LeadID = first.Call.LeadID
	must(t, h.Hook(h.one, again))
	if len(h.promises(second)) != 1 || len(h.promises(again)) != 0 {
		t.Fatal("once per lead and rule")
	}
}

func TestCreditNeverBelowZero(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
		must(t, h.DB.In(h.one).Table("tenants").Model(&struct{ db.Global }{}).Where("id = ?", db.TenantOf(h.one)).Update("sms_credit", 10).Error)
		calls := make([]*call.Finished, 24)
		for i := range calls {
			calls[i] = h.finished("A")
		}
		var all sync.WaitGroup
		for w := range 8 {
			all.Go(func() {
				for i := w; i < len(calls); i += 8 {
					if err := h.Hook(h.one, calls[i]); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		n := map[State]int{}
		var broke *call.Finished
		for _, f := range calls {
			p := h.only(f)
			if n[p.State]++; p.State == NoCredit {
				broke = f
			}
		}
		if h.credit() != 0 || n[Pending] != 10 || n[NoCredit] != 14 {
			t.Fatalf("credit %d, %v", h.credit(), n)
		}
		p := h.only(broke)
		if _, err := h.Resend(h.one, p.ID); !errs.Is(err, errs.Conflict) {
			t.Fatalf("resent without credit: %v", err)
		}
		must(t, h.store().refund(h.one, 5))
		if _, err := h.Resend(h.one, p.ID); err != nil || h.credit() != 4 {
			t.Fatalf("%v, credit %d", err, h.credit())
		}
		h.work()
		if p = h.only(broke); p.State != Sent && p.State != Delivered {
			t.Fatalf("%+v", p)
		}
	})
}

func TestALostAnswerIsAskedBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.box.Receipt = "" // nor does a receipt come
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
		for i, trouble := range []sandbox.Trouble{sandbox.DropAfter, sandbox.DropBefore} { // the gateway took it; it never got it
			f := h.finished("A")
			h.trouble(trouble)
			must(t, h.Hook(h.one, f))
			h.Ended(h.one, f)
			h.work()
			if p := h.only(f); p.State != Unknown || p.NextAt == nil {
				t.Fatalf("%+v", p)
			}
			h.trouble(sandbox.None)
			h.later(time.Second)
			if p := h.only(f); p.State != Unknown {
				t.Fatalf("asked too early: %+v", p)
			}
			h.later(2 * time.Second)
			if p := h.only(f); p.State != Sent && p.State != Delivered || p.VendorID == "" || p.Tries != 2 {
				t.Fatalf("%+v", p)
			}
			if n := len(h.received(sandbox.SMS)); n != i+1 || h.credit() != int64(credit-i-1) {
				t.Fatalf("%d texts, credit %d", n, h.credit())
			}
		}
	})
}

func TestALostAnswerOfAMuteVendorIsShownToAPerson(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
	channel := h.SMS
	h.SMS = func(ctx context.Context) (Channel, error) {
		ch, err := channel(ctx)
		ch.Askable = false
		return ch, err
	}
	h.box.Receipt = ""
	f := h.finished("A")
	h.trouble(sandbox.DropBefore)
	must(t, h.Hook(h.one, f))
	h.later(0)
	h.trouble(sandbox.None)
	h.later(24 * time.Hour)
	p := h.only(f)
	if p.State != Unknown || p.NextAt != nil || p.Tries != 1 || len(h.received(sandbox.SMS)) != 0 {
		t.Fatalf("a program must not decide this: %+v", p)
	}
	if _, err := h.Resend(h.one, p.ID); err != nil {
		t.Fatal(err)
	}
	h.work()
	if p = h.only(f); p.State != Sent || h.credit() != credit-2 {
		t.Fatalf("%+v, credit %d", p, h.credit())
	}
}

func TestWeChatRepeatsOnlyWhileWeChatDropsRepeats(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.rules = Rules{Push: &PushRule{Grades: []string{"A"}, Reps: h.reps[:1]}}
	soon, late := h.finished("A"), h.finished("A")
	h.trouble(sandbox.DropAfter)
	must(t, h.Hook(h.one, soon))
	must(t, h.Hook(h.one, late))
	h.later(0)
	h.trouble(sandbox.None)
	must(t, h.DB.In(h.one).Model(&Promise{}).Where("call_id = ?", late.Call.ID).Update("next_at", h.now.Now().Add(wechat.RepeatFor)).Error)
	h.later(3 * time.Second)
	h.later(wechat.RepeatFor)
	if p := h.only(soon); p.State != Sent || p.Tries != 2 {
		t.Fatalf("a repeat is harmless for ten minutes: %+v", p)
	}
	if p := h.only(late); p.State != Unknown || p.NextAt != nil {
		t.Fatalf("and then it is not: %+v", p)
	}
	if n := len(h.received(sandbox.WeChat)); n != 2 {
		t.Fatalf("%d pushes arrived", n)
	}
}

func TestABusyVendorIsTriedAgainAndRefusalsGiveTheCreditBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
		f := h.finished("A")
		h.trouble(sandbox.Busy)
		must(t, h.Hook(h.one, f))
		h.later(0)
		if p := h.only(f); p.State != Pending || p.Tries != 1 || p.Error == "" {
			t.Fatalf("%+v", p)
		}
		h.later(3 * time.Second)
		h.trouble(sandbox.Refuse)
		h.later(6 * time.Second)
		p := h.only(f)
		if p.State != Failed || p.Tries != 3 || !strings.Contains(p.Error, "bad_number") || h.credit() != credit {
			t.Fatalf("%+v, credit %d", p, h.credit())
		}
		h.trouble(sandbox.None)
		h.later(24 * time.Hour)
		if p = h.only(f); p.State != Failed {
			t.Fatalf("a refused promise came back: %+v", p)
		}
	})
}

func TestADeadWorkersPromiseIsTakenOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.box.Receipt = ""
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
		f := h.finished("A")
		must(t, h.Hook(h.one, f))
		p := h.only(f)
		c, err := h.carrier(h.one, &p)
		must(t, err)
		if ok, err := h.take(h.one, &p, c); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if _, err := c.send(h.one, &p); err != nil { // and dies before it writes that down
			t.Fatal(err)
		}
		h.later(lease / 2)
		if got := h.only(f); got.State != Sending || got.Tries != 1 {
			t.Fatalf("taken from a living worker: %+v", got)
		}
		h.later(lease)
		if got := h.only(f); got.State != Sent && got.State != Delivered || got.Tries != 2 || len(h.received(sandbox.SMS)) != 1 {
			t.Fatalf("%+v, %d texts", got, len(h.received(sandbox.SMS)))
		}
		// The dead one wakes up: its fence is old.
		must(t, h.settle(h.one, &p, verdict{State: Failed, Refund: true}, "", errs.New(errs.Internal, "late")))
		if got := h.only(f); got.State == Failed || h.credit() != credit-1 {
			t.Fatalf("a zombie settled: %+v, credit %d", got, h.credit())
		}
	})
}

func TestAnEmptyQueueLosesNothing(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
	f := h.finished("A")
	must(t, h.Hook(h.one, f))
	h.Ended(h.one, f)
	h.queue.tasks = nil // flushed
	h.later(time.Second)
	if p := h.only(f); p.State != Sent && p.State != Delivered {
		t.Fatalf("%+v", p)
	}
}

func TestTheBreakerLeavesAVendorAlone(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.Limits = Limits{Trip: 3, Probe: time.Minute}
	h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
	h.trouble(sandbox.Busy)
	calls := make([]*call.Finished, 10)
	for i := range calls {
		calls[i] = h.finished("A")
		must(t, h.Hook(h.one, calls[i]))
	}
	h.later(0)
	tries := 0
	for _, f := range calls {
		tries += h.only(f).Tries
	}
	if tries != 3 {
		t.Fatalf("%d tries at a vendor that failed three times", tries)
	}
	h.trouble(sandbox.None)
	h.later(2 * time.Minute)
	h.later(2 * time.Minute)
	for _, f := range calls {
		if p := h.only(f); p.State != Sent && p.State != Delivered {
			t.Fatalf("%+v", p)
		}
	}
}

func TestPushModes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Push: &PushRule{Grades: []string{"A"}, Reps: h.reps[:2], Mode: RoundRobin}}
		n := map[db.ID]int{}
		var all sync.WaitGroup
		var mu sync.Mutex
		for range 8 {
			f := h.finished("A")
			all.Go(func() {
				for range 2 { // finished twice: the turn must not move twice
					if err := h.Hook(h.one, f); err != nil {
						t.Error(err)
					}
				}
				p := h.only(f)
				mu.Lock()
				defer mu.Unlock()
				n[p.UserID]++
			})
		}
		all.Wait()
		if n[h.reps[0]] != 4 || n[h.reps[1]] != 4 {
			t.Fatalf("round robin gave %v", n)
		}
		h.rules.Push.Mode = Owner
		h.Owner = func(context.Context, *call.Call) (db.ID, error) { return h.reps[1], nil }
		f := h.finished("A")
		must(t, h.Hook(h.one, f))
		if p := h.only(f); p.UserID != h.reps[1] {
			t.Fatalf("the owner is %d, pushed to %d", h.reps[1], p.UserID)
		}
		h.rules.Push = &PushRule{Grades: []string{"A"}, Reps: h.reps[2:]}
		f = h.finished("A")
		must(t, h.Hook(h.one, f))
		if p := h.only(f); p.State != Failed || p.Error != "notify.rep_not_bound" {
			t.Fatalf("a rep without WeChat: %+v", p)
		}
	})
}

func TestReceipts(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
	f := h.finished("A")
	p, err := h.Vault.Seal(h.one, "+8613800009991") // accepted, then the phone is off
	must(t, err)
	f.Call.PhoneCipher = p.Cipher
	must(t, h.Hook(h.one, f))
	h.later(0)
	h.box.Close()
	got := h.only(f)
	if got.State != Failed || got.Error == "" || h.credit() != credit-1 {
		t.Fatalf("the vendor has billed it: %+v, credit %d", got, h.credit())
	}
	body := []byte(`{"id":"` + got.key() + `","state":"delivered"}`)
	if err := h.receipt(context.Background(), body, "00"); !errs.Is(err, errs.Unauthorized) {
		t.Fatalf("an unsigned receipt: %v", err)
	}
	if err := h.receipt(context.Background(), []byte(`{`), ""); !errs.Is(err, errs.Invalid) {
		t.Fatalf("no JSON: %v", err)
	}
	if err := h.receipt(context.Background(), []byte(`{"id":"5-0"}`), ""); !errs.Is(err, errs.NotFound) {
		t.Fatalf("a stranger's: %v", err)
	}
}

func TestTenantsNeverMeet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
		f := h.finished("A")
		must(t, h.Hook(h.one, f))
		p := h.only(f)
		if ps, err := h.Promises(h.two, f.Call.ID); err != nil || len(ps) != 0 {
			t.Fatalf("two sees %v %v", ps, err)
		}
		if _, err := h.Resend(h.two, p.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("two resends: %v", err)
		}
		if err := h.Deliver(h.two, p.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("two delivers: %v", err)
		}
		if ts, err := h.Templates(h.two); err != nil || len(ts) != 0 {
			t.Fatalf("two sees templates %v %v", ts, err)
		}
		must(t, h.EnableTemplate(h.two, h.screen, false))
		g := h.finished("A")
		must(t, h.Hook(h.one, g))
		if h.only(g).State != Pending {
			t.Fatal("two switched one's template off")
		}
		must(t, h.EnableTemplate(h.one, h.screen, false))
		g = h.finished("A")
		must(t, h.Hook(h.one, g))
		if p := h.only(g); p.State != Failed || p.Error != "notify.template_off" {
			t.Fatalf("a disabled template: %+v", p)
		}
	})
}

func TestWithoutAChannelACallStillEnds(t *testing.T) {
	h := open(t, dbtest.Open(t))
	h.rules = Rules{Screening: []ScreeningRule{{h.screen, []string{"A"}}}}
	channel := h.SMS
	h.SMS = func(context.Context) (Channel, error) { return Channel{}, errs.New(errs.Unavailable, "notify.busy") }
	f := h.finished("A")
	must(t, h.Hook(h.one, f))
	h.later(0)
	h.SMS = channel
	h.later(2 * lease)
	if p := h.only(f); p.State != Sent && p.State != Delivered || p.Tries != 1 {
		t.Fatalf("%+v", p)
	}
}

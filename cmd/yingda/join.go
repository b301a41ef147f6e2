package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path"
	"strings"
	"time"

	"yingda/call"
	"yingda/campaign"
	"yingda/models"
	"yingda/notify"
	"yingda/notify/sandbox"
	"yingda/notify/sms"
	"yingda/platform/blob"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/lease"
	"yingda/platform/live"
	"yingda/platform/queue"
	"yingda/speech"
	"yingda/speech/espeak"
	"yingda/speech/syllable"
	"yingda/tenant"
)

// join fills in what rooms need of rooms above or beside them.
func (h *House) join(context.Context) error {
	h.joinCalls()
	h.joinNotify()
	h.joinCampaign()
	h.joinRobot()
	h.joinLive()
	return nil
}

func (h *House) joinCalls() {
	h.Calls.Campaigns, h.Calls.Scripts = h.Campaign.Names, h.Library.Names
	h.Calls.Promises, h.Calls.Assigned = h.Notify.CallPromises, h.CRM.Assigned
	h.Calls.Shared = h.Notify.PushedTo
	h.Calls.OnFinish(h.Campaign.EndAttempt)
	h.Calls.OnFinish(h.CRM.Remember)
	h.Calls.OnFinish(h.Notify.Hook)
	h.Calls.OnEnded(h.Campaign.CallEnded)
	h.Calls.OnEnded(h.Notify.Ended)
	h.Calls.OnEnded(func(_ context.Context, f *call.Finished) {
		h.ended.WithLabelValues(string(f.Call.Outcome), f.Call.Grade).Inc()
	})
}

func (h *House) joinNotify() {
	n := h.Notify
	n.Campaigns, n.Owner, n.Final = h.Campaign.Names, h.CRM.OwnerOf, h.Campaign.LastTry
	n.Rules = func(ctx context.Context, id db.ID) (notify.Rules, error) {
		r, err := h.Campaign.RulesOf(ctx, id)
		if err != nil {
			return notify.Rules{}, err
		}
		var out notify.Rules
		b, err := json.Marshal(r) // the same JSON by contract: campaigns.keyword_sms, screening_sms, push
		if err != nil {
			return out, err
		}
		return out, json.Unmarshal(b, &out)
	}
	if h.Config.Sandbox.SMS || h.Config.Sandbox.WeChat {
		h.Sandbox = &sandbox.Sandbox{DB: h.DB, Key: h.key, Receipt: h.selfURL() + "/sandbox/receipts"}
		h.onClose(h.Sandbox.Close)
		h.Sandbox.Arrived = func(kind, account string) { h.sandboxArrived(kind, account) }
	}
	n.SMS = func(ctx context.Context) (notify.Channel, error) {
		if h.Sandbox == nil {
			return notify.Channel{}, errs.New(errs.Unavailable, "notify.no_gateway")
		}
		account := sandbox.AccountOf(db.TenantOf(ctx))
		secret := h.Sandbox.Secret(account)
		return notify.Channel{Gateway: sms.HTTP{Base: h.selfURL() + "/sandbox/sms", Account: account, Secret: secret}, Secret: secret, Askable: true}, nil
	}
}

// selfURL is where this process answers itself: the sandboxed vendors live in it.
func (h *House) selfURL() string {
	_, port := splitPort(h.Config.HTTP.Listen)
	return "http://127.0.0.1:" + port
}

func (h *House) joinCampaign() {
	c := h.Campaign
	c.Scripts, c.Blocked, c.Files, c.Queue = h.Library, h.CRM.Blocked, files{h.Files}, tasks{h.Broker}
	h.Library.UsedBy = c.CountByScript
	h.Library.Enqueue = func(ctx context.Context, version, work db.ID) error {
		return h.Broker.Enqueue(ctx, queue.Task{Type: taskPublish, Payload: publishTask{version, work}, ID: "publish:" + version.String() + ":" + work.String(), MaxRetry: 3, Timeout: time.Hour})
	}
	c.Texts = h.texts
	c.Checks = []campaign.Check{
		{Key: "script", Link: "/scripts", Must: true, OK: func(ctx context.Context) (bool, error) {
			p, err := h.Library.Scripts(ctx, "", "published", 0, 1, 1)
			return len(p.Rows) > 0, err
		}},
		{Key: "sms", OK: func(ctx context.Context) (bool, error) { ok, _, err := h.Notify.Ready(ctx); return ok, err }},
		{Key: "wechat", OK: func(ctx context.Context) (bool, error) { _, ok, err := h.Notify.Ready(ctx); return ok, err }},
	}
}

// texts are the SMS templates of a kind that are switched on.
func (h *House) texts(ctx context.Context, kind string) ([]db.ID, error) {
	all, err := h.Notify.Templates(ctx)
	var ids []db.ID
	for _, t := range all {
		if t.Kind == kind && t.Enabled {
			ids = append(ids, t.ID)
		}
	}
	return ids, err
}

func (h *House) joinRobot() {
	h.Robot.Store = func(ctx context.Context, key, file string) (int64, error) {
		f, err := os.Open(file)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		return h.Files.Put(ctx, key, f)
	}
	h.Robot.Promise = func(ctx context.Context, c call.Call, vars map[string]string) error {
		_, err := h.Notify.KeywordSMS(ctx, &c, vars)
		return err
	}
	h.Robot.Block = func(ctx context.Context, c call.Call) error { return h.CRM.MarkDoNotCall(ctx, &c) }
}

// joinLive tells the browsers.
func (h *House) joinLive() {
	say := func(topic, key, right string, t db.ID, payload any) {
		h.Hub.Publish(context.Background(), live.Topic{Name: topic, Key: key}, t, live.Holding(right), payload)
	}
	h.Campaign.Live = func(ctx context.Context, topic string, payload any) {
		v, _ := payload.(campaign.View)
		say(topic, v.ID.String(), "campaign:read", db.TenantOf(ctx), payload)
	}
	h.Robot.Watch.State = func(c call.Call, state string) {
		say("call", c.ID.String()+state, "campaign:read", c.TenantID, map[string]any{"id": c.ID, "campaign": c.CampaignID, "lead": c.LeadID, "state": state,
			"grade": c.Grade, "outcome": c.Outcome, "name": c.Name, "seat": c.SeatNumber, "number": "*** **** " + c.PhoneLast4, "at": time.Now().UTC()})
	}
	h.Robot.Watch.Turn = func(c call.Call, t call.Turn, partial bool) {
		key := ""
		if partial {
			key = c.ID.String()
		}
		say("turn", key, "campaign:read", c.TenantID, map[string]any{"call": c.ID, "campaign": c.CampaignID, "who": t.Who, "text": t.Text, "at_ms": t.AtMs, "partial": partial})
	}
	h.People.OnWork(func(ctx context.Context, w tenant.Work) {
		h.Hub.Publish(ctx, live.Topic{Name: "task", Key: w.ID.String()}, w.TenantID, live.To(w.UserID), tenant.ViewWork(ctx, w))
	})
}

// sandboxArrived tells the browsers of the tenant whose account got a message: "t<ID>" for
// SMS, "wxDemo<ID>" for WeChat.
func (h *House) sandboxArrived(kind, account string) {
	var id db.ID
	if err := id.UnmarshalText([]byte(strings.TrimLeft(account, "abcdefghijklmnopqrstuvwxyzD"))); err != nil || id <= 0 {
		return
	}
	h.Hub.Publish(context.Background(), live.Topic{Name: "sandbox", Key: kind}, id, live.Holding("sandbox:read"), map[string]string{"kind": kind})
}

// dispatcher decides what is called next; one per installation leads.
func (h *House) dispatcher() *campaign.Dispatcher {
	return &campaign.Dispatcher{S: h.Campaign,
		Nodes: func(ctx context.Context) ([]campaign.Media, error) {
			holders, err := lease.Live(ctx, h.DB)
			var out []campaign.Media
			for _, n := range holders {
				if n.Load.MaxCalls > 0 {
					out = append(out, campaign.Media{Fence: campaign.Fence{Node: n.Name, Epoch: n.Epoch}, Max: n.Load.MaxCalls})
				}
			}
			return out, err
		},
		Leader: func(ctx context.Context) bool {
			holders, err := lease.Live(ctx, h.DB)
			if err != nil || !h.Lease.Held() {
				return false
			}
			return leading(holders) == h.Lease.Name
		},
		Trunk: func(ctx context.Context) (int, int, error) {
			t, err := h.Campaign.TheTrunk(ctx)
			if errs.Is(err, errs.Unavailable) {
				return 0, 0, nil
			}
			if err != nil {
				return 0, 0, err
			}
			return t.Channels, t.CPS, nil
		}}
}

func (h *House) janitor() *campaign.Janitor {
	return &campaign.Janitor{S: h.Campaign, Handler: h.Robot, Sweeps: []func(context.Context) error{h.Library.Sweep}, Alive: func(ctx context.Context) (map[string]int64, error) {
		holders, err := lease.Live(ctx, h.DB)
		alive := map[string]int64{}
		for _, n := range holders {
			alive[n.Name] = n.Epoch
		}
		return alive, err
	}}
}

const (
	taskCall    = "campaign:call"
	taskImport  = "campaign:import"
	taskPublish = "library:publish"
)

type callTask struct {
	Attempt db.ID `json:"attempt"`
}
type importTask struct {
	Import db.ID `json:"import"`
}
type publishTask struct {
	Version db.ID `json:"version"`
	Work    db.ID `json:"work"`
}

// tasks puts campaign's work into the queue.
type tasks struct{ b *queue.Broker }

func (t tasks) EnqueueImport(ctx context.Context, id db.ID) error {
	return t.b.Enqueue(ctx, queue.Task{Type: taskImport, Payload: importTask{id}, ID: "import:" + id.String(), MaxRetry: 3, Timeout: 2 * time.Hour})
}

// EnqueueCall wakes the node that an attempt was claimed for; a call is never retried by the queue.
func (t tasks) EnqueueCall(ctx context.Context, node string, attempt db.ID) error {
	return t.b.Enqueue(ctx, queue.Task{Type: taskCall, Payload: callTask{attempt}, Queue: callQueue(node), ID: "call:" + attempt.String(), Timeout: 5 * time.Hour})
}

func callQueue(node string) string { return "calls:" + node }

// files is platform/blob as campaign wants it.
type files struct{ *blob.Store }

func (f files) Fetch(ctx context.Context, key, to string) error {
	r, err := f.Store.Open(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		_ = w.Close()
		return err
	}
	return w.Close()
}

func (f files) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	return f.Store.Open(ctx, key)
}

func (f files) Key(t db.ID, day time.Time, name string) string {
	return blob.Key(t, day, path.Base(name))
}

// recordings is platform/blob as call wants it.
type recordings struct{ *blob.Store }

func (r recordings) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	return r.Store.Open(ctx, key)
}

// silent is the voice of a machine that has none: the robot still listens and types.
type silent struct{}

func (silent) Get(context.Context, string) ([]byte, error) {
	return nil, errs.New(errs.Unavailable, "speech.no_voice")
}

// openVoice takes the configured synthesizer, or the first that works; nil where none does.
func openVoice(kind string, log *slog.Logger) speech.Synthesizer {
	if kind == "auto" || kind == "espeak" {
		v, err := espeak.New(espeak.Config{})
		if err == nil {
			return v
		}
		log.Warn("no espeak-ng voice", "error", err)
	}
	if kind == "auto" || kind == "syllable" {
		v, err := syllable.Open(models.Path(models.Syllables))
		if err == nil {
			return v
		}
		log.Warn("no syllable voice", "error", err)
	}
	return nil
}

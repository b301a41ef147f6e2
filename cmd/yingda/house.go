package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"yingda/call"
	"yingda/callee"
	"yingda/campaign"
	"yingda/crm"
	"yingda/migrations"
	"yingda/notify"
	"yingda/notify/sandbox"
	"yingda/platform/blob"
	"yingda/platform/clock"
	"yingda/platform/config"
	"yingda/platform/db"
	"yingda/platform/httpapi"
	"yingda/platform/lease"
	"yingda/platform/live"
	"yingda/platform/locale"
	"yingda/platform/metrics"
	"yingda/platform/queue"
	"yingda/robot"
	"yingda/scriptflow/library"
	"yingda/speech"
	"yingda/speech/funasr"
	"yingda/speech/local"
	"yingda/speech/prompts"
	"yingda/telephony"
	"yingda/tenant"
)

// House is every room, built once. Its fields are what tests may look at or set.
type House struct {
	Config config.Config
	Log    *slog.Logger
	Build  metrics.Build

	DB     *db.DB
	Broker *queue.Broker
	Hub    *live.Hub
	Files  *blob.Store
	Lease  *lease.Lease
	Health *metrics.Health
	API    *httpapi.API

	Vault    *tenant.Vault
	People   *tenant.Service
	Calls    *call.Service
	Library  *library.Service
	CRM      *crm.Service
	Notify   *notify.Service
	Sandbox  *sandbox.Sandbox
	Campaign *campaign.Service
	Robot    *robot.Service
	Line     *telephony.Node
	Media    *campaign.Node
	Callees  *callee.Callees
	ASR      *local.Recognizer // nil where another recogniser or none is configured
	Hears    func() speech.Recognizer
	Voice    speech.Synthesizer // nil: no voice on this machine

	key    []byte
	server *http.Server
	ended  *prometheus.CounterVec // calls by outcome and grade

	stopDialling context.CancelFunc // the dispatcher, the janitor and the sweepers
	draining     atomic.Bool
	closes       []func()
	life         context.Context // ends when calls must be let go: the lease is lost, or the drain is over
	letGo        context.CancelFunc
}

// Open builds the house: ground floor first. On an error everything opened is closed again.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (h *House, err error) {
	h = &House{Config: c, Log: log, Build: metrics.ReadBuild(), Health: metrics.NewHealth(),
		ended: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "yingda_calls_total", Help: "finished calls of this process"}, []string{"outcome", "grade"})}
	h.life, h.letGo = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	for _, floor := range []func(context.Context) error{h.ground, h.platform, h.people, h.voices, h.rooms, h.telephone, h.join, h.routes} {
		if err := floor(ctx); err != nil {
			return h, err
		}
	}
	return h, nil
}

func (h *House) onClose(f func()) { h.closes = append(h.closes, f) }

// Close ends everything, in the opposite order of its opening.
func (h *House) Close() {
	h.letGo()
	for i := len(h.closes) - 1; i >= 0; i-- {
		h.closes[i]()
	}
	h.closes = nil
}

// ground takes the data folder, opens the database and the lease of this node.
func (h *House) ground(ctx context.Context) error {
	name, unlock, err := lease.Home(h.Config.Data)
	if err != nil {
		return err
	}
	h.onClose(unlock)
	known := h.Config.Node == "" // the folder's lock proves that the last holder of its name is gone
	if h.Config.Node != "" {
		name = h.Config.Node
	}
	if h.DB, err = db.Open(ctx, h.Config.DSN(), h.Log); err != nil {
		return err
	}
	h.onClose(func() { _ = h.DB.Close() })
	if err := h.schema(ctx); err != nil {
		return err
	}
	node := lease.Node{Name: name, Roles: strings.Join(h.Config.Roles, ","), MaxCalls: h.maxCalls(), KnownDead: known}
	if h.Lease, err = lease.Wait(ctx, h.DB, node, h.Log); err != nil {
		return err
	}
	h.onClose(func() { _ = h.Lease.Release(context.Background()) })
	db.SetNode(h.Lease.Number)
	go h.watchLease()
	h.key, err = h.Config.MasterKey()
	return err
}

// schema brings an embedded database up; a shared one is brought up by `yingda migrate`.
func (h *House) schema(ctx context.Context) error {
	if h.Config.Embedded() {
		_, err := h.DB.Migrate(ctx, migrations.Files)
		return err
	}
	n, err := h.DB.Behind(ctx, migrations.Files)
	if err == nil && n > 0 {
		err = fmt.Errorf("the database lacks %d migrations: run `yingda migrate` with the same settings first", n)
	}
	return err
}

// watchLease hangs up this node's calls before another may take over.
func (h *House) watchLease() {
	select {
	case <-h.Lease.Lost():
		h.Log.Error("the lease is lost: hanging up all calls of this node")
		h.letGo()
	case <-h.life.Done():
	}
}

func (h *House) platform(ctx context.Context) (err error) {
	h.Broker, err = queue.Open(ctx, queue.Config{URL: h.Config.Redis.URL, Dir: filepath.Join(h.Config.Data, "broker"), Log: h.Log, LocaleOf: locale.Of, WithLocale: locale.With})
	if err != nil {
		return err
	}
	h.onClose(func() { _ = h.Broker.Close() })
	hub := live.Config{Log: h.Log}
	if h.Broker.Kind() == queue.Redis {
		hub.Redis = h.Broker.Redis()
	}
	h.Hub = live.NewHub(hub)
	h.onClose(h.Hub.Close)
	if h.Files, err = blob.Open(ctx, filepath.Join(h.Config.Data, "files")); err != nil {
		return err
	}
	h.onClose(func() { _ = h.Files.Close() })
	h.Health.Register("database", h.DB.Ping)
	h.Health.Register("lease", func(context.Context) error {
		if !h.Lease.Held() {
			return lease.ErrHeld
		}
		return nil
	})
	h.Health.Register("files", h.Files.Ping)
	h.Health.RegisterSoft("broker", h.Broker.Ping)
	return os.MkdirAll(h.recordDir(), 0o700)
}

func (h *House) recordDir() string { return filepath.Join(h.Config.Data, "recording") }

func (h *House) people(context.Context) (err error) {
	if h.Vault, err = tenant.NewVault(h.key); err != nil {
		return err
	}
	h.People = tenant.NewService(tenant.NewStore(h.DB), h.Vault, h.Config.Session.Lifetime)
	h.People.Idle = h.Config.Session.Idle
	h.People.Secure = strings.HasPrefix(h.Config.BaseURL(), "https:")
	return nil
}

// voices opens what hears and what speaks; neither is needed to run, and the console
// says what is missing.
func (h *House) voices(context.Context) error {
	if h.Config.Speech.Models != "" && os.Getenv("YINGDA_MODELS") == "" {
		if _, err := os.Stat(h.Config.Speech.Models); err == nil {
			_ = os.Setenv("YINGDA_MODELS", h.Config.Speech.Models)
		}
	}
	h.Voice = openVoice(h.Config.Speech.Voice, h.Log)
	h.Hears = func() speech.Recognizer { return nil }
	switch kind := h.Config.Speech.Recognizer; {
	case kind == "none" || !h.Config.Has("media"):
	case kind == "auto" || kind == "local":
		h.ASR = local.Start(local.Config{Log: h.Log, Args: earArgs(h.Config.Speech)})
		h.onClose(h.ASR.Close)
		h.Hears = func() speech.Recognizer {
			if h.ASR.Status().State != local.Ready {
				return nil
			}
			return h.ASR
		}
	default:
		client := funasr.New(funasr.Config{URL: kind, Name: "funasr"})
		h.Hears = func() speech.Recognizer { return client }
	}
	return nil
}

// rooms builds the domain; join connects it.
func (h *House) rooms(context.Context) error {
	h.Calls = call.NewService(call.NewStore(h.DB), h.Vault, h.People, recordings{h.Files})
	h.Library = library.New(h.DB, h.People)
	h.CRM = crm.NewService(h.DB, h.Vault, h.People.Store, h.Calls)
	h.Campaign = campaign.New(campaign.NewStore(h.DB), clock.Real{}, h.People, h.Calls)
	h.Notify = &notify.Service{DB: h.DB, People: h.People.Store, Vault: h.Vault, Clock: clock.Real{}, Queue: h.Broker, PublicURL: h.Config.BaseURL()}
	cache, err := prompts.Open(prompts.Config{Dir: filepath.Join(h.Config.Data, "prompts")})
	if err != nil {
		return err
	}
	h.Robot = &robot.Service{Calls: h.Calls, Recognizer: func() speech.Recognizer { return h.Hears() }, RecordDir: h.recordDir(),
		Ring: h.Config.Line.Ring, Longest: h.Config.Line.Longest}
	if h.Voice != nil {
		p := cache.Of(h.Voice, speech.Voice{})
		h.Robot.Prompts, h.Library.Render = p, p
	} else {
		h.Robot.Prompts = silent{}
	}
	return nil
}

// telephone opens the SIP socket where this node carries calls.
func (h *House) telephone(context.Context) (err error) {
	if !h.Config.Has("media") {
		return nil
	}
	c := h.Config.SIP
	h.Line, err = telephony.NewNode(telephony.Config{Listen: c.Listen, AdvertiseIP: c.Advertise, RTPPorts: [2]int{c.RTPMin, c.RTPMax},
		Shards: h.Config.Media.Shards, UserAgent: "yingda", Log: h.Log, MaxLag: 40 * time.Millisecond})
	if err != nil {
		return err
	}
	h.onClose(func() { _ = h.Line.Close() })
	h.Robot.Dial = robot.Over(h.Line)
	fence := campaign.Fence{Node: h.Lease.Name, Epoch: h.Lease.Epoch}
	h.Media = campaign.NewNode(h.life, h.Campaign, fence, h.Robot, h.trunk)
	return nil
}

// trunk is the line that calls go out on.
func (h *House) trunk(ctx context.Context) (telephony.Line, error) {
	t, err := h.Campaign.TheTrunk(ctx)
	if err != nil {
		return telephony.Line{}, err
	}
	return t.LineOf(ctx, h.Vault)
}

// drain lets running calls end, at most for patience, and then hangs them up.
func (h *House) drain(patience time.Duration) {
	h.Health.Drain()
	h.draining.Store(true)
	h.report()
	if h.stopDialling != nil {
		h.stopDialling()
	}
	if h.Media != nil {
		h.Media.Drain()
		ctx, stop := context.WithTimeout(context.Background(), patience)
		h.Media.Wait(ctx)
		stop()
		h.letGo()
		ctx, stop = context.WithTimeout(context.Background(), 10*time.Second)
		h.Media.Wait(ctx)
		stop()
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	h.Calls.Wait(ctx)
	if h.server != nil {
		if err := h.server.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
			_ = h.server.Close()
		}
	}
}

package main

import (
	"context"
	"time"

	"yingda/platform/db"
	"yingda/platform/httpapi"
	"yingda/platform/lease"
	"yingda/platform/locale"
	"yingda/speech/local"
	"yingda/tenant"
)

// System is how the installation is doing, told in the person's language.
type System struct {
	Version  string       `json:"version"`
	Commit   string       `json:"commit"`
	Speech   SpeechState  `json:"speech"`
	Broker   BrokerState  `json:"broker"`
	Database KindState    `json:"database"`
	Demo     bool         `json:"demo"`
	Nodes    []NodeState  `json:"nodes" nullable:"false"`
	Checks   []CheckState `json:"checks" nullable:"false"`
	State    string       `json:"state"`
}

// SpeechState is who hears and who speaks.
type SpeechState struct {
	Recognizer  EngineState `json:"recognizer"`
	Synthesizer EngineState `json:"synthesizer"`
}

// EngineState is one speech engine: ready, starting, or what is missing and what that costs.
type EngineState struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Text  string `json:"text"`
}

// BrokerState is the queue; one that is not durable forgets at exit.
type BrokerState struct {
	Kind    string `json:"kind"`
	Durable bool   `json:"durable"`
}

// KindState names what stands behind something.
type KindState struct {
	Kind string `json:"kind"`
}

// NodeState is one process of the installation.
type NodeState struct {
	ID       string  `json:"id"`
	Role     string  `json:"role"`
	Calls    int     `json:"calls"`
	MaxCalls int     `json:"max_calls"`
	LagMs    float64 `json:"lag_p99_ms"`
}

// CheckState is one thing we stand on.
type CheckState struct {
	Name string  `json:"name"`
	OK   bool    `json:"ok"`
	Ms   float64 `json:"ms"`
}

// TenantState is a tenant as operators see it.
type TenantState struct {
	ID        db.ID       `json:"id"`
	Code      string      `json:"code"`
	Name      string      `json:"name"`
	State     string      `json:"state"`
	Plan      TenantPlan  `json:"plan"`
	Usage     TenantUsage `json:"usage"`
	CreatedAt time.Time   `json:"created_at"`
}

// TenantPlan is what a tenant bought.
type TenantPlan struct {
	RobotSeats int        `json:"robot_seats"`
	MaxCalls   int        `json:"max_calls"`
	SMSCredit  int64      `json:"sms_credit"`
	ValidUntil *time.Time `json:"valid_until"`
}

// TenantUsage is what a tenant uses.
type TenantUsage struct {
	CallsToday int64 `json:"calls_today"`
	SeatsUsed  int   `json:"seats_used"`
}

func systemRoutes(a *httpapi.API, h *House) {
	httpapi.Register(a, httpapi.Op{ID: "get-system", Method: "GET", Path: "/system", Anyone: true, Scope: httpapi.Shared}, h.getSystem)
	httpapi.Register(a, httpapi.Op{ID: "get-operator-health", Method: "GET", Path: "/operator/health", Right: "system:read", Scope: httpapi.All}, h.getSystem)
	httpapi.Register(a, httpapi.Op{ID: "list-tenants", Method: "GET", Path: "/operator/tenants", Right: "tenant:read", Scope: httpapi.All}, h.listTenants)
	httpapi.Register(a, httpapi.Op{ID: "list-users", Method: "GET", Path: "/users", Right: "user:read", Scope: httpapi.All}, h.listUsers)
}

func (h *House) getSystem(ctx context.Context, _ *struct{}) (*httpapi.Out[System], error) {
	report := h.Health.Report(ctx)
	s := System{Version: h.Build.Version, Commit: h.Build.Commit, Broker: BrokerState{string(h.Broker.Kind()), h.Broker.Durable()},
		Database: KindState{h.DB.Kind}, Demo: h.Config.Demo, State: report.State, Nodes: []NodeState{}, Checks: []CheckState{}}
	s.Speech = SpeechState{h.earState(ctx), h.voiceState(ctx)}
	for _, c := range report.Checks {
		s.Checks = append(s.Checks, CheckState{c.Name, c.OK, c.MS})
	}
	if tenant.PersonOf(ctx).Has("system:read") { // how the house is built is not a tenant's business
		nodes, err := lease.Live(db.System(ctx, "system page"), h.DB)
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			s.Nodes = append(s.Nodes, NodeState{n.Name, n.Roles, n.Load.Calls, n.Load.MaxCalls, n.Load.LagMS})
		}
	}
	return &httpapi.Out[System]{Body: s}, nil
}

func (h *House) earState(ctx context.Context) EngineState {
	if h.ASR == nil {
		if r := h.Hears(); r != nil {
			return EngineState{r.Name(), "ready", locale.Say(ctx, "system.ear.remote", map[string]any{"name": r.Name()})}
		}
		return EngineState{"", "missing", locale.Say(ctx, "system.ear.none", nil)}
	}
	st := h.ASR.Status().State
	state := "missing"
	switch st {
	case local.Ready:
		state = "ready"
	case local.Starting:
		state = "starting"
	}
	return EngineState{"local", state, locale.Say(ctx, "system.ear."+string(st), nil)}
}

func (h *House) voiceState(ctx context.Context) EngineState {
	if h.Voice == nil {
		return EngineState{"", "missing", locale.Say(ctx, "system.voice.none", nil)}
	}
	return EngineState{h.Voice.Name(), "ready", locale.Say(ctx, "system.voice."+h.Voice.Name(), nil)}
}

// notices are what everybody who logs in should know of this installation.
func (h *House) notices(ctx context.Context) []tenant.Notice {
	var out []tenant.Notice
	if e := h.earState(ctx); e.State == "missing" {
		out = append(out, tenant.Notice{Level: "warning", Key: "notice.no_recognizer"})
	}
	if h.Voice == nil {
		out = append(out, tenant.Notice{Level: "warning", Key: "notice.no_voice"})
	}
	if !h.Broker.Durable() {
		out = append(out, tenant.Notice{Level: "warning", Key: "notice.memory_broker"})
	}
	if h.Sandbox != nil {
		out = append(out, tenant.Notice{Level: "info", Key: "notice.sandbox"})
	}
	return out
}

func (h *House) listTenants(ctx context.Context, _ *struct{}) (*httpapi.ListOut[TenantState], error) {
	ts, err := h.People.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	p := db.Page[TenantState]{Total: len(ts)}
	for _, t := range ts {
		v := TenantState{ID: t.ID, Code: t.Code, Name: t.Name, State: string(t.State), CreatedAt: t.CreatedAt,
			Plan: TenantPlan{MaxCalls: t.MaxCalls, SMSCredit: t.SMSCredit, ValidUntil: t.ValidUntil}}
		if err := h.usage(db.WithTenant(ctx, t.ID), &v, t.Location()); err != nil {
			return nil, err
		}
		p.Rows = append(p.Rows, v)
	}
	return httpapi.ListOf(p, func(v TenantState) TenantState { return v }), nil
}

func (h *House) usage(own context.Context, v *TenantState, zone *time.Location) error {
	seats, err := h.Campaign.Seats(own, "")
	if err != nil {
		return err
	}
	for _, s := range seats {
		v.Plan.RobotSeats++
		if s.CampaignID != 0 {
			v.Usage.SeatsUsed++
		}
	}
	y, m, d := time.Now().In(zone).Date()
	rs, err := h.Calls.Rollups(own, time.Date(y, m, d, 0, 0, 0, 0, zone), time.Time{}, 0, 0)
	for _, r := range rs {
		v.Usage.CallsToday += r.Calls
	}
	return err
}

// UserState is a person of the tenant as admins see them.
type UserState struct {
	ID        db.ID      `json:"id"`
	Name      string     `json:"name"`
	Account   string     `json:"account"`
	Role      string     `json:"role"`
	Phone     string     `json:"phone"`
	WeChat    bool       `json:"wechat_bound"`
	Enabled   bool       `json:"enabled"`
	Customers int64      `json:"customers"`
	LastLogin *time.Time `json:"last_login_at"`
}

type usersIn struct {
	Role string `query:"role" enum:"admin,sales,"`
}

func (h *House) listUsers(ctx context.Context, in *usersIn) (*httpapi.ListOut[UserState], error) {
	us, err := h.People.Users(ctx, tenant.Role(in.Role))
	if err != nil {
		return nil, err
	}
	owned, err := h.CRM.CountByOwner(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(db.Page[tenant.User]{Rows: us, Total: len(us)}, func(u tenant.User) UserState {
		v := UserState{ID: u.ID, Name: u.Name, Account: u.Account, Role: string(u.Role), WeChat: u.OpenID != "", Enabled: u.Enabled, Customers: owned[u.ID], LastLogin: u.LastLoginAt}
		if u.PhoneLast4 != "" {
			v.Phone = h.Vault.ShowPhone(ctx, u.PhoneCipher, u.PhoneLast4, false)
		}
		return v
	}), nil
}

package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"yingda/campaign"
	"yingda/notify"
	"yingda/notify/sandbox"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
	"yingda/tenant"
)

// demoLogins are the people of the demo house. Their passwords are printed at start:
// nothing but simulated callees can be reached with them.
var demoLogins = []struct{ what, tenant, account, password string }{
	{"tenant admin", demoCode, "admin", "demo-admin-2026"},
	{"sales rep", demoCode, "sales", "demo-sales-2026"},
	{"operator", tenant.OperatorCode, "operator", "demo-operator-2026"},
}

const demoCode = "demo"

// demoCaller is what simulated callees see, where the settings name no number.
const demoCaller = "02088886666"

// seed fills the demo tenant; what is there already is left as it is, so that a second
// start finds the house as the first left it.
func (h *House) seed(ctx context.Context, d demoOptions) error {
	sys := db.System(ctx, "demo house")
	if onLoopback(h.lineAddress()) { // nobody is woken at night: those who answer are simulated
		h.Campaign.Legal.Range = campaign.Range{From: "00:00", To: "24:00"}
		h.Campaign.Patience = campaign.Patience{Lead: time.Second, Line: time.Second} // a simulated line is not down for minutes
	}
	if err := h.useLine(sys, campaign.Trunk{Name: "demo", Address: h.lineAddress(), CallerID: demoCaller, Channels: 60, CPS: 30}); err != nil {
		return err
	}
	for _, l := range d.personas.Leads(40) {
		h.Campaign.SampleNumbers = append(h.Campaign.SampleNumbers, l.Number[len("+86"):])
	}
	t, err := h.People.ByCode(sys, demoCode)
	if errs.Is(err, errs.NotFound) {
		return h.seedTenant(sys, d)
	}
	if err != nil {
		return err
	}
	return h.followSandbox(db.WithTenant(ctx, t.ID))
}

// followSandbox points the tenant's official account at where this process listens now;
// without the simulator there is none.
func (h *House) followSandbox(own context.Context) error {
	if !h.Config.Sandbox.WeChat {
		return nil
	}
	return h.Notify.SetAccount(own, notify.Account{Name: "应答演示公众号（模拟）", AppID: "wxDemo" + db.TenantOf(own).String(),
		Secret: h.Sandbox.Secret("wxDemo" + db.TenantOf(own).String()), TemplateID: sandbox.TemplateID, BaseURL: h.selfURL() + "/sandbox/wechat"})
}

// saveLine keeps the line of the settings, so that an installation without a console of
// lines yet can dial.
func (h *House) saveLine(ctx context.Context, name string) error {
	c := h.Config.Line
	return h.useLine(db.System(ctx, "line of the settings"), campaign.Trunk{Name: name, Address: c.Address, Channels: c.Channels, CPS: c.CPS})
}

// useLine makes t the line that is dialled over, with the login and the caller's number of
// the settings.
func (h *House) useLine(sys context.Context, t campaign.Trunk) (err error) {
	c := h.Config.Line
	t.Enabled, t.Username = true, c.Username
	if c.CallerID != "" {
		t.CallerID = c.CallerID
	}
	if c.Password != "" {
		if t.PasswordCipher, err = h.Vault.SealSecret(sys, c.Password); err != nil {
			return err
		}
	}
	return h.Campaign.OnlyTrunk(sys, t)
}

func (h *House) seedTenant(sys context.Context, d demoOptions) error {
	until := time.Now().UTC().AddDate(1, 0, 0)
	t := &tenant.Tenant{Code: demoCode, Name: "云栖湾置业（演示）", ShortName: "云栖湾", Zone: "Asia/Shanghai", State: tenant.Active, MaxCalls: 60, SMSCredit: 5000,
		HumanSeats: 0, Settings: []byte("{}"), ValidUntil: &until}
	if err := h.People.CreateTenant(sys, t); err != nil {
		return err
	}
	for _, l := range demoLogins {
		u := &tenant.User{Account: l.account, Name: map[string]string{"admin": "陈经理", "sales": "小林", "operator": "运营"}[l.account],
			Role: tenant.Role(l.account), Password: tenant.HashPassword(l.password), Enabled: true, Theme: "system"}
		if l.tenant == demoCode {
			u.TenantID = t.ID
		}
		if err := h.People.CreateUser(sys, u); err != nil {
			return err
		}
		if u.Role == tenant.Sales {
			if err := h.People.SaveUser(sys, u.ID, map[string]any{"open_id": sandbox.OpenIDOf(u.ID)}); err != nil {
				return err
			}
		}
	}
	own := db.WithTenant(sys, t.ID)
	if err := h.seedDialling(own, d); err != nil {
		return err
	}
	return h.seedScript(own, d)
}

// seedDialling makes seats, hours and messages.
func (h *House) seedDialling(own context.Context, d demoOptions) error {
	seats := d.seats
	if seats == 0 {
		seats = 10
	}
	now := time.Now().UTC()
	for i := range seats {
		until := now.AddDate(1, 0, 0)
		if i == seats-1 && seats > 3 {
			until = now.AddDate(0, 0, 20) // one that says how many days are left (FEATURES A5.1)
		}
		if err := h.Campaign.AddSeat(own, fmt.Sprintf("%d", 8001+i), fmt.Sprintf("小云 %d 号", i+1), until); err != nil {
			return err
		}
	}
	everyDay := campaign.Hours{Zone: "Asia/Shanghai", Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, Ranges: []campaign.Range{{From: "00:00", To: "24:00"}}, Exceptions: []campaign.Exception{}}
	office := campaign.Hours{Zone: "Asia/Shanghai", Weekdays: []int{1, 2, 3, 4, 5}, Ranges: []campaign.Range{{From: "09:00", To: "12:00"}, {From: "14:00", To: "18:30"}}, Exceptions: []campaign.Exception{}}
	if _, err := h.Campaign.CreateTemplate(own, "工作日", office); err != nil {
		return err
	}
	if _, err := h.Campaign.CreateTemplate(own, "全天（演示）", everyDay); err != nil {
		return err
	}
	if _, err := h.Notify.AddTemplate(own, "keyword", "楼盘资料", "{{name}}您好，云栖湾项目资料：户型、价格和位置见 https://example.com/yunqi ，回复 T 退订"); err != nil {
		return err
	}
	if _, err := h.Notify.AddTemplate(own, "screening", "感谢接听", "感谢您接听云栖湾的来电，置业顾问稍后与您联系，回复 T 退订"); err != nil {
		return err
	}
	return h.followSandbox(own)
}

// seedScript publishes the demo script, or the one that was asked for.
func (h *House) seedScript(own context.Context, d demoOptions) error {
	s := demo.Script()
	if d.script != nil {
		var err error
		if s, err = scriptflow.Parse(d.script); err != nil {
			return err
		}
		if ps := scriptflow.Check(s); ps.Bad() {
			return fmt.Errorf("the script has problems:\n%s", ps)
		}
	}
	row, err := h.Library.Save(own, 0, s)
	if err != nil {
		return err
	}
	v, err := h.Library.Version(own, row.ID, row.Version)
	if err != nil {
		return err
	}
	return h.Library.RunPublish(own, v.ID, 0)
}

func onLoopback(address string) bool {
	host, _ := splitPort(address)
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

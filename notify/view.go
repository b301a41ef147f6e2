package notify

import (
	"context"
	"strings"
	"time"

	"yingda/call"
	"yingda/notify/sandbox"
	"yingda/notify/sms"
	"yingda/platform/db"
)

// SandboxSms is a text that the sandbox gateway took.
type SandboxSms struct {
	ID       db.ID     `json:"id"`
	To       string    `json:"to"`
	Sign     string    `json:"sign"`
	Text     string    `json:"text"`
	Segments int       `json:"segments"`
	State    string    `json:"state" enum:"accepted,delivered,failed"`
	At       time.Time `json:"at"`
	CallID   *db.ID    `json:"call_id"`
	Campaign *call.Ref `json:"campaign"`
}

// SandboxWechat is a template message that the simulator took.
type SandboxWechat struct {
	ID       db.ID             `json:"id"`
	OpenID   string            `json:"openid"`
	Rep      call.Ref          `json:"rep"`
	Template string            `json:"template"`
	Data     map[string]string `json:"data" nullable:"false"`
	URL      string            `json:"url"`
	At       time.Time         `json:"at"`
	CallID   db.ID             `json:"call_id"`
	Campaign *call.Ref         `json:"campaign"`
}

// SmsTemplate is a template as the console offers it.
type SmsTemplate struct {
	ID      db.ID  `json:"id"`
	Kind    string `json:"kind" enum:"screening,keyword"`
	Name    string `json:"name"`
	Text    string `json:"text"`
	Enabled bool   `json:"enabled"`
}

func viewTemplate(t Template) SmsTemplate {
	return SmsTemplate{ID: t.ID, Kind: t.Kind, Name: t.Name, Text: t.Text, Enabled: t.Enabled}
}

// origin is what a sandbox page needs to know of its messages' promises.
type origin struct {
	promises  map[db.ID]Promise
	campaigns map[db.ID]string
	people    map[db.ID]string
}

// origins finds the promises behind sandbox messages, all at once. Messages of
// another tenant find none.
func (s *Service) origins(ctx context.Context, ms []sandbox.Message) (o origin, err error) {
	ids := make([]db.ID, 0, len(ms))
	for _, m := range ms {
		ids = append(ids, promiseOf(m))
	}
	if o.promises, err = s.store().byID(ctx, ids); err != nil {
		return o, err
	}
	campaigns := map[db.ID]bool{}
	for _, p := range o.promises {
		campaigns[p.CampaignID] = true
	}
	if o.campaigns, err = s.campaigns(ctx, campaigns); err != nil {
		return o, err
	}
	users, err := s.People.Users(ctx, "")
	o.people = make(map[db.ID]string, len(users))
	for _, u := range users {
		o.people[u.ID] = u.Name
	}
	return o, err
}

func (s *Service) campaigns(ctx context.Context, ids map[db.ID]bool) (map[db.ID]string, error) {
	delete(ids, 0)
	if s.Campaigns == nil || len(ids) == 0 {
		return nil, nil
	}
	list := make([]db.ID, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	return s.Campaigns(ctx, list)
}

// promiseOf reads the promise's id out of the sender's key (for WeChat after the openid).
func promiseOf(m sandbox.Message) db.ID {
	id, _, _ := parseKey(m.Reference[strings.LastIndexByte(m.Reference, ':')+1:])
	return id
}

func (o origin) campaign(id db.ID) *call.Ref {
	if id == 0 {
		return nil
	}
	return &call.Ref{ID: id, Name: o.campaigns[id]}
}

func (o origin) text(m sandbox.Message, p Promise) SandboxSms {
	return SandboxSms{ID: m.ID, To: m.Receiver, Sign: m.Text.Sign, Text: m.Text.Text, Segments: m.Text.Segments, State: m.Text.State,
		At: m.At, CallID: &p.CallID, Campaign: o.campaign(p.CampaignID)}
}

func (o origin) push(m sandbox.Message, p Promise) SandboxWechat {
	return SandboxWechat{ID: m.ID, OpenID: m.Receiver, Rep: call.Ref{ID: p.UserID, Name: o.people[p.UserID]}, Template: m.Push.TemplateID,
		Data: m.Push.Data, URL: m.Push.URL, At: m.At, CallID: p.CallID, Campaign: o.campaign(p.CampaignID)}
}

// CallPromises tells a call's promises in the language of ctx, for the call page.
func (s *Service) CallPromises(ctx context.Context, callID db.ID) ([]call.PromiseView, error) {
	ps, err := s.Promises(ctx, callID)
	if err != nil {
		return nil, err
	}
	users, err := s.People.Users(ctx, "")
	if err != nil {
		return nil, err
	}
	names := make(map[db.ID]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	out := make([]call.PromiseView, 0, len(ps))
	for _, p := range ps {
		out = append(out, s.viewPromise(ctx, p, names))
	}
	return out, nil
}

func (s *Service) viewPromise(ctx context.Context, p Promise, people map[db.ID]string) call.PromiseView {
	v := call.PromiseView{ID: p.ID, Kind: string(p.Kind), State: string(p.State), At: &p.CreatedAt}
	if p.SentAt != nil {
		v.At = p.SentAt
	}
	if p.Kind == SMS {
		v.To, v.Text = s.Vault.ShowPhone(ctx, p.PhoneCipher, p.PhoneLast4, false), sms.Whole(p.Body.Sign, p.Body.Text)
	} else {
		v.To, v.Text = people[p.UserID], p.Body.Data["first"]
	}
	if p.Error != "" {
		v.Error = sayError(ctx, p.Error)
	}
	return v
}

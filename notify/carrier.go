package notify

import (
	"context"
	"fmt"
	"time"

	"yingda/notify/delivery"
	"yingda/notify/sms"
	"yingda/notify/wechat"
)

// carrier finds who takes the promise: the tenant's SMS gateway or official account.
func (s *Service) carrier(ctx context.Context, p *Promise) (carrier, error) {
	if p.Kind == SMS {
		ch, err := s.SMS(ctx)
		return smsCarrier{s, ch}, err
	}
	o, err := s.store().official(ctx)
	if err != nil || o == nil {
		return nowhere{}, err
	}
	secret, err := s.Vault.OpenSecret(ctx, o.SecretCipher)
	if err != nil {
		return nil, fmt.Errorf("secret of official account %s: %w", o.AppID, err)
	}
	return pushCarrier{s, wechat.Account{AppID: o.AppID, Secret: secret, TemplateID: o.TemplateID, BaseURL: o.BaseURL}}, nil
}

type smsCarrier struct {
	s  *Service
	ch Channel
}

func (c smsCarrier) name() string  { return "sms " + c.ch.Gateway.Name() }
func (c smsCarrier) askable() bool { return c.ch.Askable }

func (c smsCarrier) send(ctx context.Context, p *Promise) (string, error) {
	to, err := c.s.Vault.Open(ctx, p.PhoneCipher)
	if err != nil {
		return "", delivery.Fail(delivery.Refused, "", "notify.no_number").Because(err)
	}
	return c.ch.Gateway.Send(ctx, sms.Message{ID: p.key(), To: to, Sign: p.Body.Sign, Text: p.Body.Text})
}

func (c smsCarrier) ask(ctx context.Context, p *Promise, _ time.Time) (delivery.Fate, string, string, error) {
	st, err := c.ch.Gateway.Status(ctx, p.key())
	return st.Fate, st.VendorID, st.Error, err
}

type pushCarrier struct {
	s       *Service
	account wechat.Account
}

func (c pushCarrier) name() string  { return "wechat " + c.account.AppID }
func (c pushCarrier) askable() bool { return true }

func (c pushCarrier) send(ctx context.Context, p *Promise) (string, error) {
	return c.s.WeChat.Send(ctx, c.account, wechat.Push{ID: p.key(), OpenID: p.OpenID, URL: p.Body.URL, Data: p.Body.Data})
}

// ask: WeChat cannot be asked, but drops a repeat for a while; a minute before that
// ends we stop repeating.
func (c pushCarrier) ask(_ context.Context, p *Promise, now time.Time) (delivery.Fate, string, string, error) {
	if p.FirstSentAt != nil && now.Sub(*p.FirstSentAt) < wechat.RepeatFor-time.Minute {
		return delivery.NotTaken, "", "", nil
	}
	return delivery.Unsure, "", "", nil
}

// nowhere takes the promises of a tenant without an official account.
type nowhere struct{}

func (nowhere) name() string  { return "" }
func (nowhere) askable() bool { return false }
func (nowhere) send(context.Context, *Promise) (string, error) {
	return "", delivery.Fail(delivery.Refused, "", "notify.no_account")
}

func (nowhere) ask(context.Context, *Promise, time.Time) (delivery.Fate, string, string, error) {
	return delivery.Unsure, "", "", nil
}

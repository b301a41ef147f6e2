package notify

import (
	"context"

	"yingda/notify/sandbox"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
)

type handlers struct {
	*Service
	box *sandbox.Sandbox
}

// Routes registers the room's operations. box is nil where no built-in stand-in runs.
func Routes(a *httpapi.API, s *Service, box *sandbox.Sandbox) {
	h := handlers{s, box}
	httpapi.Register(a, httpapi.Op{ID: "list-sandbox-sms", Method: "GET", Path: "/sandbox/sms", Right: "sandbox:read", Scope: httpapi.All}, h.sandboxSMS)
	httpapi.Register(a, httpapi.Op{ID: "list-sandbox-wechat", Method: "GET", Path: "/sandbox/wechat", Right: "sandbox:read", Scope: httpapi.All}, h.sandboxWeChat)
	httpapi.Register(a, httpapi.Op{ID: "list-sms-templates", Method: "GET", Path: "/sms/templates", Right: "sms:read", Scope: httpapi.Shared}, h.listTemplates)
	httpapi.Register(a, httpapi.Op{ID: "get-sms-credit", Method: "GET", Path: "/sms/credit", Right: "sms:read", Scope: httpapi.Shared}, h.credit)
	httpapi.Register(a, httpapi.Op{ID: "resend-promise", Method: "POST", Path: "/promises/{id}/resend", Right: "campaign:run", Scope: httpapi.All}, h.resendPromise)
}

func (h handlers) sandboxSMS(ctx context.Context, in *httpapi.PageIn) (*httpapi.ListOut[SandboxSms], error) {
	return listSandbox(ctx, h, in, sandbox.SMS, origin.text)
}

func (h handlers) sandboxWeChat(ctx context.Context, in *httpapi.PageIn) (*httpapi.ListOut[SandboxWechat], error) {
	return listSandbox(ctx, h, in, sandbox.WeChat, origin.push)
}

// listSandbox reads a page of what the sandbox took for the tenant. A message that
// belongs to no promise of the tenant is not shown, whatever account it came to.
func listSandbox[V any](ctx context.Context, h handlers, in *httpapi.PageIn, kind string, view func(origin, sandbox.Message, Promise) V) (*httpapi.ListOut[V], error) {
	if h.box == nil || db.TenantOf(ctx) == 0 {
		return nil, errs.New(errs.NotFound, "notify.no_sandbox")
	}
	after, err := in.After()
	if err != nil {
		return nil, err
	}
	accounts, err := h.accounts(ctx, kind)
	if err != nil {
		return nil, err
	}
	ms, err := h.box.Messages(ctx, kind, accounts, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	l := httpapi.List[V]{Items: make([]V, 0, in.Limit)}
	if len(ms) > in.Limit {
		ms = ms[:in.Limit]
		l.Next = httpapi.Cursor(ms[in.Limit-1].ID)
	}
	o, err := h.origins(ctx, ms)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		if p, mine := o.promises[promiseOf(m)]; mine {
			l.Items = append(l.Items, view(o, m, p))
		}
	}
	return &httpapi.ListOut[V]{Body: l}, nil
}

// accounts are the names under which the tenant is known to the vendor.
func (s *Service) accounts(ctx context.Context, kind string) ([]string, error) {
	if kind == sandbox.SMS {
		return []string{sandbox.AccountOf(db.TenantOf(ctx))}, nil
	}
	o, err := s.store().official(ctx)
	if err != nil || o == nil {
		return nil, err
	}
	return []string{o.AppID}, nil
}

func (h handlers) listTemplates(ctx context.Context, _ *struct{}) (*httpapi.Out[[]SmsTemplate], error) {
	ts, err := h.Templates(ctx)
	if err != nil {
		return nil, err
	}
	out := httpapi.Out[[]SmsTemplate]{Body: make([]SmsTemplate, 0, len(ts))}
	for _, t := range ts {
		out.Body = append(out.Body, viewTemplate(t))
	}
	return &out, nil
}

// SmsCredit is what remains, in billed segments.
type SmsCredit struct {
	Remaining int64 `json:"remaining"`
}

func (h handlers) credit(ctx context.Context, _ *struct{}) (*httpapi.Out[SmsCredit], error) {
	n, err := h.Credit(ctx)
	return &httpapi.Out[SmsCredit]{Body: SmsCredit{n}}, err
}

func (h handlers) resendPromise(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	_, err := h.Resend(ctx, in.ID)
	return nil, err
}

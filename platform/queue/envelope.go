package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"go.opentelemetry.io/otel/propagation"

	"yingda/platform/db"
)

// version is that of the envelope; a program refuses newer ones and says so.
const version = 1

// envelope is what lies in the broker: whose work it is, in which language a person
// is told about it, which trace it belongs to, and the payload.
type envelope struct {
	V      int             `json:"v"`
	Tenant db.ID           `json:"tenant,omitempty"`
	Locale string          `json:"locale,omitempty"`
	Trace  string          `json:"trace,omitempty"` // W3C traceparent
	Data   json.RawMessage `json:"data"`
}

func (b *Broker) seal(ctx context.Context, payload any) ([]byte, error) {
	data, err := encode(payload)
	if err != nil {
		return nil, err
	}
	e := envelope{V: version, Tenant: db.TenantOf(ctx), Data: data}
	if b.cfg.LocaleOf != nil {
		e.Locale = b.cfg.LocaleOf(ctx)
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	e.Trace = carrier["traceparent"]
	return json.Marshal(e)
}

// open reads an envelope. A newer one is left to be tried again, since another node may know it.
func open(body []byte) (e envelope, err error) {
	if err := json.Unmarshal(body, &e); err != nil {
		return e, Final(fmt.Errorf("no envelope: %w", err))
	}
	if e.V < 1 {
		return e, Final(fmt.Errorf("no envelope: version %d", e.V))
	}
	if e.V > version {
		return e, fmt.Errorf("envelope of version %d; this program knows %d", e.V, version)
	}
	return e, nil
}

// into puts what the envelope carries into ctx. Without a tenant the ctx may touch no
// tenant's data: such a task says itself what it does beyond tenants (db.System).
func (e envelope) into(ctx context.Context, b *Broker) context.Context {
	if e.Tenant != 0 {
		ctx = db.WithTenant(ctx, e.Tenant)
	}
	if e.Locale != "" && b.cfg.WithLocale != nil {
		ctx = b.cfg.WithLocale(ctx, e.Locale)
	}
	if e.Trace != "" {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": e.Trace})
	}
	return ctx
}

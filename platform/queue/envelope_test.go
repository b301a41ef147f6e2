package queue

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/hibiken/asynq"
	"go.opentelemetry.io/otel/trace"

	"yingda/platform/db"
)

func TestEnvelopeCarriesTheTrace(t *testing.T) {
	b := &Broker{}
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1, 2}, SpanID: trace.SpanID{3}, TraceFlags: trace.FlagsSampled})
	body, err := b.seal(trace.ContextWithSpanContext(db.WithTenant(context.Background(), 5), span), map[string]int{"n": 1})
	if err != nil {
		t.Fatal(err)
	}
	e, err := open(body)
	if err != nil || string(e.Data) != `{"n":1}` {
		t.Fatalf("%+v, %v", e, err)
	}
	ctx := e.into(context.Background(), b)
	if got := trace.SpanContextFromContext(ctx); got.TraceID() != span.TraceID() || got.SpanID() != span.SpanID() || !got.IsSampled() {
		t.Fatalf("trace %v", got)
	}
	if got := db.TenantOf(ctx); got != 5 {
		t.Fatalf("tenant %d", got)
	}
}

func TestEnvelopeOfAnotherVersion(t *testing.T) {
	newer, _ := json.Marshal(envelope{V: version + 1, Data: []byte("1")})
	for _, row := range []struct {
		name  string
		body  []byte
		final bool
	}{
		{"newer: another node may know it", newer, false},
		{"none", []byte(`{"data":1}`), true},
		{"no JSON", []byte("x"), true},
	} {
		if _, err := open(row.body); err == nil || errors.Is(err, asynq.SkipRetry) != row.final {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

package metrics_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yingda/platform/metrics"
)

func TestPrivatePort(t *testing.T) {
	h := metrics.NewHealth()
	h.Register("database", func(context.Context) error { return nil })
	srv := httptest.NewServer(metrics.Private(metrics.NewRegistry(metrics.ReadBuild()), h))
	defer srv.Close()
	for path, want := range map[string]string{
		"/metrics":             `yingda_build_info{commit=`,
		"/debug/pprof/":        "goroutine",
		"/debug/pprof/cmdline": "metrics.test",
		"/healthz":             `{"state":"alive"}`,
		"/readyz":              `{"state":"ready","checks":[{"name":"database","ok":true`,
	} {
		if status, body := get(t, srv.URL+path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
	if _, body := get(t, srv.URL+"/metrics"); !strings.Contains(body, "go_goroutines") || !strings.Contains(body, "process_cpu_seconds_total") {
		t.Error("the runtime's numbers are missing")
	}
}

func TestReadiness(t *testing.T) {
	bad := errors.New("no route to 10.0.0.7")
	for _, row := range []struct {
		name   string
		soft   error
		hard   error
		drain  bool
		status int
		state  string
	}{
		{"all well", nil, nil, false, 200, "ready"},
		{"a soft check fails", bad, nil, false, 200, "degraded"},
		{"a hard check fails", nil, bad, false, 503, "not_ready"},
		{"both fail", bad, bad, false, 503, "not_ready"},
		{"draining", nil, nil, true, 503, "draining"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := metrics.NewHealth()
			h.Register("hard", func(context.Context) error { return row.hard })
			h.RegisterSoft("soft", func(context.Context) error { return row.soft })
			if row.drain {
				h.Drain()
			}
			rec := httptest.NewRecorder()
			h.Ready(false).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/readyz", nil))
			var report metrics.Report
			if err := json.Unmarshal(rec.Body.Bytes(), &report); err != nil {
				t.Fatal(err)
			}
			if rec.Code != row.status || report.State != row.state || len(report.Checks) != 2 {
				t.Fatalf("%d %+v", rec.Code, report)
			}
			if strings.Contains(rec.Body.String(), "10.0.0.7") {
				t.Fatal("the public answer tells an address")
			}
			if got := h.Report(context.Background()).Checks[0].Error; row.hard != nil && got != bad.Error() {
				t.Fatalf("the private report says %q", got)
			}
		})
	}
}

func TestChecksAreBoundedSharedAndSafe(t *testing.T) {
	h := metrics.NewHealth()
	var asked atomic.Int64
	h.Register("deaf", func(context.Context) error { asked.Add(1); time.Sleep(time.Minute); return nil })
	h.Register("panics", func(context.Context) error { panic("oh") })
	began := time.Now()
	first := h.Report(context.Background())
	h.Report(context.Background())
	if took := time.Since(began); took > 3*time.Second {
		t.Fatalf("took %v", took)
	}
	if first.Checks[0].OK || first.Checks[1].OK || first.Checks[1].Error != "panic: oh" {
		t.Fatalf("%+v", first)
	}
	if asked.Load() != 1 {
		t.Fatalf("asked %d times within a second", asked.Load())
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if err := res.Write(&b); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b.String()
}

package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// patience is how long one check may take, fresh how long its answer is used again:
// a load balancer that asks often must not become load.
const (
	patience = 2 * time.Second
	fresh    = time.Second
)

// Check says whether something we stand on works; nil if so.
type Check func(ctx context.Context) error

// Result is what one check found.
type Result struct {
	Name  string  `json:"name"`
	OK    bool    `json:"ok"`
	Soft  bool    `json:"soft,omitempty"` // ready even without it
	Error string  `json:"error,omitempty"`
	MS    float64 `json:"ms"`
}

// Report is the state of the program: ready, degraded (a soft check fails), not_ready or draining.
type Report struct {
	State  string   `json:"state"`
	Checks []Result `json:"checks"`
}

// Health knows the checks. Its zero value is ready to use.
type Health struct {
	mu       sync.Mutex
	checks   []check
	draining bool
	last     Report
	at       time.Time
}

type check struct {
	name string
	soft bool
	do   Check
}

// NewHealth returns a Health without checks, which is ready.
func NewHealth() *Health { return &Health{} }

// Register adds a check without which the program is not ready. A name has one check.
func (h *Health) Register(name string, do Check) { h.add(check{name, false, do}) }

// RegisterSoft adds a check whose failure is shown but does not make the program unready.
func (h *Health) RegisterSoft(name string, do Check) { h.add(check{name, true, do}) }

func (h *Health) add(c check) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if slices.ContainsFunc(h.checks, func(o check) bool { return o.name == c.name }) {
		panic("metrics: two health checks named " + c.name)
	}
	h.checks = append(h.checks, c)
	h.at = time.Time{}
}

// Drain makes the program unready, so that a load balancer stops sending before we stop listening.
func (h *Health) Drain() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.draining, h.at = true, time.Time{}
}

// Report runs the checks side by side, each for at most 2 s, or gives the answer of a second ago.
func (h *Health) Report(ctx context.Context) Report {
	h.mu.Lock()
	defer h.mu.Unlock() // callers meanwhile wait and share the answer
	if time.Since(h.at) < fresh {
		return h.last
	}
	results := make([]Result, len(h.checks))
	var all sync.WaitGroup
	for i, c := range h.checks {
		all.Go(func() { results[i] = c.run(context.WithoutCancel(ctx)) })
	}
	all.Wait()
	h.last, h.at = Report{stateOf(results, h.draining), results}, time.Now()
	return h.last
}

// stateOf is what the results come to.
func stateOf(results []Result, draining bool) string {
	state := "ready"
	for _, r := range results {
		switch {
		case r.OK:
		case r.Soft && state == "ready":
			state = "degraded"
		case !r.Soft:
			state = "not_ready"
		}
	}
	if draining {
		return "draining"
	}
	return state
}

// run does not wait for a check that is deaf to its ctx.
func (c check) run(ctx context.Context) Result {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("panic: %v", p)
			}
		}()
		done <- c.do(ctx)
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	r := Result{Name: c.name, Soft: c.soft, OK: err == nil, MS: float64(time.Since(began).Microseconds()) / 1000}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

// Alive answers 200 while the process can answer at all.
func (h *Health) Alive() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"state": "alive"})
	})
}

// Ready answers 200 when ready or degraded, else 503, with each check named; details
// tells the errors as well, which may hold addresses and belong on the private port.
func (h *Health) Ready(details bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		report := h.Report(r.Context())
		if !details {
			report.Checks = slices.Clone(report.Checks)
			for i := range report.Checks {
				report.Checks[i].Error = ""
			}
		}
		status := http.StatusOK
		if report.State != "ready" && report.State != "degraded" {
			status = http.StatusServiceUnavailable
		}
		answer(w, status, report)
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

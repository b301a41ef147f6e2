package main

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"yingda/call"
	"yingda/campaign"
	"yingda/crm"
	"yingda/notify"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/live"
	"yingda/platform/metrics"
	"yingda/scriptflow/library"
	"yingda/tenant"
	"yingda/web"
)

// routes registers every operation, the event stream, the sandboxed vendors and the console.
func (h *House) routes(context.Context) error {
	h.API = newAPI(h)
	e := h.API.Engine
	if err := e.SetTrustedProxies(h.Config.HTTP.Proxies); err != nil {
		return err
	}
	e.GET("/healthz", gin.WrapH(h.Health.Alive()))
	e.GET("/readyz", gin.WrapH(h.Health.Ready(false)))
	e.GET(httpapi.Base+"/events", h.events)
	e.POST("/sandbox/receipts", gin.WrapH(h.Notify.Receipts()))
	if h.Sandbox != nil {
		e.Any("/sandbox/sms/*rest", gin.WrapH(loopbackOnly(http.StripPrefix("/sandbox", h.Sandbox.Handler()))))
		e.Any("/sandbox/wechat/*rest", gin.WrapH(loopbackOnly(http.StripPrefix("/sandbox/wechat", h.Sandbox.Handler()))))
	}
	e.NoRoute(h.console())
	h.People.Announce(h.Sandbox != nil, h.notices)
	return nil
}

// newAPI registers the operations of all rooms; the OpenAPI document is what comes out.
func newAPI(h *House) *httpapi.API {
	a := httpapi.New(h.Build.Version, h.Log)
	a.SetGuard(h.People.Guard)
	tenant.Routes(a, h.People)
	library.Routes(a, h.Library)
	campaign.Routes(a, h.Campaign)
	call.Routes(a, h.Calls)
	crm.Routes(a, h.CRM)
	notify.Routes(a, h.Notify, h.Sandbox)
	systemRoutes(a, h)
	return a
}

// loopbackOnly keeps the simulated vendors from being reached from outside.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _ := splitPort(r.RemoteAddr); host != "127.0.0.1" && host != "::1" {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// events is the one stream that a browser keeps open.
func (h *House) events(c *gin.Context) {
	ctx, ok := h.API.Admit(c.Writer, c.Request, httpapi.Op{ID: "events", Anyone: true, Scope: httpapi.Mine})
	if !ok {
		return
	}
	p := tenant.PersonOf(ctx)
	valid := func() bool { return h.People.StillIn(context.WithoutCancel(ctx), c.Request) }
	h.Hub.ServeHTTP(c.Writer, c.Request, live.Subscription{Tenant: p.Tenant, User: p.User, Has: p.Has, Valid: valid})
}

// console serves the built pages; every path that is no file is the page itself.
func (h *House) console() gin.HandlerFunc {
	files, built := web.Dist()
	return func(c *gin.Context) {
		if strings.HasPrefix(c.Request.URL.Path, "/api/") {
			httpapi.Deny(c.Writer, c.Request, errs.New(errs.NotFound, "not_found"))
			return
		}
		if !built {
			c.String(http.StatusOK, "Yingda is running, but this binary was built without its console: run `make build`.\n")
			return
		}
		name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
		if f, err := fs.Stat(files, name); err != nil || f.IsDir() {
			if path.Ext(name) != "" && name != "" {
				c.Status(http.StatusNotFound)
				return
			}
			name = "index.html"
		}
		servePage(c, files, name)
	}
}

func servePage(c *gin.Context, files fs.FS, name string) {
	f, err := files.Open(name)
	if err != nil {
		c.Status(http.StatusNotFound)
		return
	}
	defer f.Close()
	cache := "no-cache"
	if strings.HasPrefix(name, "assets/") { // names carry a hash of the content
		cache = "public, max-age=31536000, immutable"
	}
	c.Header("Cache-Control", cache)
	if seeker, ok := f.(io.ReadSeeker); ok {
		http.ServeContent(c.Writer, c.Request, name, time.Time{}, seeker)
	}
}

// registry is what /metrics shows besides Go and the process.
func (h *House) registry() *prometheus.Registry {
	r := metrics.NewRegistry(h.Build)
	r.MustRegister(h.ended)
	gauge := func(name, help string, f func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "yingda_" + name, Help: help}, f))
	}
	if h.Line != nil {
		gauge("media_calls", "calls under way on this node", func() float64 { n, _ := h.Line.Load(); return float64(n) })
		gauge("media_lag_seconds", "p99 lateness of the media loops", func() float64 { _, lag := h.Line.Load(); return lag.Seconds() })
	}
	gauge("lease_held", "1 while this node may carry calls", func() float64 {
		if h.Lease.Held() {
			return 1
		}
		return 0
	})
	return r
}

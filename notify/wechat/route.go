package wechat

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// The library keeps one HTTP client for the process, without a limit, and one
// address. It is replaced once, before anyone can use it.
func init() {
	util.DefaultHTTPClient = &http.Client{Timeout: 10 * time.Second, Transport: route{http.DefaultTransport}}
}

type baseKey struct{}

func withBase(ctx context.Context, base string) context.Context {
	return context.WithValue(ctx, baseKey{}, base)
}

// bases finds an account's address by its access token, for the library's calls that take no ctx.
var bases sync.Map

func remember(access, base string) {
	if base != "" {
		bases.Store(access, base)
	}
}

func forget(access string) { bases.Delete(access) }

// route sends a request for WeChat to the address of the account it speaks for.
type route struct{ http.RoundTripper }

func (r route) RoundTrip(req *http.Request) (*http.Response, error) {
	base, _ := req.Context().Value(baseKey{}).(string)
	if base == "" {
		if b, ok := bases.Load(req.URL.Query().Get("access_token")); ok {
			base = b.(string)
		}
	}
	if base == "" {
		return r.RoundTripper.RoundTrip(req)
	}
	to, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	out.URL.Scheme, out.URL.Host, out.Host = to.Scheme, to.Host, to.Host
	out.URL.Path = to.Path + req.URL.Path
	return r.RoundTripper.RoundTrip(out)
}

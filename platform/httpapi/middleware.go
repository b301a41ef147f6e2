package httpapi

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yingda/platform/errs"
	"yingda/platform/locale"
)

// withRef gives the request its reference and its language.
func (a *API) withRef(c *gin.Context) {
	ref := newRef()
	ctx := context.WithValue(c.Request.Context(), refKey{}, ref)
	ctx = context.WithValue(ctx, ipKey{}, c.ClientIP())
	ctx = locale.With(ctx, locale.Pick(asked(c)))
	c.Request = c.Request.WithContext(ctx)
	c.Header("X-Request-Id", ref)
	c.Next()
}

// asked is the language of a request: ?lang= where a link to a file names it, since a
// browser that follows a link sends its own language and not the page's.
func asked(c *gin.Context) string {
	if lang := c.Query("lang"); lang != "" {
		return lang
	}
	return c.GetHeader("Accept-Language")
}

// logged writes one line per API request; query strings stay out (they may hold names).
func (a *API) logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	if !strings.HasPrefix(c.Request.URL.Path, Base) {
		return
	}
	level := slog.LevelDebug
	if c.Writer.Status() >= 500 {
		level = slog.LevelError
	}
	a.log.Log(c.Request.Context(), level, "http", "ref", refOf(c.Request.Context()), "method", c.Request.Method,
		"path", c.Request.URL.Path, "status", c.Writer.Status(), "ms", time.Since(start).Milliseconds(), "bytes", c.Writer.Size())
}

func (a *API) recovered(c *gin.Context) {
	defer func() {
		if r := recover(); r != nil {
			if r == http.ErrAbortHandler {
				panic(r)
			}
			a.log.Error("panic in a request", "ref", refOf(c.Request.Context()), "panic", r, "stack", string(debug.Stack()))
			a.refuse(c, errs.New(errs.Internal, "internal").Because(fmt.Errorf("panic: %v", r)))
		}
	}()
	c.Next()
}

func secureHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'")
	if strings.HasPrefix(c.Request.URL.Path, Base) {
		h.Set("Cache-Control", "no-store")
	}
	c.Next()
}

func sameToken(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

type ipKey struct{}

// RemoteIP is the address that the request came from.
func RemoteIP(ctx context.Context) string {
	s, _ := ctx.Value(ipKey{}).(string)
	return s
}

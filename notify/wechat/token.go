package wechat

import (
	"context"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/credential"

	"yingda/notify/delivery"
)

// token is one account's access token, fetched when first needed.
type token struct {
	base   string
	stable *credential.StableAccessToken

	mu      sync.Mutex
	access  string
	until   time.Time
	refused string // the token WeChat no longer takes; getting it again means: force a new one
}

func newToken(a Account) *token {
	s := credential.NewStableAccessToken(a.AppID, a.Secret, credential.CacheKeyOfficialAccountPrefix, cache.NewMemory())
	return &token{base: a.BaseURL, stable: s.(*credential.StableAccessToken)}
}

// get returns a valid token. It never fails with Lost: nothing was sent yet.
func (t *token) get(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access != "" && time.Now().Before(t.until) {
		return t.access, nil
	}
	ctx = withBase(ctx, t.base)
	res, err := t.stable.GetAccessTokenDirectly(ctx, false)
	if err == nil && res.AccessToken == t.refused {
		res, err = t.stable.GetAccessTokenDirectly(ctx, true)
	}
	if err != nil {
		return "", notSent(err)
	}
	if t.access != res.AccessToken {
		forget(t.access)
	}
	// WeChat renews a stable token five minutes before it ends; both are good meanwhile.
	t.access, t.until = res.AccessToken, time.Now().Add(time.Duration(res.ExpiresIn-300)*time.Second)
	remember(t.access, t.base)
	return t.access, nil
}

// drop forgets a token that WeChat has refused.
func (t *token) drop(access string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == access {
		t.access, t.refused = "", access
		forget(access)
	}
}

// notSent keeps the vendor's code and makes the failure Later.
func notSent(err error) error {
	e := classify(err).(*delivery.Error)
	e.Failure = delivery.Later
	return e
}

package tenant

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
)

// Cookies of a session: the token is for the server only, the CSRF token for the page.
const (
	SessionCookie = "yd_session"
	CSRFCookie    = "yd_csrf"
)

const (
	maxFailures   = 10               // of one account in window, then it is locked for lockFor
	maxFailuresIP = 100              // of one address
	window        = 15 * time.Minute //
	lockFor       = 15 * time.Minute //
)

// OperatorCode is the tenant code under which operators log in; no tenant has it.
const OperatorCode = "operator"

// limit is how many failures of the realm are one too many.
func (l login) limit() int {
	if strings.HasPrefix(l.Realm, "ip:") { // a whole office shares an address
		return maxFailuresIP
	}
	return maxFailures
}

func (l *login) locked(now time.Time) (left time.Duration, is bool) {
	if l == nil || l.LockedUntil == nil || !now.Before(*l.LockedUntil) {
		return 0, false
	}
	return l.LockedUntil.Sub(now), true
}

// Service is what can be done about tenants and people.
type Service struct {
	*Store
	Vault    *Vault
	Lifetime time.Duration // of a session at most
	Idle     time.Duration // without a request; 0 = Lifetime
	Secure   bool          // cookies over HTTPS only
	now      func() time.Time
	notices  func(ctx context.Context) []Notice
	sandbox  bool
	publish  func(ctx context.Context, w Work)
}

// NewService makes the service.
func NewService(store *Store, vault *Vault, lifetime time.Duration) *Service {
	return &Service{Store: store, Vault: vault, Lifetime: lifetime, now: func() time.Time { return time.Now().UTC() }}
}

// Session is what Login opens. Token goes into the cookie and nowhere else.
type Session struct {
	Token, CSRF string
	Person      Person
	Expires     time.Time
}

// dummy is compared with where no account is, so that an unknown account takes as long as a wrong password.
var dummy = HashPassword("no such person")

// Login checks tenant code, account and password. Unknown code, unknown account, wrong
// password and a disabled person all give the same auth.wrong. Ten failures of an account
// in 15 minutes lock it, from whatever address they came, a hundred from one address lock
// the address: auth.locked, also for the right password.
func (s *Service) Login(ctx context.Context, code, account, password, ip, agent string) (*Session, error) {
	ctx = db.System(ctx, "login")
	code, account = Fold(code), Fold(account)
	realms := []string{"account:" + code + "/" + account, "ip:" + ip}
	leave, err := argonSlot(ctx) // inside it the lock is looked at and the failure counted: guesses sent at once gain nothing
	if err != nil {
		return nil, err
	}
	defer leave()
	if err := s.locked(ctx, realms); err != nil {
		return nil, err
	}
	u, err := s.find(ctx, code, account)
	if err != nil {
		return nil, err
	}
	hash := dummy
	if u != nil {
		hash = u.Password
	}
	if right := CheckPassword(hash, password); !right || u == nil || !u.Enabled {
		return nil, s.failed(ctx, realms, u, ip)
	}
	if err := s.forgiveLogin(ctx, realms[0]); err != nil {
		return nil, err
	}
	return s.open(ctx, u, ip, agent)
}

// Fold is a tenant code or an account as it is kept and compared.
func Fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// locked is auth.locked where one of the realms is.
func (s *Service) locked(ctx context.Context, realms []string) error {
	for _, r := range realms {
		l, err := s.loginOf(ctx, r)
		if err != nil {
			return err
		}
		if left, is := l.locked(s.now()); is {
			return errs.New(errs.TooMany, "auth.locked", "minutes", int(left.Minutes())+1, "retry_s", int(left.Seconds())+1)
		}
	}
	return nil
}

// failed counts the failure for the account and for the address; that of somebody we know
// is in the operation log, and so is the failure that locks the account.
func (s *Service) failed(ctx context.Context, realms []string, u *User, ip string) error {
	err := s.db.Tx(context.WithoutCancel(ctx), func(ctx context.Context) error { // who hangs up is counted too
		lockedNow := false
		for _, r := range realms {
			locks, err := s.failLogin(ctx, r, s.now())
			if err != nil {
				return err
			}
			lockedNow = lockedNow || locks && r == realms[0]
		}
		if u == nil {
			return nil
		}
		ctx = WithPerson(ctx, Person{User: u.ID, Tenant: u.TenantID, Name: u.Name, IP: ip})
		return s.Audit(ctx, map[bool]string{false: "login.failed", true: "login.locked"}[lockedNow], "user", u.ID)
	})
	if err != nil {
		return err
	}
	return errs.New(errs.Unauthorized, "auth.wrong")
}

func (s *Service) find(ctx context.Context, code, account string) (*User, error) {
	if code == "" || code == OperatorCode {
		return s.account(ctx, 0, account)
	}
	t, err := s.ByCode(ctx, code)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !t.Open(s.now()) {
		return nil, errs.New(errs.Forbidden, "tenant.suspended")
	}
	return s.account(ctx, t.ID, account)
}

func (s *Service) open(ctx context.Context, u *User, ip, agent string) (*Session, error) {
	now := s.now()
	token, csrf := secret(), secret()
	row := &session{ID: db.NewID(), TenantID: u.TenantID, UserID: u.ID, TokenDigest: digest(token), CSRF: csrf,
		IP: ip, Agent: clip(agent, 200), CreatedAt: now, SeenAt: now, ExpiresAt: s.expiry(now, now)}
	p := personFrom(u, row)
	p.IP = ip
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.openSession(ctx, row); err != nil {
			return err
		}
		if err := s.SaveUser(ctx, u.ID, map[string]any{"last_login_at": now}); err != nil {
			return err
		}
		return s.Audit(WithPerson(ctx, p), "login", "user", u.ID)
	})
	if err != nil {
		return nil, err
	}
	return &Session{Token: token, CSRF: csrf, Person: p, Expires: now.Add(s.Lifetime)}, nil
}

func personFrom(u *User, row *session) Person {
	return Person{User: u.ID, Tenant: u.TenantID, Department: u.DepartmentID, Name: u.Name, Role: u.Role, Locale: u.Locale, session: row.ID, csrf: row.CSRF}
}

// Guard is httpapi's question "who is asking?": it follows the session cookie.
func (s *Service) Guard(ctx context.Context, r *http.Request) (context.Context, httpapi.Person, error) {
	return s.who(ctx, r, true)
}

// StillIn says whether the request's session is still open, without counting as a sign of life:
// a page that only listens does not keep its person logged in.
func (s *Service) StillIn(ctx context.Context, r *http.Request) bool {
	_, p, err := s.who(ctx, r, false)
	return err != nil && errs.KindOf(err) == errs.Internal || p != nil // a database that is away ends no stream
}

func (s *Service) who(ctx context.Context, r *http.Request, alive bool) (context.Context, httpapi.Person, error) {
	c, err := r.Cookie(SessionCookie)
	if err != nil || c.Value == "" {
		return ctx, nil, nil
	}
	sys := db.System(ctx, "session")
	row, err := s.session(sys, digest(c.Value))
	if err != nil || row == nil || !s.now().Before(row.ExpiresAt) {
		return ctx, nil, err
	}
	u, err := s.User(sys, row.UserID)
	if errs.Is(err, errs.NotFound) || err == nil && !u.Enabled {
		return ctx, nil, nil
	}
	if err != nil {
		return ctx, nil, err
	}
	if u.TenantID != 0 {
		t, err := s.Tenant(sys, u.TenantID)
		if err != nil {
			return ctx, nil, err
		}
		if !t.Open(s.now()) {
			return ctx, nil, errs.New(errs.Forbidden, "tenant.suspended")
		}
	}
	if now := s.now(); alive && now.Sub(row.SeenAt) > time.Minute {
		if err := s.seeSession(sys, row.ID, now, s.expiry(row.CreatedAt, now)); err != nil {
			return ctx, nil, err
		}
	}
	if u.MustChange && !slices.Contains(beforeChange, r.URL.Path) {
		return ctx, nil, errs.New(errs.Forbidden, "auth.must_change")
	}
	p := personFrom(u, row)
	p.IP = httpapi.RemoteIP(ctx)
	if r.Header.Get("Accept-Language") != "" {
		p.Locale = locale.Of(ctx) // the page knows its language before the profile does
	}
	return WithPerson(ctx, p), p, nil
}

// beforeChange is all that a one-time password opens (FEATURES A6.4).
var beforeChange = []string{httpapi.Base + "/me", httpapi.Base + "/me/password", httpapi.Base + "/auth/logout", httpapi.Base + "/system", httpapi.Base + "/tasks"}

// expiry is when a session opened at created and last seen at seen is over.
func (s *Service) expiry(created, seen time.Time) time.Time {
	end := created.Add(s.Lifetime)
	if s.Idle > 0 && seen.Add(s.Idle).Before(end) {
		return seen.Add(s.Idle)
	}
	return end
}

// Logout ends the session of the person in ctx.
func (s *Service) Logout(ctx context.Context) error {
	p := PersonOf(ctx)
	return s.db.Tx(db.System(ctx, "logout"), func(ctx context.Context) error {
		if err := s.closeSessions(ctx, p.User, p.session, 0); err != nil {
			return err
		}
		return s.Audit(ctx, "logout", "user", p.User)
	})
}

// ChangePassword sets a new password and ends the person's other sessions. Invalid where
// the old one is wrong or the new one is the old.
func (s *Service) ChangePassword(ctx context.Context, old, fresh string) error {
	p := PersonOf(ctx)
	sys := db.System(ctx, "own password")
	u, err := s.User(sys, p.User)
	if err != nil {
		return err
	}
	leave, err := argonSlot(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if !CheckPassword(u.Password, old) {
		return errs.New(errs.Invalid, "auth.old_wrong").With(errs.Field{Path: "old", Key: "auth.old_wrong"})
	}
	if fresh == old { // a one-time password is to be changed, not kept
		return errs.New(errs.Invalid, "auth.same_password").With(errs.Field{Path: "new", Key: "auth.same_password"})
	}
	hash := HashPassword(fresh)
	return s.db.Tx(sys, func(sys context.Context) error {
		if err := s.SaveUser(sys, p.User, map[string]any{"password": hash, "must_change": false}); err != nil {
			return err
		}
		if err := s.Audit(sys, "password.change", "user", p.User); err != nil {
			return err
		}
		return s.closeSessions(sys, p.User, 0, p.session)
	})
}

func secret() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func clip(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

package tenant

import (
	"context"
	"net/http"
	"time"

	"yingda/platform/db"
	"yingda/platform/httpapi"
	"yingda/platform/locale"
)

// Notice is a sentence that the console shows to everybody who logs in: no
// recogniser, a broker that forgets, sandboxed gateways.
type Notice struct {
	Level string         `json:"level" enum:"info,warning"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
	Text  string         `json:"text"`
}

// Announce says where notices come from and whether this installation is a sandbox.
func (s *Service) Announce(sandbox bool, notices func(ctx context.Context) []Notice) {
	s.sandbox, s.notices = sandbox, notices
}

type handlers struct{ *Service }

// Routes registers the room's operations.
func Routes(a *httpapi.API, s *Service) {
	h := handlers{s}
	httpapi.Register(a, httpapi.Op{ID: "login", Method: "POST", Path: "/auth/login", Public: true, MaxBody: 8 << 10}, h.login)
	httpapi.Register(a, httpapi.Op{ID: "logout", Method: "POST", Path: "/auth/logout", Anyone: true, Scope: httpapi.Mine}, h.logout)
	httpapi.Register(a, httpapi.Op{ID: "get-me", Method: "GET", Path: "/me", Anyone: true, Scope: httpapi.Mine}, h.me)
	httpapi.Register(a, httpapi.Op{ID: "change-me", Method: "PATCH", Path: "/me", Anyone: true, Scope: httpapi.Mine}, h.changeMe)
	httpapi.Register(a, httpapi.Op{ID: "change-password", Method: "POST", Path: "/me/password", Anyone: true, Scope: httpapi.Mine}, h.password)
	httpapi.Register(a, httpapi.Op{ID: "list-tasks", Method: "GET", Path: "/tasks", Anyone: true, Scope: httpapi.Mine}, h.tasks)
	httpapi.Register(a, httpapi.Op{ID: "cancel-task", Method: "POST", Path: "/tasks/{id}/cancel", Anyone: true, Scope: httpapi.Mine}, h.cancelTask)
	httpapi.Register(a, httpapi.Op{ID: "see-task", Method: "POST", Path: "/tasks/{id}/seen", Anyone: true, Scope: httpapi.Mine}, h.seeTask)
}

// Me is the person and what they may do.
type Me struct {
	User    MeUser    `json:"user"`
	Tenant  *MeTenant `json:"tenant"`
	Rights  []string  `json:"rights" nullable:"false"`
	Notices []Notice  `json:"notices" nullable:"false"`
	Sandbox bool      `json:"sandbox"`
}

// MeUser is the person's own profile.
type MeUser struct {
	ID         db.ID  `json:"id"`
	Name       string `json:"name"`
	Account    string `json:"account"`
	Role       Role   `json:"role" enum:"admin,sales,operator"`
	Locale     string `json:"locale"`
	Theme      string `json:"theme"`
	MustChange bool   `json:"must_change_password"`
}

// MeTenant is the person's enterprise.
type MeTenant struct {
	ID         db.ID  `json:"id"`
	Code       string `json:"code"`
	Name       string `json:"name"`
	ShortName  string `json:"short_name"`
	Zone       string `json:"zone"`
	HumanSeats int    `json:"human_seats"` // without them no rep can dial a masked number
}

type loginIn struct {
	UserAgent string `header:"User-Agent"`
	Body      struct {
		Tenant   string `json:"tenant" maxLength:"40"`
		Account  string `json:"account" minLength:"1" maxLength:"60"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

type loginOut struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      Me
}

func (h handlers) login(ctx context.Context, in *loginIn) (*loginOut, error) {
	ses, err := h.Login(ctx, in.Body.Tenant, in.Body.Account, in.Body.Password, httpapi.RemoteIP(ctx), in.UserAgent)
	if err != nil {
		return nil, err
	}
	me, err := h.meOf(WithPerson(ctx, ses.Person))
	if err != nil {
		return nil, err
	}
	return &loginOut{Body: *me, SetCookie: []http.Cookie{
		h.cookie(SessionCookie, ses.Token, true, ses.Expires), h.cookie(CSRFCookie, ses.CSRF, false, ses.Expires),
	}}, nil
}

func (s *Service) cookie(name, value string, hidden bool, expires time.Time) http.Cookie {
	return http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: hidden, Secure: s.Secure, SameSite: http.SameSiteLaxMode, Expires: expires}
}

type logoutOut struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (h handlers) logout(ctx context.Context, _ *struct{}) (*logoutOut, error) {
	if err := h.Logout(ctx); err != nil {
		return nil, err
	}
	past := time.Unix(1, 0)
	return &logoutOut{SetCookie: []http.Cookie{h.cookie(SessionCookie, "", true, past), h.cookie(CSRFCookie, "", false, past)}}, nil
}

func (h handlers) me(ctx context.Context, _ *struct{}) (*httpapi.Out[Me], error) {
	me, err := h.meOf(ctx)
	if err != nil {
		return nil, err
	}
	return &httpapi.Out[Me]{Body: *me}, nil
}

func (s *Service) meOf(ctx context.Context) (*Me, error) {
	p := PersonOf(ctx)
	u, err := s.User(db.System(ctx, "own profile"), p.User)
	if err != nil {
		return nil, err
	}
	me := &Me{Rights: RightsOf(p.Role), Sandbox: s.sandbox, Notices: []Notice{},
		User: MeUser{ID: u.ID, Name: u.Name, Account: u.Account, Role: u.Role, Locale: u.Locale, Theme: u.Theme, MustChange: u.MustChange}}
	if p.Tenant != 0 {
		t, err := s.Tenant(ctx, p.Tenant)
		if err != nil {
			return nil, err
		}
		me.Tenant = &MeTenant{ID: t.ID, Code: t.Code, Name: t.Name, ShortName: t.ShortName, Zone: t.Zone, HumanSeats: t.HumanSeats}
	}
	if s.notices != nil {
		for _, n := range s.notices(ctx) {
			n.Text = locale.Say(ctx, n.Key, n.Args)
			me.Notices = append(me.Notices, n)
		}
	}
	return me, nil
}

type changeMeIn struct {
	Body struct {
		Locale string `json:"locale,omitempty" enum:"zh-CN,en-US"`
		Theme  string `json:"theme,omitempty" enum:"light,dark,system"`
	}
}

func (h handlers) changeMe(ctx context.Context, in *changeMeIn) (*httpapi.Out[Me], error) {
	set := map[string]any{}
	if in.Body.Locale != "" {
		set["locale"] = in.Body.Locale
	}
	if in.Body.Theme != "" {
		set["theme"] = in.Body.Theme
	}
	if len(set) > 0 {
		if err := h.SaveUser(db.System(ctx, "own profile"), PersonOf(ctx).User, set); err != nil {
			return nil, err
		}
	}
	return h.me(ctx, nil)
}

type passwordIn struct {
	Body struct {
		Old string `json:"old" maxLength:"200"`
		New string `json:"new" minLength:"8" maxLength:"200"`
	}
}

func (h handlers) password(ctx context.Context, in *passwordIn) (*httpapi.Empty, error) {
	return nil, h.ChangePassword(ctx, in.Body.Old, in.Body.New)
}

func (h handlers) tasks(ctx context.Context, _ *struct{}) (*httpapi.Out[[]WorkView], error) {
	if PersonOf(ctx).Tenant == 0 {
		return &httpapi.Out[[]WorkView]{Body: []WorkView{}}, nil
	}
	ws, err := h.MyWork(ctx)
	if err != nil {
		return nil, err
	}
	out := httpapi.Out[[]WorkView]{Body: []WorkView{}}
	for _, w := range ws {
		out.Body = append(out.Body, ViewWork(ctx, w))
	}
	return &out, nil
}

func (h handlers) cancelTask(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.CancelWork(ctx, in.ID)
}

func (h handlers) seeTask(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, h.SeeWork(ctx, in.ID)
}

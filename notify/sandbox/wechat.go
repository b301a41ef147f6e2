package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"yingda/platform/db"
)

// Push is a template message as the simulator keeps it.
type Push struct {
	TemplateID string            `json:"template_id"`
	URL        string            `json:"url"`
	Data       map[string]string `json:"data"`
	MsgID      int64             `json:"msgid"`
}

// DailyPushes is the quota of template messages of an account and day, as WeChat's
// default is.
const DailyPushes = 100_000

// said is WeChat's way to say no: HTTP 200 with a code (全局返回码).
func said(w http.ResponseWriter, code int, msg string) {
	reply(w, http.StatusOK, map[string]any{"errcode": code, "errmsg": msg})
}

func (s *Sandbox) wechatRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /cgi-bin/stable_token", s.stableToken)
	mux.HandleFunc("GET /cgi-bin/token", s.plainToken)
	mux.HandleFunc("POST /cgi-bin/message/template/send", s.authorised(s.templateSend))
	mux.HandleFunc("GET /cgi-bin/user/info", s.authorised(s.userInfo))
	mux.HandleFunc("POST /cgi-bin/qrcode/create", s.authorised(s.qrCreate))
}

func (s *Sandbox) stableToken(w http.ResponseWriter, r *http.Request) {
	var in struct {
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}
	if decode(r, &in) != nil {
		said(w, 47001, "data format error")
		return
	}
	s.giveToken(w, in.AppID, in.Secret, in.Force)
}

func (s *Sandbox) plainToken(w http.ResponseWriter, r *http.Request) {
	s.giveToken(w, r.URL.Query().Get("appid"), r.URL.Query().Get("secret"), false)
}

func (s *Sandbox) giveToken(w http.ResponseWriter, app, secret string, force bool) {
	switch {
	case !strings.HasPrefix(app, "wx"):
		said(w, 40013, "invalid appid")
	case secret != s.Secret(app):
		said(w, 40125, "invalid appsecret")
	default:
		if force {
			s.ExpireToken(app)
		}
		reply(w, http.StatusOK, map[string]any{"access_token": s.access(app), "expires_in": 7200})
	}
}

// ExpireToken makes the app's access token invalid; the next one is another.
func (s *Sandbox) ExpireToken(app string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation == nil {
		s.generation = map[string]int{}
	}
	s.generation[app]++
}

// access is an app's present token: the app's id and a proof of it.
func (s *Sandbox) access(app string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	mac := hmac.New(sha256.New, s.Key)
	_, _ = fmt.Fprintf(mac, "token %s %d", app, s.generation[app])
	return app + "_" + hex.EncodeToString(mac.Sum(nil))
}

// authorised answers 40001 unless the request carries its app's present token.
func (s *Sandbox) authorised(do func(w http.ResponseWriter, r *http.Request, app string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		access := r.URL.Query().Get("access_token")
		app := access[:max(0, strings.LastIndexByte(access, '_'))]
		if access == "" {
			said(w, 41001, "access_token missing")
			return
		}
		if app == "" || access != s.access(app) {
			said(w, 40001, "invalid credential, access_token is invalid or not latest")
			return
		}
		do(w, r, app)
	}
}

type templateMessage struct {
	ToUser      string `json:"touser"`
	TemplateID  string `json:"template_id"`
	URL         string `json:"url"`
	ClientMsgID string `json:"client_msg_id"`
	Data        map[string]struct {
		Value string `json:"value"`
	} `json:"data"`
}

func (s *Sandbox) templateSend(w http.ResponseWriter, r *http.Request, app string) {
	var in templateMessage
	if decode(r, &in) != nil {
		said(w, 47001, "data format error")
		return
	}
	trouble := s.trouble(WeChat, in.ClientMsgID)
	if code, msg := s.refusePush(app, in, trouble); code != 0 {
		said(w, code, msg)
		return
	}
	ref := in.ToUser + ":" + in.ClientMsgID
	if in.ClientMsgID == "" {
		ref = db.NewID().String()
	}
	push := Push{TemplateID: in.TemplateID, URL: in.URL, Data: map[string]string{}, MsgID: int64(db.NewID())}
	for name, d := range in.Data {
		push.Data[name] = d.Value
	}
	kept, fresh, err := s.take(r.Context(), row{Kind: WeChat, Account: app, Receiver: in.ToUser, Reference: ref}, push)
	if err != nil {
		said(w, -1, "system error")
		return
	}
	if fresh {
		s.arrived(WeChat, app)
	} else if m, err := kept.message(); err == nil {
		push = *m.Push
	}
	if trouble == DropAfter {
		drop()
	}
	reply(w, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "msgid": push.MsgID})
}

func (s *Sandbox) refusePush(app string, in templateMessage, t Trouble) (code int, msg string) {
	switch {
	case t == DropBefore:
		drop()
	case t == Busy:
		return -1, "system error"
	case t == Refuse:
		return 43101, "user refuse to accept the msg"
	case !isOpenID(in.ToUser):
		return 40003, "invalid openid"
	case !follows(in.ToUser):
		return 43004, "require subscribe"
	case in.TemplateID != TemplateID:
		return 40037, "invalid template_id"
	case !s.spend(app):
		return 45009, "reach max api daily quota limit"
	}
	return 0, ""
}

func (s *Sandbox) spend(app string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quota == nil {
		s.quota = map[string]int{}
	}
	key := app + s.now().Format(time.DateOnly)
	s.quota[key]++
	limit := s.Quota
	if limit == 0 {
		limit = DailyPushes
	}
	return s.quota[key] <= limit
}

// OpenIDOf makes the openid that a person has with the simulator.
func OpenIDOf(person db.ID) string { return "oSandbox" + person.String() }

func isOpenID(id string) bool { return strings.HasPrefix(id, "o") && len(id) >= 8 && len(id) <= 64 }

func follows(id string) bool { return isOpenID(id) && !strings.HasPrefix(id, "o-unfollowed") }

func (s *Sandbox) userInfo(w http.ResponseWriter, r *http.Request, _ string) {
	id := r.URL.Query().Get("openid")
	switch {
	case !isOpenID(id):
		said(w, 40003, "invalid openid")
	case !follows(id):
		reply(w, http.StatusOK, map[string]any{"subscribe": 0, "openid": id})
	default:
		reply(w, http.StatusOK, map[string]any{"subscribe": 1, "openid": id, "language": "zh_CN",
			"subscribe_time": s.now().Add(-24 * time.Hour).Unix(), "subscribe_scene": "ADD_SCENE_QR_CODE"})
	}
}

func (s *Sandbox) qrCreate(w http.ResponseWriter, r *http.Request, app string) {
	var in struct {
		ExpireSeconds int64  `json:"expire_seconds"`
		ActionName    string `json:"action_name"`
	}
	if decode(r, &in) != nil || in.ActionName == "" {
		said(w, 47001, "data format error")
		return
	}
	ticket := "SANDBOX" + Secret(s.Key, app+db.NewID().String())
	reply(w, http.StatusOK, map[string]any{"ticket": ticket, "expire_seconds": min(max(in.ExpireSeconds, 60), 2592000),
		"url": "http://weixin.qq.com/q/" + ticket})
}

package wechat

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/basic"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	official "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/officialaccount/user"

	"yingda/notify/delivery"
)

// RepeatFor is how long WeChat recognises a client_msg_id and drops the repeat.
const RepeatFor = 10 * time.Minute

// Account is a tenant's official account.
type Account struct {
	AppID, Secret string
	TemplateID    string // of the lead message
	BaseURL       string // "" is https://api.weixin.qq.com
}

// Push is one template message to one follower.
type Push struct {
	ID     string            // client_msg_id, at most 32 characters
	OpenID string            // the receiver
	URL    string            // opened by a tap
	Data   map[string]string // the template's holes: first, keyword1…, remark
}

// Follower is what WeChat tells about one openid.
type Follower struct {
	OpenID    string
	Follows   bool
	Since     time.Time
	Remark    string
	SceneText string // of the QR code they came by
}

// QR is a code to scan; a follower who comes by it carries its scene.
type QR struct {
	ImageURL string // shows the code
	URL      string // what the code says
	For      time.Duration
}

// Client talks for any number of accounts. The zero Client is ready.
type Client struct {
	mu     sync.Mutex
	tokens map[string]*token // by app id, secret and base
}

// Send pushes m and returns WeChat's message id. Errors are delivery.Error: Lost
// may be repeated with the same ID for RepeatFor.
func (c *Client) Send(ctx context.Context, a Account, m Push) (string, error) {
	msg := &message.TemplateMessage{ToUser: m.OpenID, TemplateID: a.TemplateID, URL: m.URL, ClientMsgID: m.ID,
		Data: make(map[string]*message.TemplateDataItem, len(m.Data))}
	for name, text := range m.Data {
		msg.Data[name] = &message.TemplateDataItem{Value: text}
	}
	var id int64
	err := c.as(ctx, a, func(o *official.Context) (err error) {
		id, err = message.NewTemplate(o).Send(msg)
		return err
	})
	return strconv.FormatInt(id, 10), err
}

// Follower asks whether openID follows the account, and since when.
func (c *Client) Follower(ctx context.Context, a Account, openID string) (Follower, error) {
	f := Follower{OpenID: openID}
	err := c.as(ctx, a, func(o *official.Context) error {
		info, err := user.NewUser(o).GetUserInfo(openID)
		if err != nil {
			return err
		}
		f.Follows, f.Remark, f.SceneText = info.Subscribe == 1, info.Remark, info.QrSceneStr
		f.Since = time.Unix(int64(info.SubscribeTime), 0).UTC()
		return nil
	})
	return f, err
}

// QR makes a temporary code with a scene text, valid for at most 30 days.
func (c *Client) QR(ctx context.Context, a Account, scene string, valid time.Duration) (QR, error) {
	var q QR
	err := c.as(ctx, a, func(o *official.Context) error {
		t, err := basic.NewBasic(o).GetQRTicket(basic.NewTmpQrRequest(valid, scene))
		if err != nil {
			return err
		}
		q = QR{ImageURL: basic.ShowQRCode(t), URL: t.URL, For: time.Duration(t.ExpireSeconds) * time.Second}
		return nil
	})
	return q, err
}

// as runs do with the account's token, and once more with a fresh one where WeChat
// says that the token is not valid (40001, 40014, 42001).
func (c *Client) as(ctx context.Context, a Account, do func(*official.Context) error) error {
	t := c.token(a)
	for again := false; ; again = true {
		access, err := t.get(ctx)
		if err != nil {
			return err
		}
		err = classify(do(&official.Context{
			Config: &config.Config{AppID: a.AppID, AppSecret: a.Secret}, AccessTokenHandle: fixed(access),
		}))
		if again || !badToken(err) {
			return err
		}
		t.drop(access)
	}
}

func (c *Client) token(a Account) *token {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := fmt.Sprint(a.AppID, "\x00", a.Secret, "\x00", a.BaseURL)
	if c.tokens == nil {
		c.tokens = map[string]*token{}
	}
	if c.tokens[key] == nil {
		c.tokens[key] = newToken(a)
	}
	return c.tokens[key]
}

// fixed hands one access token to the library.
type fixed string

func (f fixed) GetAccessToken() (string, error) { return string(f), nil }

func badToken(err error) bool {
	switch codeOf(err) {
	case "40001", "40014", "42001":
		return delivery.FailureOf(err) == delivery.Later
	}
	return false
}

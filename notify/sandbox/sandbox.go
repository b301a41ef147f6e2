package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"yingda/platform/db"
)

// Kinds of message.
const (
	SMS    = "sms"
	WeChat = "wechat"
)

// Trouble is what the outside world does to one message, for tests and drills.
type Trouble int

const (
	None       Trouble = iota
	DropBefore         // the connection breaks; the message was not taken
	DropAfter          // the message is taken; its answer is lost
	Busy               // come back later
	Refuse
)

// Sandbox is the built-in outside world. Close waits for receipts under way.
type Sandbox struct {
	DB      *db.DB
	Key     []byte        // makes the accounts' secrets; the same in every process of the installation
	Receipt string        // where receipts go; "" sends none
	Delay   time.Duration // from accepting a text to its receipt; 0 is 800 ms
	Now     func() time.Time
	Quota   int // template messages of an app and day; 0 is DailyPushes

	Trouble func(kind, reference string) Trouble // nil is None
	Arrived func(kind, account string)           // told of each new message; may be nil

	receipts   sync.WaitGroup
	mu         sync.Mutex
	generation map[string]int // of an app's access token
	quota      map[string]int // template messages of an app and day
}

// AccountOf is a tenant's SMS account.
func AccountOf(tenant db.ID) string { return "t" + tenant.String() }

// TemplateID is the one template that the simulated official accounts know.
const TemplateID = "SANDBOX-lead-notice"

// Secret is an account's or app's secret.
func (s *Sandbox) Secret(account string) string { return Secret(s.Key, account) }

// Secret is an account's secret under the installation's key.
func Secret(key []byte, account string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("sandbox " + account))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}

// Handler serves the SMS gateway under /sms and WeChat's API under /cgi-bin.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	s.smsRoutes(mux)
	s.wechatRoutes(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Sandbox", "yingda: nothing leaves this machine")
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		mux.ServeHTTP(w, r)
	})
}

// Close waits until the receipts under way have been posted.
func (s *Sandbox) Close() { s.receipts.Wait() }

func (s *Sandbox) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now().UTC()
}

func (s *Sandbox) trouble(kind, reference string) Trouble {
	if s.Trouble == nil {
		return None
	}
	return s.Trouble(kind, reference)
}

func (s *Sandbox) arrived(kind, account string) {
	if s.Arrived != nil {
		s.Arrived(kind, account)
	}
}

// drop breaks the connection in the middle of an answer.
func drop() { panic(http.ErrAbortHandler) }

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func decode(r *http.Request, into any) error {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// mask keeps what is enough to recognise one's own test: 138****1234.
func mask(number string) string {
	n := strings.TrimPrefix(number, "+86")
	if len(n) < 8 {
		return strings.Repeat("*", len(n))
	}
	return n[:3] + strings.Repeat("*", len(n)-7) + n[len(n)-4:]
}

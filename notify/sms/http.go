package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"yingda/notify/delivery"
)

// HTTP is the client of the generic HTTP gateway. The zero Client has a 10 s limit.
type HTTP struct {
	Base            string // up to and without "/messages"
	Account, Secret string
	Client          *http.Client
}

var client = &http.Client{Timeout: 10 * time.Second}

// Sent is the gateway's answer to a message or to a question about one.
type Sent struct {
	VendorID string `json:"vendor_id"`
	Segments int    `json:"segments"`
	State    string `json:"state"` // accepted, delivered, failed
	Code     string `json:"code"`
	Error    string `json:"error"`
}

// Receipt is what the gateway posts when it knows what became of a message.
type Receipt struct {
	ID       string    `json:"id"`
	VendorID string    `json:"vendor_id"`
	State    string    `json:"state"` // delivered, failed
	Error    string    `json:"error,omitempty"`
	At       time.Time `json:"at"`
}

// SignatureHeader carries Sign of a receipt's body.
const SignatureHeader = "X-Signature"

// Signature is what SignatureHeader carries for body.
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Signed says whether a receipt's signature is the secret's.
func Signed(secret string, body []byte, signature string) bool {
	return secret != "" && hmac.Equal([]byte(Signature(secret, body)), []byte(signature))
}

// Name is the gateway's host.
func (h HTTP) Name() string {
	if u, err := url.Parse(h.Base); err == nil && u.Host != "" {
		return u.Host
	}
	return h.Base
}

// Send hands the message over. The same ID again is answered with the first answer.
func (h HTTP) Send(ctx context.Context, m Message) (string, error) {
	body, err := json.Marshal(map[string]string{"id": m.ID, "to": m.To, "sign": m.Sign, "text": m.Text})
	if err != nil {
		return "", delivery.Fail(delivery.Refused, "", "notify.send.unwritable").Because(err)
	}
	status, sent, err := h.do(ctx, http.MethodPost, "/messages", body)
	if err != nil {
		return "", err
	}
	if status/100 != 2 {
		return "", failure(status, sent)
	}
	if sent.VendorID == "" {
		return "", delivery.Fail(delivery.Lost, "", "notify.send.no_id")
	}
	return sent.VendorID, nil
}

// Status asks the gateway about the message with our id.
func (h HTTP) Status(ctx context.Context, id string) (Status, error) {
	status, sent, err := h.do(ctx, http.MethodGet, "/messages/"+url.PathEscape(id), nil)
	switch {
	case err != nil:
		return Status{}, err
	case status == http.StatusNotFound:
		return Status{Fate: delivery.NotTaken}, nil
	case status != http.StatusOK:
		return Status{}, failure(status, sent)
	}
	return Status{Fate: fates[sent.State], VendorID: sent.VendorID, Error: sent.Error}, nil
}

var fates = map[string]delivery.Fate{"accepted": delivery.Taken, "delivered": delivery.Delivered, "failed": delivery.Failed}

// failure classifies an answer that is not 2xx. Only the gateway's own refusals and
// its "later" are sure; a 500 or a proxy's 502 may hide an accepted message.
func failure(status int, sent Sent) error {
	code, text := sent.Code, sent.Error
	if code == "" {
		code = fmt.Sprint(status)
	}
	if text == "" {
		text = "notify.send.status"
	}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable, status == http.StatusUnauthorized:
		return delivery.Fail(delivery.Later, code, text) // a wrong account is mended by an operator, not by the message
	case status/100 == 4:
		return delivery.Fail(delivery.Refused, code, text)
	}
	return delivery.Fail(delivery.Lost, code, text)
}

func (h HTTP) do(ctx context.Context, method, path string, body []byte) (int, Sent, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(h.Base, "/")+path, bytes.NewReader(body))
	if err != nil {
		return 0, Sent{}, delivery.Fail(delivery.Later, "", "notify.send.bad_address").Because(err)
	}
	req.SetBasicAuth(h.Account, h.Secret)
	req.Header.Set("Content-Type", "application/json")
	c := h.Client
	if c == nil {
		c = client
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, Sent{}, lostOrNot(err)
	}
	defer res.Body.Close()
	var sent Sent
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err == nil && len(b) > 0 && json.Unmarshal(b, &sent) != nil && res.StatusCode/100 == 2 {
		err = errors.New("the answer is no JSON")
	}
	if err != nil {
		return 0, Sent{}, delivery.Fail(delivery.Lost, fmt.Sprint(res.StatusCode), "notify.send.half_answer").Because(err)
	}
	return res.StatusCode, sent, nil
}

// lostOrNot: a connection that was never made took nothing; any other break may
// have come after the gateway read the message.
func lostOrNot(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return delivery.Fail(delivery.Later, "", "notify.send.no_connection").Because(err)
	}
	return delivery.Fail(delivery.Lost, "", "notify.send.no_answer").Because(err)
}

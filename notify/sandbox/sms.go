package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"yingda/notify/sms"
	"yingda/platform/db"
)

// Text is an SMS as the sandbox keeps it.
type Text struct {
	Sign     string `json:"sign"`
	Text     string `json:"text"`
	Segments int    `json:"segments"`
	State    string `json:"state"` // accepted, delivered, failed
	Error    string `json:"error,omitempty"`
}

func (s *Sandbox) smsRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /sms/messages", s.postSMS)
	mux.HandleFunc("GET /sms/messages/{id}", s.getSMS)
}

func (s *Sandbox) smsAccount(w http.ResponseWriter, r *http.Request) (string, bool) {
	account, secret, _ := r.BasicAuth()
	if account == "" || secret != s.Secret(account) {
		reply(w, http.StatusUnauthorized, sms.Sent{Code: "bad_account", Error: "sandbox: wrong account or secret"})
		return "", false
	}
	return account, true
}

func (s *Sandbox) postSMS(w http.ResponseWriter, r *http.Request) {
	account, ok := s.smsAccount(w, r)
	if !ok {
		return
	}
	var in struct{ ID, To, Sign, Text string }
	if err := decode(r, &in); err != nil || in.ID == "" || in.To == "" || in.Text == "" {
		reply(w, http.StatusUnprocessableEntity, sms.Sent{Code: "bad_message", Error: "sandbox: id, to and text are needed"})
		return
	}
	trouble := s.trouble(SMS, in.ID)
	if s.refuseSMS(w, trouble, in.To) {
		return
	}
	text := Text{Sign: in.Sign, Text: in.Text, Segments: sms.Segments(sms.Whole(in.Sign, in.Text)), State: "accepted"}
	kept, fresh, err := s.take(r.Context(), row{Kind: SMS, Account: account, Receiver: mask(in.To), Reference: in.ID}, text)
	if err != nil {
		reply(w, http.StatusInternalServerError, sms.Sent{Error: "sandbox: cannot keep the message"})
		return
	}
	status := http.StatusOK
	if fresh {
		status = http.StatusCreated
		s.promiseReceipt(kept, text, in.To)
		s.arrived(SMS, account)
	}
	if trouble == DropAfter {
		drop()
	}
	reply(w, status, sms.Sent{VendorID: vendorID(kept.ID), Segments: text.Segments, State: "accepted"})
}

// refuseSMS plays the answers that take no message; true where it has answered.
func (s *Sandbox) refuseSMS(w http.ResponseWriter, t Trouble, to string) bool {
	switch {
	case t == DropBefore:
		drop()
	case t == Busy:
		w.Header().Set("Retry-After", "1")
		reply(w, http.StatusTooManyRequests, sms.Sent{Code: "busy", Error: "发送过快（模拟） / too many messages (sandbox)"})
		return true
	case t == Refuse, strings.HasSuffix(to, "9990"):
		reply(w, http.StatusUnprocessableEntity, sms.Sent{Code: "bad_number", Error: "空号（模拟） / no such number (sandbox)"})
		return true
	}
	return false
}

func (s *Sandbox) getSMS(w http.ResponseWriter, r *http.Request) {
	account, ok := s.smsAccount(w, r)
	if !ok {
		return
	}
	kept, err := s.find(r.Context(), SMS, account, r.PathValue("id"))
	if err != nil {
		status := http.StatusInternalServerError
		if db.IsMissing(err) {
			status = http.StatusNotFound
		}
		reply(w, status, sms.Sent{Code: "unknown_id"})
		return
	}
	m, _ := kept.message()
	reply(w, http.StatusOK, sms.Sent{VendorID: vendorID(kept.ID), Segments: m.Text.Segments, State: m.Text.State, Error: m.Text.Error})
}

func vendorID(id db.ID) string { return "SB" + id.String() }

// promiseReceipt settles the text after Delay and posts the receipt.
func (s *Sandbox) promiseReceipt(kept row, text Text, to string) {
	text.State = "delivered"
	if strings.HasSuffix(to, "9991") {
		text.State, text.Error = "failed", "关机（模拟） / switched off (sandbox)"
	}
	wait := s.Delay
	if wait == 0 {
		wait = 800 * time.Millisecond
	}
	s.receipts.Go(func() {
		time.Sleep(wait)
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		if s.rewrite(ctx, kept.ID, text) == nil && s.Receipt != "" {
			s.postReceipt(ctx, kept, text)
		}
	})
}

// postReceipt tries a few times, as gateways do, and then lets it be: the sender
// may ask.
func (s *Sandbox) postReceipt(ctx context.Context, kept row, text Text) {
	body, err := json.Marshal(sms.Receipt{ID: kept.Reference, VendorID: vendorID(kept.ID), State: text.State, Error: text.Error, At: s.now()})
	if err != nil {
		return
	}
	for try := range 3 {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Receipt, bytes.NewReader(body))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(sms.SignatureHeader, sms.Signature(s.Secret(kept.Account), body))
		req.SetBasicAuth(kept.Account, "")
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode/100 == 2 {
				return
			}
		}
		time.Sleep(time.Duration(try+1) * 500 * time.Millisecond)
	}
}

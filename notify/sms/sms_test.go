package sms

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yingda/notify/delivery"
)

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"nothing costs nothing", "", 0},
		{"one character", "好", 1},
		{"seventy fit alone", strings.Repeat("好", 70), 1},
		{"seventy-one are split by 67", strings.Repeat("好", 71), 2},
		{"134 are two", strings.Repeat("好", 134), 2},
		{"135 are three", strings.Repeat("好", 135), 3},
		{"letters count like characters", strings.Repeat("a", 71), 2},
		{"an emoji counts two", strings.Repeat("😀", 35), 1},
		{"and 36 of them split", strings.Repeat("😀", 36), 2},
		{"the signature is billed", Whole("应答", strings.Repeat("好", 67)), 2},
	} {
		if got := Segments(c.text); got != c.want {
			t.Errorf("%s: %d segments, want %d", c.name, got, c.want)
		}
	}
}

func TestHTTPClassifiesAnswers(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   delivery.Failure
	}{
		{422, `{"code":"bad_number","error":"空号"}`, delivery.Refused},
		{429, `{}`, delivery.Later}, {503, `{}`, delivery.Later}, {401, `{}`, delivery.Later},
		{500, `oops`, delivery.Lost}, {502, ``, delivery.Lost}, {201, `{"vendor`, delivery.Lost}, {200, `{}`, delivery.Lost},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		_, err := HTTP{Base: s.URL}.Send(context.Background(), Message{ID: "1", To: "+8613800001234", Text: "x"})
		s.Close()
		if err == nil || delivery.FailureOf(err) != c.want {
			t.Errorf("%d %q: %v, want %v", c.status, c.body, err, c.want)
		}
	}
}

func TestHTTPKnowsWhenNothingWasTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + l.Addr().String()
	_ = l.Close()
	if _, err = (HTTP{Base: gone}).Send(context.Background(), Message{ID: "1"}); delivery.FailureOf(err) != delivery.Later {
		t.Fatalf("nobody listens: %v", err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer s.Close()
	if _, err = (HTTP{Base: s.URL}).Send(context.Background(), Message{ID: "1"}); delivery.FailureOf(err) != delivery.Lost {
		t.Fatalf("the connection broke after the request: %v", err)
	}
}

func TestSignature(t *testing.T) {
	body := []byte(`{"id":"1"}`)
	if !Signed("s", body, Signature("s", body)) || Signed("t", body, Signature("s", body)) || Signed("", body, Signature("", body)) {
		t.Fatal("only the secret's own signature holds, and no secret signs nothing")
	}
}

func FuzzSegments(f *testing.F) {
	f.Add("【应答】您好")
	f.Fuzz(func(t *testing.T, s string) {
		n := Segments(s)
		if n < 0 || (s != "" && n == 0) || Segments(s+"x") < n {
			t.Fatalf("%q costs %d", s, n)
		}
	})
}

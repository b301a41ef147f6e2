package blob

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"yingda/platform/errs"
)

// SignedName is a name under which the file may be fetched without a login until the
// given second: for an audio element, a chat message, a vendor that fetches by URL.
// It shows the key; nobody without the secret can make or change one.
func (s *Store) SignedName(key string, until time.Time) string {
	body := strconv.FormatInt(until.Unix(), 36) + "." + base64.RawURLEncoding.EncodeToString([]byte(key))
	return body + "." + s.mac(body)
}

// Verify returns the key of a signed name; NotFound for one that is forged or has run out.
func (s *Store) Verify(name string, now time.Time) (key string, err error) {
	refused := errs.New(errs.NotFound, "blob.link_expired")
	i := strings.LastIndexByte(name, '.')
	if i < 0 || !hmac.Equal([]byte(name[i+1:]), []byte(s.mac(name[:i]))) {
		return "", refused
	}
	until, encoded, _ := strings.Cut(name[:i], ".")
	end, err := strconv.ParseInt(until, 36, 64)
	b, err2 := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || err2 != nil || now.Unix() >= end || check(string(b)) != nil {
		return "", refused
	}
	return string(b), nil
}

func (s *Store) mac(body string) string {
	m := hmac.New(sha256.New, s.secret)
	m.Write([]byte("blob name\x00" + body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

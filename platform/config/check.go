package config

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checks are the shapes a single text can have.
var checks = map[string]func(string) error{"listen": checkListen, "url": checkURL, "ip": checkIP, "key": checkKey, "number": checkNumber}

func checkListen(text string) error {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return fmt.Errorf("%q is no address such as :8080 or 127.0.0.1:8080", text)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q has no port between 0 and 65535", text)
	}
	if strings.ContainsAny(host, " /") {
		return fmt.Errorf("%q is no host", host)
	}
	return nil
}

func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is no address such as https://call.example.com", text)
	}
	return nil
}

func checkIP(text string) error {
	if _, err := netip.ParseAddr(text); err != nil {
		return fmt.Errorf("%q is no IP address", text)
	}
	return nil
}

// checkNumber keeps everything that could break a SIP header out of a number.
func checkNumber(text string) error {
	if strings.Trim(strings.TrimPrefix(text, "+"), "0123456789") != "" || len(text) > 20 {
		return fmt.Errorf("%q is no number such as 02088886666", text)
	}
	return nil
}

func checkKey(text string) error {
	_, err := parseKey(text)
	return err
}

// parseKey reads 32 bytes written as hex or base64.
func parseKey(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString} {
		if b, err := decode(text); err == nil && len(b) == 32 {
			return b, nil
		}
	}
	return nil, errors.New("is not 32 bytes in hex or base64")
}

// check says what single settings cannot: how they go together.
func (c Config) check() Problems {
	var p Problems
	at := func(key, why string) { p = append(p, Problem{c.place(key), why}) }
	if c.Data == "" {
		at("data", "must not be empty")
	}
	if len(c.Roles) == 0 {
		at("roles", "must name at least one role")
	}
	if c.SIP.RTPMax-c.SIP.RTPMin < 3 {
		at("sip.rtp_max", "must be at least 3 above sip.rtp_min")
	}
	if c.Session.Idle > c.Session.Lifetime {
		at("session.idle", "is longer than session.lifetime")
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		at("tls.cert", "and tls.key belong together; one is missing")
	}
	if c.Line.Username == "" && c.Line.Password != "" {
		at("line.password", "needs line.username")
	}
	for _, network := range c.HTTP.Proxies {
		if _, err := netip.ParsePrefix(network); err != nil {
			at("http.proxies", fmt.Sprintf("%q is no network such as 10.0.0.0/8", network))
		}
	}
	return p
}

// place names a setting and where it was written.
func (c Config) place(key string) string {
	if from := c.from[key]; from != "" && from != "default" && from != key {
		return key + " (" + from + ")"
	}
	return key
}

func hasPrefix(text, prefix string) bool { return strings.HasPrefix(text, prefix) }

func trimSlash(s string) string { return strings.TrimRight(s, "/") }

// localhost is where a person on this machine finds a listening address.
func localhost(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

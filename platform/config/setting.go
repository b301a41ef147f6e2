package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// setting is one field of Config with what its tags say.
type setting struct {
	key                     string // "http.listen"
	value                   reflect.Value
	def, help               string
	oneof, check, low, high string
	secret                  bool
}

func settingsOf(c *Config) []setting { return walk("", reflect.ValueOf(c).Elem()) }

func walk(prefix string, v reflect.Value) []setting {
	var out []setting
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key := prefix + snake(f.Name)
		switch {
		case !f.IsExported():
		case f.Type.Kind() == reflect.Struct:
			out = append(out, walk(key+".", v.Field(i))...)
		default:
			t := f.Tag
			out = append(out, setting{key, v.Field(i), t.Get("default"), t.Get("help"), t.Get("oneof"), t.Get("check"), t.Get("min"), t.Get("max"), t.Get("secret") != ""})
		}
	}
	return out
}

// snake writes MaxCalls as max_calls, RTPMin as rtp_min, WeChat as wechat.
func snake(name string) string {
	if name == "WeChat" {
		return "wechat"
	}
	var b strings.Builder
	r := []rune(name)
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) && (unicode.IsLower(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

func (s setting) env() string {
	return "YINGDA_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

func (s setting) flag() string { return strings.NewReplacer(".", "-", "_", "-").Replace(s.key) }

func (s setting) isBool() bool { return s.value.Kind() == reflect.Bool }

// parse sets the field from its text; the error is what a person should read.
func (s setting) parse(text string) error {
	text = strings.TrimSpace(text)
	switch p := s.value.Addr().Interface().(type) {
	case *string:
		if err := s.allowed(text); err != nil {
			return err
		}
		*p = text
	case *[]string:
		return s.parseList(p, text)
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no whole number", text)
		}
		*p = n
		return s.bounded(func(bound string) int { b, _ := strconv.Atoi(bound); return n - b })
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is no duration such as 90s, 15m or 12h", text)
		}
		*p = d
		return s.bounded(func(bound string) int { b, _ := time.ParseDuration(bound); return int(d - b) })
	default:
		panic("config: no rule for a setting of type " + s.value.Type().String())
	}
	return nil
}

func (s setting) parseList(p *[]string, text string) error {
	var list []string
	for _, one := range strings.Split(text, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if err := s.allowed(one); err != nil {
			return err
		}
		list = append(list, one)
	}
	*p = list
	return nil
}

// allowed checks oneof and the named check; empty text means "not set" and is always allowed.
func (s setting) allowed(text string) error {
	if text == "" {
		return nil
	}
	if s.oneof != "" && !matches(strings.Fields(s.oneof), text) {
		return fmt.Errorf("%q is none of: %s", text, strings.Join(strings.Fields(s.oneof), ", "))
	}
	if check, has := checks[s.check]; has {
		return check(text)
	}
	return nil
}

// matches compares with exact words and, for words that end in ':' or '/', with prefixes.
func matches(words []string, text string) bool {
	for _, w := range words {
		prefix := strings.HasSuffix(w, ":") || strings.HasSuffix(w, "/")
		if text == w || prefix && hasPrefix(text, w) && len(text) > len(w) {
			return true
		}
	}
	return false
}

func (s setting) bounded(against func(bound string) int) error {
	switch {
	case s.low != "" && against(s.low) < 0:
		return fmt.Errorf("is less than %s", s.low)
	case s.high != "" && against(s.high) > 0:
		return fmt.Errorf("is more than %s", s.high)
	}
	return nil
}

// hide keeps a secret out of the message about it.
func (s setting) hide(err error, text string) error {
	if !s.secret || text == "" || !strings.Contains(err.Error(), text) && !strings.Contains(err.Error(), strconv.Quote(text)) {
		return err
	}
	if s.oneof != "" {
		return errors.New("must start with one of: " + strings.Join(strings.Fields(s.oneof), ", "))
	}
	return errors.New("is not valid")
}

// text writes the field as it would be written in the environment.
func (s setting) text() string {
	switch v := s.value.Interface().(type) {
	case []string:
		return strings.Join(v, ",")
	default:
		return fmt.Sprint(v)
	}
}

package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yingda/platform/config"
)

// world is the outside of one run: files and environment.
type world struct{ files, env map[string]string }

func (w world) load(args ...string) (config.Config, error) {
	return config.Load(args, func(k string) string { return w.env[k] }, func(name string) ([]byte, error) {
		text, has := w.files[name]
		if !has {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	})
}

func TestNothingConfigured(t *testing.T) {
	c, err := world{}.load()
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP.Listen != ":8080" || c.Line.Ring != 45*time.Second || !c.Has("media") || !c.Embedded() {
		t.Fatalf("defaults: %+v", c)
	}
	if got := c.DSN(); got != "sqlite:var/yingda.db" {
		t.Fatalf("database at %s", got)
	}
	if got := c.BaseURL(); got != "http://localhost:8080" {
		t.Fatalf("reached at %s", got)
	}
}

func TestFlagOverEnvOverFile(t *testing.T) {
	w := world{
		files: map[string]string{
			"my.yaml":  "data: /srv/y\nroles: [api, media]\nhttp:\n  listen: :1\n  public: https://x.example/\nline:\n  ring: 20s\n  cps: 7\n",
			"/run/dsn": "mysql:u:p@tcp(db)/y\n",
		},
		env: map[string]string{"YINGDA_HTTP_LISTEN": ":2", "YINGDA_LINE_CPS": "8", "YINGDA_DATABASE_DSN_FILE": "/run/dsn"},
	}
	c, err := w.load("--config", "my.yaml", "--line-cps=9", "--demo")
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/srv/y" || c.HTTP.Listen != ":2" || c.Line.Ring != 20*time.Second || c.Line.CPS != 9 || !c.Demo {
		t.Fatalf("got %+v", c)
	}
	if c.Database.DSN != "mysql:u:p@tcp(db)/y" || c.Embedded() || c.BaseURL() != "https://x.example" {
		t.Fatalf("got %+v", c)
	}
	if c.Has("worker") || !c.Has("api") {
		t.Fatalf("roles %v", c.Roles)
	}
}

func TestEveryProblemIsNamed(t *testing.T) {
	w := world{
		files: map[string]string{"yingda.yaml": "http:\n  lisen: :1\n  body: 60\nlisten: :2\nline:\n  ring: 1s\n  ring: 2s\nsip: 5060\n"},
		env: map[string]string{
			"YINGDA_ROLES": "api,boss", "YINGDA_DEMO": "perhaps", "YINGDA_HTTP_PUBLIC": "example.com", "YINGDA_LINE_CALLER_ID": "1>;x=y", "YINGDA_SIP_ADVERTISE": "here",
			"YINGDA_MASTER_KEY": "hunter2", "YINGDA_REDIS_URL": "http://secret", "YINGDA_DATABASE_DSN": "mysql:x", "YINGDA_DATABASE_DSN_FILE": "/x",
		},
	}
	_, err := w.load("--nonsense", "--http-listen", "8080", "--media-max-calls", "-1", "--line-cps")
	var all config.Problems
	if !errors.As(err, &all) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{
		"yingda.yaml:2 http.lisen: is not a setting",
		"yingda.yaml:3 http.body: is not a setting",
		"yingda.yaml:4 listen: is not a setting; did you mean http.listen?",
		"yingda.yaml:6 line.ring: is less than 5s",
		"yingda.yaml:7 line.ring: is given twice",
		"yingda.yaml:8 sip: must be a list of name: value",
		`YINGDA_ROLES: "boss" is none of: all, api, worker, media`,
		`YINGDA_DEMO: "perhaps" is neither true nor false`,
		`YINGDA_HTTP_PUBLIC: "example.com" is no address`,
		`YINGDA_SIP_ADVERTISE: "here" is no IP address`,
		`YINGDA_LINE_CALLER_ID: "1>;x=y" is no number`,
		"YINGDA_MASTER_KEY: is not 32 bytes",
		"YINGDA_REDIS_URL: must start with one of: child",
		"YINGDA_DATABASE_DSN: is given together with YINGDA_DATABASE_DSN_FILE",
		"--nonsense: is not a setting",
		`--http-listen: "8080" is no address`,
		"--media-max-calls: is less than 0",
		"--line-cps: needs a value",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s", want)
		}
	}
	if len(all) != 18 {
		t.Errorf("%d problems:\n%v", len(all), err)
	}
	if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "secret") {
		t.Error("a secret is in the message")
	}
}

func TestHowSettingsGoTogether(t *testing.T) {
	_, err := world{}.load("--sip-rtp-min=30000", "--tls-cert=c.pem", "--session-idle=24h", "--http-proxies=10.0.0.1", "--line-password=x")
	for _, want := range []string{"sip.rtp_max: must be at least", "tls.cert (--tls-cert): and tls.key", "session.idle (--session-idle): is longer", "http.proxies (--http-proxies): \"10.0.0.1\" is no network", "line.password (--line-password): needs line.username"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, err)
		}
	}
	if _, err := (world{}).load("--config", "gone.yaml"); err == nil {
		t.Error("a named file that is missing was accepted")
	}
}

func TestSplitLeavesTheRest(t *testing.T) {
	mine, rest := config.Split([]string{"--once", "--data", "/tmp/x", "file.xlsx", "--demo", "--http-listen=:1", "--", "--data", "y"})
	if strings.Join(mine, " ") != "--data /tmp/x --demo --http-listen=:1" || strings.Join(rest, " ") != "--once file.xlsx -- --data y" {
		t.Fatalf("mine %q, rest %q", mine, rest)
	}
}

func TestDescribeShowsNoSecret(t *testing.T) {
	c, err := world{env: map[string]string{"YINGDA_REDIS_URL": "redis://:hunter2@r"}}.load()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]config.Setting{}
	for _, s := range c.Describe() {
		if s.Help == "" || strings.Contains(s.Value, "hunter2") {
			t.Errorf("%+v", s)
		}
		seen[s.Key] = s
	}
	if s := seen["redis.url"]; s.Value != "set" || s.From != "YINGDA_REDIS_URL" || s.Env != "YINGDA_REDIS_URL" {
		t.Errorf("%+v", s)
	}
	if s := seen["sip.rtp_min"]; s.Value != "20000" || s.Flag != "--sip-rtp-min" || s.From != "default" {
		t.Errorf("%+v", s)
	}
	if seen["master.key"].Value != "unset" || seen["sandbox.wechat"].Env != "YINGDA_SANDBOX_WECHAT" {
		t.Errorf("%+v %+v", seen["master.key"], seen["sandbox.wechat"])
	}
}

func TestMasterKey(t *testing.T) {
	c := config.Default()
	c.Data = filepath.Join(t.TempDir(), "new")
	first, err := c.MasterKey()
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	info, err := os.Stat(filepath.Join(c.Data, "master.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key file %v, %v", info, err)
	}
	if again, err := c.MasterKey(); err != nil || string(again) != string(first) {
		t.Fatalf("second call gives another key, %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.Data, ".master-*")); len(left) > 0 {
		t.Fatalf("left behind %v", left)
	}
	c.Database.DSN = "mysql:x"
	c.Data = t.TempDir()
	if _, err := c.MasterKey(); err == nil {
		t.Fatal("a shared database got a key of this node's own")
	}
	c.Master.Key = strings.Repeat("ab", 32)
	if key, err := c.MasterKey(); err != nil || key[0] != 0xab {
		t.Fatalf("%x, %v", key, err)
	}
	c.Master.Key, c.Database.DSN = "", ""
	if err := os.WriteFile(filepath.Join(c.Data, "master.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.MasterKey(); err == nil {
		t.Fatal("a broken key file was accepted or replaced")
	}
}

package config

import (
	"path/filepath"
	"slices"
	"time"
)

// Config is everything that can be configured. Tags: default, help, oneof (exact
// values, or a prefix ending in :), min, max, secret. The zero value is not useful; use Load or Default.
type Config struct {
	Data  string   `default:"./var" help:"folder for everything the program keeps: database, recordings, keys, broker"`
	Node  string   `help:"name of this node, unique in the installation; empty: host name plus a mark kept in the data folder"`
	Roles []string `default:"all" oneof:"all api worker media" help:"what this node does, separated by commas"`
	Demo  bool     `help:"create the demo tenant and offer simulated callees on a loopback line"`

	HTTP     HTTP
	Database Database
	Redis    Redis
	SIP      SIP
	Line     Line
	Media    Media
	Speech   Speech
	Sandbox  Sandbox
	Session  Session
	Master   Master
	Log      Log
	TLS      TLS

	from map[string]string // setting → where its value was written
}

// HTTP is the console and the API, and the private port beside them.
type HTTP struct {
	Listen  string   `default:":8080" check:"listen" help:"address of console and API"`
	Public  string   `check:"url" help:"address that browsers and vendors reach, such as https://call.example.com; empty: http://localhost with the port"`
	Private string   `default:"127.0.0.1:6060" check:"listen" help:"address of metrics and pprof, never to be public; empty: none"`
	Proxies []string `help:"networks (CIDR) of reverse proxies whose X-Forwarded-For is believed"`
}

// Database is where the facts are kept.
type Database struct {
	DSN string `secret:"true" oneof:"sqlite: mysql:" help:"sqlite:/path/file.db or mysql:user:password@tcp(host:3306)/name; empty: SQLite in the data folder"`
}

// Redis carries the queue and the live events.
type Redis struct {
	URL string `secret:"true" oneof:"child memory redis:// rediss:// unix://" help:"redis://host:6379/0; child: own redis-server; memory: in the process, not durable; empty: child where redis-server is installed, else memory"`
}

// SIP is the signalling and media address of a media node.
type SIP struct {
	Listen    string `default:"127.0.0.1:5070" check:"listen" help:"UDP address for SIP; loopback until you open it to your carrier"`
	Advertise string `check:"ip" help:"IP address that carriers and browsers shall send to; empty: the address listened on"`
	RTPMin    int    `default:"20000" min:"1024" max:"65534" help:"first UDP port for RTP"`
	RTPMax    int    `default:"29999" min:"1025" max:"65535" help:"last UDP port for RTP; a call takes two"`
}

// Line holds what a new line starts with; each line can be changed in the console.
type Line struct {
	Address  string        `help:"SIP line to dial over, host:port; empty: the lines in the database, and with demo the simulated callees of this process"`
	Username string        `help:"name for the line's digest login; empty: none is asked for, or the one in the database is kept"`
	Password string        `secret:"true" help:"password of the line's digest login; empty: the one in the database is kept"`
	CallerID string        `check:"number" help:"number that callees see, as the line wants it; empty: the one in the database is kept"`
	Channels int           `default:"30" min:"1" max:"100000" help:"calls at a time on a new line"`
	CPS      int           `default:"5" min:"1" max:"10000" help:"new calls a second on a new line"`
	Ring     time.Duration `default:"45s" min:"5s" max:"3m" help:"how long a call may ring"`
	Longest  time.Duration `default:"10m" min:"10s" max:"4h" help:"longest robot call"`
}

// Media bounds what a media node takes on.
type Media struct {
	MaxCalls int `min:"0" max:"100000" help:"calls at a time on this node; 0: 900 for each core"`
	Shards   int `min:"0" max:"256" help:"media loops; 0: one for each core"`
}

// Speech says who hears and who speaks.
type Speech struct {
	Recognizer string `default:"auto" oneof:"auto none local ws:// wss://" help:"local: our own recogniser as a child process; ws://host:10095: a FunASR server; none: keys and text only; auto: local where it is complete, else none"`
	Voice      string `default:"auto" oneof:"auto none espeak syllable" help:"voice for prompts that have no recording"`
	Models     string `default:"./models" help:"folder of the recogniser's model and the callee's voice"`
	Workers    int    `min:"0" max:"256" help:"recognitions at a time in the local recogniser; 0: one for each core"`
	Calls      int    `min:"0" max:"10000" help:"calls at a time that the local recogniser hears; 0: 25 for each of its workers"`
}

// Sandbox stands in for vendors; everything it does is marked as such.
type Sandbox struct {
	SMS    bool `help:"offer the built-in SMS gateway, which delivers nothing"`
	WeChat bool `help:"offer the built-in WeChat simulator"`
}

// Session is how long a login lasts.
type Session struct {
	Lifetime time.Duration `default:"12h" min:"5m" max:"720h" help:"longest login"`
	Idle     time.Duration `default:"2h" min:"1m" max:"720h" help:"login ends after this long without a request"`
}

// Master is the key under which phone numbers and vendor secrets are encrypted.
type Master struct {
	Key string `secret:"true" check:"key" help:"32 bytes, as 64 hex digits or base64; empty: the file master.key in the data folder, made at first start with SQLite"`
}

// Log is what the program says about its work.
type Log struct {
	Level  string `default:"info" oneof:"debug info warn error" help:"least level that is written"`
	Format string `default:"text" oneof:"text json" help:"how a line is written"`
}

// TLS makes the HTTP address HTTPS, which microphones in browsers need.
type TLS struct {
	Cert string `help:"file of the certificate chain (PEM)"`
	Key  string `help:"file of its private key (PEM)"`
}

// Has says whether this node does the work of role ("api", "worker", "media").
func (c Config) Has(role string) bool {
	return slices.Contains(c.Roles, "all") || slices.Contains(c.Roles, role)
}

// Embedded says that the database lives in the data folder: one machine, nothing else prepared.
func (c Config) Embedded() bool { return c.Database.DSN == "" || hasPrefix(c.Database.DSN, "sqlite:") }

// DSN is the database's address with the default filled in, as db.Open takes it.
func (c Config) DSN() string {
	if c.Database.DSN != "" {
		return c.Database.DSN
	}
	return "sqlite:" + filepath.Join(c.Data, "yingda.db")
}

// BaseURL is the address that browsers reach, without a slash at the end.
func (c Config) BaseURL() string {
	if c.HTTP.Public != "" {
		return trimSlash(c.HTTP.Public)
	}
	scheme := "http"
	if c.TLS.Cert != "" {
		scheme = "https"
	}
	return scheme + "://" + localhost(c.HTTP.Listen)
}

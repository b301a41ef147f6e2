package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"yingda/platform/db"
)

// Topic is what a message is about. Name is the browser's event name. Messages with the
// same Name and Key replace each other while they wait; an empty Key is never replaced.
type Topic struct{ Name, Key string }

// Audience says who of the tenant is told: these people, and whoever holds the right.
// The zero value is everybody.
type Audience struct {
	Users []db.ID `json:"u,omitempty"`
	Right string  `json:"r,omitempty"`
}

// Everybody is the whole tenant.
var Everybody = Audience{}

// To is these people only; 0 is nobody.
func To(users ...db.ID) Audience { return Audience{Users: append([]db.ID{}, users...)} }

// Holding is whoever holds the right, besides the people named.
func Holding(right string, users ...db.ID) Audience { return Audience{Users: users, Right: right} }

// message is what travels between hubs. N counts the messages of the hub it came from.
type message struct {
	Hub    string          `json:"h"`
	N      uint64          `json:"n"`
	Name   string          `json:"e"`
	Key    string          `json:"k,omitempty"`
	Tenant db.ID           `json:"t"`
	To     Audience        `json:"a"`
	Data   json.RawMessage `json:"d"`
}

// newMessage renders the payload; an error is a programming error of the caller.
func newMessage(t Topic, tenant db.ID, to Audience, payload any) (message, error) {
	if t.Name == "" || strings.ContainsAny(t.Name, "\r\n") {
		return message{}, fmt.Errorf("live: %q is no event name", t.Name)
	}
	data, err := json.Marshal(payload)
	if err != nil {
		return message{}, fmt.Errorf("live: %s: %w", t.Name, err)
	}
	return message{Name: t.Name, Key: t.Key, Tenant: tenant, To: to, Data: data}, nil
}

// frame is a message with its place among those that this hub delivered, written once for all streams.
type frame struct {
	message
	seq  uint64
	text []byte
}

func (f *frame) coalesceKey() string {
	if f.Key == "" {
		return ""
	}
	return f.Name + "\x00" + f.Key
}

// render writes an event as the standard says: fields, then an empty line. JSON has no line ends.
func render(id, name string, data []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %s\nevent: %s\ndata: ", id, name)
	b.Write(data)
	b.WriteString("\n\n")
	return b.Bytes()
}

// Subscription is who listens. Messages of other tenants never reach it.
type Subscription struct {
	Tenant db.ID
	User   db.ID
	Has    func(right string) bool // nil: holds none
	Topics []string                // names wanted; none means all

	// Valid is asked at every keep-alive; false ends the stream (session over, rights changed). nil: always.
	Valid func() bool
}

func (s Subscription) wants(m message) bool {
	if m.Tenant != s.Tenant || len(s.Topics) > 0 && !slices.Contains(s.Topics, m.Name) {
		return false
	}
	if m.To.Users == nil && m.To.Right == "" {
		return true
	}
	return s.User != 0 && slices.Contains(m.To.Users, s.User) || m.To.Right != "" && s.Has != nil && s.Has(m.To.Right)
}

package notify

import (
	"slices"
	"strings"
	"time"

	"yingda/notify/delivery"
	"yingda/platform/db"
)

// Kind is how a promise reaches its receiver.
type Kind string

const (
	SMS    Kind = "sms"
	WeChat Kind = "wechat"
)

// State is where a promise stands. The arrows are in canGo.
type State string

const (
	Pending   State = "pending"   // to be handed over at NextAt
	Sending   State = "sending"   // a worker has it until NextAt
	Sent      State = "sent"      // the vendor has accepted it
	Delivered State = "delivered" // the vendor says that it arrived
	Failed    State = "failed"    // it will not arrive; Error says why
	Unknown   State = "unknown"   // the answer was lost; asked back at NextAt, or a person decides
	NoCredit  State = "no_credit" // the SMS credit did not suffice
)

var canGo = map[State][]State{
	Pending:  {Sending},
	Sending:  {Sending, Pending, Sent, Delivered, Failed, Unknown}, // to itself: taken over from a dead worker
	Unknown:  {Sending, Delivered, Failed, Pending},
	Sent:     {Delivered, Failed},
	Failed:   {Pending, Delivered}, // resent by a person; a receipt later than our patience
	NoCredit: {Pending},
}

// States lists all of them, in the order the console shows.
var States = []State{Pending, Sending, Sent, Delivered, Failed, Unknown, NoCredit}

func (s State) canGo(to State) bool { return slices.Contains(canGo[s], to) }

// Promise is one message that is owed.
type Promise struct {
	ID          db.ID
	TenantID    db.ID
	Kind        Kind
	Rule        string // keyword, screening, push
	UniqueKey   string
	CampaignID  db.ID
	CallID      db.ID
	LeadID      db.ID
	UserID      db.ID  // the rep of a push
	PhoneCipher []byte // the receiver of an SMS
	PhoneLast4  string
	OpenID      string `gorm:"column:open_id"` // the receiver of a push
	Body        Body   `gorm:"serializer:json"`
	Segments    int    // billed
	State       State
	Tries       int // handings-over begun; with State the fence of a worker
	VendorID    string
	Error       string // a message key of this room, or the vendor's code and words
	NextAt      *time.Time
	CreatedAt   time.Time
	SentAt      *time.Time // accepted by the vendor
	CallEndedAt *time.Time
	Resent      int    // by a person; each is a submission of its own
	Carrier     string // which gateway or account took it
	FirstSentAt *time.Time
}

// Body is what is said: an SMS has Sign and Text, a push Data and URL.
type Body struct {
	Sign string            `json:"sign,omitempty"`
	Text string            `json:"text,omitempty"`
	Data map[string]string `json:"data,omitempty"`
	URL  string            `json:"url,omitempty"`
}

// key is the promise's name at the vendor: the same for every try, another after a resend.
func (p *Promise) key() string { return p.ID.String() + "-" + db.ID(p.Resent).String() }

// parseKey reads what key wrote.
func parseKey(key string) (id db.ID, resent int, ok bool) {
	a, b, found := strings.Cut(key, "-")
	var n db.ID
	if !found || id.UnmarshalText([]byte(a)) != nil || n.UnmarshalText([]byte(b)) != nil {
		return 0, 0, false
	}
	return id, int(n), id != 0
}

// due says whether a worker may take the promise now.
func (p *Promise) due(now time.Time) bool {
	return p.State.canGo(Sending) && p.NextAt != nil && !p.NextAt.After(now)
}

// verdict is where a promise goes after a try.
type verdict struct {
	State  State
	NextAt *time.Time
	Refund bool // the vendor surely took nothing, and will not be asked again
}

// judge decides what a try's error means (nil is accepted). askable says that the
// vendor can be asked or drops repeats, so that Unknown is not the end.
func judge(tries int, err error, askable bool, now time.Time) verdict {
	if err == nil {
		return verdict{State: Sent}
	}
	wait, more := delivery.Backoff(tries)
	at := now.Add(wait)
	switch f := delivery.FailureOf(err); {
	case f == delivery.Refused, f == delivery.Later && !more:
		return verdict{State: Failed, Refund: true}
	case f == delivery.Later:
		return verdict{State: Pending, NextAt: &at}
	case askable && more:
		return verdict{State: Unknown, NextAt: &at}
	}
	return verdict{State: Unknown}
}

package sms

import (
	"context"
	"unicode/utf16"

	"yingda/notify/delivery"
)

// Message is one text to one phone.
type Message struct {
	ID   string // the sender's key: the vendor sends one message for it, however often it is repeated
	To   string // E.164
	Sign string // the signature without its brackets; "" for none
	Text string
}

// Whole is the text as the phone shows it and as it is billed: 【sign】text.
func (m Message) Whole() string { return Whole(m.Sign, m.Text) }

// Whole puts the signature before a text, in the brackets the carriers ask for.
func Whole(sign, text string) string {
	if sign == "" {
		return text
	}
	return "【" + sign + "】" + text
}

// Gateway hands messages to a vendor. Errors are delivery.Error; any other error
// counts as lost.
type Gateway interface {
	// Name tells gateways apart in the console and in the log.
	Name() string
	// Send returns the vendor's id of a message it has accepted.
	Send(ctx context.Context, m Message) (vendorID string, err error)
	// Status asks what became of the message sent under id. A vendor that cannot
	// be asked answers Unsure.
	Status(ctx context.Context, id string) (Status, error)
}

// Status is a vendor's answer about one message.
type Status struct {
	Fate     delivery.Fate
	VendorID string
	Error    string // the vendor's words, where it failed
}

// Alone and Split are what one billed segment holds: 70 characters when the text is
// sent alone, 67 in each part of a split one (FEATURES words; 3GPP TS 23.038 UCS-2,
// TS 23.040 concatenation header).
const (
	Alone = 70
	Split = 67
)

// Segments counts what a text, signature included, costs. A character outside the
// basic plane (emoji) counts two. The empty text costs nothing.
func Segments(whole string) int {
	n := 0
	for _, r := range whole {
		n += utf16.RuneLen(r)
	}
	if n <= Alone {
		return min(n, 1)
	}
	return (n + Split - 1) / Split
}

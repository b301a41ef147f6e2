package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"yingda/notify/delivery"
	"yingda/platform/clock"
	"yingda/platform/db"
	"yingda/platform/locale"
)

// lease is how long a worker may keep a promise in Sending; then it counts as dead.
// It is longer than any client's own time limit.
const lease = 60 * time.Second

// carrier hands promises to one vendor.
type carrier interface {
	name() string
	send(ctx context.Context, p *Promise) (vendorID string, err error)
	// ask says what became of a promise whose answer was lost.
	ask(ctx context.Context, p *Promise, now time.Time) (fate delivery.Fate, vendorID, text string, err error)
	askable() bool
}

// Deliver hands a promise over if it is due, and settles what came of it. Called
// twice, or by two workers, it sends once. An error means that the database failed;
// a vendor's failure is written into the row.
func (s *Service) Deliver(ctx context.Context, id db.ID) error {
	p, err := s.store().promise(ctx, id)
	if err != nil || !p.due(s.now()) {
		return err
	}
	c, err := s.carrier(ctx, p)
	if err != nil {
		slog.ErrorContext(ctx, "nobody to deliver a promise", "promise", p.ID, "kind", p.Kind, "error", err)
		return s.store().postpone(ctx, p, s.now().Add(lease))
	}
	if wait, err := s.enter(ctx, c); err != nil || wait > 0 {
		return errors.Join(err, s.store().postpone(ctx, p, s.now().Add(wait+time.Millisecond)))
	}
	was := p.State
	ok, err := s.take(ctx, p, c)
	if err != nil || !ok {
		return err
	}
	if was == Pending {
		return s.hand(ctx, p, c)
	}
	return s.askBack(ctx, p, c)
}

// shortWait is what a worker waits at a gate itself; longer ones go back to the sweep.
const shortWait = 300 * time.Millisecond

func (s *Service) enter(ctx context.Context, c carrier) (wait time.Duration, err error) {
	g := s.gate(c.name())
	for range 10 {
		if wait = g.Enter(s.Clock.Now()); wait == 0 || wait > shortWait {
			return wait, nil
		}
		if err := clock.Sleep(ctx, s.Clock, wait); err != nil {
			return wait, err
		}
	}
	return wait, nil
}

// take makes the promise this worker's. Tries is its fence from now on.
func (s *Service) take(ctx context.Context, p *Promise, c carrier) (bool, error) {
	to, now := *p, s.now()
	until := now.Add(lease)
	to.State, to.Tries, to.NextAt, to.Carrier = Sending, p.Tries+1, &until, c.name()
	if to.FirstSentAt == nil {
		to.FirstSentAt = &now
	}
	return s.store().move(ctx, p, to, "tries", "next_at", "carrier", "first_sent_at")
}

// hand sends a promise that surely was not taken yet.
func (s *Service) hand(ctx context.Context, p *Promise, c carrier) error {
	vendorID, err := c.send(ctx, p)
	now := s.now()
	s.gate(c.name()).Done(now, err == nil || delivery.FailureOf(err) == delivery.Refused)
	v := judge(p.Tries, err, c.askable(), now)
	return s.settle(ctx, p, v, vendorID, err)
}

// askBack finds out about a promise whose answer was lost, and sends it again where
// that cannot double it.
func (s *Service) askBack(ctx context.Context, p *Promise, c carrier) error {
	fate, vendorID, text, err := c.ask(ctx, p, s.now())
	s.gate(c.name()).Done(s.now(), err == nil)
	if err == nil && fate == delivery.NotTaken {
		return s.hand(ctx, p, c)
	}
	v := judge(p.Tries, delivery.Fail(delivery.Lost, "", "").Because(err), c.askable() && err != nil, s.now())
	switch {
	case err != nil:
	case fate == delivery.Taken:
		v = verdict{State: Sent}
	case fate == delivery.Delivered:
		v = verdict{State: Delivered}
	case fate == delivery.Failed:
		v, err = verdict{State: Failed}, delivery.Fail(delivery.Refused, "", text)
	default:
		err = delivery.Fail(delivery.Lost, "", "notify.send.cannot_say")
	}
	return s.settle(ctx, p, v, vendorID, err)
}

// settle writes the verdict, and gives the credit back in the same transaction where
// the vendor surely took nothing. It does not matter where a receipt was faster.
func (s *Service) settle(ctx context.Context, p *Promise, v verdict, vendorID string, cause error) error {
	to, now := *p, s.now()
	to.State, to.NextAt, to.Error = v.State, v.NextAt, errorText(cause)
	if vendorID != "" {
		to.VendorID = vendorID
	}
	if v.State == Sent || v.State == Delivered {
		to.SentAt = &now
	}
	if v.State == Pending { // surely not taken: nothing to repeat yet
		to.FirstSentAt = nil
	}
	moved := false
	// The vendor has its message: a caller who gives up must not lose what we know.
	ctx = context.WithoutCancel(ctx)
	err := s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		from := *p
		moved, err = s.store().move(ctx, &from, to, "next_at", "error", "vendor_id", "sent_at", "first_sent_at")
		if err == nil && moved && v.Refund && p.Kind == SMS {
			err = s.store().refund(ctx, p.Segments)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("settle promise %d as %s: %w", p.ID, v.State, err)
	}
	if moved {
		*p = to
		s.changed(ctx, to)
	}
	if cause != nil {
		slog.WarnContext(ctx, "promise not delivered", "promise", p.ID, "call", p.CallID, "carrier", p.Carrier, "state", v.State, "tries", p.Tries, "error", cause)
	}
	return nil
}

func (s *Service) changed(ctx context.Context, p Promise) {
	if s.Changed != nil {
		s.Changed(ctx, p)
	}
}

// errorText is what the row keeps: "code words" of the vendor, or "key code" with a key of
// ours; sayError reads it.
func errorText(err error) string {
	if err == nil {
		return ""
	}
	var e *delivery.Error
	if !errors.As(err, &e) {
		return "notify.send.no_answer"
	}
	first, second := e.Code, e.Text
	if ours(e.Text) {
		first, second = e.Text, e.Code
	}
	return errorWords(strings.TrimSpace(first + " " + second))
}

func ours(text string) bool { return strings.HasPrefix(text, "notify.") }

// sayError tells what errorText wrote in the language of ctx; the vendor's words stay its own.
func sayError(ctx context.Context, text string) string {
	if !ours(text) {
		return text
	}
	key, code, _ := strings.Cut(text, " ")
	return locale.Say(ctx, key, map[string]any{"code": code})
}

// errorWords keeps a vendor's words to what the column holds.
func errorWords(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), 300)])
}

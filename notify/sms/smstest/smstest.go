// Package smstest is the contract that every SMS gateway's client passes.
package smstest

import (
	"context"
	"errors"
	"testing"

	"yingda/notify/delivery"
	"yingda/notify/sms"
)

// World is a gateway with the far side in the test's hands.
type World struct {
	Gateway sms.Gateway
	// LoseAnswers makes the far side take messages and break before it answers.
	LoseAnswers func(on bool)
	// BadNumber is one that the far side refuses.
	BadNumber string
	// Asks says that Status knows what became of a message; Repeats that a repeated
	// ID is sent once.
	Asks, Repeats bool
}

// Gateway runs the contract; open makes a fresh World.
func Gateway(t *testing.T, open func(t *testing.T) World) {
	ctx := context.Background()
	text := sms.Message{ID: "1-0", To: "+8613800001234", Sign: "应答", Text: "您好"}
	t.Run("accepted with an id", func(t *testing.T) {
		w := open(t)
		id, err := w.Gateway.Send(ctx, text)
		if err != nil || id == "" || w.Gateway.Name() == "" {
			t.Fatalf("%q %v from %q", id, err, w.Gateway.Name())
		}
	})
	t.Run("a repeat is one message", func(t *testing.T) {
		w := open(t)
		one, err := w.Gateway.Send(ctx, text)
		two, again := w.Gateway.Send(ctx, text)
		if w.Repeats && (errors.Join(err, again) != nil || one != two) {
			t.Fatalf("%q %v, then %q %v", one, err, two, again)
		}
	})
	t.Run("a refusal is sure", func(t *testing.T) {
		w := open(t)
		m := text
		m.To = w.BadNumber
		if _, err := w.Gateway.Send(ctx, m); err == nil || delivery.FailureOf(err) != delivery.Refused {
			t.Fatalf("%v", err)
		}
	})
	t.Run("a lost answer is lost, never a failure", func(t *testing.T) {
		w := open(t)
		w.LoseAnswers(true)
		_, err := w.Gateway.Send(ctx, text)
		if err == nil || delivery.FailureOf(err) != delivery.Lost {
			t.Fatalf("%v", err)
		}
		w.LoseAnswers(false)
		st, err := w.Gateway.Status(ctx, text.ID)
		switch {
		case err != nil:
			t.Fatal(err)
		case w.Asks && st.Fate != delivery.Taken && st.Fate != delivery.Delivered:
			t.Fatalf("it was taken, the vendor says %v", st.Fate)
		case !w.Asks && st.Fate != delivery.Unsure:
			t.Fatalf("a vendor that cannot be asked says %v", st.Fate)
		}
	})
	t.Run("what was never sent is not taken", func(t *testing.T) {
		w := open(t)
		if st, err := w.Gateway.Status(ctx, "9-9"); w.Asks && (err != nil || st.Fate != delivery.NotTaken) {
			t.Fatalf("%v %v", st.Fate, err)
		}
	})
	t.Run("a ctx that has ended sends nothing for sure or is lost", func(t *testing.T) {
		w := open(t)
		gone, stop := context.WithCancel(ctx)
		stop()
		if _, err := w.Gateway.Send(gone, text); err == nil || delivery.FailureOf(err) == delivery.Refused {
			t.Fatalf("%v", err)
		}
	})
}

package callee

import (
	"context"
	"math/rand/v2"
	"time"

	"yingda/telephony"
)

// key is a piece of real-time text and when it is typed, counted from the start of the voice.
type key struct {
	at   time.Duration
	text string
}

// keystrokes spreads a line over the time its voice takes, two characters at a
// time. One line in four ends up to 150 ms after the voice: people's fingers lag.
// There is no end-of-message mark: the robot must judge by the pause.
func keystrokes(line string, voice time.Duration, luck *rand.Rand) []key {
	if luck.IntN(4) == 0 {
		voice += time.Duration(luck.Int64N(int64(150 * ms)))
	}
	rs := []rune(line)
	var keys []key
	for i := 0; i < len(rs); i += 2 {
		end := min(i+2, len(rs))
		keys = append(keys, key{voice * time.Duration(end) / time.Duration(len(rs)+1), string(rs[i:end])})
	}
	return keys
}

// typeAlong types until the line is complete or the call is over.
func typeAlong(ctx context.Context, leg *telephony.Leg, keys []key) {
	start := time.Now()
	for _, k := range keys {
		select {
		case <-time.After(k.at - time.Since(start)):
			leg.SendText(k.text)
		case <-ctx.Done():
			return
		}
	}
}

package robot

import (
	"context"
	"time"

	"yingda/telephony"
)

// Line is what the robot needs of a connected leg. Offsets count from the answer.
type Line interface {
	Events() <-chan telephony.Event
	Play(alaw []byte) Playing
	StopPlaying()
	Tap(hear func(alaw []byte))
	SendText(s string)
	HasText() bool
	Now() time.Duration
	AnsweredAt() time.Time
	Hangup(ctx context.Context) error
}

// Playing is audio on its way out.
type Playing interface {
	Done() <-chan struct{}
	Played() time.Duration
	Started() time.Duration // offset of the first frame, negative before it
}

// Dialer places calls; it returns a *telephony.Failure where nobody answered.
type Dialer func(ctx context.Context, l telephony.Line, o telephony.DialOptions) (Line, error)

// Over makes a Dialer of a telephony node.
func Over(n *telephony.Node) Dialer {
	return func(ctx context.Context, l telephony.Line, o telephony.DialOptions) (Line, error) {
		leg, err := n.Dial(ctx, l, o)
		if err != nil {
			return nil, err
		}
		return legLine{leg}, nil
	}
}

type legLine struct{ *telephony.Leg }

func (l legLine) Play(alaw []byte) Playing { return l.Leg.Play(alaw) }

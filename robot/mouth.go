package robot

import (
	"context"
	"time"

	"yingda/scriptflow"
)

// bytesPerMs of 8 kHz A-law.
const bytesPerMs = 8

// again is how much of a line is heard a second time when it goes on after a pause.
const again = 240 * time.Millisecond

// Prompts gives the audio of a text: 8 kHz A-law, prepared or rendered now.
type Prompts interface {
	Get(ctx context.Context, text string) ([]byte, error)
}

// mouth says one line at a time.
type mouth struct {
	line    Line
	prompts Prompts
	ready   chan rendered
	now     *utterance // nil = silent
}

// utterance is a line being rendered, played or paused.
type utterance struct {
	say     scriptflow.Say
	node    string // where the script stood when it said so
	audio   []byte
	from    int           // byte at which the playback that runs began
	play    Playing       // nil while rendering or paused
	first   time.Duration // offset of the first frame, negative before it
	paused  bool
	pauseAt time.Duration
	insists time.Duration // voices that began before do not stop it again
}

type rendered struct {
	id    int
	audio []byte
	err   error
}

// start renders the line off the loop; its audio comes through ready.
func (m *mouth) start(ctx context.Context, say scriptflow.Say, node string) {
	m.now = &utterance{say: say, node: node, first: -1}
	go func() {
		r := rendered{id: say.ID}
		for _, p := range say.Pieces {
			b, err := m.prompts.Get(ctx, p.Text)
			if err != nil {
				r.err = err
				continue
			}
			r.audio = append(r.audio, b...)
		}
		select {
		case m.ready <- r:
		case <-ctx.Done():
		}
	}()
}

// rendered starts to play; false where the line is not wanted any more, or has no sound.
func (m *mouth) rendered(r rendered) bool {
	u := m.now
	if u == nil || u.say.ID != r.id {
		return false
	}
	u.audio = r.audio
	if len(u.audio) == 0 {
		return false
	}
	if !u.paused {
		u.play = m.line.Play(u.audio)
	}
	return true
}

// done is closed when what plays has ended; nil while nothing plays.
func (m *mouth) done() <-chan struct{} {
	if m.now == nil || m.now.play == nil {
		return nil
	}
	return m.now.play.Done()
}

// note keeps the offset of the first frame as soon as it is known.
func (u *utterance) note() {
	if u.first < 0 && u.play != nil {
		u.first = u.play.Started()
	}
}

// pause yields at once and remembers where.
func (m *mouth) pause(at time.Duration) {
	u := m.now
	u.paused, u.pauseAt = true, at
	if u.play == nil {
		return
	}
	u.note()
	m.line.StopPlaying()
	u.from = min(len(u.audio), u.from+int(u.play.Played().Milliseconds())*bytesPerMs)
	u.play = nil
}

// resume goes on a little before where it was paused, whoever still talks at now.
func (m *mouth) resume(now time.Duration) {
	u := m.now
	u.paused, u.insists = false, now
	if len(u.audio) == 0 {
		return // still rendering
	}
	u.from = max(0, u.from-int(again.Milliseconds())*bytesPerMs)
	u.play = m.line.Play(u.audio[u.from:])
}

// cut ends the line for good. It returns the utterance, nil where the robot was silent.
func (m *mouth) cut() *utterance {
	u := m.now
	if u == nil {
		return nil
	}
	u.note()
	if u.play != nil {
		m.line.StopPlaying()
	}
	m.now = nil
	return u
}

// end takes the line that was said to its end.
func (m *mouth) end() *utterance {
	u := m.now
	u.note()
	m.now = nil
	return u
}

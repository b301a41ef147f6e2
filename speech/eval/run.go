package eval

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"yingda/platform/audio"
	"yingda/speech"
)

// Options of a measurement. Zero fields take the values named.
type Options struct {
	Recognizer speech.Recognizer
	Set        []Utterance                                  // see Read
	Hints      []string                                     // given to every stream; they are also the keywords
	Streams    int                                          // at once; 0 = 8
	Speed      float64                                      // of writing: 1 = as on a telephone (0 = 1)
	Settles    bool                                         // Hint and then Flush bring an empty final behind all others, as with ours
	CPU        func(context.Context) (time.Duration, error) // of the recogniser so far; nil = rtf is not measured
	Each       func(Utterance, Answer)                      // told of every answer, in any order; may be nil
}

// Answer is what a recogniser made of one recording.
type Answer struct {
	Text    string        // all finals, strung together
	Phrases []string      // accepted hints
	Delay   time.Duration // from the writing of the last voiced sample to the last final, endpoint silence included
	Finals  int
	Err     error
}

const (
	step    = 160                     // 20 ms
	after   = 2500 * time.Millisecond // silence written behind a recording, at most
	patient = time.Minute             // for the last final
)

// ASR plays every recording to a stream of its own and judges what comes back. It
// fails when a stream cannot be opened or breaks.
func ASR(ctx context.Context, o Options) (Report, error) {
	if o.Streams <= 0 {
		o.Streams = 8
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	cpu, err := o.cpu(ctx)
	if err != nil {
		return Report{}, err
	}
	answers := o.askAll(ctx)
	used, err := o.cpu(ctx)
	if err != nil {
		return Report{}, err
	}
	return judge(o.Set, answers, o.Hints, used-cpu), firstError(answers)
}

func (o Options) cpu(ctx context.Context) (time.Duration, error) {
	if o.CPU == nil {
		return 0, nil
	}
	return o.CPU(ctx)
}

func (o Options) askAll(ctx context.Context) []Answer {
	answers, next := make([]Answer, len(o.Set)), make(chan int)
	var wg sync.WaitGroup
	for range o.Streams {
		wg.Go(func() {
			for i := range next {
				answers[i] = o.ask(ctx, o.Set[i])
				if o.Each != nil {
					o.Each(o.Set[i], answers[i])
				}
			}
		})
	}
	for i := range o.Set {
		next <- i
	}
	close(next)
	wg.Wait()
	return answers
}

// ask plays one recording and collects its finals.
func (o Options) ask(ctx context.Context, u Utterance) (a Answer) {
	stream, err := o.Recognizer.Open(ctx, speech.Options{Call: u.Name, Hints: o.Hints})
	if err != nil {
		return Answer{Err: err}
	}
	heard, settled := make(chan struct{}), make(chan struct{}, 1)
	go func() {
		defer close(heard)
		a = collect(stream.Events(), settled)
	}()
	voiced := o.play(ctx, stream, u.ALaw)
	if o.Settles { // a busy recogniser owes finals for longer than a closing stream waits
		stream.Hint(o.Hints)
		stream.Flush()
		wait(settled, patient)
	}
	stream.Close()
	if !wait(heard, patient) {
		return Answer{Err: context.DeadlineExceeded}
	}
	return a.since(voiced)
}

func wait(c <-chan struct{}, most time.Duration) bool {
	select {
	case <-c:
		return true
	case <-time.After(most):
		return false
	}
}

// collect reads a stream to its end. Delay holds the moment of the last final until since
// makes a delay of it.
func collect(events <-chan speech.Heard, settled chan<- struct{}) (a Answer) {
	for h := range events {
		switch {
		case h.Err != nil:
			a.Err = h.Err
		case h.Final && h.Text == "" && h.Start == h.End:
			select {
			case settled <- struct{}{}:
			default:
			}
		case h.Final && h.Text != "":
			a.Finals++
			a.Text += h.Text
			a.Delay = time.Duration(time.Now().UnixNano())
			if h.Phrase != "" {
				a.Phrases = append(a.Phrases, h.Phrase)
			}
		}
	}
	return a
}

func (a Answer) since(voiced time.Time) Answer {
	if a.Finals > 0 {
		a.Delay -= time.Duration(voiced.UnixNano())
	}
	return a
}

// play writes a recording and the silence behind it at the chosen speed; it returns the
// moment at which the last voiced sample was written.
func (o Options) play(ctx context.Context, s speech.Stream, alaw []byte) (voiced time.Time) {
	last := lastVoiced(alaw)
	silence := make([]byte, int(after.Seconds()*8000))
	for i := range silence {
		silence[i] = 0xd5 // A-law nothing
	}
	all := append(slices.Clip(alaw), silence...)
	begin := time.Now()
	for at := 0; at < len(all) && ctx.Err() == nil; at += step {
		due := begin.Add(time.Duration(float64(at) / 8000 / o.Speed * float64(time.Second)))
		time.Sleep(time.Until(due))
		s.Write(all[at:min(at+step, len(all))])
		if at <= last {
			voiced = time.Now()
		}
	}
	return voiced
}

// lastVoiced is the place of the last 20 ms over -45 dBFS.
func lastVoiced(alaw []byte) (at int) {
	for i := 0; i+step <= len(alaw); i += step {
		if audio.LevelDB(alaw[i:i+step]) > -45 {
			at = i
		}
	}
	return at
}

func firstError(answers []Answer) error {
	for _, a := range answers {
		if a.Err != nil {
			return a.Err
		}
	}
	return nil
}

// contains tells whether a keyword is part of what was said.
func contains(said, keyword string) bool {
	return strings.Contains(string(writings(said)[0]), string(writings(keyword)[0]))
}

package telephony

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"yingda/platform/audio"
)

// node opens a node on a free port and closes it with the test.
func node(t testing.TB) *Node {
	t.Helper()
	n, err := NewNode(Config{Shards: 1, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), MaxLag: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func lineTo(n *Node) Line { return Line{Address: n.Addr(), CallerID: "02011112222"} }

// answering makes n answer everything; the legs come out of the channel.
func answering(n *Node, o AnswerOptions) <-chan *Leg {
	legs := make(chan *Leg, 16)
	n.OnInbound(func(i *Incoming) {
		_ = i.Ring()
		if l, err := i.Answer(o); err == nil {
			legs <- l
		}
	})
	return legs
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

// connect places a call from a to b.
func connect(t testing.TB, a, b *Node, d DialOptions, o AnswerOptions) (caller, callee *Leg) {
	t.Helper()
	legs := answering(b, o)
	caller, err := a.Dial(within(t, 10*time.Second), lineTo(b), d)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case callee = <-legs:
	case <-time.After(5 * time.Second):
		t.Fatal("the callee has no leg")
	}
	return caller, callee
}

// ended reads events up to the end.
func ended(t testing.TB, l *Leg) (all []Event) {
	t.Helper()
	for {
		select {
		case e, ok := <-l.Events():
			if !ok {
				return all
			}
			all = append(all, e)
		case <-time.After(10 * time.Second):
			t.Fatal("leg does not end")
		}
	}
}

// loud is audio that is never silence and never repeats, so that order shows.
func loud(ms int) []byte {
	b := make([]byte, 8*ms)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = audio.ALaw(int16(8000 + r.IntN(8000)))
	}
	return b
}

// ear collects what a leg hears.
type ear struct {
	mu     sync.Mutex
	heard  []byte
	frames int
}

func (e *ear) hear(b []byte) {
	e.mu.Lock()
	e.frames++
	if !bytes.Equal(b, bytes.Repeat([]byte{audio.Silence}, len(b))) {
		e.heard = append(e.heard, b...)
	}
	e.mu.Unlock()
}

func (e *ear) all() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]byte(nil), e.heard...)
}

func TestPromptArrivesByteIdenticalInOrder(t *testing.T) {
	a, b := node(t), node(t)
	caller, callee := connect(t, a, b, DialOptions{To: "13800138000"}, AnswerOptions{})
	var e ear
	callee.Tap(e.hear)
	prompt := loud(1000)
	p := caller.Play(prompt)
	<-p.Done()
	time.Sleep(200 * time.Millisecond)
	if p.Cut() || p.Played() != time.Second || p.Started() < 0 {
		t.Errorf("cut %v, played %v, started %v", p.Cut(), p.Played(), p.Started())
	}
	if got := e.all(); !bytes.Equal(got, prompt) {
		t.Errorf("heard %d bytes, want %d identical ones", len(got), len(prompt))
	}
	s := callee.Stats()
	if s.Lost != 0 || s.PacketsIn < 50 {
		t.Errorf("stats: %+v", s)
	}
	if callee.To() != "13800138000" || callee.From() != "02011112222" || caller.Codec() != "PCMA" {
		t.Errorf("to %q from %q codec %q", callee.To(), callee.From(), caller.Codec())
	}
	if err := caller.Hangup(within(t, time.Second)); err != nil {
		t.Error(err)
	}
	if last := ended(t, callee); last[len(last)-1].By != ByFar {
		t.Errorf("callee's leg ended %+v", last)
	}
	if last := ended(t, caller); last[len(last)-1].By != ByUs {
		t.Errorf("caller's leg ended %+v", last)
	}
}

func TestRecordingHasBothSidesOnOneClock(t *testing.T) {
	a, b := node(t), node(t)
	path := filepath.Join(t.TempDir(), "t1", "20261122", "1.wav")
	caller, callee := connect(t, a, b, DialOptions{To: "1", RecordTo: path}, AnswerOptions{})
	ours, theirs := loud(400), loud(300)
	p := caller.Play(ours)
	<-p.Done()
	q := callee.Play(theirs)
	<-q.Done()
	time.Sleep(150 * time.Millisecond)
	_ = callee.Hangup(within(t, time.Second))
	ended(t, caller)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := audio.ReadWAV(f)
	if err != nil {
		t.Fatal(err)
	}
	left, right := audio.EncodeALaw(nil, s.Channel(0)), audio.EncodeALaw(nil, s.Channel(1))
	at := int(p.Started() / (time.Second / 8000))
	if at < 0 || at+len(ours) > len(right) || !bytes.Equal(right[at:at+160], ours[:160]) || !bytes.Equal(spoken(right), ours) {
		t.Errorf("our side is not at %v on the right channel (%d samples)", p.Started(), len(right))
	}
	if !bytes.Equal(spoken(left), theirs) {
		t.Error("the far end is not on the left channel")
	}
}

// spoken leaves out frames of silence: a loaded machine may stall in the middle of a word.
func spoken(alaw []byte) []byte {
	var e ear
	for len(alaw) >= 160 {
		e.hear(alaw[:160])
		alaw = alaw[160:]
	}
	return e.heard
}

func TestStopPlayingIsImmediateAndCutsAll(t *testing.T) {
	a, b := node(t), node(t)
	caller, callee := connect(t, a, b, DialOptions{To: "1"}, AnswerOptions{})
	var e ear
	callee.Tap(e.hear)
	p, q := caller.Play(loud(5000)), caller.Play(loud(5000))
	time.Sleep(200 * time.Millisecond)
	caller.StopPlaying()
	stopped := caller.Now()
	<-p.Done()
	<-q.Done()
	if !p.Cut() || !q.Cut() || q.Started() != -1 {
		t.Errorf("cut %v %v, second started %v", p.Cut(), q.Cut(), q.Started())
	}
	if end := p.Started() + p.Played(); end > stopped+40*time.Millisecond {
		t.Errorf("stopped at %v, played until %v", stopped, end)
	}
	n := caller.Play(loud(100)) // still usable
	<-n.Done()
	if n.Cut() {
		t.Error("a playback after StopPlaying was cut")
	}
}

// pace hands out a reader's bytes slowly, like a synthesizer.
type slowReader struct {
	r     io.Reader
	every time.Duration
}

func (s slowReader) Read(b []byte) (int, error) {
	time.Sleep(s.every)
	return s.r.Read(b[:min(len(b), 1600)])
}

func TestPlayFromBridgesALateSourceWithSilence(t *testing.T) {
	a, b := node(t), node(t)
	caller, callee := connect(t, a, b, DialOptions{To: "1"}, AnswerOptions{})
	var e ear
	callee.Tap(e.hear)
	speech := loud(600)
	p := caller.PlayFrom(slowReader{bytes.NewReader(speech), 250 * time.Millisecond})
	select {
	case <-p.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("stream does not end")
	}
	time.Sleep(150 * time.Millisecond)
	if got := e.all(); !bytes.Equal(got, speech) || p.Err() != nil {
		t.Errorf("heard %d of %d bytes, err %v", len(got), len(speech), p.Err())
	}
	if p.Played() != 600*time.Millisecond {
		t.Errorf("played %v: silence was counted", p.Played())
	}
}

func TestDigitsOnceEach(t *testing.T) {
	a, b := node(t), node(t)
	caller, callee := connect(t, a, b, DialOptions{To: "1"}, AnswerOptions{})
	callee.SendDigits("1#90")
	got := gather(caller, Digit, 4, 5*time.Second)
	if got != "1#90" {
		t.Errorf("heard %q", got)
	}
	time.Sleep(300 * time.Millisecond)
	if more := gather(caller, Digit, 1, 100*time.Millisecond); more != "" {
		t.Errorf("and again %q", more)
	}
}

// gather reads events of a kind until n characters came.
func gather(l *Leg, k EventKind, n int, d time.Duration) (s string) {
	limit := time.After(d)
	for len([]rune(s)) < n {
		select {
		case e := <-l.Events():
			if e.Kind == k {
				s += e.Text
			}
		case <-limit:
			return s
		}
	}
	return s
}

func TestTextBothWays(t *testing.T) {
	a, b := node(t), node(t)
	caller, callee := connect(t, a, b, DialOptions{To: "1", Text: true}, AnswerOptions{Text: true})
	if !caller.HasText() || !callee.HasText() {
		t.Fatalf("text not agreed: %v %v", caller.HasText(), callee.HasText())
	}
	callee.SendText("这个楼盘")
	callee.SendText("多少钱?")
	caller.SendText("每平米两万\b三万")
	if got := gather(caller, Text, 8, 3*time.Second); got != "这个楼盘多少钱?" {
		t.Errorf("caller read %q", got)
	}
	if got := gather(callee, Text, 8, 3*time.Second); got != "每平米两万\b三万" {
		t.Errorf("callee read %q", got)
	}
	callee.SendText("再见") // and hangs up at once: it must still arrive
	_ = callee.Hangup(within(t, time.Second))
	var text strings.Builder
	for _, e := range ended(t, caller) {
		text.WriteString(e.Text)
	}
	if !strings.Contains(text.String(), "再见") {
		t.Errorf("last words lost, read %q", text.String())
	}
}

func TestTextIsOnlyOfferedAndTakenWhenWanted(t *testing.T) {
	a, b := node(t), node(t)
	caller, _ := connect(t, a, b, DialOptions{To: "1", Text: true}, AnswerOptions{})
	if caller.HasText() {
		t.Error("the callee refused text, the caller has it")
	}
}

func TestFailuresInACampaignsWords(t *testing.T) {
	a, b := node(t), node(t)
	for _, row := range []struct {
		name    string
		headers map[string]string
		status  int
		want    Outcome
		q850    int
	}{
		{"busy", nil, 486, Busy, 0},
		{"no such number", nil, 404, BadNumber, 0},
		{"rejected", nil, 603, Refused, 0},
		{"line full", nil, 503, LineFailure, 0},
		{"the cause knows better than the status", map[string]string{"Reason": `Q.850;cause=17;text="User busy"`}, 480, Busy, 17},
	} {
		b.OnInbound(func(i *Incoming) {
			_ = i.Ring()
			_ = i.RejectWith(row.status, "No", row.headers)
		})
		_, err := a.Dial(within(t, 5*time.Second), lineTo(b), DialOptions{To: "1"})
		var f *Failure
		if !errors.As(err, &f) || f.Outcome != row.want || f.Status != row.status || f.Q850 != row.q850 {
			t.Errorf("%s: %+v", row.name, err)
		}
	}
}

func TestRingingTooLongIsNoAnswerAndCancelReachesThem(t *testing.T) {
	a, b := node(t), node(t)
	gone := make(chan struct{})
	b.OnInbound(func(i *Incoming) {
		_ = i.Ring()
		<-i.Gone()
		close(gone)
	})
	var rang []int
	_, err := a.Dial(within(t, 5*time.Second), lineTo(b), DialOptions{To: "1", RingFor: 300 * time.Millisecond, OnRinging: func(s int) { rang = append(rang, s) }})
	var f *Failure
	if !errors.As(err, &f) || f.Outcome != NoAnswer {
		t.Errorf("got %+v", err)
	}
	select {
	case <-gone:
	case <-time.After(3 * time.Second):
		t.Error("no CANCEL")
	}
	if len(rang) != 1 || rang[0] != 180 {
		t.Errorf("provisional answers: %v", rang)
	}
}

func TestCancelledByUs(t *testing.T) {
	a, b := node(t), node(t)
	b.OnInbound(func(i *Incoming) { _ = i.Ring(); <-i.Gone() })
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	_, err := a.Dial(ctx, lineTo(b), DialOptions{To: "1"})
	var f *Failure
	if !errors.As(err, &f) || f.Outcome != Cancelled {
		t.Errorf("got %+v", err)
	}
}

func TestEarlyMediaIsHeard(t *testing.T) {
	a, b := node(t), node(t)
	words := loud(500)
	b.OnInbound(func(i *Incoming) {
		p, err := i.Early(words)
		if err != nil {
			t.Error(err)
			return
		}
		<-p.Done()
		time.Sleep(100 * time.Millisecond)
		_ = i.Reject(404, "Not Found")
	})
	_, err := a.Dial(within(t, 5*time.Second), lineTo(b), DialOptions{To: "1", EarlyMedia: true})
	var f *Failure
	if !errors.As(err, &f) || f.Outcome != BadNumber {
		t.Fatalf("got %+v", err)
	}
	if n := framesOf(words, f.Early); n < len(words)/160*8/10 { // a busy machine may play one late: that frame is silence
		t.Errorf("%d frames of the announcement are in %d ms of early media", n, len(f.Early)/8)
	}
}

// framesOf counts the 20 ms frames of words that are in heard, in their order.
func framesOf(words, heard []byte) (n int) {
	for i := 0; i+160 <= len(words); i += 160 {
		if at := bytes.Index(heard, words[i:i+160]); at >= 0 {
			n, heard = n+1, heard[at+160:]
		}
	}
	return n
}

func TestRecordingOfAnUnansweredCallIsGone(t *testing.T) {
	a, b := node(t), node(t)
	path := filepath.Join(t.TempDir(), "x.wav")
	b.OnInbound(func(i *Incoming) { _ = i.Reject(486, "Busy Here") })
	_, _ = a.Dial(within(t, 5*time.Second), lineTo(b), DialOptions{To: "1", RecordTo: path})
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}

func TestSilenceOfTheNetworkEndsByMedia(t *testing.T) {
	n, err := NewNode(Config{Shards: 1, MediaTimeout: 400 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	b := node(t)
	caller, callee := connect(t, n, b, DialOptions{To: "1"}, AnswerOptions{})
	callee.media.StopSending()
	if last := ended(t, caller); last[len(last)-1].By != ByMedia {
		t.Errorf("ended %+v", last)
	}
}

func TestVoiceEventsAndTurnMeter(t *testing.T) {
	a, b := node(t), node(t)
	caller, callee := connect(t, a, b, DialOptions{To: "1"}, AnswerOptions{})
	talk := callee.Play(loud(600))
	<-talk.Done()
	var start, end *Event
	for end == nil {
		select {
		case e := <-caller.Events():
			switch e.Kind {
			case VoiceStart:
				start = &e
			case VoiceEnd:
				end = &e
				caller.Play(loud(300))
			}
		case <-time.After(3 * time.Second):
			t.Fatal("no voice events")
		}
	}
	if d := end.At - start.At; d < 560*time.Millisecond || d > 680*time.Millisecond {
		t.Errorf("600 ms of voice took from %v to %v", start.At, end.At)
	}
	time.Sleep(500 * time.Millisecond)
	turns, replies := caller.Stats().Turns, callee.Stats().Replies
	if len(turns) != 1 || turns[0] < 180*time.Millisecond || turns[0] > 600*time.Millisecond {
		t.Errorf("our meter: %v", turns)
	}
	if len(replies) != 1 || replies[0] < 180*time.Millisecond || replies[0] > 600*time.Millisecond {
		t.Errorf("the callee's meter: %v", replies)
	}
}

func TestDrainHangsUpWhatIsLeft(t *testing.T) {
	a, b := node(t), node(t)
	caller, _ := connect(t, a, b, DialOptions{To: "1"}, AnswerOptions{})
	ctx := within(t, 200*time.Millisecond)
	if err := a.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("drain: %v", err)
	}
	if last := ended(t, caller); last[len(last)-1].By != ByNode {
		t.Errorf("ended %+v", last)
	}
	if _, err := a.Dial(context.Background(), lineTo(b), DialOptions{To: "1"}); !errors.Is(err, ErrClosed) {
		t.Errorf("a drained node dialled: %v", err)
	}
}

func TestNothingLeaksWhenCallsEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	a, err := NewNode(Config{Shards: 2})
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewNode(Config{Shards: 2})
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		caller, _ := connect(t, a, b, DialOptions{To: "1", Text: true}, AnswerOptions{Text: true})
		caller.Play(loud(100))
		_ = caller.Hangup(within(t, time.Second))
		ended(t, caller)
	}
	if err := errors.Join(a.Close(), b.Close()); err != nil {
		t.Error(err)
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	buf := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), buf[:runtime.Stack(buf, true)])
}

func TestOutcomeNames(t *testing.T) {
	for o := Unknown; o <= Cancelled; o++ {
		if o.String() == "" {
			t.Errorf("outcome %d has no name", int(o))
		}
	}
	if OutcomeOf(599, 0) != LineFailure || OutcomeOf(499, 0) != Unknown || OutcomeOf(480, 28) != BadNumber {
		t.Error("judgement of strange statuses")
	}
}

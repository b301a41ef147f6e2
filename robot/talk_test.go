package robot_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/robot"
	"yingda/scriptflow/demo"
	"yingda/scriptflow/talk"
	"yingda/speech"
	"yingda/telephony"
)

// stage is one call on a written line, for tests that play the callee by hand.
type stage struct {
	calls *call.Service
	robot *robot.Service
	man   *man
	ctx   context.Context
	stop  context.CancelFunc

	job  *robot.Job
	done chan struct{}
	f    *call.Finished
	err  error
}

// set builds the stage and lets the call begin; the callee hears with a recogniser.
func set(t *testing.T, prepare func(*stage)) *stage {
	t.Helper()
	g := &stage{calls: openCalls(t, dbtest.Open(t)), done: make(chan struct{})}
	g.ctx, g.stop = context.WithCancel(acme)
	g.man = &man{line: newLine(false), ear: newDictation(), patience: 1200 * time.Millisecond}
	g.man.ear.clock = g.man.Now
	g.robot = &robot.Service{Calls: g.calls, Prompts: slow{perRune}, Recognizer: func() speech.Recognizer { return g.man.ear }}
	g.robot.Dial = func(context.Context, telephony.Line, telephony.DialOptions) (robot.Line, error) {
		return g.man.line, nil
	}
	g.job = job(demo.Flow(), &talk.Talk{Vars: map[string]string{"name": "王女士"}})
	if prepare != nil {
		prepare(g)
	}
	go func() {
		defer close(g.done)
		g.f, g.err = g.robot.Run(g.ctx, g.job)
	}()
	t.Cleanup(func() {
		g.man.end(telephony.ByFar)
		<-g.done
		g.stop()
		synctest.Wait()
	})
	return g
}

// says waits for the robot to end, and speaks.
func (g *stage) says(text string) {
	g.man.quiet(g.man.patience)
	g.man.says(text)
}

// leaves hangs up and returns what came of the call.
func (g *stage) leaves() *call.Finished {
	g.man.end(telephony.ByFar)
	<-g.done
	return g.f
}

func (g *stage) robotSaid() (lines []call.Turn) {
	for _, t := range g.f.Transcript {
		if t.Who == "robot" {
			lines = append(lines, t)
		}
	}
	return lines
}

// TestYieldsAtTheFirstVoice: playing pauses when the callee begins, goes on a little
// before where it was after a filler, and is cut when the words mean it.
func TestYieldsAtTheFirstVoice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		g.says("是的")
		g.man.inTheMiddle("我是云栖湾的小应，地铁口新盘在售，您最近考虑看房吗？")
		begun := g.man.Now()
		g.man.says("嗯")
		if talks, _, quiet, _ := g.man.talks(); talks || quiet-begun > 100*time.Millisecond {
			t.Errorf("the robot talked on until %v over a voice that began at %v", quiet, begun)
		}
		time.Sleep(1500 * time.Millisecond)
		if talks, _, _, plays := g.man.talks(); !talks || plays != 3 {
			t.Errorf("after a filler the line did not go on: talks %v, %d plays", talks, plays)
		}
		g.man.says("等一下多少钱一平")
		g.man.quiet(g.man.patience)
		f := g.leaves()
		lines := g.robotSaid()
		if len(lines) != 3 || !lines[1].Interrupted || lines[0].Interrupted || lines[2].Interrupted {
			t.Fatalf("cut was not what was talked over:\n%s", transcript(f))
		}
		if n := len(f.Facts.BargeIns); n != 2 {
			t.Errorf("%d interruptions were timed", n)
		}
		if !strings.HasPrefix(lines[2].Text, "均价一万二") || lines[2].LatencyMs < 500 || lines[2].LatencyMs > 700 || f.Call.Grade != "A" {
			t.Errorf("the answer to the interruption: %s", transcript(f))
		}
	})
}

// TestALineGoesOnWhereItWas: the whole line is heard, and no more than a quarter of a second of it twice.
func TestALineGoesOnWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		const greeting = "您好，请问是王女士吗？"
		g.man.inTheMiddle(greeting)
		begun := g.man.Now()
		g.man.says("嗯")
		silence := time.Duration(0)
		g.man.until(5*time.Second, func() bool { talks, since, _, _ := g.man.talks(); silence = since - begun; return talks })
		g.man.quiet(100 * time.Millisecond)
		_, _, end, _ := g.man.talks()
		length := time.Duration(len([]rune(greeting))) * perRune
		if twice := end - length - silence; twice < 0 || twice > 350*time.Millisecond {
			t.Errorf("the line of %v ended at %v though it was silent for %v: %v of it were said twice", length, end, silence, twice)
		}
	})
}

// TestOnlyDigitsAreLeft: when the recogniser breaks off in the middle of a call, or does
// not open at all, the call goes on by digits.
func TestOnlyDigitsAreLeft(t *testing.T) {
	for name, c := range map[string]struct{ opens, breaks error }{
		"it does not open":            {errors.New("connection refused"), nil},
		"it breaks off":               {nil, errors.New("connection reset by peer")},
		"it closes without a reason ": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := set(t, func(g *stage) { g.man.ear.refuses = c.opens })
				g.man.quiet(500 * time.Millisecond)
				if c.opens == nil {
					g.man.ear.breakOff(c.breaks)
					g.man.ear.breakOff(nil)
				}
				g.man.send(telephony.VoiceStart, g.man.Now(), "") // they talk, and nobody understands it
				g.man.send(telephony.VoiceEnd, g.man.Now(), "")
				for _, key := range []string{"1", "1", "2", "1"} {
					g.man.quiet(g.man.patience)
					g.man.presses(key)
				}
				<-g.done
				if g.err != nil || g.f.Call.Grade != "A" || g.f.Call.EndedBy != string(telephony.ByUs) {
					t.Fatalf("%v\n%s", g.err, transcript(g.f))
				}
			})
		})
	}
}

// TestLastWordsCount: what was said just before the hang-up is graded though nothing answers it.
func TestLastWordsCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		g.says("是的")
		g.says("在哪里")
		f := g.leaves() // the final of 在哪里 has not come yet
		last := f.Transcript[len(f.Transcript)-1]
		if last.Text != "在哪里" || len(last.Hits) != 1 || f.Call.Grade != "A" || f.Call.Rounds != 1 {
			t.Errorf("grade %s in %d rounds:\n%s", f.Call.Grade, f.Call.Rounds, transcript(f))
		}
	})
}

// TestTheNodeLetsGo: a call whose node must let go is hung up within two seconds and
// finished as interrupted, graded on what was heard.
func TestTheNodeLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		g.says("是的")
		g.says("多少钱一平")
		g.man.quiet(g.man.patience)
		from := time.Now()
		g.stop()
		<-g.done
		c := g.f.Call
		if g.err != nil || !c.Interrupted || c.Outcome != call.Answered || c.EndedBy != string(telephony.ByNode) || c.Grade != "A" {
			t.Errorf("%+v %v", c, g.err)
		}
		if took := time.Since(from); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		if !g.man.gone() {
			t.Error("the callee still hangs on the line")
		}
	})
}

// TestABYEThatNobodyAnswers: the robot has hung up and the line never says that it is over.
func TestABYEThatNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, func(g *stage) { g.man.deaf, g.man.hangup = true, context.DeadlineExceeded })
		g.says("打错了")
		select {
		case <-g.done:
		case <-time.After(time.Minute):
			t.Fatal("the call never ends")
		}
		if g.f.Call.EndedBy != string(telephony.ByUs) || g.f.Call.State != call.Ended {
			t.Errorf("%+v", g.f.Call)
		}
	})
}

// TestFinishWaitsForTheDatabase: a finished call is never lost because the database was away.
func TestFinishWaitsForTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away, tries := time.Now().Add(40*time.Second), 0
		g := set(t, func(g *stage) {
			g.calls.OnFinish(func(context.Context, *call.Finished) error {
				if tries++; time.Now().Before(away) {
					return errors.New("invalid connection")
				}
				return nil
			})
		})
		g.says("多少钱一平")
		g.man.quiet(g.man.patience)
		g.leaves()
		stored(t, g.calls, "after the database came back", g.f)
		if g.err != nil || tries < 4 || tries > 30 || time.Since(away) > 6*time.Second {
			t.Errorf("%d tries, %v after the database was back: %v", tries, time.Since(away), g.err)
		}
	})
}

// TestRecover finishes from its journal a call whose node is gone, once; the node that
// comes back to life cannot.
func TestRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		g.says("是的")
		g.says("多少钱一平")
		g.man.quiet(g.man.patience)
		synctest.Wait()
		c, err := g.calls.Call(acme, g.job.Call.ID)
		if err != nil || c.State != call.Live || c.AnsweredAt == nil {
			t.Fatalf("%+v %v", c, err)
		}
		other := robot.Service{Calls: g.calls, Prompts: g.robot.Prompts}
		if err := other.Recover(context.Background(), *c); err != nil {
			t.Fatal(err)
		}
		got, err := g.calls.Call(acme, c.ID)
		if err != nil || got.State != call.Ended || !got.Interrupted || got.Outcome != call.Answered || got.Grade != "A" || got.EndedBy != string(telephony.ByNode) {
			t.Errorf("%+v %v", got, err)
		}
		if lost := g.man.Now().Milliseconds() - got.TalkMs; lost < 0 || lost > 2500 {
			t.Errorf("%d ms of the talk are not in the record", lost)
		}
		turns, err := g.calls.Transcript(acme, c.ID)
		if err != nil || len(turns) != 5 || turns[3].Text != "多少钱一平" || len(turns[3].Hits) != 1 {
			t.Errorf("%+v %v", turns, err)
		}
		var facts call.Facts
		if err := json.Unmarshal(got.Facts, &facts); err != nil || len(facts.Path) != 2 || facts.Vars["name"] != "王女士" {
			t.Errorf("%s %v", got.Facts, err)
		}
		if err := other.Recover(context.Background(), *c); !errors.Is(err, call.ErrFinished) {
			t.Errorf("recovered twice: %v", err)
		}
		if g.leaves(); !errors.Is(g.err, call.ErrFinished) {
			t.Errorf("the dead node finished the call again: %v", g.err)
		}
		if again, _ := g.calls.Call(acme, c.ID); again.TalkMs != got.TalkMs || !again.Interrupted {
			t.Errorf("the record changed: %+v", again)
		}
	})
}

// TestRecoverBeforeTheAnswer: nobody was reached, so the attempt's policy decides.
func TestRecoverBeforeTheAnswer(t *testing.T) {
	calls := openCalls(t, dbtest.Open(t))
	c := call.Call{ID: db.NewID(), Node: "n1", Epoch: 3, Direction: "out", StartedAt: time.Now().UTC().Add(-20 * time.Second)}
	if err := calls.Open(acme, &c); err != nil {
		t.Fatal(err)
	}
	s := robot.Service{Calls: calls}
	stale := c
	stale.Epoch = 2
	if err := s.Recover(context.Background(), stale); !errors.Is(err, call.ErrFinished) {
		t.Errorf("a stale epoch finished the call: %v", err)
	}
	if err := s.Recover(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	got, err := calls.Call(acme, c.ID)
	if err != nil || got.Outcome != call.Interrupted || got.Grade != "F" || !got.Interrupted || got.TalkMs != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

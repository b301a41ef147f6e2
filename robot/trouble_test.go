package robot_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"yingda/call"
	"yingda/robot"
	"yingda/speech"
	"yingda/telephony"
)

// voice begins, and ends after d; no words come of it. d = 0: it never ends.
func (g *stage) voice(d time.Duration) (from time.Duration) {
	from = g.man.Now()
	time.Sleep(vadLag)
	g.man.send(telephony.VoiceStart, from, "")
	if d > 0 {
		time.Sleep(d + hang - vadLag)
		g.man.send(telephony.VoiceEnd, from+d, "")
	}
	return from
}

// heardAgain waits until the robot is to be heard and returns since when.
func (g *stage) heardAgain(within time.Duration) (since time.Duration) {
	g.man.until(within, func() bool {
		talks, from, _, _ := g.man.talks()
		since = from
		return talks
	})
	return since
}

// TestTheRecogniserComesBack: a call outlives its recogniser and is understood again when
// another one is there.
func TestTheRecogniserComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		g.says("是的")
		g.heardAgain(5 * time.Second)
		g.man.quiet(100 * time.Millisecond)
		g.man.ear.breakOff(errors.New("the process is gone"))
		time.Sleep(2500 * time.Millisecond)
		g.man.says("多少钱一平")
		g.man.quiet(g.man.patience)
		if f := g.leaves(); f.Call.Grade != "A" || f.Call.Rounds != 2 {
			t.Errorf("grade %s in %d rounds:\n%s", f.Call.Grade, f.Call.Rounds, transcript(f))
		}
	})
}

// TestACoughCostsNoLongSilence: a voice in which the recogniser heard none is asked about
// once, and the line goes on.
func TestACoughCostsNoLongSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		go func() { // yingda-asr answers a flush with an empty final where it heard nothing
			<-g.man.ear.flush
			g.man.ear.tell(speech.Heard{Final: true, Start: g.man.Now(), End: g.man.Now()})
		}()
		g.man.inTheMiddle("您好，请问是王女士吗？")
		cough := 300 * time.Millisecond
		end := g.voice(cough) + cough
		if on := g.heardAgain(5 * time.Second); on-end < 700*time.Millisecond || on-end > time.Second {
			t.Errorf("the line went on %v after the cough", on-end)
		}
		if g.man.ear.asks() != 0 {
			t.Error("asked more than once")
		}
		g.leaves()
	})
}

// TestATelevisionIsNoCallee: a voice that never ends and says nothing neither stops the
// robot for good nor holds the line longer than a talk may last.
func TestATelevisionIsNoCallee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, func(g *stage) { g.robot.Longest = 90 * time.Second })
		g.man.inTheMiddle("您好，请问是王女士吗？")
		from := g.voice(0)
		time.Sleep(time.Second)
		if talks, _, _, _ := g.man.talks(); talks {
			t.Error("the robot talks over a voice that may be the callee's")
		}
		if on := g.heardAgain(time.Minute); on-from > 9*time.Second {
			t.Errorf("it went on after %v", on-from)
		}
		<-g.done
		c := g.f.Call
		if c.EndedBy != string(telephony.ByUs) || c.TalkMs > 91_000 || c.Grade != "D" {
			t.Errorf("ended by %s after %d ms, grade %s:\n%s", c.EndedBy, c.TalkMs, c.Grade, transcript(g.f))
		}
	})
}

// TestNoTalkLastsForEver: whatever the script says, a talk that is being talked ends at Longest.
func TestNoTalkLastsForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, func(g *stage) { g.robot.Longest = 5 * time.Second })
		g.says("是的")
		<-g.done
		if c := g.f.Call; c.EndedBy != string(telephony.ByUs) || c.TalkMs < 5000 || c.TalkMs > 5200 || c.State != call.Ended {
			t.Errorf("%+v", c)
		}
	})
}

// TestYieldsAsSoonAsItMay: who begins to talk while the line may not be interrupted yet is
// given way the moment it may, not talked over to its end.
func TestYieldsAsSoonAsItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, nil)
		g.says("是的")
		before := g.heardAgain(5 * time.Second) // 我是云栖湾的小应 …, which may be interrupted after 800 ms
		time.Sleep(200 * time.Millisecond)
		g.voice(0)
		g.man.until(5*time.Second, func() bool { talks, _, _, _ := g.man.talks(); return !talks })
		if _, _, quiet, _ := g.man.talks(); quiet-before < 750*time.Millisecond || quiet-before > 900*time.Millisecond {
			t.Errorf("silent %v after the line began", quiet-before)
		}
		g.leaves()
	})
}

// TestWhoCouldTypeMayTalk: real-time text was agreed upon and the callee speaks: a
// recogniser is opened then, and no sooner.
func TestWhoCouldTypeMayTalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, func(g *stage) { g.man.line.texts = true })
		g.man.quiet(500 * time.Millisecond)
		if g.man.ear.opens != 0 {
			t.Fatal("a recogniser was opened for one who may type")
		}
		g.voice(time.Second) // lost: nobody listened
		time.Sleep(1500 * time.Millisecond)
		g.man.quiet(300 * time.Millisecond)
		g.man.texts = false // he goes on speaking
		g.man.says("多少钱一平")
		g.man.quiet(g.man.patience)
		if f := g.leaves(); f.Call.Grade != "A" {
			t.Errorf("grade %s:\n%s", f.Call.Grade, transcript(f))
		}
	})
}

// TestWhoTypesNeedsNoRecogniser: a voice along with the text opens none.
func TestWhoTypesNeedsNoRecogniser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := set(t, func(g *stage) { g.man.line.texts = true })
		g.says("是的")
		g.says("多少钱一平")
		g.man.quiet(g.man.patience)
		if f := g.leaves(); f.Call.Grade != "A" || g.man.ear.opens != 0 {
			t.Errorf("grade %s, %d recognisers opened", f.Call.Grade, g.man.ear.opens)
		}
	})
}

// TestPromisesOutliveTheirNode: the SMS that the robot promised aloud and the wish never to be
// called again are on the timeline of a recovered call, from which they are kept.
func TestPromisesOutliveTheirNode(t *testing.T) {
	for said, kind := range map[string]string{"加个微信吧": "sms", "别再打了": "dnc"} {
		synctest.Test(t, func(t *testing.T) {
			g := set(t, nil)
			var kinds []string
			g.calls.OnFinish(func(_ context.Context, f *call.Finished) error {
				for _, m := range f.Facts.Timeline {
					kinds = append(kinds, m.Kind)
				}
				return nil
			})
			g.says("是的")
			g.says(said)
			g.man.until(5*time.Second, func() bool { talks, _, _, plays := g.man.talks(); return talks && plays > 2 })
			synctest.Wait()
			c, err := g.calls.Call(acme, g.job.Call.ID)
			if err != nil {
				t.Fatal(err)
			}
			other := robot.Service{Calls: g.calls}
			if err := other.Recover(context.Background(), *c); err != nil {
				t.Fatal(err)
			}
			if len(kinds) != 3 || kinds[1] != kind {
				t.Errorf("%s: timeline %v", said, kinds)
			}
			g.leaves()
		})
	}
}

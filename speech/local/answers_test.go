package local

import (
	"context"
	"sync"
	"testing"
	"time"

	"yingda/speech"
	"yingda/speech/speechtest"
)

// answers are what callees of a sales call usually say: the phrases of a busy node.
var answers = []string{"不需要", "不用了", "没兴趣", "没时间", "我在开会", "我在开车", "打错了", "别打了", "你是谁", "哪里的", "什么项目",
	"多少钱", "多少钱一平", "有什么优惠", "在什么位置", "在哪里", "离地铁近吗", "物业费多少", "限购吗", "可以贷款吗", "有学区吗", "什么时候交房",
	"加个微信吧", "发个短信给我", "可以", "好的", "是的", "不是", "听不清", "你再说一遍", "我考虑一下", "我要投诉", "转人工", "再见"}

// others are said too, and no answer must be heard in them.
var others = []string{"今天天气不错", "我儿子上小学了", "你吃饭了没有", "明天下午三点钟", "我们公司在上海", "苹果和香蕉", "去年夏天去过北京", "他昨天买了一台电脑"}

// TestUsualAnswers speaks every answer with the callee's voice in real time, ten streams at
// once, and wants nine of ten right: the syllables are cut hard, and 再见 and 没时间 are often
// lost. What nobody said must never be taken for an answer.
func TestUsualAnswers(t *testing.T) {
	r := running(t)
	said := append(append([]string(nil), answers...), others...)
	heard := make([]speech.Heard, len(said))
	late := make([]time.Duration, len(said))
	next := make(chan int)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for i := range next {
				heard[i], late[i] = converse(t, r, said[i])
			}
		})
	}
	for i := range said {
		next <- i
	}
	close(next)
	wg.Wait()
	wrong, invented := 0, 0
	for i, s := range said {
		switch {
		case i < len(answers) && heard[i].Phrase != s:
			wrong++
			t.Logf("%s: heard %q, phrase %q", s, heard[i].Text, heard[i].Phrase)
		case i >= len(answers) && heard[i].Phrase != "":
			invented++
			t.Logf("%s: heard %q, phrase %q", s, heard[i].Text, heard[i].Phrase)
		}
	}
	load, _ := r.Load(context.Background())
	t.Logf("%d of %d answers right, %d of %d others taken for one; %+v; final behind the last sample: %v", len(answers)-wrong, len(answers), invented, len(others), load, median(late))
	if wrong > len(answers)/10 {
		t.Errorf("%d of %d answers wrong", wrong, len(answers))
	}
	if invented > 0 {
		t.Errorf("%d of %d others taken for an answer", invented, len(others))
	}
}

// converse says one thing on a stream of its own, as a callee on the telephone does.
func converse(t *testing.T, r speech.Recognizer, text string) (h speech.Heard, late time.Duration) {
	s, err := r.Open(t.Context(), speech.Options{Call: text, Hints: answers})
	if err != nil {
		t.Error(err)
		return h, 0
	}
	defer s.Close()
	var spoken time.Time
	go func() {
		inTime(s, speechtest.Silence(time.Second))
		inTime(s, speechtest.Say(t, text))
		spoken = time.Now()
		inTime(s, speechtest.Silence(2*time.Second))
	}()
	for h := range s.Events() {
		if h.Err != nil {
			t.Error(h.Err)
		}
		if h.Final {
			return h, time.Since(spoken)
		}
	}
	return h, 0
}

// inTime writes 20 ms every 20 ms.
func inTime(s speech.Stream, alaw []byte) {
	begin := time.Now()
	for at := 0; at < len(alaw); at += 160 {
		time.Sleep(time.Until(begin.Add(time.Duration(at) * time.Second / 8000)))
		s.Write(alaw[at:min(at+160, len(alaw))])
	}
}

func median(all []time.Duration) (m time.Duration) {
	for _, d := range all {
		n := 0
		for _, e := range all {
			if e < d {
				n++
			}
		}
		if n == len(all)/2 {
			m = d
		}
	}
	return m
}

// A phrase is not heard in its opposite: these are where a robot would do harm.
func TestOppositesAreKeptApart(t *testing.T) {
	r := running(t)
	for said, hint := range map[string]string{"需要": "不需要", "不方便": "方便", "有兴趣": "没兴趣", "没有兴趣": "有兴趣", "不可以": "可以", "有时间": "没时间"} {
		s, err := r.Open(t.Context(), speech.Options{Hints: []string{hint, "多少钱", "在哪里"}})
		if err != nil {
			t.Fatal(err)
		}
		inTime(s, speechtest.Silence(500*time.Millisecond))
		inTime(s, speechtest.Say(t, said))
		inTime(s, speechtest.Silence(time.Second))
		for h := range s.Events() {
			if h.Final {
				t.Logf("%s: heard %q, phrase %q", said, h.Text, h.Phrase)
				if h.Phrase == hint {
					t.Errorf("%s was heard as %s (%s)", said, h.Phrase, h.Text)
				}
				break
			}
		}
		s.Close()
	}
}

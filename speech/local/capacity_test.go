package local

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"yingda/speech"
	"yingda/speech/speechtest"
)

// TestCapacity plays YINGDA_CAPACITY robot calls in real time for 40 s: each callee listens for
// five seconds or so, then answers. It prints how long after the endpoint finals come. It is a
// measurement for a quiet machine, not a test: nobody else's load should decide it.
func TestCapacity(t *testing.T) {
	calls, _ := strconv.Atoi(os.Getenv("YINGDA_CAPACITY"))
	if calls == 0 {
		t.Skip("YINGDA_CAPACITY is not set")
	}
	r := running(t)
	spoken := map[string][]byte{}
	for _, a := range answers {
		spoken[a] = speechtest.Say(t, a)
	}
	end := time.Now().Add(40 * time.Second)
	var mu sync.Mutex
	var delays []time.Duration
	right, said := 0, 0
	var wg sync.WaitGroup
	for range calls {
		wg.Go(func() {
			s, err := r.Open(context.Background(), speech.Options{Hints: answers})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for time.Now().Before(end) {
				inTime(s, speechtest.Silence(time.Duration(3000+rand.IntN(4000))*time.Millisecond))
				text := answers[rand.IntN(len(answers))]
				inTime(s, spoken[text])
				last := time.Now()
				h := hearFinal(s)
				mu.Lock()
				said++
				delays = append(delays, time.Since(last))
				if h.Phrase == text {
					right++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(delays)
	load, err := r.Load(context.Background())
	if err != nil || said == 0 {
		t.Fatal(err, said)
	}
	t.Logf("%d calls: %d of %d right; last sample to final p50 %v, p95 %v; %.3f cores; %+v", calls, right, said,
		delays[len(delays)/2], delays[len(delays)*95/100], float64(load.CPUMS)/40000, load)
}

// hearFinal writes silence in time until a final comes.
func hearFinal(s speech.Stream) (h speech.Heard) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	frame := speechtest.Silence(20 * time.Millisecond)
	for {
		select {
		case h, ok := <-s.Events():
			if !ok || h.Final {
				return h
			}
		case <-tick.C:
			s.Write(frame)
		}
	}
}

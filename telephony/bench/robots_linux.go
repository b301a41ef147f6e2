package bench

import (
	"fmt"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"yingda/platform/audio"
	"yingda/telephony/rtp"
)

// robots are N legs as a robot call has them, without the signalling.
type robots struct {
	engine   *rtp.Engine
	sessions []*rtp.Session
	dir      string
	prompt   []byte
}

func newRobots(o Options) (load, error) {
	dir, err := os.MkdirTemp(o.Dir, "yingda-bench-")
	if err != nil {
		return nil, err
	}
	r := &robots{dir: dir, engine: rtp.NewEngine(rtp.Config{IP: loopback, Shards: max(1, o.Shards)}), prompt: speech(time.Duration(o.Seconds+30) * time.Second)}
	for range o.Calls {
		s, err := r.engine.Open(false)
		if err != nil {
			r.stop()
			return nil, err
		}
		r.sessions = append(r.sessions, s)
	}
	return r, nil
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

func (r *robots) ports() (all []int) {
	for _, s := range r.sessions {
		all = append(all, s.Port())
	}
	return all
}

func (r *robots) start(peer []int) {
	for i, s := range r.sessions {
		tape, err := r.engine.Tape(filepath.Join(r.dir, fmt.Sprint(i), "call.wav"))
		if err != nil {
			panic(err) // the folder was made a moment ago
		}
		s.Start(rtp.Terms{PT: 8, EventPT: 101, Send: true, Receive: true, To: netip.AddrPortFrom(loopback, uint16(peer[i]))},
			tape, rtp.Hooks{Happened: func(rtp.Happening) {}, Patience: time.Minute})
		s.Tap(func([]byte) {})
		s.Play(rtp.NewPlayback(r.prompt))
	}
}

// work asks all sessions at once: one after the other would take a tick each.
func (r *robots) work() (w work) {
	all := make([]rtp.Stats, len(r.sessions))
	var wait sync.WaitGroup
	for i, s := range r.sessions {
		wait.Go(func() { all[i] = s.Stats() })
	}
	wait.Wait()
	for _, st := range all {
		w = work{w.sent + st.Out, w.received + st.In, w.lost + st.Lost}
	}
	return w
}

func (r *robots) stop() {
	var wait sync.WaitGroup
	for _, s := range r.sessions {
		wait.Add(1)
		s.End(func(error) { wait.Done() })
	}
	wait.Wait()
	r.engine.Close()
	_ = os.RemoveAll(r.dir)
}

// speech is audio with the rhythm of talk: 1.5 s of a voice-like tone, 0.7 s of silence.
func speech(d time.Duration) []byte {
	out := make([]byte, int(d/time.Second)*8000)
	for i := range out {
		out[i] = audio.Silence
		if t := i % 17600; t < 12000 {
			x := float64(i) / 8000
			out[i] = audio.ALaw(int16(6000 * math.Sin(2*math.Pi*180*x) * (0.6 + 0.4*math.Sin(2*math.Pi*4*x))))
		}
	}
	return out
}

package telephony

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// sipp is a real peer from another workshop: each scenario of testdata/sipp is one hard case.
type sipp struct {
	cmd  *exec.Cmd
	out  bytes.Buffer
	addr string
	done chan error
}

// startSipp runs a scenario; target is empty where sipp is called.
func startSipp(t *testing.T, scenario, target string, args ...string) *sipp {
	t.Helper()
	path, err := exec.LookPath("sipp")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("sipp (Debian package sip-tester) is missing: the carrier cases cannot be tested")
		}
		t.Skip("SKIPPED: sipp (Debian package sip-tester) is missing: the carrier cases are not tested")
	}
	file, err := filepath.Abs(filepath.Join("testdata", "sipp", scenario+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	s := &sipp{addr: fmt.Sprintf("127.0.0.1:%d", port), done: make(chan error, 1)}
	all := []string{"-sf", file, "-i", "127.0.0.1", "-p", fmt.Sprint(port), "-mi", "127.0.0.1", "-mp", fmt.Sprint(freePort(t) &^ 1),
		"-m", "1", "-nostdin", "-timeout", "25", "-timeout_error", "-trace_err", "-error_file", "/dev/stderr"}
	if target != "" {
		all = append(all, "-s", "4001", target)
	}
	s.cmd = exec.Command(path, append(all, args...)...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = t.TempDir(), &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	return s
}

func freePort(t *testing.T) int {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port
}

func (s *sipp) line() Line { return Line{Address: s.addr, CallerID: "02088886666"} }

// passed waits for sipp's own verdict.
func (s *sipp) passed(t *testing.T) {
	t.Helper()
	select {
	case err := <-s.done:
		if err != nil {
			out := s.out.Bytes()
			t.Errorf("sipp: %v\n%s", err, out[max(0, len(out)-4000):])
		}
	case <-time.After(30 * time.Second):
		t.Error("sipp does not end")
	}
}

// hangUpSoon lets a call live a little and ends it by us.
func hangUpSoon(t *testing.T, l *Leg, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(600 * time.Millisecond)
	if err := l.Hangup(within(t, 3*time.Second)); err != nil {
		t.Error("hang-up:", err)
	}
	ended(t, l)
}

func TestCarrierAnswersOddlyWeHangUp(t *testing.T) {
	for _, scenario := range []string{"lostack", "auth401", "auth407", "prack", "prackempty", "fork"} {
		t.Run(scenario, func(t *testing.T) {
			n, s := node(t), startSipp(t, scenario, "")
			line := s.line()
			line.Username, line.Password = "bob", "secret"
			l, err := n.Dial(within(t, 15*time.Second), line, DialOptions{To: "13800138000"})
			hangUpSoon(t, l, err)
			s.passed(t)
		})
	}
}

func TestManyProvisionalAnswersThenTheyHangUp(t *testing.T) {
	n, s := node(t), startSipp(t, "early180", "")
	rang := 0
	l, err := n.Dial(within(t, 15*time.Second), s.line(), DialOptions{To: "1", OnRinging: func(int) { rang++ }})
	if err != nil {
		t.Fatal(err)
	}
	if all := ended(t, l); all[len(all)-1].By != ByFar {
		t.Errorf("ended %+v", all)
	}
	if rang != 13 {
		t.Errorf("%d provisional answers, want 13", rang)
	}
	s.passed(t)
}

func TestAnswerCrossesOurCancel(t *testing.T) {
	n, s := node(t), startSipp(t, "cancelcross", "")
	_, err := n.Dial(within(t, 10*time.Second), s.line(), DialOptions{To: "1", RingFor: 1500 * time.Millisecond})
	var f *Failure
	if !errors.As(err, &f) || f.Outcome != NoAnswer {
		t.Errorf("got %v", err)
	}
	s.passed(t)
}

func TestHoldStopsOurMedia(t *testing.T) {
	n, s := node(t), startSipp(t, "hold", "")
	l, err := n.Dial(within(t, 10*time.Second), s.line(), DialOptions{To: "1"})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(700 * time.Millisecond) // held at 400 ms
	held := l.Stats().PacketsOut
	time.Sleep(200 * time.Millisecond)
	if now := l.Stats().PacketsOut; now != held {
		t.Errorf("%d packets sent on hold", now-held)
	}
	all := ended(t, l)
	if now := l.Stats().PacketsOut; now < held+10 {
		t.Errorf("nothing sent after the hold: %d packets before, %d at the end", held, now)
	}
	if all[len(all)-1].By != ByFar {
		t.Errorf("ended %+v", all)
	}
	s.passed(t)
}

func TestReasonHeaderDecides(t *testing.T) {
	n, s := node(t), startSipp(t, "reason", "")
	_, err := n.Dial(within(t, 10*time.Second), s.line(), DialOptions{To: "1"})
	var f *Failure
	if !errors.As(err, &f) || f.Outcome != BadNumber || f.Q850 != 1 {
		t.Errorf("got %+v", err)
	}
	s.passed(t)
}

func TestNobodyThereIsNoProgress(t *testing.T) {
	n := node(t)
	_, err := n.Dial(within(t, 10*time.Second), Line{Address: fmt.Sprintf("127.0.0.1:%d", freePort(t))}, DialOptions{To: "1", RingFor: 700 * time.Millisecond})
	var f *Failure
	if !errors.As(err, &f) || f.Outcome != NoProgress || f.Status != 0 {
		t.Errorf("got %+v", err)
	}
}

func TestTheyCallUsOddly(t *testing.T) {
	for _, scenario := range []string{"uaclostack", "uacdelayed", "uaccancel", "uacodd"} {
		t.Run(scenario, func(t *testing.T) {
			n := node(t)
			answer := scenario != "uaccancel"
			got := make(chan *Incoming, 1)
			n.OnInbound(func(i *Incoming) {
				_ = i.Ring()
				got <- i
				if !answer {
					<-i.Gone()
					return
				}
				if l, err := i.Answer(AnswerOptions{}); err != nil {
					t.Error("answer:", err)
				} else {
					go func() {
						for range l.Events() {
						}
					}()
				}
			})
			s := startSipp(t, scenario, n.Addr())
			s.passed(t)
			if scenario == "uacodd" {
				return
			}
			if i := <-got; i.To != "4001" || i.From != "13900139000" {
				t.Errorf("to %q from %q", i.To, i.From)
			}
		})
	}
}

func TestOverloadedNodeRefusesCalls(t *testing.T) {
	n, err := NewNode(Config{MaxLag: time.Nanosecond, Shards: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	b := node(t)
	legs := answering(b, AnswerOptions{})
	l, err := n.Dial(context.Background(), lineTo(b), DialOptions{To: "1"}) // idle: no lag yet
	if err != nil {
		t.Fatal(err)
	}
	<-legs
	for deadline := time.Now().Add(8 * time.Second); err == nil && time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		_, err = n.Dial(context.Background(), lineTo(b), DialOptions{To: "2"})
	}
	if !errors.Is(err, ErrOverloaded) {
		t.Errorf("with a bound of 1 ns: %v", err)
	}
	_ = l.Hangup(within(t, time.Second))
}

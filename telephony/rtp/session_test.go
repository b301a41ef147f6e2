package rtp

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
	"time"

	"yingda/platform/audio"
)

var loopback = netip.MustParseAddr("127.0.0.1")

func engine(t *testing.T, c Config) *Engine {
	t.Helper()
	c.IP, c.Shards = loopback, 1
	e := NewEngine(c)
	t.Cleanup(e.Close)
	return e
}

// far is a far end made by hand.
type far struct {
	*net.UDPConn
	seq uint16
	ts  uint32
}

func farEnd(t *testing.T) *far {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &far{UDPConn: c}
}

func (f *far) addr() netip.AddrPort { return f.LocalAddr().(*net.UDPAddr).AddrPort() }

// say sends one packet of payload type pt.
func (f *far) say(t *testing.T, port int, pt uint8, payload []byte) {
	t.Helper()
	b := make([]byte, headerSize, headerSize+len(payload))
	Header{PT: pt, Seq: f.seq, TS: f.ts, SSRC: 77}.put(b)
	f.seq++
	if _, err := f.WriteToUDPAddrPort(append(b, payload...), netip.AddrPortFrom(loopback, uint16(port))); err != nil {
		t.Fatal(err)
	}
}

// hears reads one packet, or fails after d.
func (f *far) hears(d time.Duration) (h Header, payload []byte, ok bool) {
	b := make([]byte, 2000)
	_ = f.SetReadDeadline(time.Now().Add(d))
	n, err := f.Read(b)
	if err != nil {
		return h, nil, false
	}
	return parse(b[:n])
}

func open(t *testing.T, e *Engine) *Session {
	t.Helper()
	s, err := e.Open(false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.End(nil) })
	return s
}

func TestMediaFollowsWhereItComesFromAndStaysThere(t *testing.T) {
	e := engine(t, Config{})
	s, told, real, stranger := open(t, e), farEnd(t), farEnd(t), farEnd(t)
	s.Start(Terms{PT: 8, Send: true, Receive: true, To: told.addr()}, nil, Hooks{})
	if _, _, ok := told.hears(time.Second); !ok {
		t.Fatal("nothing is sent where the description says")
	}
	frame := voice(Frame)
	real.say(t, s.Port(), 8, frame)
	if _, _, ok := real.hears(time.Second); !ok {
		t.Fatal("a far end behind a NAT hears nothing")
	}
	stranger.say(t, s.Port(), 8, frame)
	if _, _, ok := stranger.hears(100 * time.Millisecond); ok {
		t.Error("a stranger took the call over")
	}
}

func TestPacketsAreTwentyMillisecondsApartAndNumbered(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	s.Start(Terms{PT: 8, Send: true, To: f.addr()}, nil, Hooks{})
	var before Header
	begin := time.Now()
	for i := range 25 {
		h, payload, ok := f.hears(time.Second)
		if !ok || len(payload) != Frame || h.PT != 8 {
			t.Fatalf("packet %d: %+v, %d bytes", i, h, len(payload))
		}
		if i == 0 && !h.Marker || i > 0 && (h.Seq != before.Seq+1 || (h.TS-before.TS)%Frame != 0 || h.Marker) {
			t.Errorf("packet %d: %+v after %+v", i, h, before)
		}
		before = h
	}
	if d := time.Since(begin); d < 450*time.Millisecond {
		t.Errorf("25 packets in %v: a burst", d)
	}
}

func TestKeysAtAnyPayloadType(t *testing.T) {
	for _, pt := range []uint8{96, 101, 126} {
		e := engine(t, Config{})
		s, f := open(t, e), farEnd(t)
		got := make(chan Happening, 8)
		s.Start(Terms{PT: 8, EventPT: pt, Receive: true, To: f.addr()}, nil, Hooks{Happened: func(h Happening) { got <- h }})
		for _, duration := range []byte{0, 1, 2, 2, 2} { // from 0, the end three times
			f.say(t, s.Port(), pt, []byte{9, 10, duration, 0})
		}
		select {
		case h := <-got:
			if h.Kind != Digit || h.Text != "9" {
				t.Errorf("payload type %d: %+v", pt, h)
			}
		case <-time.After(time.Second):
			t.Errorf("payload type %d: no key", pt)
		}
		time.Sleep(60 * time.Millisecond)
		if len(got) > 0 {
			t.Errorf("payload type %d: one key, twice", pt)
		}
	}
}

func TestMuLawOutsideALawInside(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	heard := make(chan []byte, 64)
	s.Start(Terms{ULaw: true, PT: 0, Send: true, Receive: true, To: f.addr()}, nil, Hooks{})
	s.Tap(func(b []byte) {
		if energy(b) > level50 {
			heard <- bytes.Clone(b)
		}
	})
	tone := bytes.Repeat([]byte{audio.ULaw(5000)}, Frame)
	f.say(t, s.Port(), 0, tone)
	select {
	case b := <-heard:
		if v := audio.LinearALaw(b[80]); v < 4700 || v > 5300 {
			t.Errorf("5000 arrived as %d", v)
		}
	case <-time.After(time.Second):
		t.Fatal("nothing heard")
	}
	s.Play(NewPlayback(bytes.Repeat([]byte{audio.ALaw(-9000)}, 4*Frame)))
	for range 50 {
		if _, payload, ok := f.hears(time.Second); ok && audio.LinearULaw(payload[0]) < -8000 {
			return
		}
	}
	t.Error("our -9000 did not arrive")
}

func TestPortsAreEvenAndRunOut(t *testing.T) {
	base := open(t, engine(t, Config{})).Port() &^ 7 // some place that is likely free
	e := engine(t, Config{First: base + 1001, Last: base + 1006})
	var ports []int
	for range 3 {
		s, err := e.Open(false)
		if err != nil {
			break
		}
		defer s.End(nil)
		ports = append(ports, s.Port())
	}
	for _, p := range ports {
		if p%2 != 0 || p < base+1001 || p > base+1006 {
			t.Errorf("port %d of %d-%d", p, base+1001, base+1006)
		}
	}
	if _, err := e.Open(false); err == nil {
		t.Error("a fourth session in a range of three even ports")
	}
}

func TestSilentNetworkIsToldOnce(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	told := make(chan struct{}, 8)
	s.Start(Terms{PT: 8, Send: true, Receive: true, To: f.addr()}, nil, Hooks{Patience: 100 * time.Millisecond, Silent: func() { told <- struct{}{} }})
	time.Sleep(400 * time.Millisecond)
	if len(told) != 1 {
		t.Errorf("told %d times", len(told))
	}
}

// TestAnyAgreedCodecIsHeard: who answered with two codecs may send either; what is no
// event must not become a key.
func TestAnyAgreedCodecIsHeard(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	got := make(chan Happening, 8)
	s.Start(Terms{PT: 8, Receive: true, To: f.addr()}, nil, Hooks{Happened: func(h Happening) { got <- h }})
	loud := audio.ALawToULaw(nil, voice(Frame))
	loud[0] = 9 // a key, if these were events
	for range 15 {
		f.say(t, s.Port(), 0, loud)
		f.ts += Frame
		time.Sleep(20 * time.Millisecond)
	}
	select {
	case h := <-got:
		if h.Kind != VoiceStart {
			t.Errorf("PCMU on a PCMA call became %+v", h)
		}
	case <-time.After(time.Second):
		t.Error("PCMU on a PCMA call was not heard")
	}
}

// TestKeysUnderTheirOwnSource do not disturb the audio's numbers.
func TestKeysUnderTheirOwnSource(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	s.Start(Terms{PT: 8, EventPT: 101, Receive: true, To: f.addr()}, nil, Hooks{})
	for i := range 20 {
		f.say(t, s.Port(), 8, voice(Frame))
		f.ts += Frame
		if i == 5 {
			b := make([]byte, headerSize, 16)
			Header{PT: 101, Seq: f.seq + 20000, TS: f.ts, SSRC: 4711}.put(b)
			if _, err := f.WriteToUDPAddrPort(append(b, 1, 10, 0, 160), netip.AddrPortFrom(loopback, uint16(s.Port()))); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond)
	if got := s.Stats(); got.In != 20 || got.Duplicate != 0 || got.Lost != 0 {
		t.Errorf("%+v", got)
	}
}

// TestWhatPlaysOnHoldEnds: nobody hears it, and whoever waits for its end is not held.
func TestWhatPlaysOnHoldEnds(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	s.Start(Terms{PT: 8, Send: true, Receive: true, To: f.addr()}, nil, Hooks{})
	before := s.Play(NewPlayback(voice(20 * Frame)))
	f.hears(time.Second)
	s.Renegotiate(Terms{PT: 8, Receive: true, To: f.addr()})
	during := s.Play(NewPlayback(voice(10 * Frame)))
	for _, p := range []*Playback{before, during} {
		select {
		case <-p.Done():
			if p.Cut() {
				t.Error("it was cut")
			}
		case <-time.After(2 * time.Second):
			t.Fatal("it never ends")
		}
	}
	for n := 0; ; n++ {
		if _, _, ok := f.hears(50 * time.Millisecond); !ok {
			break
		} else if n > 5 {
			t.Fatal("it is sent to who wants nothing")
		}
	}
}

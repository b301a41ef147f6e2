package rtp

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"
)

func TestReportsGoBothWaysOnTheMediaPort(t *testing.T) {
	e := engine(t, Config{})
	s, f := open(t, e), farEnd(t)
	s.Start(Terms{PT: 8, Send: true, Receive: true, Mux: true, To: f.addr()}, nil, Hooks{})
	f.say(t, s.Port(), 8, voice(Frame))
	f.seq++ // one is lost
	f.ts += 2 * Frame
	f.say(t, s.Port(), 8, voice(Frame))
	h, _, ok := f.hears(time.Second)
	if !ok {
		t.Fatal("no media")
	}
	s.shard.do(func() { s.report.age = reportEvery })
	sr := awaitReport(t, f)
	if sr.SSRC != h.SSRC || len(sr.Reports) != 1 || sr.Reports[0].SSRC != 77 || sr.Reports[0].TotalLost != 1 {
		t.Errorf("report %+v", sr)
	}
	b, err := (&rtcp.ReceiverReport{SSRC: 77, Reports: []rtcp.ReceptionReport{{SSRC: h.SSRC, TotalLost: 5, Jitter: 80}}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteToUDPAddrPort(b, netip.AddrPortFrom(loopback, uint16(s.Port()))); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if st := s.Stats(); st.FarLost == 5 && st.FarJitter == 10*time.Millisecond {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("their report is not in %+v", s.Stats())
}

func awaitReport(t *testing.T, f *far) *rtcp.SenderReport {
	t.Helper()
	b := make([]byte, 2000)
	_ = f.SetReadDeadline(time.Now().Add(3 * time.Second))
	for {
		n, err := f.Read(b)
		if err != nil {
			t.Fatal("no report: ", err)
		}
		if !isRTCP(b[1]) {
			continue
		}
		packets, err := rtcp.Unmarshal(b[:n])
		if err != nil {
			t.Fatal(err)
		}
		return packets[0].(*rtcp.SenderReport)
	}
}

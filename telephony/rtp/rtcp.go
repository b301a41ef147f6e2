package rtp

import (
	"time"

	"github.com/pion/rtcp"
)

// report is the RTCP of a session: where the far end takes it on the media port (RFC 5761),
// a sender report with one block goes out every five seconds. Without that, none is sent:
// a second socket per call would cost more than it tells.
type report struct {
	age       int // frames since ours
	lastSR    uint32
	heardAt   time.Duration
	farLost   int64
	farJitter time.Duration
}

const reportEvery = 250 // frames: the 5 s of RFC 3550 6.2

func (s *Session) reports(frames int) {
	s.report.age += frames
	if s.report.age < reportEvery || !s.terms.Send {
		return
	}
	s.report.age = 0
	b, err := rtcp.Marshal([]rtcp.Packet{s.senderReport(time.Now()), s.description()})
	if err == nil {
		s.audio.send(b)
	}
}

func (s *Session) senderReport(now time.Time) *rtcp.SenderReport {
	r := &rtcp.SenderReport{SSRC: s.out.SSRC, NTPTime: ntp(now), RTPTime: s.out.TS, PacketCount: uint32(s.sent), OctetCount: uint32(s.sent * Frame)}
	if s.jitter.started {
		r.Reports = []rtcp.ReceptionReport{{SSRC: s.jitter.ssrc, TotalLost: uint32(min(s.seq.lost(), 1<<23-1)),
			LastSequenceNumber: uint32(s.seq.max), Jitter: uint32(s.jitter.jitter16 >> 4),
			LastSenderReport: s.report.lastSR, Delay: s.sinceSR()}}
	}
	return r
}

func (s *Session) description() *rtcp.SourceDescription {
	return &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{Source: s.out.SSRC,
		Items: []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: "leg"}}}}}
}

// sinceSR is the delay since their last report in 1/65536 s, 0 without one.
func (s *Session) sinceSR() uint32 {
	if s.report.lastSR == 0 {
		return 0
	}
	return uint32((s.shard.now() - s.report.heardAt) * 65536 / time.Second)
}

// ntp is the timestamp of RFC 3550 4: seconds since 1900 and their fraction.
func ntp(t time.Time) uint64 {
	const since1900 = 2208988800
	return uint64(t.Unix()+since1900)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// reported takes the far end's RTCP; what cannot be read is nobody's loss.
func (s *Session) reported(b []byte) {
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		return
	}
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.SenderReport:
			s.report.lastSR, s.report.heardAt = uint32(p.NTPTime>>16), s.shard.now()
			s.ofUs(p.Reports)
		case *rtcp.ReceiverReport:
			s.ofUs(p.Reports)
		}
	}
}

func (s *Session) ofUs(blocks []rtcp.ReceptionReport) {
	for _, r := range blocks {
		if r.SSRC == s.out.SSRC {
			s.report.farLost, s.report.farJitter = int64(r.TotalLost), samples(int(min(r.Jitter, 1<<20)))
		}
	}
}

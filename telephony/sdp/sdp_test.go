package sdp

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

var here = netip.MustParseAddr("127.0.0.1")

const carrier = "v=0\r\no=root 1 2 IN IP4 10.0.0.1\r\ns=x\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n" +
	"m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n" +
	"m=audio 4000 RTP/AVP 18 0 8 126\r\na=rtpmap:126 telephone-event/8000\r\na=sendonly\r\n" +
	"m=text 4004 RTP/AVP 99 97\r\na=rtpmap:97 t140/1000\r\na=rtpmap:99 red/1000\r\na=fmtp:99 97/97/97\r\n"

func TestAnswerKeepsTheOffersOrderAndPayloadTypes(t *testing.T) {
	offer, err := Parse([]byte(carrier))
	if err != nil {
		t.Fatal(err)
	}
	d, a, err := Answer(offer, Local{IP: here, Audio: 5000, Text: 5002})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Media) != 3 || d.Media[0].Port != 0 || d.Media[1].Port != 5000 || d.Media[2].Port != 5002 {
		t.Fatalf("answer lines: %+v", d.Media)
	}
	want := Agreed{Codec: "PCMU", PT: 0, EventPT: 126, AudioTo: netip.MustParseAddrPort("10.0.0.1:4000"),
		TextTo: netip.MustParseAddrPort("10.0.0.1:4004"), T140: 97, Red: 99, TheySend: true}
	if a != want {
		t.Errorf("agreed\n %+v, want\n %+v", a, want)
	}
	if d.Media[1].Direction != RecvOnly {
		t.Errorf("hold was answered with %q", d.Media[1].Direction)
	}
}

// TestHoldOfTheWholeSession: a direction before the first m= holds for lines that say none.
func TestHoldOfTheWholeSession(t *testing.T) {
	const whole = "v=0\r\no=root 1 2 IN IP4 10.0.0.1\r\ns=x\r\nc=IN IP4 10.0.0.1\r\na=%\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
	for said, want := range map[string]Direction{"sendonly": RecvOnly, "inactive": Inactive, "sendrecv": SendRecv, "tool:x": SendRecv} {
		offer, err := Parse([]byte(strings.Replace(whole, "%", said, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if d, _, err := Answer(offer, Local{IP: here, Audio: 5000}); err != nil || d.Media[0].Direction != want {
			t.Errorf("%s was answered with %+v %v", said, d.Media, err)
		}
	}
	own, err := Parse([]byte(strings.Replace(whole, "%", "inactive", 1) + "a=sendrecv\r\n"))
	if err != nil || own.Media[0].Direction != SendRecv {
		t.Errorf("the line's own direction was not what counts: %+v %v", own.Media, err)
	}
}

func TestOfferAndAnswerAgree(t *testing.T) {
	offer := Offer(Local{IP: here, Audio: 4000, Text: 4002})
	heard, err := Parse(offer.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	answer, theirs, err := Answer(heard, Local{IP: here, Audio: 5000, Text: 5002, Codecs: []string{"PCMU"}})
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(answer.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	ours, err := Agree(offer, back)
	if err != nil {
		t.Fatal(err)
	}
	if ours.Codec != "PCMU" || theirs.Codec != "PCMU" || ours.EventPT != 101 || ours.Red != redPT || ours.T140 != t140PT {
		t.Errorf("ours %+v theirs %+v", ours, theirs)
	}
	if ours.AudioTo.Port() != 5000 || theirs.AudioTo.Port() != 4000 || ours.TextTo.Port() != 5002 {
		t.Errorf("addresses: ours %+v theirs %+v", ours, theirs)
	}
}

func TestNothingCommon(t *testing.T) {
	offer, _ := Parse([]byte("v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4 RTP/AVP 18\r\n"))
	if _, _, err := Answer(offer, Local{IP: here, Audio: 2}); !errors.Is(err, ErrNothingCommon) {
		t.Errorf("G.729 only: %v", err)
	}
	if _, err := Parse([]byte("hello")); !errors.Is(err, ErrBroken) {
		t.Errorf("not SDP: %v", err)
	}
}

func TestHoldInBothFashions(t *testing.T) {
	for _, row := range []struct {
		name, lines  string
		we, theySend bool
	}{
		{"talking", "c=IN IP4 1.2.3.4\r\nm=audio 4 RTP/AVP 8\r\n", true, true},
		{"old hold", "c=IN IP4 0.0.0.0\r\nm=audio 4 RTP/AVP 8\r\n", false, true},
		{"inactive", "c=IN IP4 1.2.3.4\r\nm=audio 4 RTP/AVP 8\r\na=inactive\r\n", false, false},
		{"recvonly", "c=IN IP4 1.2.3.4\r\nm=audio 4 RTP/AVP 8\r\na=recvonly\r\n", true, false},
	} {
		offer, err := Parse([]byte("v=0\r\n" + row.lines))
		if err != nil {
			t.Fatal(err)
		}
		_, a, err := Answer(offer, Local{IP: here, Audio: 2})
		if err != nil || a.WeSend != row.we || a.TheySend != row.theySend {
			t.Errorf("%s: we send %v, they send %v, %v", row.name, a.WeSend, a.TheySend, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(carrier))
	f.Add(Offer(Local{IP: here, Audio: 2, Text: 4}).Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Parse(b)
		if err != nil {
			return
		}
		answer, _, err := Answer(d, Local{IP: here, Audio: 2, Text: 4})
		if err != nil {
			return
		}
		if len(answer.Media) != len(d.Media) {
			t.Fatalf("%d lines answered with %d", len(d.Media), len(answer.Media))
		}
		if _, err := Parse(answer.Bytes()); err != nil {
			t.Fatalf("own answer unreadable: %v\n%s", err, answer.Bytes())
		}
	})
}

package rtp

import (
	"strings"
	"testing"
	"time"
)

// typed lets o send until it owes nothing and returns the packets with their numbers.
func typed(o *textOut, red bool, words ...string) (packets [][]byte) {
	now := time.Second
	for i := 0; i < 20; i++ {
		if i < len(words) {
			o.add(words[i])
		}
		if o.due(now, false) {
			p, _ := o.packet(nil, now, uint32(now/time.Millisecond), 98, red)
			packets = append(packets, p)
		}
		now += textEvery
	}
	return packets
}

func TestTextSurvivesLossOfTwoPacketsInARow(t *testing.T) {
	words := []string{"我想", "问一下", "价格", "和位置", "谢谢"}
	packets := typed(&textOut{}, true, words...)
	for lost := 1; lost+1 < len(packets)-1; lost++ {
		in, got := &textIn{}, ""
		for seq, p := range packets {
			if seq != lost && seq != lost+1 {
				got += in.red(uint16(65533+seq), p) // numbers wrap
			}
		}
		if want := strings.Join(words, ""); got != want {
			t.Errorf("without packets %d and %d: %q, want %q", lost, lost+1, got, want)
		}
	}
}

func TestTextBeyondRedundancyIsMarkedOnce(t *testing.T) {
	packets := typed(&textOut{}, true, "a", "b", "c", "d", "e", "f", "g")
	in, got := &textIn{}, ""
	for seq, p := range packets {
		if seq < 1 || seq > 3 { // b c d are gone, c and d come behind e
			got += in.red(uint16(seq), p)
		}
	}
	if got != "a\uFFFDcdefg" {
		t.Errorf("%q", got)
	}
}

func TestTextTwiceAndOutOfOrderIsReadOnce(t *testing.T) {
	packets := typed(&textOut{}, true, "x", "y", "z")
	in, got := &textIn{}, ""
	for _, seq := range []int{0, 0, 2, 1, 2, 3, 4} {
		if seq < len(packets) {
			got += in.red(uint16(seq), packets[seq])
		}
	}
	if got != "xyz" {
		t.Errorf("%q", got)
	}
}

func TestTextKeepsWhatIsNoCharacterAway(t *testing.T) {
	in := &textIn{}
	in.plain(0, []byte("\xEF\xBB\xBF")) // BOM
	if got := in.plain(1, []byte("\xEF\xBB\xBFok\b")); got != "ok\b" {
		t.Errorf("BOM and backspace: %q", got)
	}
	if got := in.plain(2, []byte("买\xE6\x88")) + in.plain(3, []byte("\xBF")); got != "买房"[:3]+"房"[:0]+"\u623F" {
		t.Errorf("a character cut in two: %q", got)
	}
}

func TestLongTextIsCutBetweenCharacters(t *testing.T) {
	long := strings.Repeat("房", 400)
	packets := typed(&textOut{}, true, long)
	in, got := &textIn{}, ""
	for seq, p := range packets {
		got += in.red(uint16(seq), p)
	}
	if got != long {
		t.Errorf("%d of %d bytes", len(got), len(long))
	}
}

func TestKeysAreSentAndHeardOnce(t *testing.T) {
	out, in := &keyOut{}, &keyIn{}
	out.press("5*d ü")
	got := ""
	var b [4]byte
	for slot := range 60 {
		if ts, _, ok := out.next(b[:], uint32(slot*Frame)); ok {
			if k := in.hear(Header{TS: ts}, b[:]); k != 0 {
				got += string(k)
			}
		}
	}
	if got != "5*D" {
		t.Errorf("heard %q", got)
	}
	if k := (&keyIn{}).hear(Header{TS: 800}, []byte{1, 10, 0, 0}); k != '1' {
		t.Errorf("an event that starts with duration 0 gave %q", k)
	}
	if k := in.hear(Header{SSRC: 7, TS: 1}, []byte{9, 10, 0, 160}); k != '9' {
		t.Errorf("a key of a source that took over gave %q", k)
	}
}

// TestASourceTakesOver: a gateway re-anchored the media; the new source counts anew, and what
// its first packet repeats was read before.
func TestASourceTakesOver(t *testing.T) {
	in := &textIn{}
	first := Header{SSRC: 1, Seq: 40000}
	in.from(first)
	got := in.plain(first.Seq, []byte("一"))
	for i, c := range []string{"二", "三"} {
		h := Header{SSRC: 2, Seq: uint16(100 + i)}
		in.from(h)
		got += in.plain(h.Seq, []byte(c))
	}
	if got != "一二三" {
		t.Errorf("read %q", got)
	}
}

func FuzzText(f *testing.F) {
	for _, p := range typed(&textOut{}, true, "你好", "b", "c") {
		f.Add(uint16(1), p)
	}
	f.Fuzz(func(t *testing.T, seq uint16, b []byte) {
		in := &textIn{}
		in.red(1, []byte{98})
		if s := in.red(seq, b) + in.plain(seq+1, b); len(s) > 6*len(b)+6 {
			t.Fatalf("%d bytes made %d", len(b), len(s))
		}
	})
}

func FuzzPacket(f *testing.F) {
	var b [headerSize + 4]byte
	Header{PT: 8, Seq: 1, TS: 2, SSRC: 3, Marker: true}.put(b[:])
	f.Add(b[:])
	f.Add([]byte{0xB1, 0x08, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0xBE, 0xDE, 0, 1, 1, 2, 3, 4, 7, 7, 0, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, payload, ok := parse(b)
		if !ok {
			return
		}
		if len(payload) > len(b)-headerSize || h.PT > 127 {
			t.Fatalf("%+v %d", h, len(payload))
		}
		j := &jitter{}
		j.reset()
		j.put(h, payload, 0)
		j.put(h, payload, 0)
		(&keyIn{}).hear(h, payload)
		frame := make([]byte, Frame)
		for range 4 {
			j.pop(frame)
		}
	})
}

package rtp

import (
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	textEvery   = 300 * time.Millisecond // RFC 4103 5.2: the buffering time by default
	generations = 2                      // older texts carried again with each packet (RFC 4103 4)
	maxText     = 480                    // bytes of one packet's new text; a red block holds 1023
)

// textOut makes text packets: what was typed goes out at once when the line was idle,
// else after 300 ms, and twice more behind the texts that follow (RFC 4103, RFC 2198).
type textOut struct {
	typed   []byte
	past    [generations]block // newest first
	owing   int                // packets still to send although nothing was typed
	sentAt  time.Duration
	started bool
}

type block struct {
	ts   uint32
	text []byte
}

func (o *textOut) add(s string) { o.typed = append(o.typed, s...) }

// due says whether a packet is to be sent now.
func (o *textOut) due(now time.Duration, flush bool) bool {
	if len(o.typed) == 0 && o.owing == 0 {
		return false
	}
	return flush || !o.started || now-o.sentAt >= textEvery
}

// packet writes the payload that is due and returns it; idle says that the line was
// idle before it (RFC 4103 5.1: the marker bit). red = 0 sends plain T.140.
func (o *textOut) packet(dst []byte, now time.Duration, ts uint32, t140 uint8, red bool) (payload []byte, idle bool) {
	text := o.take()
	idle = !o.started || o.owing == 0
	if len(text) > 0 {
		o.owing = generations + 1
	}
	o.owing--
	if red {
		for i := generations - 1; i >= 0; i-- {
			dst = o.past[i].header(dst, ts, t140)
		}
		dst = append(dst, t140)
		for i := generations - 1; i >= 0; i-- {
			dst = append(dst, o.past[i].text...)
		}
	} else {
		o.owing = 0
	}
	o.past[1], o.past[0] = o.past[0], block{ts, text}
	o.started, o.sentAt = true, now
	return append(dst, text...), idle
}

// take cuts at most maxText bytes of what was typed, never inside a character.
func (o *textOut) take() []byte {
	n := min(len(o.typed), maxText)
	for n > 0 && n < len(o.typed) && !utf8.RuneStart(o.typed[n]) {
		n--
	}
	text := o.typed[:n:n]
	o.typed = o.typed[n:]
	return text
}

// header writes the four bytes of RFC 2198 3: follow bit, payload type, timestamp offset (14 bits), length (10 bits).
func (b block) header(dst []byte, now uint32, pt uint8) []byte {
	offset := now - b.ts
	if offset >= 1<<14 {
		offset = 0 // the generation is empty by then
	}
	return binary.BigEndian.AppendUint32(dst, uint32(0x80|pt)<<24|offset<<10|uint32(len(b.text)))
}

// textIn reads text packets: each text once, by sequence number; what was lost is taken
// from the generations behind it; what is beyond them becomes one U+FFFD (RFC 4103 5.4).
type textIn struct {
	started bool
	ssrc    uint32
	seq     uint16
	tail    []byte // the beginning of a character that the next packet ends
}

const lossMark = "\uFFFD"

// from notes whose packet comes. A source that takes over in mid-call (a gateway
// re-anchored the media) counts anew, and what it repeats was read before.
func (in *textIn) from(h Header) {
	if in.started && h.SSRC != in.ssrc {
		in.seq = h.Seq - 1
	}
	in.ssrc = h.SSRC
}

// plain takes a packet without redundancy.
func (in *textIn) plain(seq uint16, payload []byte) string {
	first := !in.started // nothing was lost before we listened
	missing, ok := in.advance(seq)
	if !ok {
		return ""
	}
	return in.text(missing > 0 && !first, payload)
}

// red takes a packet with redundancy; a broken one gives "".
func (in *textIn) red(seq uint16, payload []byte) string {
	blocks, ok := splitRed(payload)
	if !ok {
		return ""
	}
	first := !in.started
	missing, ok := in.advance(seq)
	if !ok {
		return ""
	}
	older := len(blocks) - 1
	want := min(missing, older)
	var all []byte
	for _, b := range blocks[older-want:] {
		all = append(all, b...)
	}
	return in.text(missing > older && !first, all)
}

// advance says how many packets before this one never came; false = it came before.
// Of the first packet all generations are new to us: someone may have typed before we listened.
func (in *textIn) advance(seq uint16) (missing int, ok bool) {
	d := int(int16(seq - in.seq))
	if !in.started {
		in.started, in.seq = true, seq
		return generations, true
	}
	if d <= 0 {
		return 0, false
	}
	in.seq = seq
	return d - 1, true
}

func (in *textIn) text(loss bool, b []byte) string {
	all := append(in.tail, b...)
	if loss {
		all = append([]byte(lossMark), b...)
	}
	cut := len(all) - partial(all)
	in.tail = append([]byte(nil), all[cut:]...)
	s := strings.ToValidUTF8(string(all[:cut]), lossMark)
	return strings.ReplaceAll(s, "\uFEFF", "") // BOM and keep-alive
}

// partial is how many bytes at the end begin a character without ending it.
func partial(b []byte) int {
	for n := 1; n <= min(3, len(b)); n++ {
		c := b[len(b)-n]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// splitRed returns the blocks of RFC 2198, oldest first, the primary last.
func splitRed(b []byte) (blocks [][]byte, ok bool) {
	var lens []int
	for len(b) > 0 && b[0]&0x80 != 0 {
		if len(b) < 4 || len(lens) == 8 {
			return nil, false
		}
		lens = append(lens, int(binary.BigEndian.Uint16(b[2:])&0x3ff))
		b = b[4:]
	}
	if len(b) == 0 {
		return nil, false
	}
	b = b[1:]
	for _, n := range lens {
		if n > len(b) {
			return nil, false
		}
		blocks, b = append(blocks, b[:n]), b[n:]
	}
	return append(blocks, b), true
}

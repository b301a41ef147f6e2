package rtp

import "encoding/binary"

// Frame is 20 ms of G.711 in bytes, and in samples.
const Frame = 160

const headerSize = 12

// Header of a packet as RFC 3550 5.1 has it, without CSRC and extension: we write none.
type Header struct {
	PT     uint8
	Marker bool
	Seq    uint16
	TS     uint32
	SSRC   uint32
}

// put writes the 12 bytes.
func (h Header) put(b []byte) {
	_ = b[headerSize-1]
	b[0], b[1] = 0x80, h.PT
	if h.Marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], h.Seq)
	binary.BigEndian.PutUint32(b[4:], h.TS)
	binary.BigEndian.PutUint32(b[8:], h.SSRC)
}

// parse reads a packet of any shape: CSRCs, extension and padding are skipped over.
// It is ours and not a library's because it runs for each packet and must not allocate.
// ok is false for what is no RTP, RTCP on the same port included (RFC 5761 4).
func parse(b []byte) (h Header, payload []byte, ok bool) {
	if len(b) < headerSize || b[0]>>6 != 2 || isRTCP(b[1]) {
		return h, nil, false
	}
	h = Header{PT: b[1] & 0x7f, Marker: b[1]&0x80 != 0, Seq: binary.BigEndian.Uint16(b[2:]),
		TS: binary.BigEndian.Uint32(b[4:]), SSRC: binary.BigEndian.Uint32(b[8:])}
	from, to := headerSize+4*int(b[0]&0x0f), len(b)
	if b[0]&0x10 != 0 {
		if from+4 > to {
			return h, nil, false
		}
		from += 4 + 4*int(binary.BigEndian.Uint16(b[from+2:]))
	}
	if b[0]&0x20 != 0 {
		to -= int(b[len(b)-1])
	}
	if from > to {
		return h, nil, false
	}
	return h, b[from:to], true
}

func isRTCP(second byte) bool { return second >= 192 && second <= 223 }

package audio

import "math"

const (
	Rate      = 8000       // samples per second of everything on the phone
	FrameSize = 160        // bytes (A-law) and samples of one 20 ms frame
	Silence   = 0xD5       // the A-law byte of a zero sample
	USilence  = byte(0xFF) // the µ-law byte of a zero sample
)

var (
	alawToLinear [256]int16
	ulawToLinear [256]int16
	linearToALaw [8192]byte // index: sample>>3 + 4096
	linearToULaw [16384]byte
	aToU, uToA   [256]byte
)

func init() {
	for i := range 256 {
		alawToLinear[i] = expandALaw(byte(i))
		ulawToLinear[i] = expandULaw(byte(i))
	}
	for i := range linearToALaw {
		linearToALaw[i] = compressALaw(int16((i - 4096) << 3))
	}
	for i := range linearToULaw {
		linearToULaw[i] = compressULaw(int16((i - 8192) << 2))
	}
	for i := range 256 {
		aToU[i] = ULaw(alawToLinear[i])
		uToA[i] = ALaw(ulawToLinear[i])
	}
}

// expandALaw decodes one byte as ITU-T G.711 table 1a says.
func expandALaw(b byte) int16 {
	b ^= 0x55
	t := int16(b&0x0f) << 4
	seg := (b & 0x70) >> 4
	switch seg {
	case 0:
		t += 8
	default:
		t = (t + 0x108) << (seg - 1)
	}
	if b&0x80 != 0 {
		return t
	}
	return -t
}

func compressALaw(s int16) byte {
	mask := byte(0xD5)
	v := int(s) >> 3
	if v < 0 {
		mask, v = 0x55, -v-1
	}
	seg := 0
	for limit := 0x1f; seg < 8 && v > limit; limit = limit<<1 | 1 {
		seg++
	}
	if seg >= 8 {
		return 0x7f ^ mask
	}
	out := byte(seg << 4)
	if seg < 2 {
		out |= byte(v>>1) & 0x0f
	} else {
		out |= byte(v>>seg) & 0x0f
	}
	return out ^ mask
}

// expandULaw decodes one byte as ITU-T G.711 table 2a says.
func expandULaw(b byte) int16 {
	b = ^b
	t := (int(b&0x0f)<<3 + 0x84) << ((b & 0x70) >> 4)
	if b&0x80 != 0 {
		return int16(0x84 - t)
	}
	return int16(t - 0x84)
}

func compressULaw(s int16) byte {
	mask := byte(0xff)
	v := int(s)
	if v < 0 {
		mask, v = 0x7f, -v
	}
	v = min(v, 32635) + 0x84
	seg := 0
	for limit := 0xff; seg < 7 && v > limit; limit = limit<<1 | 1 {
		seg++
	}
	return (byte(seg<<4) | byte(v>>(seg+3))&0x0f) ^ mask
}

// ALaw encodes one linear sample.
func ALaw(s int16) byte { return linearToALaw[(int(s)>>3)+4096] }

// ULaw encodes one linear sample.
func ULaw(s int16) byte { return linearToULaw[(int(s)>>2)+8192] }

// LinearALaw decodes one A-law byte.
func LinearALaw(b byte) int16 { return alawToLinear[b] }

// LinearULaw decodes one µ-law byte.
func LinearULaw(b byte) int16 { return ulawToLinear[b] }

// DecodeALaw appends the samples of src to dst.
func DecodeALaw(dst []int16, src []byte) []int16 {
	for _, b := range src {
		dst = append(dst, alawToLinear[b])
	}
	return dst
}

// EncodeALaw appends the bytes of src to dst.
func EncodeALaw(dst []byte, src []int16) []byte {
	for _, s := range src {
		dst = append(dst, ALaw(s))
	}
	return dst
}

// DecodeULaw appends the samples of src to dst.
func DecodeULaw(dst []int16, src []byte) []int16 {
	for _, b := range src {
		dst = append(dst, ulawToLinear[b])
	}
	return dst
}

// EncodeULaw appends the bytes of src to dst.
func EncodeULaw(dst []byte, src []int16) []byte {
	for _, s := range src {
		dst = append(dst, ULaw(s))
	}
	return dst
}

// ALawToULaw appends src, transcoded, to dst.
func ALawToULaw(dst, src []byte) []byte {
	for _, b := range src {
		dst = append(dst, aToU[b])
	}
	return dst
}

// ULawToALaw appends src, transcoded, to dst.
func ULawToALaw(dst, src []byte) []byte {
	for _, b := range src {
		dst = append(dst, uToA[b])
	}
	return dst
}

// LevelDB is the RMS level of A-law audio in dB below full scale; -96 for digital silence.
func LevelDB(alaw []byte) float64 {
	if len(alaw) == 0 {
		return -96
	}
	var sum float64
	for _, b := range alaw {
		s := float64(alawToLinear[b])
		sum += s * s
	}
	rms := math.Sqrt(sum / float64(len(alaw)))
	if rms < 1 {
		return -96
	}
	return 20 * math.Log10(rms/32768)
}

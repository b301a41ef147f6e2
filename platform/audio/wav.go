package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Format codes of a WAV file's fmt chunk.
const (
	WavePCM  = 1
	WaveALaw = 6
	WaveULaw = 7
)

// Sound is decoded audio, interleaved where it has more than one channel.
type Sound struct {
	Rate     int
	Channels int
	Samples  []int16
}

// ErrNotWAV says that the input is no WAV file that we read: 16-bit PCM, A-law or µ-law.
var ErrNotWAV = errors.New("not a WAV file of 16-bit PCM, A-law or µ-law")

// maxWAV bounds what ReadWAV takes into memory: ten minutes of 48 kHz stereo.
const maxWAV = 120 << 20

// ReadWAV decodes a whole WAV file. A data size of 0 or one past the end (a file
// whose writer was killed) is read to the end.
func ReadWAV(r io.Reader) (*Sound, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxWAV))
	if err != nil {
		return nil, err
	}
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, ErrNotWAV
	}
	var s Sound
	var code, bits int
	for p := 12; p+8 <= len(b); {
		id, size := string(b[p:p+4]), int(binary.LittleEndian.Uint32(b[p+4:]))
		p += 8
		switch id {
		case "fmt ":
			if size < 16 || p+16 > len(b) {
				return nil, ErrNotWAV
			}
			code = int(binary.LittleEndian.Uint16(b[p:]))
			s.Channels = int(binary.LittleEndian.Uint16(b[p+2:]))
			s.Rate = int(binary.LittleEndian.Uint32(b[p+4:]))
			bits = int(binary.LittleEndian.Uint16(b[p+14:]))
			if code == 0xFFFE && size >= 26 && p+26 <= len(b) { // WAVE_FORMAT_EXTENSIBLE
				code = int(binary.LittleEndian.Uint16(b[p+24:]))
			}
		case "data":
			if s.Channels == 0 {
				return nil, ErrNotWAV
			}
			if size <= 0 || p+size > len(b) {
				size = len(b) - p
			}
			s.Samples, err = decode(code, bits, b[p:p+size])
			return &s, err
		}
		if size < 0 || size > len(b) {
			break
		}
		p += size + size&1
	}
	return nil, ErrNotWAV
}

func decode(code, bits int, b []byte) ([]int16, error) {
	switch {
	case code == WaveALaw && bits == 8:
		return DecodeALaw(make([]int16, 0, len(b)), b), nil
	case code == WaveULaw && bits == 8:
		return DecodeULaw(make([]int16, 0, len(b)), b), nil
	case code == WavePCM && bits == 16:
		out := make([]int16, len(b)/2)
		for i := range out {
			out[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
		}
		return out, nil
	}
	return nil, fmt.Errorf("format %d with %d bits: %w", code, bits, ErrNotWAV)
}

// Mono mixes the channels down to one.
func (s *Sound) Mono() []int16 {
	if s.Channels <= 1 {
		return s.Samples
	}
	out := make([]int16, len(s.Samples)/s.Channels)
	for i := range out {
		sum := 0
		for c := range s.Channels {
			sum += int(s.Samples[i*s.Channels+c])
		}
		out[i] = int16(sum / s.Channels)
	}
	return out
}

// Channel returns one channel's samples, 0 is left.
func (s *Sound) Channel(n int) []int16 {
	out := make([]int16, len(s.Samples)/s.Channels)
	for i := range out {
		out[i] = s.Samples[i*s.Channels+n]
	}
	return out
}

// PhoneALaw gives the sound as the phone wants it: mono 8 kHz A-law.
func (s *Sound) PhoneALaw() []byte {
	mono := Resample(s.Mono(), s.Rate, Rate)
	return EncodeALaw(make([]byte, 0, len(mono)), mono)
}

// HeaderSize is the length in bytes of what WAVHeader returns.
const HeaderSize = 44

// WAVHeader is the 44-byte header of a file with so many bytes of data in this
// format code (WavePCM, WaveALaw, WaveULaw).
func WAVHeader(code, rate, channels int, dataBytes uint32) []byte {
	width := 1
	if code == WavePCM {
		width = 2
	}
	h := make([]byte, HeaderSize)
	copy(h, "RIFF")
	binary.LittleEndian.PutUint32(h[4:], dataBytes+HeaderSize-8)
	copy(h[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(h[16:], 16)
	binary.LittleEndian.PutUint16(h[20:], uint16(code))
	binary.LittleEndian.PutUint16(h[22:], uint16(channels))
	binary.LittleEndian.PutUint32(h[24:], uint32(rate))
	binary.LittleEndian.PutUint32(h[28:], uint32(rate*channels*width))
	binary.LittleEndian.PutUint16(h[32:], uint16(channels*width))
	binary.LittleEndian.PutUint16(h[34:], uint16(8*width))
	copy(h[36:], "data")
	binary.LittleEndian.PutUint32(h[40:], dataBytes)
	return h
}

// WriteALawWAV writes interleaved A-law bytes as a whole WAV file.
func WriteALawWAV(w io.Writer, channels int, alaw []byte) error {
	if _, err := w.Write(WAVHeader(WaveALaw, Rate, channels, uint32(len(alaw)))); err != nil {
		return err
	}
	_, err := w.Write(alaw)
	return err
}

// WritePCMWAV writes interleaved 16-bit samples as a whole WAV file.
func WritePCMWAV(w io.Writer, rate, channels int, pcm []int16) error {
	if _, err := w.Write(WAVHeader(WavePCM, rate, channels, uint32(2*len(pcm)))); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, pcm)
}

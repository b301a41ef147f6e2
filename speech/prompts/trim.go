package prompts

import "yingda/platform/audio"

const (
	window  = 40    // samples judged together: 5 ms
	audible = -45.0 // dB below full scale
	before  = 2     // windows kept before the first audible one, 10 ms: a soft onset
	after   = 12    // windows kept after the last audible one, 60 ms: the fading end
)

// Trim cuts silence at both ends of 8 kHz A-law audio, keeping 10 ms before and 60 ms
// after what can be heard. Audio without anything audible is returned as it is.
// The result is a slice of alaw.
func Trim(alaw []byte) []byte {
	first, last := -1, -1
	for i := 0; i*window < len(alaw); i++ {
		if audio.LevelDB(alaw[i*window:min(len(alaw), (i+1)*window)]) < audible {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 {
		return alaw
	}
	from, to := max(0, first-before)*window, min(len(alaw), (last+1+after)*window)
	return alaw[from:to]
}

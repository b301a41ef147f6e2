package rtp

import (
	"math"

	"yingda/platform/audio"
)

// Levels are mean squares of 16-bit samples; 0 dB is a full-scale square wave.
const (
	startFrames = 3  // 60 ms of voice make a start
	endFrames   = 10 // 200 ms without make an end
	floorBlock  = 40 // frames of one block of the floor's memory: 0.8 s
	floorBlocks = 4  // and how many: the least level of 3.2 s is noise, speech has gaps
)

var (
	loudEnough = level(-46)          // no voice begins below: hiss at −50 dB is none, quiet talkers are
	stillLoud  = level(-48)          // … nor goes on below
	overFloor  = level(9) / level(0) // voice stands this much out of the noise
	offRatio   = level(-4) / level(0)
	assumed    = level(-55) // the floor at most, until a block of it was heard: who talks at once is no noise
	square     = squares()
	atRest     = level(-70)
)

func level(db float64) float64 { return math.Pow(10, db/10) * 32768 * 32768 }

func squares() (t [256]uint32) {
	for i := range t {
		v := int32(audio.LinearALaw(byte(i)))
		t[i] = uint32(v * v)
	}
	return t
}

// energy is the mean square of an A-law frame. Four sums at a time: one would wait for itself.
func energy(alaw []byte) float64 {
	var a, b, c, d uint64
	i := 0
	for ; i+4 <= len(alaw); i += 4 {
		a += uint64(square[alaw[i]])
		b += uint64(square[alaw[i+1]])
		c += uint64(square[alaw[i+2]])
		d += uint64(square[alaw[i+3]])
	}
	for ; i < len(alaw); i++ {
		a += uint64(square[alaw[i]])
	}
	return float64(a+b+c+d) / float64(max(1, len(alaw)))
}

// quiet says whether a frame would be missed by nobody.
func quiet(alaw []byte) bool { return energy(alaw) < level50 }

var level50 = level(-50)

// vad decides frame by frame whether the far end talks. Its noise floor is the least
// level of the last seconds; a start needs 60 ms of voice (one weak frame is forgiven),
// an end 200 ms without. Clicks are too short for it, steady hiss and comfort noise are
// the floor itself.
type vad struct {
	least     [floorBlocks]float64 // per block
	learnt    bool                 // a whole block was heard
	block     int
	inBlock   int
	talking   bool
	run, gap  int // voiced frames in a row (one gap forgiven); unvoiced ones since
	firstAt   int // sample where the run began
	lastVoice int // sample after the last voiced frame
}

func newVAD() vad {
	v := vad{}
	for i := range v.least {
		v.least[i] = math.MaxFloat64
	}
	return v
}

type change int

const (
	same change = iota
	began
	ended
)

// hear takes the frame that begins at sample at.
func (v *vad) hear(alaw []byte, at int) change {
	e := energy(alaw)
	voiced := e > v.threshold()
	v.learn(e)
	if voiced {
		return v.voiced(at)
	}
	return v.unvoiced()
}

func (v *vad) threshold() float64 {
	t := v.floor() * overFloor
	if v.talking {
		return max(stillLoud, t*offRatio)
	}
	return max(loudEnough, t)
}

// floor is the least level heard lately.
func (v *vad) floor() float64 {
	f := v.least[0]
	for _, l := range v.least[1:] {
		f = min(f, l)
	}
	if !v.learnt {
		f = min(f, assumed)
	}
	return f
}

func (v *vad) learn(e float64) {
	if v.inBlock == 0 { // the oldest block is forgotten
		v.least[v.block] = math.MaxFloat64
	}
	v.least[v.block] = min(v.least[v.block], max(e, atRest))
	if v.inBlock++; v.inBlock == floorBlock {
		v.inBlock, v.block, v.learnt = 0, (v.block+1)%floorBlocks, true
	}
}

func (v *vad) voiced(at int) change {
	if v.run == 0 {
		v.firstAt = at
	}
	v.run, v.gap = v.run+1, 0
	v.lastVoice = at + Frame
	if v.talking || v.run < startFrames {
		return same
	}
	v.talking = true
	return began
}

func (v *vad) unvoiced() change {
	v.gap++
	if !v.talking {
		if v.gap > 1 {
			v.run = 0
		}
		return same
	}
	if v.gap < endFrames {
		return same
	}
	v.talking, v.run = false, 0
	return ended
}

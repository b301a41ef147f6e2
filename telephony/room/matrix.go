package room

// MaxParticipants of one room: a row of the matrix is one machine word.
const MaxParticipants = 64

// Matrix says who hears whom; the zero value is a room where nobody hears anybody.
// Nobody hears himself.
type Matrix struct {
	n    int
	hear [MaxParticipants]uint64 // bit s of hear[l]: l hears s
}

// Everyone is a room of n in which each hears all others. n is bounded by MaxParticipants.
func Everyone(n int) Matrix {
	m := Matrix{n: min(n, MaxParticipants)}
	for l := range m.n {
		for s := range m.n {
			m.Set(s, l, true)
		}
	}
	return m
}

// Len is the number of participants.
func (m Matrix) Len() int { return m.n }

// Set decides whether listener hears speaker. Out of range and self are ignored.
func (m *Matrix) Set(speaker, listener int, hears bool) {
	if speaker == listener || !m.has(speaker) || !m.has(listener) {
		return
	}
	if hears {
		m.hear[listener] |= 1 << speaker
		return
	}
	m.hear[listener] &^= 1 << speaker
}

// Hears says whether listener hears speaker.
func (m Matrix) Hears(listener, speaker int) bool {
	return m.has(listener) && m.has(speaker) && m.hear[listener]&(1<<speaker) != 0
}

func (m Matrix) has(i int) bool { return i >= 0 && i < m.n }

// Join adds a participant whom nobody hears yet and returns its index, -1 when full.
func (m *Matrix) Join() int {
	if m.n == MaxParticipants {
		return -1
	}
	m.n++
	return m.n - 1
}

// Feed is what one participant gets in a frame.
type Feed struct {
	Pass int   // the only one heard: forward its payload as it is; -1 = none or several
	Mix  []int // all heard, when there are several
}

// Route says for each participant how its frame is made.
func Route(m Matrix) []Feed {
	feeds := make([]Feed, m.n)
	for l := range m.n {
		feeds[l] = feedOf(m, l)
	}
	return feeds
}

func feedOf(m Matrix, listener int) Feed {
	var heard []int
	for s := range m.n {
		if m.Hears(listener, s) {
			heard = append(heard, s)
		}
	}
	if len(heard) == 1 {
		return Feed{Pass: heard[0]}
	}
	return Feed{Pass: -1, Mix: heard}
}

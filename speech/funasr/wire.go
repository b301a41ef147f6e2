package funasr

import (
	"encoding/json"
	"slices"
)

// Modes of a result.
const (
	Online  = "2pass-online"  // a partial: the next piece of the text (FunASR's own), or all of it (Hello.Whole)
	Offline = "2pass-offline" // a final
)

// Audio formats of a hello.
const (
	PCM  = "pcm"  // s16le
	ALaw = "alaw" // ours
)

// Hello is the first frame of a stream.
type Hello struct {
	Mode       string `json:"mode"`
	Name       string `json:"wav_name"`
	Format     string `json:"wav_format"`
	Rate       int    `json:"audio_fs"` // 8000 or 16000
	Chunks     []int  `json:"chunk_size,omitempty"`
	Interval   int    `json:"chunk_interval,omitempty"`
	Hotwords   string `json:"hotwords,omitempty"` // see Hotwords
	ITN        bool   `json:"itn"`                // numbers as digits
	Speaking   bool   `json:"is_speaking"`
	EndSilence int    `json:"end_silence_ms,omitempty"` // ours
	Whole      bool   `json:"whole_partials,omitempty"` // ours: partials are the whole text so far, not its next piece
}

// Command is a later text frame. Absent fields change nothing.
type Command struct {
	Speaking *bool   `json:"is_speaking,omitempty"` // false ends the stream
	Hotwords *string `json:"hotwords,omitempty"`    // ours: replaces the phrases from now on
	Flush    bool    `json:"flush,omitempty"`       // ours: the final of what was heard, now
}

// Result is what comes back.
type Result struct {
	Mode      string `json:"mode"`
	Name      string `json:"wav_name"`
	Text      string `json:"text"`
	Final     bool   `json:"is_final"` // FunASR: the stream is over; ours: never before the last
	Timestamp string `json:"timestamp,omitempty"`

	// Ours.
	Phrase     string  `json:"phrase,omitempty"`
	Start      int64   `json:"start_ms"`
	End        int64   `json:"end_ms"`
	Confidence float64 `json:"confidence,omitempty"`
	Error      string  `json:"error,omitempty"` // a final without text because it could not be decoded: "overloaded", "failed"
}

// Hotwords writes phrases the way a hello carries them: a JSON object in a string, phrase
// to weight. An object has no order, so the weight carries it for our own end: the first
// phrase weighs most. FunASR takes 1 to 100.
func Hotwords(phrases []string) string {
	if len(phrases) == 0 {
		return ""
	}
	weight := make(map[string]int, len(phrases))
	for i, p := range phrases {
		if _, ok := weight[p]; !ok {
			weight[p] = max(1, 100-i)
		}
	}
	b, _ := json.Marshal(weight) // a map of ints always marshals
	return string(b)
}

// Phrases reads what Hotwords wrote, heaviest first. Anything else reads as no phrases.
func Phrases(hotwords string) []string {
	var weight map[string]float64
	if json.Unmarshal([]byte(hotwords), &weight) != nil {
		return nil
	}
	out := make([]string, 0, len(weight))
	for p := range weight {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b string) int {
		switch {
		case weight[a] > weight[b]:
			return -1
		case weight[a] < weight[b]:
			return 1
		case a < b:
			return -1
		}
		return 1
	})
	return out
}

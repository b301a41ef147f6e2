package whisper

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// vocab is the model's list of tokens (tokens.txt: the line number is the id; base64
// of the bytes, then OpenAI's id, which is the merge rank). Its last eight lines are
// the specials.
type vocab struct {
	piece  []string // bytes of each ordinary token
	rank   []int32
	id     map[string]int
	banned []int // never written: specials but eot, brackets and the like
	blank  int   // the token of one space, -1 = none

	eot, sot, zh, en, transcribe, sotPrev, noSpeech, noTimestamps int
}

// size counts all tokens, the specials included.
func (v *vocab) size() int { return len(v.piece) + 8 }

func readVocab(b []byte) (*vocab, error) {
	v := &vocab{id: map[string]int{}, blank: -1}
	specials := map[string]*int{"eot": &v.eot, "sot": &v.sot, "zh": &v.zh, "en": &v.en, "transcribe": &v.transcribe,
		"sot_prev": &v.sotPrev, "no_speech": &v.noSpeech, "no_timestamps": &v.noTimestamps}
	lines := bufio.NewScanner(bytes.NewReader(b))
	n := 0
	for ; lines.Scan(); n++ {
		name, rank, _ := strings.Cut(lines.Text(), " ")
		if to, ok := specials[name]; ok && n >= len(v.piece) {
			*to = n
			delete(specials, name)
			continue
		}
		if err := v.add(name, rank); err != nil {
			return nil, fmt.Errorf("tokens.txt line %d: %w", n+1, err)
		}
	}
	if len(specials) > 0 || n != v.size() {
		return nil, fmt.Errorf("tokens.txt: %d lines, %d specials missing", n, len(specials))
	}
	v.ban()
	return v, nil
}

func (v *vocab) add(name, rank string) error {
	b, err := base64.StdEncoding.DecodeString(name)
	if err != nil {
		return err
	}
	r, err := strconv.ParseInt(rank, 10, 32)
	if err != nil {
		return err
	}
	v.id[string(b)] = len(v.piece)
	v.piece = append(v.piece, string(b))
	v.rank = append(v.rank, int32(r))
	return nil
}

// unsaid are the characters nobody pronounces: Whisper writes them around noises
// and subtitles ("[音乐]", "♪"), never around speech (openai/whisper, non_speech_tokens).
const unsaid = "\"#()*+/:;<=>@[\\]^_`{|}~「」『』《》（）【】“”♩♪♫♬♭♮♯"

func (v *vocab) ban() {
	for id, p := range v.piece {
		if strings.ContainsAny(p, unsaid) {
			v.banned = append(v.banned, id)
		}
	}
	if id, ok := v.id[" "]; ok {
		v.blank = id
	}
	v.banned = append(v.banned, v.sot, v.zh, v.en, v.transcribe, v.sotPrev, v.noSpeech, v.noTimestamps)
}

// encode splits text into tokens: bytes first, then the neighbours of lowest rank
// are joined until none is left to join.
func (v *vocab) encode(text string) []int64 {
	parts := make([]string, len(text))
	for i := range parts {
		parts[i] = text[i : i+1]
	}
	for {
		at := v.cheapest(parts)
		if at < 0 {
			break
		}
		parts[at] += parts[at+1]
		parts = append(parts[:at+1], parts[at+2:]...)
	}
	out := make([]int64, 0, len(parts))
	for _, p := range parts {
		if id, ok := v.id[p]; ok {
			out = append(out, int64(id))
		}
	}
	return out
}

// cheapest is the place of the two neighbours that join first, -1 = none do.
func (v *vocab) cheapest(parts []string) int {
	at, best := -1, int32(0)
	for i := 0; i+1 < len(parts); i++ {
		id, ok := v.id[parts[i]+parts[i+1]]
		if ok && (at < 0 || v.rank[id] < best) {
			at, best = i, v.rank[id]
		}
	}
	return at
}

// text joins tokens again; bytes that are no character yet are left out.
func (v *vocab) text(ids []int64) string {
	var b strings.Builder
	for _, id := range ids {
		if int(id) < len(v.piece) {
			b.WriteString(v.piece[id])
		}
	}
	return strings.ToValidUTF8(b.String(), "")
}

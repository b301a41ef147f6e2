package asr

import (
	"fmt"
	"math"
	"time"

	"yingda/speech/funasr"
	"yingda/speech/whisper"
)

// A text below these is the model's invention about noise (models/whisper-base-zh/README.md,
// step 5). Of 250 real utterances one falls below; a phrase has the audio's word for it and
// may be less sure, but noise finds phrases too (-2.3 measured on music).
const (
	leastLogProb = -1.6
	leastPhrase  = -2.0
	mostNoSpeech = 0.6
)

func plausible(r whisper.Result) bool {
	if r.Phrase != "" {
		return r.LogProb > leastPhrase
	}
	return r.LogProb > leastLogProb && r.NoSpeech < mostNoSpeech
}

// final is what goes out for a decode that is done.
func (d *decode) final() funasr.Result {
	r := d.result
	if d.err != nil || !plausible(r) {
		r = whisper.Result{}
	}
	out := result(funasr.Offline, d.from, d.to, r)
	if d.err != nil {
		out.Error = "failed"
	}
	return out
}

func result(mode string, from, to int64, r whisper.Result) funasr.Result {
	out := funasr.Result{Mode: mode, Text: r.Text, Phrase: r.Phrase, Start: ms(from), End: ms(to)}
	if r.Text != "" {
		out.Confidence = math.Round(r.Confidence*1000) / 1000
		out.Timestamp = fmt.Sprintf("[[%d,%d]]", out.Start, out.End)
	}
	return out
}

func ms(samples int64) int64 { return samples * 1000 / sampleRate }

// count keeps the books when a final leaves.
func (s *Server) count(d *decode) {
	c := &s.counts
	c.finals.Add(1)
	late := time.Since(d.due)
	if late > 50*time.Millisecond {
		c.late.Add(1)
		c.lateBy.Add(late.Milliseconds())
	}
	switch {
	case d.err != nil:
		c.failed.Add(1)
		s.Log.Error("utterance not decoded", "from_ms", ms(d.from), "to_ms", ms(d.to), "error", d.err)
	case d.final().Text == "":
		c.empty.Add(1)
	}
	s.Log.Debug("final", "text", d.result.Text, "free", d.result.Free, "phrase", d.result.Phrase, "log_prob", d.result.LogProb,
		"no_speech", d.result.NoSpeech, "from_ms", ms(d.from), "to_ms", ms(d.to), "late_ms", late.Milliseconds())
}

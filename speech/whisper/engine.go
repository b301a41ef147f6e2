package whisper

// Engine runs the two graphs of the model. It must be safe for many goroutines.
type Engine interface {
	// Encode reads the features of one utterance, as Mel makes them.
	Encode(mel []float32, frames int) (Utterance, error)
}

// Utterance is audio that the encoder has read. The decoder can be asked about it
// any number of times, by one goroutine.
type Utterance interface {
	// Begin starts a text about this audio; no token has been read.
	Begin() Text
	// Score reads batch rows of equal length (tokens is [batch][n], flat), each a text
	// of its own, and returns the logits of the positions from first on:
	// [batch][n-first][vocabulary], valid until the next call.
	Score(tokens []int64, batch, first int) ([]float32, error)
	Close()
}

// Text is one text in the making: the decoder's cache.
type Text interface {
	// Feed reads the next tokens and returns the logits of those from first on,
	// [len(tokens)-first][vocabulary], valid until the next call.
	Feed(tokens []int64, first int) ([]float32, error)
	// Rewind forgets all but the first n tokens read.
	Rewind(n int)
	Close()
}

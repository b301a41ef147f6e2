//go:build cgo

package onnx

import "errors"

// row is what one token takes in one of the two halves of the cache.
const row = layers * heads * width

// cache is the decoder's memory of one text, twice: a run reads one side and writes
// the other. 22 MB, so it is pooled.
type cache struct {
	side [2]struct{ k, v [row * positions]float32 }
	at   int // the side that holds the text
	used int // tokens in it
}

// text is one text in the making.
type text struct {
	*utterance
	cache *cache
}

var errTooLong = errors.New("onnx: text is longer than the decoder's 448 positions")

// Feed reads the next tokens.
func (t *text) Feed(tokens []int64, first int) ([]float32, error) {
	c := t.cache
	from, to := &c.side[c.at], &c.side[1-c.at]
	now, next := row*c.used, row*(c.used+len(tokens))
	if c.used+len(tokens) > positions {
		return nil, errTooLong
	}
	logits, err := t.decode(step{tokens: tokens, batch: 1, first: first, past: c.used,
		pastK: from.k[:now], pastV: from.v[:now], k: to.k[:next], v: to.v[:next]})
	if err != nil {
		return nil, err
	}
	c.at, c.used = 1-c.at, c.used+len(tokens)
	return logits, nil
}

// Rewind closes the gaps that the forgotten tokens leave in each head's rows.
func (t *text) Rewind(n int) {
	c := t.cache
	if n >= c.used {
		return
	}
	side := &c.side[c.at]
	for i := 1; i < layers*heads; i++ {
		from, to := i*c.used*width, i*n*width
		copy(side.k[to:to+n*width], side.k[from:from+n*width])
		copy(side.v[to:to+n*width], side.v[from:from+n*width])
	}
	c.used = n
}

// Close gives the cache back.
func (t *text) Close() {
	t.engine.caches.Put(t.cache)
	t.cache = nil
}

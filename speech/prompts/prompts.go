package prompts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"yingda/speech"
)

// renderFor bounds one rendering, whoever waits for it.
const renderFor = 30 * time.Second

// trimming is part of the key: prompts cut by other rules are other prompts.
const trimming = "trim1"

// Config of the cache.
type Config struct {
	Dir    string // made if missing
	Memory int    // bytes of audio kept in memory; 0 = 64 MB, some 3000 prompts
}

// Cache holds prompts of all voices. Safe for many calls at once.
type Cache struct {
	dir    string
	recent *recent
	once   singleflight.Group
}

// Open makes the folder if needed.
func Open(c Config) (*Cache, error) {
	if c.Memory <= 0 {
		c.Memory = 64 << 20
	}
	if err := makeDir(c.Dir); err != nil {
		return nil, fmt.Errorf("prompt cache: %w", err)
	}
	return &Cache{dir: c.Dir, recent: newRecent(c.Memory)}, nil
}

// Prompts are the prompts of one voice.
type Prompts struct {
	cache *Cache
	synth speech.Synthesizer
	voice speech.Voice
}

// Of gives the prompts that this synthesizer speaks with this voice.
func (c *Cache) Of(s speech.Synthesizer, v speech.Voice) *Prompts {
	return &Prompts{cache: c, synth: s, voice: v}
}

// Get returns text as 8 kHz A-law, rendered now if it never was. The bytes are
// shared: play them, do not change them. It fails with the synthesizer's cause or
// with ctx; a rendering that others wait for goes on.
func (p *Prompts) Get(ctx context.Context, text string) ([]byte, error) {
	key := p.key(text)
	if alaw, ok := p.cache.recent.get(key); ok {
		return alaw, nil
	}
	done := p.cache.once.DoChan(key, func() (any, error) { return p.load(context.WithoutCancel(ctx), key, text) })
	select {
	case r := <-done:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.([]byte), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Prepare renders the texts that are not there yet, two at a time, and reports how
// many are done, one report after the other. It goes on past a failure and returns all failures joined.
func (p *Prompts) Prepare(ctx context.Context, texts []string, progress func(done, total int)) error {
	var g errgroup.Group
	g.SetLimit(2)
	var mu sync.Mutex
	done := 0
	failures := make([]error, len(texts))
	for i, text := range texts {
		g.Go(func() error {
			if _, err := p.Get(ctx, text); err != nil {
				failures[i] = fmt.Errorf("prompt %q: %w", text, err)
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			if progress != nil {
				progress(done, len(texts))
			}
			return nil
		})
	}
	g.Wait()
	return errors.Join(failures...)
}

func (p *Prompts) key(text string) string {
	h := sha256.New()
	for _, part := range []string{trimming, p.synth.Name(), p.voice.Name, strconv.FormatFloat(p.voice.Speed, 'g', -1, 64), text} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// load takes the prompt from its file, else from the synthesizer.
func (p *Prompts) load(ctx context.Context, key, text string) ([]byte, error) {
	alaw, err := p.cache.read(key)
	if err != nil {
		if alaw, err = p.render(ctx, text); err != nil {
			return nil, err
		}
		if err := p.cache.write(key, alaw); err != nil {
			return nil, err
		}
	}
	p.cache.recent.put(key, alaw)
	return alaw, nil
}

func (p *Prompts) render(ctx context.Context, text string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, renderFor)
	defer stop()
	a, err := p.synth.Speak(ctx, text, p.voice)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	alaw, err := io.ReadAll(a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.synth.Name(), err)
	}
	return Trim(alaw), nil
}

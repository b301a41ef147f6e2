package callee

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"yingda/models"
	"yingda/speech"
	"yingda/speech/syllable"
	"yingda/telephony"
)

// Config of a house full of callees.
type Config struct {
	Listen    string             // SIP over UDP; empty = a free port of 127.0.0.1
	Personas  *Personas          // nil = Demo()
	VoiceOnly bool               // refuse real-time text: the robot must recognise speech
	LogPath   string             // JSON lines, appended; empty = none
	Seed      uint64             // what is drawn (variants, pauses) depends on it and the number called
	Voice     speech.Synthesizer // nil = the recorded syllables of models/
	RTPPorts  [2]int             // as in telephony.Config
	Log       *slog.Logger       // nil = slog.Default()
}

// Callees answer calls until they are stopped.
type Callees struct {
	cfg   Config
	node  *telephony.Node
	book  *book
	log   *journal
	tally tally

	ctx  context.Context
	stop context.CancelFunc
	door sync.Mutex // nobody comes in while it is being closed
	busy sync.WaitGroup
	once sync.Once
}

// New renders every line of the personas, opens the SIP socket and takes calls at
// once. It fails where a line cannot be spoken, the voice is missing
// (errs.Unavailable) or the address is taken.
func New(c Config) (*Callees, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	var err error
	if c.Personas == nil {
		if c.Personas, err = Demo(); err != nil {
			return nil, err
		}
	}
	if c.Voice == nil {
		if c.Voice, err = syllable.Open(models.Path(models.Syllables)); err != nil {
			return nil, err
		}
	}
	book, err := newBook(c.Voice, c.Personas, c.Log)
	if err != nil {
		return nil, err
	}
	return open(c, book)
}

func open(c Config, b *book) (*Callees, error) {
	journal, err := openJournal(c.LogPath)
	if err != nil {
		return nil, err
	}
	node, err := telephony.NewNode(telephony.Config{Listen: c.Listen, RTPPorts: c.RTPPorts, UserAgent: "yingda-callee", Log: c.Log, MaxLag: -1})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("callees: %w", err), journal.Close())
	}
	h := &Callees{cfg: c, node: node, book: b, log: journal}
	h.ctx, h.stop = context.WithCancel(context.Background())
	node.OnInbound(h.take)
	return h, nil
}

// Addr is the SIP address to call, host:port.
func (c *Callees) Addr() string { return c.node.Addr() }

// Personas are the people who answer here.
func (c *Callees) Personas() *Personas { return c.cfg.Personas }

// Run waits for ctx and then hangs up everything and closes.
func (c *Callees) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-c.ctx.Done():
	}
	return c.Close()
}

// farewell is how long Close waits for calls to end by BYE. One that waits for an ACK
// which never comes is ended with the socket.
const farewell = 4 * time.Second

// Close hangs up all calls and frees the socket. Idempotent.
func (c *Callees) Close() (err error) {
	c.once.Do(func() {
		c.door.Lock()
		c.stop()
		c.door.Unlock()
		ended := make(chan struct{})
		go func() { c.busy.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(farewell):
		}
		err = c.node.Close()
		<-ended
		err = errors.Join(err, c.log.Close())
	})
	return err
}

// enter says whether a call may come in; then busy counts it.
func (c *Callees) enter() bool {
	c.door.Lock()
	defer c.door.Unlock()
	if c.ctx.Err() != nil {
		return false
	}
	c.busy.Add(1)
	return true
}

// luck is the randomness of one call: the same seed, number and count of calls to
// it give the same call.
func (c *Callees) luck(number string, nth int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d", number, nth)
	return rand.New(rand.NewPCG(c.cfg.Seed, h.Sum64()))
}

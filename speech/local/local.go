package local

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"yingda/platform/errs"
	"yingda/speech"
	"yingda/speech/asr"
	"yingda/speech/funasr"
)

// State of the recogniser: a key, for the console and doctor to translate.
type State string

const (
	Starting       State = "starting"        // loading, a second
	Ready          State = "ready"           //
	MissingBinary  State = "missing_binary"  // yingda-asr was not built: no C compiler?
	MissingLibrary State = "missing_library" // no libonnxruntime.so: scripts/onnxruntime.sh
	MissingModel   State = "missing_model"   // no weights: package models
	Failing        State = "failing"         // it ends as soon as it starts; Status.Detail has its last words
	Stopped        State = "stopped"         // Close was called
)

// Config of the child. Empty fields are looked for (Binary, Library, models.Dir) each time
// it starts.
type Config struct {
	Binary, Library, Models string
	Args                    []string // more flags for yingda-asr
	Log                     *slog.Logger
}

// Status is how the recogniser is doing.
type Status struct {
	State    State     `json:"state"`
	Since    time.Time `json:"since"`
	Restarts int       `json:"restarts"`         // times the child ended by itself
	Detail   string    `json:"detail,omitempty"` // its last line on standard error, for the log and for doctor
	PID      int       `json:"pid,omitempty"`
	Address  string    `json:"address,omitempty"`
}

// Recognizer is a speech.Recognizer that owns a child process.
type Recognizer struct {
	config Config
	stop   context.CancelFunc
	gone   chan struct{}

	mu      sync.Mutex
	status  Status
	changed chan struct{} // closed at every change of status
}

// Start begins to run the recogniser and returns at once; Wait waits for it.
func Start(c Config) *Recognizer {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &Recognizer{config: c, stop: stop, gone: make(chan struct{}), changed: make(chan struct{})}
	r.status = Status{State: Starting, Since: time.Now()}
	go r.watch(ctx)
	return r
}

// Name is "local".
func (r *Recognizer) Name() string { return "local" }

// Open starts a stream; Unavailable while there is no recogniser.
func (r *Recognizer) Open(ctx context.Context, o speech.Options) (speech.Stream, error) {
	s := r.Status()
	if s.State != Ready {
		return nil, errs.New(errs.Unavailable, "speech.local_"+string(s.State))
	}
	return funasr.New(funasr.Config{URL: "ws://" + s.Address, Name: r.Name(), Ours: true}).Open(ctx, o)
}

// Status now.
func (r *Recognizer) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// Wait returns when the recogniser is ready or cannot become so by itself, or when ctx
// ends; it returns the state at that moment.
func (r *Recognizer) Wait(ctx context.Context) State {
	for {
		r.mu.Lock()
		s, changed := r.status.State, r.changed
		r.mu.Unlock()
		if s != Starting {
			return s
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s
		}
	}
}

// Load asks the child for its counters. It fails while there is no child.
func (r *Recognizer) Load(ctx context.Context) (asr.Status, error) {
	var load asr.Status
	s := r.Status()
	if s.State != Ready {
		return load, errs.New(errs.Unavailable, "speech.local_"+string(s.State))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Address+"/status", nil)
	if err != nil {
		return load, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return load, err
	}
	defer resp.Body.Close()
	return load, json.NewDecoder(resp.Body).Decode(&load)
}

// Close stops the child and waits until it is gone.
func (r *Recognizer) Close() {
	r.stop()
	<-r.gone
}

func (r *Recognizer) set(change func(*Status)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.status.State
	change(&r.status)
	if r.status.State != was {
		r.status.Since = time.Now()
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

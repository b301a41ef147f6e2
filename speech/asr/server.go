package asr

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"yingda/speech/whisper"
)

// Model turns one utterance into text; *whisper.Model is one. Safe for many goroutines.
type Model interface {
	Recognize(ctx context.Context, pcm []int16, hints *whisper.Hints) (whisper.Result, error)
	NewHints(phrases []string) *whisper.Hints
}

// Detector is one stream's voice detector: the probability that the next 256 samples
// are speech.
type Detector interface {
	Voice(chunk []int16) float32
	Close()
}

// Config of a server. Zero fields take the values named.
type Config struct {
	Model       Model
	NewDetector func() (Detector, error)
	Workers     int           // decodes at once; 0 = 1
	MaxStreams  int           // more are refused with 503; 0 = 64 per worker
	EndSilence  time.Duration // where a stream asks for none; 0 = 600 ms
	NoPartials  bool          // finals only
	Log         *slog.Logger  // nil = slog.Default()
}

// Server is an http.Handler: a WebSocket per stream, and GET /status.
type Server struct {
	Config
	queue  *queue
	hints  hintCache
	counts counts
}

type counts struct {
	streams, finals, late, empty, discarded, partials, failed atomic.Int64
	audio, lateBy                                             atomic.Int64 // ms
}

// New starts the workers.
func New(c Config) *Server {
	c.Workers = max(1, c.Workers)
	if c.MaxStreams == 0 {
		c.MaxStreams = 64 * c.Workers
	}
	if c.EndSilence == 0 {
		c.EndSilence = 600 * time.Millisecond
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Server{Config: c, queue: newQueue(c.Workers)}
	s.hints.model = c.Model
	return s
}

// Close stops decoding; streams still open get finals without text.
func (s *Server) Close() { s.queue.close() }

// Status is what GET /status answers: counts since the start, times in milliseconds.
type Status struct {
	Streams   int64 `json:"streams"` // open now
	Waiting   int   `json:"waiting"` // decodes in the queue now
	Running   int   `json:"running"` // decodes under way now
	AudioMS   int64 `json:"audio_ms"`
	Finals    int64 `json:"finals"`
	Empty     int64 `json:"empty"`       // finals without text: voice without words
	Late      int64 `json:"late"`        // finals over 50 ms after their endpoint
	LateByMS  int64 `json:"late_by_ms"`  // all lateness added up
	Discarded int64 `json:"discarded"`   // decodes thrown away because the callee went on
	Partials  int64 `json:"partials"`    //
	Failed    int64 `json:"failed"`      // finals that could not be decoded
	CPUMS     int64 `json:"cpu_ms"`      // of the whole process
	RSSKB     int64 `json:"max_rss_kb"`  // of the whole process
	Workers   int   `json:"workers"`     //
	Max       int   `json:"max_streams"` //
}

// Status now.
func (s *Server) Status() Status {
	c := &s.counts
	waiting, running := s.queue.load()
	cpu, rss := usage()
	return Status{Streams: c.streams.Load(), Waiting: waiting, Running: running, AudioMS: c.audio.Load(),
		Finals: c.finals.Load(), Empty: c.empty.Load(), Late: c.late.Load(), LateByMS: c.lateBy.Load(), Discarded: c.discarded.Load(),
		Partials: c.partials.Load(), Failed: c.failed.Load(), CPUMS: cpu.Milliseconds(), RSSKB: rss, Workers: s.Workers, Max: s.MaxStreams}
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/status" {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(s.Status())
		return
	}
	if s.counts.streams.Add(1) > int64(s.MaxStreams) {
		s.counts.streams.Add(-1)
		http.Error(w, "too many streams", http.StatusServiceUnavailable)
		return
	}
	defer s.counts.streams.Add(-1)
	s.serve(w, r)
}

// hintCache keeps phrases ready: the nodes of a script come round in every call.
type hintCache struct {
	model Model
	mu    sync.Mutex
	ready map[string]*whisper.Hints
}

const mostHints = 128 // sets of phrases, some 100 KB each; then the cache starts anew

func (c *hintCache) of(phrases []string) *whisper.Hints {
	key := strings.Join(phrases, "\x00")
	c.mu.Lock()
	defer c.mu.Unlock()
	if h, ok := c.ready[key]; ok {
		return h
	}
	if c.ready == nil || len(c.ready) >= mostHints {
		c.ready = map[string]*whisper.Hints{}
	}
	h := c.model.NewHints(phrases)
	c.ready[key] = h
	return h
}

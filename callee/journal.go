package callee

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"
)

// entry is one line of the log. Which fields are there depends on Event:
//
//	invite     call attempt to from persona grade
//	ring early(text) reject(status) cancelled failed(why)
//	answer     text = "t140" where real-time text was negotiated
//	said       text start_ms end_ms typed cut      press text start_ms
//	robot      start_ms end_ms: a stretch of the robot's speech
//	turn       ms: our last voiced sample to the robot's first audible frame
//	barge_in   ms: our first voiced sample to the robot's last audible frame
//	bye        by = robot, callee, media or node; why; end_ms = length of the call
//
// Offsets count from the answer.
type entry struct {
	At      string `json:"at"` // RFC 3339 with nanoseconds, UTC
	Event   string `json:"event"`
	Call    string `json:"call"` // SIP Call-ID
	Attempt string `json:"attempt,omitempty"`
	To      string `json:"to,omitempty"`
	From    string `json:"from,omitempty"`
	Persona string `json:"persona,omitempty"`
	Grade   string `json:"grade,omitempty"`
	Status  int    `json:"status,omitempty"`
	Text    string `json:"text,omitempty"`
	Start   int64  `json:"start_ms,omitempty"`
	End     int64  `json:"end_ms,omitempty"`
	Took    int64  `json:"ms,omitempty"`
	Typed   bool   `json:"typed,omitempty"`
	Cut     bool   `json:"cut,omitempty"`
	By      string `json:"by,omitempty"`
	Why     string `json:"why,omitempty"`
}

// journal appends lines to a file, each with one write: a killed process leaves whole lines.
type journal struct {
	mu sync.Mutex
	f  *os.File
}

func openJournal(path string) (*journal, error) {
	if path == "" {
		return &journal{}, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return nil, fmt.Errorf("callee log: %w", err)
	}
	return &journal{f: f}, nil
}

func (j *journal) write(e entry) error {
	if j.f == nil {
		return nil
	}
	e.At = time.Now().UTC().Format(time.RFC3339Nano)
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = j.f.Write(append(line, '\n'))
	return err
}

func (j *journal) Close() error {
	if j.f == nil {
		return nil
	}
	return j.f.Close()
}

func millis(d time.Duration) int64 { return d.Milliseconds() }

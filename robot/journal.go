package robot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"yingda/call"
	"yingda/platform/db"
	"yingda/scriptflow"
	"yingda/telephony"
)

// journalWriter writes entries beside the talk, in order. Close the channel and wait
// for flushed before finishing the call.
func (s *Service) journalWriter(ctx context.Context, c call.Call, log *slog.Logger) (chan<- journalled, <-chan struct{}) {
	in, flushed := make(chan journalled, 8), make(chan struct{})
	ctx = context.WithoutCancel(ctx)
	go func() {
		defer close(flushed)
		for j := range in {
			if err := s.Calls.Journal(ctx, c.ID, j.Seq, j); err != nil {
				log.Warn("turn not journalled", "seq", j.Seq, "error", err)
			}
		}
	}()
	return in, flushed
}

// Recover finishes a call whose node is gone, from its journal: graded on what was
// heard and shown to a person; never talked on (DESIGN mechanism 1). ErrFinished where
// somebody was quicker.
func (s *Service) Recover(ctx context.Context, c call.Call) error {
	ctx = db.WithTenant(ctx, c.TenantID)
	f := &call.Finished{Call: c}
	var last journalled
	if err := s.Calls.Journalled(ctx, c.ID, func(doc []byte) error {
		var j journalled
		if err := json.Unmarshal(doc, &j); err != nil {
			return fmt.Errorf("journal of call %d: %w", c.ID, err)
		}
		f.Transcript = append(f.Transcript, j.Turns...)
		last = j
		return nil
	}); err != nil {
		return err
	}
	end := c.StartedAt
	r := &f.Call
	r.Outcome, r.Interrupted, r.EndedBy = call.Interrupted, true, string(telephony.ByNode)
	if r.AnsweredAt == nil && last.Seq > 0 { // words were journalled, though the answer was not noted
		at := last.At.Add(-time.Duration(last.State.AtMS) * time.Millisecond)
		r.AnsweredAt = &at
	}
	if r.AnsweredAt != nil {
		r.Outcome, end = call.Answered, *r.AnsweredAt
	}
	if last.At.After(end) {
		end = last.At
	}
	r.EndedAt = &end
	if r.AnsweredAt != nil {
		r.TalkMs = end.Sub(*r.AnsweredAt).Milliseconds()
	}
	grade(r, last.State, last.Policy)
	for _, v := range last.State.Path {
		f.Facts.Path = append(f.Facts.Path, call.Step{Node: v.Node, Label: v.Node, AtMs: v.At})
	}
	f.Facts.Vars = last.State.Vars
	f.Facts.Timeline = recovered(last.State, end.Sub(c.StartedAt))
	s.mendRecording(r)
	s.keepRecording(ctx, r)
	if err := s.Calls.Finish(ctx, f); err != nil {
		return err
	}
	if r.RecordingKey != "" {
		s.dropRecording(r.ID)
	}
	return nil
}

// mendRecording completes what the dead node was writing; of a call that nobody answered
// there is nothing to keep.
func (s *Service) mendRecording(c *call.Call) {
	if s.RecordDir == "" {
		return
	}
	if c.AnsweredAt == nil {
		s.dropRecording(c.ID)
		return
	}
	if err := telephony.MendRecording(s.recordingFile(c.ID)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.Warn("recording not mended", "call", c.ID, "error", err)
	}
}

// recovered is the timeline of a call that broke off: what the robot promised aloud is
// kept though the node died (FEATURES A7.2), and a wish not to be called again is one.
func recovered(state scriptflow.State, length time.Duration) []call.Mark {
	marks := []call.Mark{{Kind: "invite"}}
	at := length.Milliseconds()
	if state.SMS {
		marks = append(marks, call.Mark{AtMs: at, Kind: "sms"})
	}
	if state.DNC {
		marks = append(marks, call.Mark{AtMs: at, Kind: "dnc"})
	}
	return append(marks, call.Mark{AtMs: at, Kind: "interrupted"})
}

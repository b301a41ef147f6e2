package robot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"yingda/call"
	"yingda/platform/blob"
	"yingda/platform/db"
	"yingda/scriptflow"
	"yingda/speech"
	"yingda/telephony"
)

// AttemptHeader joins the INVITE to the attempt that placed it.
const AttemptHeader = "X-Yingda-Attempt"

// Service runs conversations on one node.
type Service struct {
	Calls      *call.Service
	Dial       Dialer
	Prompts    Prompts
	Recognizer func() speech.Recognizer // nil func or nil result: digits and text only
	RecordDir  string                   // where recordings grow before they are stored; "" = no recording
	Store      func(ctx context.Context, key, file string) (bytes int64, err error)
	EndSilence time.Duration
	Ring       time.Duration // how long a call may ring; 0 = as long as the line lets it
	Longest    time.Duration // of a talk, whatever the script says; 0 = no bound
	Watch      Watch

	Transfer func(ctx context.Context, id db.ID, queue string) error              // nil: nobody to hand over to
	Promise  func(ctx context.Context, c call.Call, vars map[string]string) error // the callee wishes an SMS
	Block    func(ctx context.Context, c call.Call) error                         // the callee wishes never to be called
}

// Watch is who looks on: the event stream. Nil functions are skipped.
type Watch struct {
	State func(c call.Call, state string) // dialling, talking, ended
	Turn  func(c call.Call, t call.Turn, partial bool)
}

func (w Watch) state(c call.Call, state string) {
	if w.State != nil {
		w.State(c, state)
	}
}

func (w Watch) turn(j *Job, t call.Turn, partial bool) {
	if w.Turn != nil {
		w.Turn(j.Call, t, partial)
	}
}

// Job is one call to be made. Call carries the ids, the fence and the callee; its
// StartedAt is set by Run.
type Job struct {
	Call   call.Call
	Number string // as the line wants it
	Line   telephony.Line
	Flow   *scriptflow.Flow
	Vars   map[string]string
	Policy scriptflow.Policy

	Dialling func(ctx context.Context) error // before the INVITE; an error stops the call
	Talking  func(ctx context.Context)       // answered
}

// Run places the call, talks, and finishes it. It returns what was finished; an error
// only where nothing was dialled, or where the call is no longer this node's.
func (s *Service) Run(ctx context.Context, j *Job) (*call.Finished, error) {
	j.Call.StartedAt = time.Now().UTC().Truncate(time.Millisecond)
	j.Call.Trunk = j.Line.ID
	if err := s.Calls.Open(ctx, &j.Call); err != nil {
		return nil, err
	}
	log := slog.With("call", j.Call.ID, "campaign", j.Call.CampaignID, "attempt", j.Call.AttemptID)
	if j.Dialling != nil {
		if err := j.Dialling(ctx); err != nil {
			return nil, errors.Join(err, s.finish(ctx, s.unanswered(ctx, j, &telephony.Failure{Outcome: telephony.Cancelled, Cause: err}, nil)))
		}
	}
	s.Watch.state(j.Call, "dialling")
	marks := []call.Mark{{Kind: "invite"}}
	go s.warm(ctx, j)
	line, err := s.Dial(ctx, j.Line, s.dialOptions(j, &marks))
	if err != nil {
		f := s.unanswered(ctx, j, err, marks)
		return f, s.finish(ctx, f)
	}
	f := s.answered(ctx, j, line, marks, log)
	return f, s.finish(ctx, f)
}

// warm renders what the first line needs while it rings.
func (s *Service) warm(ctx context.Context, j *Job) {
	_, actions := j.Flow.Start(j.Vars)
	for _, a := range actions {
		if say, ok := a.(scriptflow.Say); ok {
			for _, p := range say.Pieces {
				_, _ = s.Prompts.Get(ctx, p.Text)
			}
		}
	}
}

func (s *Service) dialOptions(j *Job, marks *[]call.Mark) telephony.DialOptions {
	o := telephony.DialOptions{To: j.Number, Headers: map[string]string{AttemptHeader: j.Call.AttemptID.String()}, Text: true, RingFor: s.Ring}
	if s.RecordDir != "" {
		o.RecordTo = s.recordingFile(j.Call.ID)
	}
	rang := false
	o.OnRinging = func(int) {
		if !rang {
			rang = true
			*marks = append(*marks, call.Mark{AtMs: time.Since(j.Call.StartedAt).Milliseconds(), Kind: "ringing"})
		}
	}
	return o
}

func (s *Service) recordingFile(id db.ID) string {
	return filepath.Join(s.RecordDir, id.String()+".wav")
}

// unanswered is the end of a call that nobody took.
func (s *Service) unanswered(ctx context.Context, j *Job, err error, marks []call.Mark) *call.Finished {
	f := &call.Finished{Call: j.Call, Facts: call.Facts{Timeline: marks, Vars: j.Vars}}
	c := &f.Call
	c.Outcome, c.SIPReason, c.EndedBy = call.Unknown, clip(err.Error(), 200), string(telephony.ByFar)
	if fail := new(telephony.Failure); errors.As(err, &fail) {
		c.Outcome, c.SIPStatus, c.SIPReason = call.Outcome(fail.Outcome.String()), fail.Status, clip(fail.Reason, 200)
	}
	if c.Outcome == call.LineFailure && c.SIPStatus == 0 || c.Outcome == call.Cancelled && ctx.Err() != nil { // no answer from anywhere: nobody was rung for it
		c.Outcome, c.EndedBy, c.Interrupted = call.Interrupted, string(telephony.ByNode), true
	}
	grade(c, scriptflow.State{}, j.Policy)
	f.Facts.Timeline = append(f.Facts.Timeline, call.Mark{AtMs: time.Since(c.StartedAt).Milliseconds(), Kind: "hangup", Note: c.EndedBy})
	s.dropRecording(c.ID)
	return f
}

// answered talks and gathers what came of it.
func (s *Service) answered(ctx context.Context, j *Job, line Line, marks []call.Mark, log *slog.Logger) *call.Finished {
	at := line.AnsweredAt().UTC().Truncate(time.Millisecond)
	j.Call.AnsweredAt = &at
	noted := make(chan struct{})
	go func() { // beside the talk: nobody waits in silence for a database
		defer close(noted)
		c := j.Call
		if err := s.Calls.Answer(ctx, &c, at); err != nil {
			log.Warn("answer not noted", "error", err)
		}
		if j.Talking != nil {
			j.Talking(ctx)
		}
	}()
	s.Watch.state(j.Call, "talking")
	journal, flushed := s.journalWriter(ctx, j.Call, log)
	t := &talk{s: s, job: j, line: line, flow: j.Flow, log: log, journal: journal, ear: ear{endSilence: s.endSilence()}, hearing: hearing{opened: make(chan openedEar)},
		mouth: mouth{line: line, prompts: s.Prompts, ready: make(chan rendered, 1)}, marks: append(marks, call.Mark{AtMs: at.Sub(j.Call.StartedAt).Milliseconds(), Kind: "answered"})}
	t.run(ctx)
	close(journal)
	<-flushed
	<-noted
	t.mark("hangup", string(t.ended.By))
	return s.bookOf(ctx, t)
}

func (s *Service) endSilence() time.Duration {
	if s.EndSilence > 0 {
		return s.EndSilence
	}
	return endSilence
}

// bookOf makes the record of a talk that is over.
func (s *Service) bookOf(ctx context.Context, t *talk) *call.Finished {
	f := &call.Finished{Call: t.job.Call, Transcript: t.turns,
		Facts: call.Facts{Path: steps(t.flow, t.state), Timeline: t.marks, Turns: t.latency, BargeIns: t.bargeIns, Vars: t.job.Vars}}
	c := &f.Call
	ended := c.AnsweredAt.Add(t.ended.At).Truncate(time.Millisecond)
	c.EndedAt, c.EndedBy, c.Outcome, c.SIPStatus = &ended, string(t.ended.By), call.Answered, 200
	c.Interrupted = t.ended.By == telephony.ByNode
	c.TalkMs = t.ended.At.Milliseconds()
	grade(c, t.state, t.job.Policy)
	s.keepRecording(ctx, c)
	return f
}

// grade writes the verdict into the call, with its reason.
func grade(c *call.Call, state scriptflow.State, p scriptflow.Policy) {
	facts := scriptflow.FactsOf(state, string(c.Outcome), time.Duration(c.TalkMs)*time.Millisecond)
	v := p.Grade(facts)
	if state.Machine != scriptflow.Person && c.Outcome == call.Answered {
		c.Outcome = call.Machine
	}
	c.Grade, c.Rounds = string(v.Grade), v.Rounds
	c.Reason, _ = json.Marshal(v)
}

// storeTries is how often a recording is brought to its store: 1.5 s in all, then the record goes without it.
const storeTries = 3

// keepRecording moves the recording to where recordings are kept.
func (s *Service) keepRecording(ctx context.Context, c *call.Call) {
	if s.RecordDir == "" || s.Store == nil {
		return
	}
	file := s.recordingFile(c.ID)
	if _, err := os.Stat(file); err != nil {
		return
	}
	key := blob.Key(c.TenantID, c.StartedAt, c.ID.String()+".wav")
	n, err := s.Store(context.WithoutCancel(ctx), key, file)
	for try := 1; err != nil && try < storeTries; try++ {
		time.Sleep(time.Duration(try) * 500 * time.Millisecond)
		n, err = s.Store(context.WithoutCancel(ctx), key, file)
	}
	if err != nil {
		slog.Error("recording not stored; it stays where it was written", "call", c.ID, "file", file, "error", err)
		return
	}
	c.RecordingKey, c.RecordingBytes = key, n // the file goes when the record is written: see finish
}

func (s *Service) dropRecording(id db.ID) {
	if s.RecordDir != "" {
		_ = os.Remove(s.recordingFile(id))
	}
}

// finish ends the call in the database and does not give up while the database is
// away: a finished call is never lost (DESIGN mechanism 1).
func (s *Service) finish(ctx context.Context, f *call.Finished) error {
	ctx = context.WithoutCancel(ctx)
	wait := 100 * time.Millisecond
	for try := 0; ; try++ {
		err := s.Calls.Finish(ctx, f)
		if err == nil {
			if f.Call.RecordingKey != "" {
				s.dropRecording(f.Call.ID)
			}
			s.Watch.state(f.Call, "ended")
			return nil
		}
		if errors.Is(err, call.ErrFinished) || try == 60 {
			return err
		}
		slog.Error("call not finished yet", "call", f.Call.ID, "try", try+1, "error", err)
		time.Sleep(wait)
		wait = min(2*wait, 5*time.Second)
	}
}

func (s *Service) recogniser() speech.Recognizer {
	if s.Recognizer == nil {
		return nil
	}
	return s.Recognizer()
}

// promise hands the SMS wish to notify; a failure is logged, and the finishing hook makes the promise again.
func (s *Service) promise(ctx context.Context, j *Job) {
	if s.Promise == nil {
		return
	}
	c := j.Call
	go func() {
		if err := s.Promise(context.WithoutCancel(ctx), c, j.Vars); err != nil {
			slog.Error("keyword SMS not promised", "call", c.ID, "error", err)
		}
	}()
}

func (s *Service) doNotCall(ctx context.Context, j *Job) {
	if s.Block == nil {
		return
	}
	c := j.Call
	go func() {
		if err := s.Block(context.WithoutCancel(ctx), c); err != nil {
			slog.Error("number not marked do-not-call", "call", c.ID, "error", err)
		}
	}()
}

func clip(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

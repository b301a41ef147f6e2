// Package telephony is lines, legs, rooms and recordings.
//
// A Node owns the SIP socket and the media shards of one process. Dial places a
// call over a Line and returns a connected Leg, or a *Failure that says in a
// campaign's words (Outcome) how it ended. OnInbound gets the calls that come.
// A Leg plays, stops, taps, records, sends and reports events; its audio runs on
// the tick shard, one loop per core, never on the caller's goroutine. It dies with
// its dialog: the media ends, the recording is completed, Ended arrives, and the
// channel of events is closed.
//
//	leg, err := node.Dial(ctx, line, telephony.DialOptions{To: "13800138000", RecordTo: path, Text: true})
//	leg.Tap(hear)               // 20 ms A-law frames of the callee, on the media loop
//	p := leg.Play(greeting)     // starts within one 20 ms slot
//	for e := range leg.Events() { … VoiceStart → leg.StopPlaying() … Ended → By }
//
// Sub-packages, lower ones first: sdp (offer and answer, pure), room (hear-matrix, mixer,
// tape), rtp (sockets, pacing, jitter buffer, VAD, keys, text), sip (dialogs on sipgo's
// transactions). Only this package is their face. bench measures what a call costs.
package telephony

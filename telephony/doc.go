// Package telephony is lines, legs, rooms and recordings.
//
// A Node owns the SIP socket and the media shards of one process. Dial places a
// call over a Line and returns a connected Leg, or a *Failure that says in a
// campaign's words (Outcome) how it ended. Serve hands incoming calls to OnInbound.
// A Leg plays, stops, taps, records, sends and reports events; its audio runs on
// the tick shard, one loop per core, never on the caller's goroutine.
// A Room is participants and a hear-matrix: who is in it and who hears whom; the
// two-party case passes payloads through undecoded.
//
// Sub-packages: sip (dialogs on sipgo's transactions), rtp (sockets, jitter buffer, pacing, text),
// room (hear-matrix, recording). Only this package is their face.
package telephony

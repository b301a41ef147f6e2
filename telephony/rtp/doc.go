// Package rtp is the media of a leg: sockets, pacing, jitter buffer, voice activity,
// keys (RFC 4733), real-time text (RFC 4103), playbacks.
//
// An Engine has shards, one loop per core on a locked thread. Each Session lives on one
// shard, in one of the 20 slots of a wheel that turns once in 20 ms: when its slot comes,
// it drains its socket, plays out one frame of the far end (tap, VAD, tape), and sends one
// frame. The schedule is absolute, so it does not drift, and after a stall it skips instead
// of bursting. All state of a session belongs to its shard; every method that may be called
// from outside hands the shard a small function, which runs within a millisecond.
//
// The clock of a session counts samples from Start: events, playbacks and the tape share it.
package rtp

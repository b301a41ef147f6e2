// Package room is who hears whom, and the tape.
//
// A Matrix says for each pair of participants whether one hears the other: callee and
// robot, listen, whisper, barge, hold and conference are all values of it. Route turns a
// matrix into work: a participant that hears exactly one other gets that one's payload
// undecoded (Pass), the rest get a mix of all they hear (N−1 in the plain conference).
// A Tape is the stereo A-law recording of a leg, written while it happens.
//
//	m := room.Everyone(3)   // conference of three
//	m.Set(2, 0, false)      // participant 0 no longer hears 2: a whisper to 1
//	for to, r := range room.Route(m) { … r.Pass, r.Mix … }
package room

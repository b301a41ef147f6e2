// Package robot is one conversation: hear, ask the script, speak.
//
// Run places a call for an attempt, and when it is answered Talk loops: the ear turns
// recogniser results, real-time text and digits into inputs, scriptflow.Step decides,
// the mouth plays prepared prompts or rendered variables. The robot yields when the
// callee talks: playing pauses at the first voice, is cut when the words mean it, and
// goes on when they were only a filler. Every turn is journalled as it happens; at the
// end the call is graded and finished in one transaction (call.Finish). What a dead
// node left behind is finished from its journal by Recover.
//
// robot asks others for what it lacks: a line to dial (Dialer), an ear (speech), where
// to hand a caller over (Transfer, filled in by cmd).
package robot

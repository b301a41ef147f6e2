// Package scriptflow is the script (话术) that a robot talks by: its format, its check, one
// step of a conversation, and the grade of a call. It is pure: it reads no clock, touches no
// file (sheet.go alone knows Excel), and keeps nothing between calls.
//
// A Script is what people write, as JSON or Excel (docs/script-format.md). Compile turns it
// into a Flow, which never changes and serves any number of calls at once. A conversation is
// a State, a plain value that can be journalled after every step:
//
//	flow, problems := scriptflow.Compile(script)
//	state, actions := flow.Start(map[string]string{"name": "王女士"})
//	state, actions = flow.Step(state, scriptflow.Heard{Text: "多少钱一平", At: 3*time.Second, End: 4*time.Second})
//
// Events say what happened (Heard, Partial, NoInput, Said, HungUp, TransferFailed), actions
// what to do (Say, Stop, Listen, SendSMS, MarkDoNotCall, Transfer, Hangup). Waiting is data,
// too: Listen carries how long to wait before NoInput is due.
//
// When the call is over, FactsOf and Grade say A…F and why (FEATURES A4).
package scriptflow

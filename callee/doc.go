// Package callee is the other end of the line: simulated people who pick up, or do
// not, and talk to the robot through real SIP and RTP. The demo, the tests, the
// load and the crash tests all call them.
//
// A persona (persona.go, docs/personas.md) says how someone takes a call and what
// they say, turn by turn, and which grade the robot must arrive at. Who is called
// decides the persona (roster.go). A callee hears the robot with its own ear
// (ear.go), waits for its turn (cue.go, pure), speaks with recorded syllables and,
// where real-time text was negotiated, types along (typing.go). Everything that
// happens is logged as JSON lines (log.go): what a campaign did is counted from
// here, not from what the campaign says of itself. The callee also measures the
// robot: silence after its own last voiced sample, and how fast it falls silent
// when talked over (report.go).
//
//	people, err := callee.Demo()
//	c, err := callee.New(callee.Config{Listen: "127.0.0.1:5090", Personas: people})
//	go c.Run(ctx)
//	for _, lead := range people.Leads(0) { … dial lead.Number at c.Addr() … }
package callee

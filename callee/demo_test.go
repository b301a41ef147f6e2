package callee

import (
	"math/rand/v2"
	"testing"
	"time"

	"yingda/scriptflow"
	scriptdemo "yingda/scriptflow/demo"
)

// TestDemoAgreesWithTheScript: every variant of every demo persona, written into the
// pure engine, ends in the grade and the SMS that the persona file promises. What
// goes wrong on the telephone after that is not the file's fault.
func TestDemoAgreesWithTheScript(t *testing.T) {
	p, err := Demo()
	if err != nil {
		t.Fatal(err)
	}
	flow := scriptdemo.Flow()
	for i := range p.All {
		who := &p.All[i]
		if !who.answers() {
			continue
		}
		for seed := range uint64(20) {
			state, said := play(flow, who, rand.New(rand.NewPCG(seed, 0)))
			got := scriptflow.Policy{}.Grade(scriptflow.FactsOf(state, scriptflow.Answered, 20*time.Second))
			if string(got.Grade) != who.Grade || state.SMS != who.SMS {
				t.Errorf("%s saying %q: grade %s by %s, sms %v; want %s, %v (path %v, hits %v)", who.Name, said, got.Grade, got.Key, state.SMS, who.Grade, who.SMS, state.Path, state.Hits)
			}
		}
	}
}

// play talks the persona's lines with the pure engine.
func play(flow *scriptflow.Flow, who *Persona, luck *rand.Rand) (scriptflow.State, []string) {
	var said []string
	now := time.Second
	state, _ := flow.Start(map[string]string{"name": "王先生"})
	for _, turn := range who.Turns {
		for range max(1, turn.Repeat) {
			if state.Over() {
				return state, said
			}
			heard := scriptflow.Heard{Text: turn.Press, Source: scriptflow.Digit}
			if len(turn.Say) > 0 {
				heard = scriptflow.Heard{Text: turn.Say[luck.IntN(len(turn.Say))], Source: scriptflow.Typed}
			}
			state, _ = flow.Step(state, scriptflow.Said{ID: state.Said, At: now + 2*time.Second})
			now += 4 * time.Second
			heard.At, heard.End = now-time.Second, now
			said = append(said, heard.Text)
			state, _ = flow.Step(state, heard)
		}
	}
	return state, said
}

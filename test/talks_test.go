package test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/callee"
	"yingda/models"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
	"yingda/robot"
	"yingda/scriptflow"
	scriptdemo "yingda/scriptflow/demo"
	"yingda/scriptflow/talk"
	"yingda/speech"
	"yingda/speech/espeak"
	"yingda/speech/prompts"
	"yingda/speech/syllable"
	"yingda/telephony"
	"yingda/tenant"
)

// TestTalksOverSIP is the third height of the .talk files: what the pure engine was
// proven by is said on the telephone, by a callee who hears, waits, types and talks
// over, to the real robot, over SIP, RTP and real-time text. The grades are the same.
func TestTalksOverSIP(t *testing.T) {
	if testing.Short() {
		t.Skip("some forty calls in real time: about a minute")
	}
	talks, err := talk.Load(scriptdemo.Files(), "talks")
	if err != nil {
		t.Fatal(err)
	}
	people, err := callee.FromTalks(talks)
	if err != nil {
		t.Fatal(err)
	}
	house := openHouse(t, people)
	var wg sync.WaitGroup
	seats := make(chan struct{}, 16)
	for i, lead := range people.Leads(0) {
		wg.Go(func() {
			seats <- struct{}{}
			defer func() { <-seats }()
			house.check(t, i, lead, talkOf(talks, lead.Persona))
		})
	}
	wg.Wait()
	t.Logf("%+v", house.callees.Report())
}

func talkOf(talks []*talk.Talk, persona string) *talk.Talk {
	for _, t := range talks {
		if t.Name == "talks/"+persona+".talk" {
			return t
		}
	}
	panic("no talk " + persona)
}

// house is a robot and the people it calls.
type house struct {
	callees *callee.Callees
	robot   *robot.Service
	flow    *scriptflow.Flow
}

func openHouse(t *testing.T, people *callee.Personas) *house {
	t.Helper()
	callees, err := callee.New(callee.Config{Personas: people})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { callees.Close() })
	node, err := telephony.NewNode(telephony.Config{MaxLag: -1}) // a test machine is busy with other tests
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { node.Close() })
	vault, err := tenant.NewVault(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.Open(t)
	calls := call.NewService(call.NewStore(d), vault, tenant.NewService(tenant.NewStore(d), vault, time.Hour), nil)
	r := &robot.Service{Calls: calls, Dial: robot.Over(node), Prompts: voice(t), RecordDir: t.TempDir()}
	return &house{callees, r, scriptdemo.Flow()}
}

// voice is espeak-ng where it is installed, the recorded syllables elsewhere.
func voice(t *testing.T) *prompts.Prompts {
	t.Helper()
	cache, err := prompts.Open(prompts.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := espeak.New(espeak.Config{}); err == nil {
		return cache.Of(v, speech.Voice{})
	}
	v, err := syllable.Open(models.Path(models.Syllables))
	if err != nil {
		t.Fatal(err)
	}
	return cache.Of(v, speech.Voice{})
}

var tenantCtx = db.WithTenant(context.Background(), 7)

// check places the call and compares its grade with the talk's.
func (h *house) check(t *testing.T, i int, lead callee.Lead, want *talk.Talk) {
	f, err := h.robot.Run(tenantCtx, &robot.Job{
		Call:   call.Call{ID: db.NewID(), Node: "n1", Epoch: 1, Direction: "out", CampaignID: 5, SeatID: 6, AttemptID: db.ID(i + 1), Name: lead.Name},
		Number: lead.Number, Line: telephony.Line{ID: "loopback", Address: h.callees.Addr()},
		Flow: h.flow, Vars: want.Vars, Policy: want.Policy,
	})
	if err != nil {
		t.Errorf("%s: %v", want.Name, err)
		return
	}
	if f.Call.Grade != string(want.Grade) {
		t.Errorf("%s: graded %s by %s, want %s\nheard and said: %s\nthe callee: %s", want.Name, f.Call.Grade, f.Call.Reason, want.Grade, turns(f.Transcript), h.lived(lead.Persona))
	}
}

func turns(all []call.Turn) (s string) {
	for _, t := range all {
		s += fmt.Sprintf("\n  %+v", t)
	}
	return s
}

// lived is what the callee noticed of the call.
func (h *house) lived(persona string) string {
	for _, c := range h.callees.Calls() {
		if c.Persona == persona {
			return fmt.Sprintf("said %+v, heard the robot at %v, ended by %s %s", c.Said, c.Robot, c.By, c.Why)
		}
	}
	return "was never called"
}

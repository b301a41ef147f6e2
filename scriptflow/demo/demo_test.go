package demo

import (
	"testing"

	"yingda/scriptflow"
	"yingda/scriptflow/talktest"
)

func TestScriptIsClean(t *testing.T) {
	if p := scriptflow.Check(Script()); len(p) > 0 {
		t.Error(p.String())
	}
}

func TestTalks(t *testing.T) { talktest.Run(t, "talks", ".") }

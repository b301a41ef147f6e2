package demo

import (
	"testing"

	"yingda/scriptflow"
)

func TestScriptIsClean(t *testing.T) {
	if p := scriptflow.Check(Script()); len(p) > 0 {
		t.Error(p.String())
	}
}

package campaign

import "testing"

// TestTelling: one reads at a time, and what happens while it reads is sent afterwards.
func TestTelling(t *testing.T) {
	var told telling
	if !told.ask(1) || told.ask(1) || !told.ask(2) {
		t.Fatal("one sends for all that happens until then, each campaign on its own")
	}
	told.reads(1)
	if told.sent(1) {
		t.Error("nothing happened since, and it is sent again")
	}
	if !told.ask(1) {
		t.Fatal("after it was sent nobody sends any more")
	}
	told.reads(1)
	if told.ask(1) {
		t.Error("two read at once")
	}
	if !told.sent(1) {
		t.Error("what happened while it was read is never sent")
	}
}

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestEverySubcommandHasHelp: asking for it is no failure and does nothing else.
func TestEverySubcommandHasHelp(t *testing.T) {
	asks := [][]string{{"bench", "media", "--help"}, {"eval", "asr", "--help"}}
	for _, c := range commands() {
		asks = append(asks, []string{c.name, "--help"})
	}
	for _, args := range asks {
		var said bytes.Buffer
		if got := run(context.Background(), outside{args: args, env: func(string) string { return "" }, out: &said, err: &said}); got != 0 {
			t.Errorf("%v: exit %d: %s", args, got, &said)
		}
		if text := strings.ToLower(said.String()); !strings.Contains(text, args[0]) || len(text) < 60 || len(text) > 12_000 {
			t.Errorf("%v said %d characters: %.200s", args, len(text), text)
		}
	}
}

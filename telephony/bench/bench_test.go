package bench

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestMain runs as the far end when the benchmark starts this binary again.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_PEER") == "1" {
		os.Exit(Peer(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func TestMediaBenchmarkMeasuresItself(t *testing.T) {
	t.Setenv("BENCH_PEER", "1") // for the child
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	calls, seconds := 20, 1
	if n, err := strconv.Atoi(os.Getenv("BENCH_CALLS")); err == nil { // to look at real sizes by hand
		calls, seconds = n, 8
	}
	r, err := Media(ctx, Options{Mode: "robot", Calls: calls, Seconds: seconds, PeerCommand: []string{os.Args[0]}, Dir: t.TempDir(), Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(r)
	t.Logf("%s", b)
	if r.Loss > 5 || r.FloorPerPair <= 0 || r.CPU <= 0 || r.RatioToFloor <= 0 || r.Gap.P50 <= 0 {
		t.Errorf("implausible: %s", b)
	}
	var keys map[string]any
	if err := json.Unmarshal(b, &keys); err != nil || len(keys) != 9 {
		t.Errorf("keys: %v %v", keys, err)
	}
}

// Package bench measures what a call costs: the media of N robot calls, and in the same
// run the floor, a bare receive-and-send loop on as many sockets. The far end is a child
// process, so that its work is not counted; it measures gaps by the kernel's receive times.
//
//	r, err := bench.Media(ctx, bench.Options{Mode: "robot", Calls: 1000, Seconds: 10, PeerCommand: []string{self, "bench", "peer"}})
//	json.NewEncoder(os.Stdout).Encode(r)
//
// The program that calls Media must run bench.Peer when started with PeerCommand.
package bench

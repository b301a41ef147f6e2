//go:build !cgo

package main

import (
	"fmt"
	"os"
)

// Without a C compiler there is no ONNX Runtime; yingda then understands digits and
// real-time text, and says so.
func main() {
	fmt.Fprintln(os.Stderr, "yingda-asr: built without cgo; nothing can be recognised")
	os.Exit(3)
}

// Package demo carries a complete Mandarin property-sales script and the talks that prove it:
// what a new tenant starts with, and what every other room tests a conversation with.
package demo

import (
	"embed"
	"io/fs"

	"yingda/scriptflow"
)

//go:embed property.json
var property []byte

//go:embed property.json talks/*.talk
var files embed.FS

// Script returns a fresh copy of the demo script. It panics where the embedded file is
// broken: a test keeps it from being so.
func Script() *scriptflow.Script {
	s, err := scriptflow.Parse(property)
	if err != nil {
		panic(err)
	}
	return s
}

// Flow returns the demo script compiled.
func Flow() *scriptflow.Flow {
	f, problems := scriptflow.Compile(Script())
	if f == nil {
		panic(problems.String())
	}
	return f
}

// JSON is the script as it is written.
func JSON() []byte { return append([]byte(nil), property...) }

// Files holds property.json and talks/*.talk.
func Files() fs.FS { return files }

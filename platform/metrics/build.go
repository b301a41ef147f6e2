package metrics

import (
	"runtime"
	"runtime/debug"
	"time"
)

// Version is set by the linker: -X yingda/platform/metrics.Version=v1.2.3. Else the commit's.
var Version string

// Build says what is running.
type Build struct {
	Version string    `json:"version"`
	Commit  string    `json:"commit"`
	Dirty   bool      `json:"dirty,omitempty"` // built from changed sources
	At      time.Time `json:"at,omitzero"`     // of the commit
	Go      string    `json:"go"`
}

// ReadBuild reads what the compiler left in the binary.
func ReadBuild() Build {
	b := Build{Version: Version, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b.named()
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			b.Dirty = s.Value == "true"
		case "vcs.time":
			b.At, _ = time.Parse(time.RFC3339, s.Value)
		}
	}
	return b.named()
}

func (b Build) named() Build {
	switch {
	case b.Version != "":
	case b.Commit != "":
		b.Version = "dev-" + b.Commit
	default:
		b.Version = "dev"
	}
	return b
}

// Package web is the console: a TypeScript program under src/ that talks to the
// HTTP API only, and this file, which carries its build inside the binary.
//
// `npm ci && npm run build` fills dist/; a binary built without it still runs and
// serves the API, and Dist reports that there is no console to show.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the built console as a file system rooted at its index.html, and
// whether it was built into this binary.
func Dist() (files fs.FS, built bool) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist, false
	}
	_, err = fs.Stat(files, "index.html")
	return files, err == nil
}

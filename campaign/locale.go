package campaign

import (
	"embed"

	"yingda/platform/locale"
)

// Locale holds this room's sentences, for platform/locale.
//
//go:embed locale/*.json
var Locale embed.FS

func init() { locale.Add(Locale) }

package scriptflow

import (
	"embed"

	"yingda/platform/locale"
)

//go:embed locale/*.json
var catalogues embed.FS

func init() { locale.Add(catalogues) }

package main

import (
	"embed"

	"yingda/platform/locale"
)

//go:embed locale/*.json
var texts embed.FS

func init() { locale.Add(texts) }

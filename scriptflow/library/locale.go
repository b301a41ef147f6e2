package library

import (
	"bytes"
	"embed"
	"encoding/json"
	"io"

	"yingda/platform/locale"
	"yingda/scriptflow"
)

//go:embed locale/*.json
var texts embed.FS

func init() { locale.Add(texts) }

func writeJSON(w io.Writer, s *scriptflow.Script) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(s)
}

// JSON is the script as a file.
func JSON(s *scriptflow.Script) ([]byte, error) {
	var b bytes.Buffer
	err := writeJSON(&b, s)
	return b.Bytes(), err
}

package httpapi

import (
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
)

// File answers with content that knows its length: ranges work, so a player can seek.
func File(name, contentType string, download bool, at time.Time, r io.ReadSeekCloser) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer r.Close()
		g := humagin.Unwrap(c)
		disposition(g.Writer.Header(), name, download)
		g.Writer.Header().Set("Content-Type", contentType)
		g.Writer.Header().Set("Cache-Control", "private, max-age=3600")
		http.ServeContent(g.Writer, g.Request, "", at, r)
	}}
}

// Download answers with a file that write makes as it goes. An error after the
// first byte cuts the connection, so that half a file is never taken for a whole one.
func Download(name, contentType string, write func(w io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(c huma.Context) {
		g := humagin.Unwrap(c)
		disposition(g.Writer.Header(), name, true)
		g.Writer.Header().Set("Content-Type", contentType)
		_ = http.NewResponseController(g.Writer).SetWriteDeadline(time.Time{})
		if err := write(g.Writer); err != nil {
			p := problemOf(g.Request.Context(), err)
			if g.Writer.Size() > 0 {
				panic(http.ErrAbortHandler)
			}
			g.Writer.Header().Del("Content-Disposition")
			writeProblem(g.Writer, p)
		}
	}}
}

// XLSX is the content type of Excel files.
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func disposition(h http.Header, name string, download bool) {
	kind := "inline"
	if download {
		kind = "attachment"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(kind, map[string]string{"filename": name}))
}

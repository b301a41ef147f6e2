// Package blob keeps files that are too large for rows: recordings, uploads, exports.
// Where they lie is a URL (gocloud.dev/blob): a folder now, S3 or OSS when their
// driver is linked in.
//
// A key is tenant/day/name (Key makes it). Its first part is whose file it is: like
// platform/db, a Store refuses a ctx without a tenant and answers NotFound for the file
// of another one. A file appears whole or not at all; while it is written it has no name.
//
//	s, err := blob.Open(ctx, "/var/lib/yingda/blob")
//	key := blob.Key(tenant, time.Now(), id.String()+".wav")
//	n, err := s.Put(ctx, key, file)
//	r, err := s.Open(ctx, key) // *blob.Reader: seekable, for http.ServeContent
package blob

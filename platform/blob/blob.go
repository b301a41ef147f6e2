package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:// — a folder
	_ "gocloud.dev/blob/memblob"  // mem:// — tests
	"gocloud.dev/gcerrors"
)

// Reader is an open file or a range of one: Read, Seek, Size, ModTime, Close.
type Reader = blob.Reader

// Store is an open place for files. Safe for concurrent use.
type Store struct {
	bucket *blob.Bucket
}

// Open opens the place at address: a folder's path (made if missing), or a URL whose
// driver is linked in.
func Open(ctx context.Context, address string) (*Store, error) {
	u, err := location(address)
	if err != nil {
		return nil, err
	}
	bucket, err := blob.OpenBucket(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("open the file store at %s: %w", address, err)
	}
	return &Store{bucket}, nil
}

// location makes a folder's path a URL: private folders, no metadata files beside the
// data, and what is being written beside its place, so that the renaming is atomic.
func location(address string) (string, error) {
	if strings.Contains(address, "://") {
		return address, nil
	}
	path, err := filepath.Abs(address)
	if err != nil {
		return "", err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "create_dir=1&dir_file_mode=448&no_tmp_dir=1&metadata=skip"} // 448 = 0700
	return u.String(), nil
}

// Close lets go of the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Ping says whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	ok, err := s.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("the file store is not accessible")
	}
	return err
}

// Put writes what r gives under key and returns the number of bytes. A file that was
// there is replaced at once and whole; after an error it is still the old one.
func (s *Store) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	w, err := s.Create(ctx, key)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, r)
	if err != nil {
		w.Abort()
		return 0, fmt.Errorf("write %s: %w", key, err)
	}
	return n, w.Close()
}

// Writer writes a file that gets its name at Close.
type Writer struct {
	*blob.Writer
	key    string
	cancel context.CancelFunc
}

// Create begins a file. Exactly one of Close and Abort must follow.
func (s *Store) Create(ctx context.Context, key string) (*Writer, error) {
	if err := allowed(ctx, key); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: TypeOf(key)})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("create %s: %w", key, err)
	}
	return &Writer{w, key, cancel}, nil
}

// Close gives the file its name; until then nobody sees it.
func (w *Writer) Close() error {
	defer w.cancel()
	if err := w.Writer.Close(); err != nil {
		return fmt.Errorf("write %s: %w", w.key, err)
	}
	return nil
}

// Abort forgets what was written.
func (w *Writer) Abort() {
	w.cancel() // a writer whose ctx is cancelled throws its bytes away on Close
	_ = w.Writer.Close()
}

// Open opens a file; NotFound where there is none, or none of this tenant. Close it.
func (s *Store) Open(ctx context.Context, key string) (*Reader, error) {
	return s.OpenRange(ctx, key, 0, -1)
}

// OpenRange opens n bytes of a file from offset on; n < 0 means to its end.
func (s *Store) OpenRange(ctx context.Context, key string, offset, n int64) (*Reader, error) {
	if err := allowed(ctx, key); err != nil {
		return nil, err
	}
	r, err := s.bucket.NewRangeReader(ctx, key, offset, n, nil)
	return r, known(err, "open", key)
}

// Get reads a whole file of at most max bytes into memory.
func (s *Store) Get(ctx context.Context, key string, max int64) ([]byte, error) {
	r, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if r.Size() > max {
		return nil, fmt.Errorf("read %s: %d bytes are more than %d", key, r.Size(), max)
	}
	b, err := io.ReadAll(r)
	return b, known(err, "read", key)
}

// Delete removes a file. That there is none is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := allowed(ctx, key); err != nil {
		return err
	}
	err := s.bucket.Delete(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return known(err, "delete", key)
}

// Item is a file in a listing.
type Item struct {
	Key     string
	Size    int64
	ModTime time.Time
}

// Each calls do for every file under the folder prefix ("17/2026-03-02"), in order of key, until it fails.
func (s *Store) Each(ctx context.Context, prefix string, do func(Item) error) error {
	prefix = strings.TrimSuffix(prefix, "/")
	if err := allowed(ctx, prefix); err != nil {
		return err
	}
	list := s.bucket.List(&blob.ListOptions{Prefix: prefix + "/"})
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return known(err, "list", prefix)
		}
		if check(o.Key) != nil { // half-written or foreign: not a file of ours
			continue
		}
		if err := do(Item{o.Key, o.Size, o.ModTime}); err != nil {
			return err
		}
	}
}

// TypeOf is the MIME type that the key's ending stands for.
func TypeOf(key string) string {
	switch ext := filepath.Ext(key); ext {
	case ".wav":
		return "audio/wav"
	case ".m4a":
		return "audio/mp4"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

func known(err error, doing, key string) error {
	switch {
	case err == nil:
		return nil
	case gcerrors.Code(err) == gcerrors.NotFound:
		return notFound(key)
	}
	return fmt.Errorf("%s %s: %w", doing, key, err)
}

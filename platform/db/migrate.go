package db

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

var tokens = map[string]map[string]string{
	"sqlite": {"pk": "INTEGER NOT NULL PRIMARY KEY", "id": "BIGINT NOT NULL DEFAULT 0", "ts": "DATETIME", "json": "TEXT", "blob": "BLOB", "longtext": "TEXT", "opts": ""},
	"mysql": {"pk": "BIGINT NOT NULL PRIMARY KEY", "id": "BIGINT NOT NULL DEFAULT 0", "ts": "DATETIME(3)", "json": "LONGTEXT", "blob": "MEDIUMBLOB", "longtext": "LONGTEXT",
		"opts": " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"},
}

func (d *DB) provider(files fs.FS) (*goose.Provider, error) {
	pool, err := d.DB.DB()
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectMySQL
	if d.Kind == "sqlite" {
		dialect = goose.DialectSQLite3
	}
	return goose.NewProvider(dialect, pool, filled{files, tokens[d.Kind]})
}

// Migrate brings the schema up to the newest file.
func (d *DB) Migrate(ctx context.Context, files fs.FS) (applied int, err error) {
	p, err := d.provider(files)
	if err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	return len(done), err
}

// Behind counts the migrations that the database lacks; a server refuses to run on one that is behind.
func (d *DB) Behind(ctx context.Context, files fs.FS) (int, error) {
	p, err := d.provider(files)
	if err != nil {
		return 0, err
	}
	st, err := p.Status(ctx)
	n := 0
	for _, s := range st {
		if s.State == goose.StatePending {
			n++
		}
	}
	return n, err
}

// filled is an fs.FS whose SQL files have their {{tokens}} filled in.
type filled struct {
	fs.FS
	words map[string]string
}

func (f filled) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return file, err
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read migration %s: %w", name, err)
	}
	s := string(b)
	for k, v := range f.words {
		s = strings.ReplaceAll(s, "{{"+k+"}}", v)
	}
	return &textFile{bytes.NewReader([]byte(s)), name}, nil
}

// ReadDir keeps goose's globbing working on the wrapped files.
func (f filled) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

type textFile struct {
	*bytes.Reader
	name string
}

func (t *textFile) Stat() (fs.FileInfo, error) { return t, nil }
func (t *textFile) Close() error               { return nil }
func (t *textFile) Name() string               { return t.name }
func (t *textFile) Size() int64                { return t.Reader.Size() }
func (t *textFile) Mode() fs.FileMode          { return 0o444 }
func (t *textFile) ModTime() time.Time         { return time.Time{} }
func (t *textFile) IsDir() bool                { return false }
func (t *textFile) Sys() any                   { return nil }

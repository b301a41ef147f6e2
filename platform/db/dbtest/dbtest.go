// Package dbtest gives tests a real, migrated database: SQLite always, MySQL/MariaDB where one answers.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"yingda/migrations"
	"yingda/platform/db"
)

// Open returns a fresh SQLite database that goes away with the test.
func Open(t testing.TB) *db.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
}

// Each runs the test on SQLite and on MySQL/MariaDB (YINGDA_TEST_MYSQL, default
// root without a password on 127.0.0.1:3306). Without a server the MySQL half is
// skipped loudly; in CI that is a failure.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, Open(t)) })
	t.Run("mysql", func(t *testing.T) { test(t, MySQL(t)) })
}

var made atomic.Int64

// MySQL returns a fresh database on the server, dropped after the test.
func MySQL(t testing.TB) *db.DB {
	t.Helper()
	server := os.Getenv("YINGDA_TEST_MYSQL")
	if server == "" {
		server = "root@tcp(127.0.0.1:3306)/"
	}
	pool, err := sql.Open("mysql", server)
	if err == nil {
		ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
		defer stop()
		err = pool.PingContext(ctx)
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no MySQL or MariaDB at %s: %v", server, err)
		}
		t.Skipf("SKIPPED: no MySQL or MariaDB at %s: %v", server, err)
	}
	name := fmt.Sprintf("yingda_test_%d_%d", os.Getpid(), made.Add(1))
	if _, err := pool.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = pool.Exec("DROP DATABASE " + name)
		_ = pool.Close()
	})
	return open(t, "mysql:"+server+name)
}

func open(t testing.TB, dsn string) *db.DB {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Migrate(ctx, migrations.Files); err != nil {
		t.Fatal(err)
	}
	return d
}

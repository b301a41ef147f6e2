package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	gomysql "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	sqlite3 "modernc.org/sqlite"
)

// DB is gorm over SQLite or MySQL/MariaDB with the tenancy plugin in place.
type DB struct {
	*gorm.DB
	Kind string // "sqlite" or "mysql"

	one *writer // SQLite only
}

// Open connects. dsn is "sqlite:/path/file.db" or "mysql:user:pass@tcp(host:3306)/name".
// The schema is not touched: see Migrate and Behind.
func Open(ctx context.Context, dsn string, log *slog.Logger) (*DB, error) {
	kind, rest, _ := strings.Cut(dsn, ":")
	dialector, err := dialect(kind, rest)
	if err != nil {
		return nil, err
	}
	g, err := gorm.Open(dialector, &gorm.Config{
		Logger: logger.NewSlogLogger(log, logger.Config{
			SlowThreshold: 500 * time.Millisecond, LogLevel: logger.Warn, IgnoreRecordNotFoundError: true, ParameterizedQueries: true,
		}),
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) },
		TranslateError:         true,
		SkipDefaultTransaction: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open %s database: %w", kind, err)
	}
	if err := g.Use(tenancy{}); err != nil {
		return nil, err
	}
	d := &DB{DB: g, Kind: kind}
	if kind == "sqlite" {
		d.one = newWriter()
		if err := g.Use(d.one); err != nil {
			return nil, err
		}
	}
	return d, d.tune(ctx)
}

func dialect(kind, rest string) (gorm.Dialector, error) {
	switch kind {
	case "sqlite":
		sep := "?"
		if strings.Contains(rest, "?") {
			sep = "&"
		}
		dsn := "file:" + rest + sep + "_txlock=immediate&_time_format=sqlite&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)"
		return lite{sqlite.New(sqlite.Config{DriverName: "sqlite", DSN: dsn}).(*sqlite.Dialector)}, nil
	case "mysql":
		c, err := gomysql.ParseDSN(rest)
		if err != nil {
			return nil, fmt.Errorf("database address: %w", err)
		}
		c.ParseTime, c.Loc, c.ClientFoundRows, c.InterpolateParams = true, time.UTC, true, true
		if c.Params == nil {
			c.Params = map[string]string{}
		}
		c.Params["time_zone"] = "'+00:00'"
		if c.Params["charset"] == "" {
			c.Params["charset"] = "utf8mb4"
		}
		return mysql.New(mysql.Config{DSNConfig: c, DefaultStringSize: 256}), nil
	}
	return nil, fmt.Errorf("database address must start with sqlite: or mysql:, not %q", kind)
}

func (d *DB) tune(ctx context.Context) error {
	pool, err := d.DB.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxLifetime(10 * time.Minute)
	if d.Kind == "sqlite" {
		pool.SetMaxOpenConns(8)
		pool.SetConnMaxLifetime(0)
	}
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the %s database: %w", d.Kind, err)
	}
	return nil
}

// Ping says whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.DB.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// Close ends all connections.
func (d *DB) Close() error {
	pool, err := d.DB.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

type txKey struct{}

// Tx runs do in one transaction; a Tx inside a Tx joins it. Stores get at the
// transaction through In. A transaction that lost a deadlock is run again, so do must
// not have effects outside of the database.
func (d *DB) Tx(ctx context.Context, do func(ctx context.Context) error) error {
	if _, inside := ctx.Value(txKey{}).(*gorm.DB); inside {
		return do(ctx)
	}
	if d.one != nil {
		if err := d.one.lock(ctx); err != nil {
			return err
		}
		defer d.one.unlock()
	}
	for try := 0; ; try++ {
		err := d.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			return do(context.WithValue(ctx, txKey{}, tx))
		}, d.isolation()...)
		if try == 4 || !lostDeadlock(err) {
			return err
		}
		time.Sleep(time.Duration(1+rand.IntN(10<<try)) * time.Millisecond)
	}
}

// lostDeadlock: InnoDB chose this transaction as the victim or it waited too long for a
// lock (1213, 1205), or SQLite stayed busy (5, 517).
func lostDeadlock(err error) bool {
	var my *gomysql.MySQLError
	if errors.As(err, &my) {
		return my.Number == 1213 || my.Number == 1205
	}
	var lt *sqlite3.Error
	return errors.As(err, &lt) && lt.Code()&0xff == 5
}

// isolation is READ COMMITTED where the database knows it: claims then lock the rows
// they take and not the gaps between them.
func (d *DB) isolation() []*sql.TxOptions {
	if d.Kind == "sqlite" {
		return nil
	}
	return []*sql.TxOptions{{Isolation: sql.LevelReadCommitted}}
}

// In returns the handle for ctx: the transaction in it, else the pool.
func (d *DB) In(ctx context.Context) *gorm.DB {
	if tx, inside := ctx.Value(txKey{}).(*gorm.DB); inside {
		return tx.WithContext(ctx)
	}
	return d.WithContext(ctx)
}

// Now is the database's own clock, on which leases run (DESIGN mechanism 1).
func (d *DB) Now(ctx context.Context) (time.Time, error) {
	var ms int64
	q := "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"
	if d.Kind == "sqlite" {
		q = "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
	}
	err := d.WithContext(System(ctx, "database time")).Raw(q).Scan(&ms).Error
	return time.UnixMilli(ms).UTC(), err
}

// IsDuplicate says that a unique key already holds the row.
func IsDuplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

// IsMissing says that no row was found.
func IsMissing(err error) bool { return errors.Is(err, gorm.ErrRecordNotFound) }

// lite adds what the stock dialector lacks: modernc's duplicate-key codes.
type lite struct{ *sqlite.Dialector }

func (l lite) Translate(err error) error {
	var e *sqlite3.Error
	if errors.As(err, &e) && (e.Code() == 1555 || e.Code() == 2067) { // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
		return gorm.ErrDuplicatedKey
	}
	return err
}

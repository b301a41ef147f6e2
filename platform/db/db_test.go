package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm/clause"

	"yingda/migrations"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

type seat struct {
	ID         db.ID
	TenantID   db.ID
	OwnerID    db.ID
	Number     string
	Name       string
	DialCount  int64
	Enabled    int
	ValidUntil *time.Time
	CreatedAt  time.Time
}

type trunk struct {
	db.Global
	ID   db.ID
	Name string
}

func (trunk) TableName() string { return "trunks" }

var (
	one = db.WithTenant(context.Background(), 1)
	two = db.WithTenant(context.Background(), 2)
)

func TestMigrateIsCompleteAndIdempotent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if n, err := d.Behind(context.Background(), migrations.Files); err != nil || n != 0 {
			t.Fatalf("behind by %d, %v", n, err)
		}
		if n, err := d.Migrate(context.Background(), migrations.Files); err != nil || n != 0 {
			t.Fatalf("second run applied %d, %v", n, err)
		}
	})
}

func TestTenancyScopesEveryStatement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mine := seat{ID: db.NewID(), Number: "8001", Name: "甲"}
		theirs := seat{ID: db.NewID(), Number: "8001", Name: "乙"}
		must(t, d.In(one).Create(&mine).Error)
		must(t, d.In(two).Create(&theirs).Error)
		if mine.TenantID != 1 {
			t.Fatalf("stamped tenant %d", mine.TenantID)
		}
		var got []seat
		must(t, d.In(one).Find(&got).Error)
		if len(got) != 1 || got[0].Name != "甲" {
			t.Fatalf("tenant 1 sees %+v", got)
		}
		var s seat
		if err := d.In(one).First(&s, theirs.ID).Error; !db.IsMissing(err) {
			t.Fatalf("a foreign id gives %v, %+v", err, s)
		}
		res := d.In(one).Model(&seat{}).Where("id = ?", theirs.ID).Update("name", "丙")
		if res.Error != nil || res.RowsAffected != 0 {
			t.Fatalf("updated a foreign row: %v %d", res.Error, res.RowsAffected)
		}
		if res = d.In(one).Delete(&seat{}, theirs.ID); res.RowsAffected != 0 {
			t.Fatal("deleted a foreign row")
		}
		must(t, d.In(one).Model(&seat{}).Where("id = ?", mine.ID).Updates(&seat{TenantID: 2, Name: "丁"}).Error)
		must(t, d.In(one).First(&s, mine.ID).Error)
		if s.TenantID != 1 || s.Name != "丁" {
			t.Fatalf("the row moved: %+v", s)
		}
	})
}

func TestTenancyRefusesWhatItCannotScope(t *testing.T) {
	d := dbtest.Open(t)
	foreign := seat{ID: db.NewID(), Number: "9", Name: "x"}
	must(t, d.In(two).Create(&foreign).Error)
	stolen := foreign
	stolen.TenantID = 0
	var rows []seat
	var n int64
	for name, err := range map[string]error{
		"no tenant":            d.In(context.Background()).Find(&rows).Error,
		"create for another":   d.In(one).Create(&seat{ID: db.NewID(), TenantID: 2}).Error,
		"save a foreign id":    d.In(one).Save(&stolen).Error,
		"upsert on the key":    d.In(one).Clauses(clause.OnConflict{UpdateAll: true}).Create(&stolen).Error,
		"raw":                  d.In(one).Raw("SELECT count(*) FROM seats").Scan(&n).Error,
		"exec":                 d.In(one).Exec("DELETE FROM seats").Error,
		"table without model":  d.In(one).Table("seats").Count(&n).Error,
		"string join":          d.In(one).Joins("JOIN seats s2 ON true").Find(&rows).Error,
		"moving by map":        d.In(one).Model(&seat{}).Where("id = 1").Updates(map[string]any{"tenant_id": 2}).Error,
		"count without tenant": d.In(context.Background()).Model(&seat{}).Count(&n).Error,
	} {
		if !errors.Is(err, db.ErrUnscoped) && !errors.Is(err, db.ErrNoTenant) && !errors.Is(err, db.ErrForeign) {
			t.Errorf("%s: not refused, %v", name, err)
		}
	}
	must(t, d.In(db.System(context.Background(), "test")).First(&rows, foreign.ID).Error)
	if rows[0].Name != "x" || rows[0].TenantID != 2 {
		t.Fatalf("the foreign row changed: %+v", rows[0])
	}
	var trunks []trunk
	must(t, d.In(context.Background()).Find(&trunks).Error) // Global rows need no tenant
}

func TestDuplicateKeyAndClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, d.In(one).Create(&seat{ID: db.NewID(), Number: "1"}).Error)
		if err := d.In(one).Create(&seat{ID: db.NewID(), Number: "1"}).Error; !db.IsDuplicate(err) {
			t.Fatalf("second seat 1: %v", err)
		}
		now, err := d.Now(context.Background())
		if err != nil || time.Since(now).Abs() > 5*time.Second {
			t.Fatalf("database time %v, %v", now, err)
		}
		at := time.Date(2026, 3, 4, 5, 6, 7, 89e6, time.UTC)
		must(t, d.In(one).Model(&seat{}).Where("number = ?", "1").Update("valid_until", at).Error)
		var s seat
		must(t, d.In(one).Where("valid_until > ? AND valid_until <= ?", at.Add(-time.Millisecond), at).First(&s).Error)
		if !s.ValidUntil.Equal(at) {
			t.Fatalf("time came back as %v", s.ValidUntil)
		}
	})
}

func TestID(t *testing.T) {
	a, b := db.NewID(), db.NewID()
	if b <= a {
		t.Fatalf("%d then %d", a, b)
	}
	j, _ := json.Marshal(map[string]any{"id": a})
	var back struct{ ID db.ID }
	must(t, json.Unmarshal(j, &back))
	if back.ID != a || j[6] != '"' {
		t.Fatalf("%s came back as %d", j, back.ID)
	}
	if d := time.Since(a.Time()); d < 0 || d > time.Second {
		t.Fatalf("id's time is %v ago", d)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A single statement takes the writer's turn, and gives it back.
func TestSQLiteWritersTakeTurns(t *testing.T) {
	d := dbtest.Open(t)
	inside, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- d.Tx(one, func(ctx context.Context) error {
			close(inside)
			<-release
			return d.In(ctx).Create(&seat{ID: db.NewID(), Number: "tx"}).Error
		})
	}()
	<-inside
	short, stop := context.WithTimeout(one, 100*time.Millisecond)
	defer stop()
	for name, err := range map[string]error{
		"create": d.In(short).Create(&seat{ID: db.NewID(), Number: "x"}).Error,
		"update": d.In(short).Model(&seat{}).Where("number = ?", "tx").Update("name", "y").Error,
		"delete": d.In(short).Where("number = ?", "none").Delete(&seat{}).Error,
	} {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s went on while a transaction had the turn: %v", name, err)
		}
	}
	close(release)
	must(t, <-done)
	must(t, d.In(one).Create(&seat{ID: db.NewID(), Number: "after"}).Error)
	must(t, d.In(one).Model(&seat{}).Where("number = ?", "after").Update("name", "z").Error)
	must(t, d.In(one).Where("number = ?", "after").Delete(&seat{}).Error)
	var n int64
	must(t, d.In(one).Model(&seat{}).Count(&n).Error)
	if n != 1 {
		t.Fatalf("%d rows", n)
	}
}

func TestContainsForgivesTheCase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for number, name := range map[string]string{"1": "Alice Wang", "2": "100%_!", "3": "王小明"} {
			must(t, d.In(one).Create(&seat{ID: db.NewID(), Number: number, Name: name}).Error)
		}
		for text, want := range map[string]string{"alice": "1", "WANG": "1", "%_!": "2", "小明": "3", "nobody": "", "%": "2", "3": "3"} {
			var got []string
			must(t, d.In(one).Model(&seat{}).Scopes(db.Contains(text, "number", "name")).Where("id > 0").Pluck("number", &got).Error)
			if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || got[0] != want) {
				t.Errorf("%q finds %v, want %q", text, got, want)
			}
		}
	})
}

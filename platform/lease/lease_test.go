package lease

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yingda/migrations"
	"yingda/platform/db"
	"yingda/platform/db/dbtest"
)

var (
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
	bg    = context.Background()
)

// hurry makes a lease last a second, for tests.
func hurry(t *testing.T) {
	was := [3]time.Duration{term, every, margin}
	term, every, margin = 900*time.Millisecond, 90*time.Millisecond, 300*time.Millisecond
	t.Cleanup(func() { term, every, margin = was[0], was[1], was[2] })
}

func TestAcquireNumbersAndEpochs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := acquire(t, d, "a")
		b := acquire(t, d, "b")
		if a.Number != 0 || b.Number != 1 {
			t.Fatalf("numbers %d and %d", a.Number, b.Number)
		}
		if _, err := Acquire(bg, d, Node{Name: "a"}, quiet); !errors.Is(err, ErrHeld) {
			t.Fatalf("a second holder of a: %v", err)
		}
		must(t, a.Release(bg))
		must(t, a.Release(bg))
		again := acquire(t, d, "a")
		if again.Number != 0 || again.Epoch <= a.Epoch {
			t.Fatalf("taken over with number %d, epoch %d after %d", again.Number, again.Epoch, a.Epoch)
		}
		dead, err := Acquire(bg, d, Node{Name: "b", KnownDead: true}, quiet)
		must(t, err)
		defer dead.Release(bg)
		if dead.Epoch != b.Epoch+1 {
			t.Fatalf("epoch %d after %d", dead.Epoch, b.Epoch)
		}
	})
}

func TestHolderLetsGoBeforeAnotherMayTakeOver(t *testing.T) {
	hurry(t)
	for name, cut := range map[string]func(context.Context) error{
		"refused": func(context.Context) error { return errors.New("the database is away") },
		"hanging": func(context.Context) error { time.Sleep(2 * term); return nil }, // deaf to ctx
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) { losesInTime(t, d, cut) })
		})
	}
}

func losesInTime(t *testing.T, d *db.DB, cut func(context.Context) error) {
	r, err := take(bg, d, Node{Name: "n"})
	must(t, err)
	var away atomic.Bool
	l := hold(d, r, quiet)
	through := l.renew
	l.renew = func(ctx context.Context, load Load) (bool, error) {
		if away.Load() {
			return false, cut(ctx)
		}
		return through(ctx, load)
	}
	go l.keep(time.Now())
	time.Sleep(term + every)
	if !l.Held() {
		t.Fatal("lost although the database was there")
	}
	away.Store(true)
	took := make(chan time.Time, 1)
	go func() {
		next, err := Wait(bg, d, Node{Name: "n"}, quiet)
		took <- time.Now()
		if err != nil || next.Epoch <= l.Epoch {
			t.Errorf("next holder %+v, %v", next, err)
			return
		}
		_ = next.Release(bg)
	}()
	<-l.Lost()
	lost := time.Now()
	if gap := (<-took).Sub(lost); gap < margin-20*time.Millisecond || gap > margin+2*every {
		t.Fatalf("taken over %v after the loss", gap)
	}
}

func TestTakenOverIsNoticedAtTheNextBeat(t *testing.T) {
	hurry(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := acquire(t, d, "n")
		thief, err := Acquire(bg, d, Node{Name: "n", KnownDead: true}, quiet)
		must(t, err)
		defer thief.Release(bg)
		select {
		case <-l.Lost():
		case <-time.After(3 * every):
			t.Fatal("the old holder does not know")
		}
		must(t, l.Release(bg)) // must not free the thief's lease
		if _, err := Acquire(bg, d, Node{Name: "n"}, quiet); !errors.Is(err, ErrHeld) {
			t.Fatalf("the thief's lease was freed: %v", err)
		}
	})
}

func TestAnExpiredLeaseIsNotRevived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := acquire(t, d, "n")
		must(t, d.In(bg).Model(&row{}).Where("name = ?", "n").Update("expires_ms", 1).Error)
		if held, err := l.renew(bg, Load{}); err != nil || held {
			t.Fatalf("revived: %v, %v", held, err)
		}
	})
}

func TestOnlyTheLivingAreListed(t *testing.T) {
	hurry(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := acquire(t, d, "up")
		gone := acquire(t, d, "gone")
		l.Report(Load{Calls: 7, MaxCalls: 90, LagMS: 1.5})
		must(t, gone.Release(bg))
		time.Sleep(3 * every)
		live, err := Live(bg, d)
		must(t, err)
		if len(live) != 1 || live[0].Name != "up" || live[0].Epoch != l.Epoch || live[0].Load != (Load{7, 90, 1.5}) {
			t.Fatalf("live %+v", live)
		}
		now, err := d.Now(bg)
		must(t, err)
		if left := live[0].ExpiresAt.Sub(now); left <= 0 || left > term {
			t.Fatalf("runs for another %v", left)
		}
	})
}

func TestManyAtOnceGetDifferentNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen, winners := map[int]bool{}, 0
		for i := range 12 {
			name := string(rune('a' + i))
			if i >= 8 {
				name = "same"
			}
			wg.Go(func() {
				l, err := Acquire(bg, d, Node{Name: name}, quiet)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case name == "same" && errors.Is(err, ErrHeld):
				case err != nil:
					t.Errorf("%s: %v", name, err)
				case seen[l.Number]:
					t.Errorf("number %d twice", l.Number)
				default:
					seen[l.Number] = true
					if name == "same" {
						winners++
					}
					t.Cleanup(func() { _ = l.Release(bg) })
				}
			})
		}
		wg.Wait()
		if winners != 1 || len(seen) != 9 {
			t.Fatalf("%d winners, numbers %v", winners, seen)
		}
	})
}

func TestTwoProcessesOneName(t *testing.T) {
	if dsn := os.Getenv("LEASE_TEST_DSN"); dsn != "" { // the other process
		other(dsn)
		return
	}
	file := t.TempDir() + "/two.db"
	d := openFile(t, file)
	l := acquire(t, d, "n")
	cmd := exec.Command(os.Args[0], "-test.run=^TestTwoProcessesOneName$")
	cmd.Env = append(os.Environ(), "LEASE_TEST_DSN=sqlite:"+file)
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "refused") {
		t.Fatalf("the other process: %v %s", err, out)
	}
	must(t, l.Release(bg))
	cmd = exec.Command(os.Args[0], "-test.run=^TestTwoProcessesOneName$")
	cmd.Env = append(os.Environ(), "LEASE_TEST_DSN=sqlite:"+file)
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "taken") {
		t.Fatalf("the other process after release: %v %s", err, out)
	}
}

func other(dsn string) {
	d, err := db.Open(bg, dsn, quiet)
	if err != nil {
		println(err.Error())
		os.Exit(1)
	}
	switch _, err := Acquire(bg, d, Node{Name: "n"}, quiet); {
	case errors.Is(err, ErrHeld):
		_, _ = os.Stdout.WriteString("refused\n")
	case err == nil:
		_, _ = os.Stdout.WriteString("taken\n")
	}
}

func TestHome(t *testing.T) {
	dir := t.TempDir() + "/data"
	name, unlock, err := Home(dir)
	must(t, err)
	if _, _, err := Home(dir); !errors.Is(err, ErrHomeInUse) {
		t.Fatalf("a second process in the folder: %v", err)
	}
	unlock()
	again, unlock, err := Home(dir)
	must(t, err)
	defer unlock()
	if again != name || len(name) < 8 {
		t.Fatalf("%q, then %q", name, again)
	}
}

func TestNumbersRunOut(t *testing.T) {
	d := dbtest.Open(t)
	rows := make([]row, maxNodes)
	for i := range rows {
		rows[i] = row{ID: db.NewID(), Name: "old" + string(rune(0x4e00+i)), Number: i, Epoch: 1, ExpiresMS: time.Now().UnixMilli(), StartedAt: time.Now()}
	}
	must(t, d.In(bg).Create(&rows).Error)
	if _, err := Acquire(bg, d, Node{Name: "new"}, quiet); !errors.Is(err, ErrFull) {
		t.Fatalf("the 1025th node: %v", err)
	}
	must(t, d.In(bg).Model(&row{}).Where("number = ?", 700).Update("expires_ms", 5).Error)
	if l := acquire(t, d, "new"); l.Number != 700 {
		t.Fatalf("number %d", l.Number)
	}
}

// openFile migrates a database that a second process can open too.
func openFile(t *testing.T, file string) *db.DB {
	t.Helper()
	d, err := db.Open(bg, "sqlite:"+file, quiet)
	must(t, err)
	t.Cleanup(func() { _ = d.Close() })
	_, err = d.Migrate(bg, migrations.Files)
	must(t, err)
	return d
}

func acquire(t *testing.T, d *db.DB, name string) *Lease {
	t.Helper()
	l, err := Acquire(bg, d, Node{Name: name, Roles: "media"}, quiet)
	must(t, err)
	t.Cleanup(func() { _ = l.Release(bg) })
	return l
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

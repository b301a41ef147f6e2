package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

const redisServer = "redis-server"

// child is a redis-server of our own: private socket, append-only file, no TCP port.
//
// The folder's lock decides who runs it: a second process in the same folder is a guest
// on the socket until the lock comes free, and then runs the server itself. The server
// inherits the lock, so nobody starts another on the same file while it still dies.
type child struct {
	dir, socket string
	log         *slog.Logger
	stop        chan struct{}
	done        chan struct{}
	starts      atomic.Int64
	said        tail
}

func openChild(ctx context.Context, cfg Config) (*Broker, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	socket, err := socketIn(dir)
	if err != nil {
		return nil, err
	}
	c := &child{dir: dir, socket: socket, log: cfg.Log, stop: make(chan struct{}), done: make(chan struct{})}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	go c.supervise(lock)
	b := newBroker(cfg, Child, &redis.Options{Network: "unix", Addr: socket})
	b.close = func() error {
		err := b.rdb.Close()
		close(c.stop)
		<-c.done
		return err
	}
	if err := c.ready(ctx, b); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// socketIn returns a path that fits into a socket address (108 bytes): in the folder,
// or in a folder of our own under the system's temporary one.
func socketIn(dir string) (string, error) {
	if path := filepath.Join(dir, "redis.sock"); len(path) < 100 {
		return path, nil
	}
	sum := sha256.Sum256([]byte(dir))
	short := filepath.Join(os.TempDir(), fmt.Sprintf("yingda-%d-%s", os.Getuid(), hex.EncodeToString(sum[:6])))
	if err := os.MkdirAll(short, 0o700); err != nil {
		return "", err
	}
	info, err := os.Lstat(short)
	if err != nil {
		return "", err
	}
	if owner, is := info.Sys().(*syscall.Stat_t); !info.IsDir() || is && int(owner.Uid) != os.Getuid() || info.Mode().Perm() != 0o700 {
		return "", fmt.Errorf("%s is not a private folder of ours", short)
	}
	return filepath.Join(short, "redis.sock"), nil
}

// ready waits until the server answers. A server that loads a long file answers late;
// one that cannot run at all ends three times.
func (c *child) ready(ctx context.Context, b *Broker) error {
	for {
		try, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		err := b.Ping(try)
		cancel()
		if err == nil {
			return nil
		}
		if c.starts.Load() > 3 {
			return fmt.Errorf("%s does not stay up: %s", redisServer, c.said.String())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w %s", redisServer, ctx.Err(), c.said.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// supervise runs the server whenever this process holds the folder's lock.
func (c *child) supervise(lock *os.File) {
	defer close(c.done)
	defer lock.Close()
	for pause := 50 * time.Millisecond; ; {
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			began := time.Now()
			err := c.run(lock)
			if c.stopped() {
				return
			}
			c.log.Error("redis-server ended; it is started again", "err", err, "said", c.said.String())
			pause = min(2*pause, 5*time.Second)
			if time.Since(began) > 10*time.Second {
				pause = 50 * time.Millisecond
			}
		}
		select {
		case <-c.stop:
			return
		case <-time.After(pause):
		}
	}
}

func (c *child) stopped() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

// run starts one server and waits for its end. The thread stays ours meanwhile,
// because the kernel ends the server with the thread that started it.
func (c *child) run(lock *os.File) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c.starts.Add(1)
	cmd := exec.Command(redisServer, "-") // settings on its standard input: paths may hold spaces
	cmd.Stdin = bytes.NewBufferString(fmt.Sprintf(
		"port 0\nunixsocket %q\nunixsocketperm 700\ndir %q\nappendonly yes\nappendfsync everysec\nsave \"\"\ndaemonize no\nmaxmemory-policy noeviction\n", c.socket, c.dir))
	cmd.Stdout, cmd.Stderr = &c.said, &c.said
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr = endWithUs()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go c.endOnStop(cmd.Process, ended)
	err := cmd.Wait()
	close(ended)
	return err
}

// endOnStop asks the server to write what it has and go, and insists after five seconds.
func (c *child) endOnStop(p *os.Process, ended chan struct{}) {
	select {
	case <-ended:
		return
	case <-c.stop:
		_ = p.Signal(syscall.SIGTERM)
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		_ = p.Kill()
	}
}

// tail keeps the last kilobyte that was written, to tell why the server ended.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - 1024; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}

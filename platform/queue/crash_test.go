package queue_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"yingda/platform/queue"
)

// A killed process takes its server with it, keeps what it enqueued, and the next
// process in the folder starts at once.
func TestKilledProcessLeavesTasksAndNoServer(t *testing.T) {
	if dir := os.Getenv("QUEUE_TEST_DIR"); dir != "" {
		victim(t, dir)
		return
	}
	needRedis(t)
	cfg := config(t, "child", quiet)
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcessLeavesTasksAndNoServer$")
	cmd.Env = append(os.Environ(), "QUEUE_TEST_DIR="+cfg.Dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	server, err := strconv.Atoi(strings.TrimSpace(line))
	must(t, err)
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	eventually(t, func() bool { return syscall.Kill(server, 0) != nil })

	began := time.Now()
	b := open(t, cfg)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the next process waited %v", took)
	}
	if n := b.Redis().LLen(bg, "asynq:{default}:pending").Val(); n != 20 {
		t.Fatalf("%d of 20 tasks are left", n)
	}
}

func victim(t *testing.T, dir string) {
	b, err := queue.Open(bg, queue.Config{URL: "child", Dir: dir, Log: quiet})
	must(t, err)
	for i := range 20 {
		must(t, b.Enqueue(bg, queue.Task{Type: "test:job", Payload: job{i}}))
	}
	_, _ = os.Stdout.WriteString(strconv.Itoa(serverPID(t, b)) + "\n")
	time.Sleep(time.Minute)
}

package bench

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Report is what the far end measured since it was told to.
type Report struct {
	Received int64   `json:"received"`
	Lost     int64   `json:"lost"`
	GapP50   float64 `json:"gap_p50_ms"`
	GapP99   float64 `json:"gap_p99_ms"`
}

// peer is the child process seen from here. It speaks lines: we write our ports, it
// answers its own; "mark" starts the measuring; "stop" is answered by the report.
type peer struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	ports []int
}

func startPeer(ctx context.Context, command []string, ours []int) (*peer, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &peer{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<20)}
	if _, err := fmt.Fprintln(in, joinPorts(ours)); err != nil {
		p.kill()
		return nil, err
	}
	line, err := p.out.ReadString('\n')
	if err == nil {
		p.ports, err = splitPorts(line)
	}
	if err != nil || len(p.ports) != len(ours) {
		p.kill()
		return nil, fmt.Errorf("bench peer answered %d ports for %d: %v", len(p.ports), len(ours), err)
	}
	return p, nil
}

func (p *peer) mark() error {
	_, err := fmt.Fprintln(p.in, "mark")
	return err
}

func (p *peer) finish() (r Report, err error) {
	if _, err = fmt.Fprintln(p.in, "stop"); err != nil {
		return r, err
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(line, &r)
}

func (p *peer) kill() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}

func joinPorts(ports []int) string {
	var b strings.Builder
	for _, p := range ports {
		b.WriteString(strconv.Itoa(p))
		b.WriteByte(' ')
	}
	return b.String()
}

func splitPorts(line string) (ports []int, err error) {
	for _, f := range strings.Fields(line) {
		n, err := strconv.Atoi(f)
		if err != nil {
			return nil, err
		}
		ports = append(ports, n)
	}
	return ports, nil
}

// Peer is the far end: it sends talk to each port it reads, 50 packets a second, and
// watches what comes. It ends with its input. Its exit code is returned.
func Peer(in io.Reader, out io.Writer) int {
	raiseFileLimit()
	lines := bufio.NewReaderSize(in, 1<<20)
	first, err := lines.ReadString('\n')
	if err != nil {
		return 1
	}
	ports, err := splitPorts(first)
	if err != nil {
		return 1
	}
	g, err := newGenerator(ports)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench peer:", err)
		return 1
	}
	fmt.Fprintln(out, joinPorts(g.port))
	go g.run()
	for {
		line, err := lines.ReadString('\n')
		switch {
		case err != nil:
			return 0
		case strings.TrimSpace(line) == "mark":
			g.marked.Store(true)
		default:
			g.quit.Store(true)
			<-g.done
			_ = json.NewEncoder(out).Encode(g.report())
		}
	}
}

// generator plays the far ends of all calls.
type generator struct {
	ends   []farEnd
	port   []int
	speech []byte
	marked atomic.Bool
	quit   atomic.Bool
	done   chan struct{}

	counting       bool
	received, lost int64
	gaps           [10000]int64 // 10 µs each
}

type farEnd struct {
	fd     int
	seq    uint16
	ts     uint32
	last   int64 // kernel time of the last packet, ns
	expect uint16
	known  bool
}

func newGenerator(ports []int) (*generator, error) {
	g := &generator{speech: speech(22 * time.Second), done: make(chan struct{})}
	for i, p := range ports {
		fd, port, err := udp()
		if err != nil {
			return nil, err
		}
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
			return nil, err
		}
		if err := unix.Connect(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: p}); err != nil {
			return nil, err
		}
		g.ends = append(g.ends, farEnd{fd: fd, ts: uint32(i) * 160 * 37})
		g.port = append(g.port, port)
	}
	return g, nil
}

func (g *generator) run() {
	runtime.LockOSThread()
	defer close(g.done)
	begin := time.Now()
	for t := 0; !g.quit.Load(); t++ {
		if g.marked.Load() && !g.counting {
			g.counting, g.received, g.lost = true, 0, 0
			clear(g.gaps[:])
		}
		for i := t % 20; i < len(g.ends); i += 20 {
			g.turn(&g.ends[i])
		}
		due := time.Duration(t+1) * time.Millisecond
		if late := time.Since(begin) - due; late > 20*time.Millisecond { // a stall of this process is not made up for
			begin = begin.Add(late)
		}
		if d := due - time.Since(begin); d > 0 {
			ts := unix.NsecToTimespec(int64(d))
			_ = unix.Nanosleep(&ts, nil)
		}
	}
}

func (g *generator) turn(e *farEnd) {
	var b [172]byte
	b[0], b[1] = 0x80, 8
	binary.BigEndian.PutUint16(b[2:], e.seq)
	binary.BigEndian.PutUint32(b[4:], e.ts)
	b[11] = 1
	at := int(e.ts) % (len(g.speech) - 160)
	copy(b[12:], g.speech[at/160*160:])
	e.seq, e.ts = e.seq+1, e.ts+160
	unix.RawSyscall6(unix.SYS_SENDTO, uintptr(e.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
	for range 8 {
		if !g.take(e) {
			return
		}
	}
}

// take receives one packet with the kernel's time of its arrival.
func (g *generator) take(e *farEnd) bool {
	var b [256]byte
	var control [64]byte
	iov := unix.Iovec{Base: &b[0], Len: uint64(len(b))}
	msg := unix.Msghdr{Iov: &iov, Iovlen: 1, Control: &control[0], Controllen: uint64(len(control))}
	n, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, uintptr(e.fd), uintptr(unsafe.Pointer(&msg)), 0)
	if errno != 0 {
		return false
	}
	if n < 12 {
		return true
	}
	ts := (*unix.Timespec)(unsafe.Pointer(&control[unix.CmsgLen(0)]))
	g.note(e, binary.BigEndian.Uint16(b[2:]), ts.Nano())
	return true
}

func (g *generator) note(e *farEnd, seq uint16, at int64) {
	if e.known {
		if lost := int16(seq - e.expect); lost > 0 && seq != 0 { // the floor's packets carry no numbers
			g.lost += int64(lost)
		}
		gap := at - e.last - int64(20*time.Millisecond)
		g.gaps[min(len(g.gaps)-1, int(max(gap, -gap)/10_000))]++
	}
	g.received++
	e.known, e.expect, e.last = true, seq+1, at
}

func (g *generator) report() Report {
	return Report{Received: g.received, Lost: g.lost, GapP50: g.quantile(0.5), GapP99: g.quantile(0.99)}
}

func (g *generator) quantile(q float64) float64 {
	var all int64
	for _, c := range g.gaps {
		all += c
	}
	rest := int64(q * float64(all))
	for i, c := range g.gaps {
		if rest -= c; rest < 0 {
			return float64(i+1) / 100
		}
	}
	return 0
}

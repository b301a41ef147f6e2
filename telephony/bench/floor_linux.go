package bench

import (
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// floor is the least that N calls can cost: for each of them, 50 times a second, one
// receive and one send of 172 bytes on a connected socket, nothing else.
type floor struct {
	fds  []int
	port []int
	in   atomic.Int64
	out  atomic.Int64
	quit chan struct{}
	done chan struct{}
}

func newFloor(o Options) (load, error) {
	f := &floor{quit: make(chan struct{}), done: make(chan struct{})}
	for range o.Calls {
		fd, port, err := udp()
		if err != nil {
			f.close()
			return nil, err
		}
		f.fds, f.port = append(f.fds, fd), append(f.port, port)
	}
	return f, nil
}

// udp opens a non-blocking socket on a free loopback port.
func udp() (fd, port int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, 0, err
	}
	if err = unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		unix.Close(fd)
		return 0, 0, err
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return 0, 0, err
	}
	return fd, name.(*unix.SockaddrInet4).Port, nil
}

func (f *floor) ports() []int { return f.port }

func (f *floor) start(peer []int) {
	for i, fd := range f.fds {
		_ = unix.Connect(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: peer[i]})
	}
	go f.run()
}

func (f *floor) run() {
	runtime.LockOSThread()
	defer close(f.done)
	var in, out [172]byte
	out[0], out[1] = 0x80, 8
	begin := time.Now()
	for t := 0; ; t++ {
		select {
		case <-f.quit:
			return
		default:
		}
		for i := t % 20; i < len(f.fds); i += 20 {
			f.pair(f.fds[i], in[:], out[:])
		}
		due := time.Duration(t+1) * time.Millisecond
		if late := time.Since(begin) - due; late > 20*time.Millisecond { // a stall is skipped, as the robots do
			begin = begin.Add(late)
		}
		if d := due - time.Since(begin); d > 0 {
			ts := unix.NsecToTimespec(int64(d))
			_ = unix.Nanosleep(&ts, nil)
		}
	}
}

func (f *floor) pair(fd int, in, out []byte) {
	if _, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&in[0])), uintptr(len(in)), 0, 0, 0); e == 0 {
		f.in.Add(1)
	}
	f.out.Add(1)
	unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&out[0])), uintptr(len(out)), 0, 0, 0)
}

func (f *floor) work() work { return work{sent: f.out.Load(), received: f.in.Load()} }

func (f *floor) stop() {
	close(f.quit)
	<-f.done
	f.close()
}

func (f *floor) close() {
	for _, fd := range f.fds {
		unix.Close(fd)
	}
}

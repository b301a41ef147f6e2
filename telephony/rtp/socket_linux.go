package rtp

import (
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket is a non-blocking UDP socket used by raw system calls: they neither block nor
// tell the scheduler, which at 50 packets a second and leg is what costs. It sends to
// to; the first packet that comes latches it to that source and connects it, which
// saves a tenth of the kernel's work and keeps strangers out.
type socket struct {
	fd      int
	port    int
	to      unix.RawSockaddrInet4
	from    unix.RawSockaddrInet4 // of the last packet before the latch
	known   bool                  // to is set
	latched bool
}

var errNoPorts = errors.New("rtp: no free port in the range")

// ports hands out even ports of a range, or of the kernel's.
type ports struct {
	first, last int
	next        atomic.Uint32
}

// open binds a socket to an even port (RFC 3550 11).
func (p *ports) open(ip netip.Addr) (socket, error) {
	if p.first == 0 {
		return openAny(ip)
	}
	first := (p.first + 1) &^ 1
	n := (p.last-first)/2 + 1
	for range n {
		port := first + 2*int(p.next.Add(1)%uint32(n))
		s, err := bind(ip, port)
		if !errors.Is(err, unix.EADDRINUSE) {
			return s, err
		}
	}
	return socket{}, errNoPorts
}

func openAny(ip netip.Addr) (socket, error) {
	for range 64 {
		s, err := bind(ip, 0)
		if err != nil || s.port%2 == 0 {
			return s, err
		}
		s.close()
	}
	return socket{}, errNoPorts
}

func bind(ip netip.Addr, port int) (socket, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return socket{}, fmt.Errorf("rtp socket: %w", err)
	}
	if err = unix.Bind(fd, &unix.SockaddrInet4{Addr: ip.As4(), Port: port}); err == nil {
		var name unix.Sockaddr
		if name, err = unix.Getsockname(fd); err == nil {
			return socket{fd: fd, port: name.(*unix.SockaddrInet4).Port}, nil
		}
	}
	unix.Close(fd)
	return socket{}, fmt.Errorf("rtp bind %s:%d: %w", ip, port, err)
}

func (s *socket) close() { unix.Close(s.fd) }

// aim sets where to send until something comes; it undoes an earlier latch.
func (s *socket) aim(to netip.AddrPort) {
	if s.latched {
		unspec := unix.RawSockaddrInet4{Family: unix.AF_UNSPEC}
		unix.RawSyscall(unix.SYS_CONNECT, uintptr(s.fd), uintptr(unsafe.Pointer(&unspec)), unix.SizeofSockaddrInet4)
		s.latched = false
	}
	s.known = to.IsValid() && to.Addr().Is4() && !to.Addr().IsUnspecified() && to.Port() != 0
	if s.known {
		s.to = raw(to)
	}
}

func raw(a netip.AddrPort) unix.RawSockaddrInet4 {
	p := a.Port()
	return unix.RawSockaddrInet4{Family: unix.AF_INET, Port: p<<8 | p>>8, Addr: a.Addr().As4()}
}

// recv takes one packet; false = none waiting. An ICMP error of an earlier packet
// counts as nothing: RTP goes on until signalling or silence ends it.
func (s *socket) recv(b []byte) (n int, ok bool) {
	if s.latched {
		r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
		return int(r), e == 0
	}
	var from unix.RawSockaddrInet4
	size := uint32(unix.SizeofSockaddrInet4)
	r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0,
		uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&size)))
	if e != 0 {
		return 0, false
	}
	s.from = from
	return int(r), true
}

// latch binds the socket to whoever sent last; call it once a packet proved to be RTP: a
// stray datagram must not turn our audio to somebody else.
func (s *socket) latch() {
	if s.latched {
		return
	}
	s.to, s.known = s.from, true
	_, _, e := unix.RawSyscall(unix.SYS_CONNECT, uintptr(s.fd), uintptr(unsafe.Pointer(&s.to)), unix.SizeofSockaddrInet4)
	s.latched = e == 0
}

// send writes one packet, and forgets it when the kernel has no room.
func (s *socket) send(b []byte) bool {
	var to, size uintptr
	if !s.latched {
		if !s.known {
			return false
		}
		to, size = uintptr(unsafe.Pointer(&s.to)), unix.SizeofSockaddrInet4
	}
	_, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, to, size)
	return e == 0
}

// flush throws away what waits: early media that nobody listened to.
func (s *socket) flush() {
	var b [2048]byte
	for range 256 {
		if r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0); e != 0 || r == 0 {
			return
		}
	}
}

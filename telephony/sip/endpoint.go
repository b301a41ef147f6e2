package sip

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	sipmsg "github.com/emiago/sipgo/sip"
)

// Config of an Endpoint.
type Config struct {
	Listen      string // host:port, UDP
	AdvertiseIP string // into Via and Contact; empty = the listening address
	UserAgent   string
	Log         *slog.Logger
	// Inbound takes new calls, each on its own goroutine; nil rejects them. A call that
	// it neither accepted nor rejected ends with 480 when it returns.
	Inbound func(*Call)
}

// Endpoint is one SIP user agent on one UDP socket.
type Endpoint struct {
	cfg     Config
	conn    *net.UDPConn
	ua      *sipgo.UserAgent
	tx      *sipmsg.TransactionLayer
	laddr   sipmsg.Addr
	contact sipmsg.Uri
	log     *slog.Logger

	mu      sync.Mutex
	dialogs map[string]*Dialog // by Call-ID and our tag

	abandoned atomic.Int64 // INVITEs that were given up and have no final answer yet
	closing   chan struct{}
	work      sync.WaitGroup // what goes on behind a call that is already given up
}

// receiveBuffer of the socket: a burst of a second at 2000 calls a second.
const receiveBuffer = 4 << 20

// ErrClosed means that the endpoint is gone.
var ErrClosed = errors.New("sip: endpoint closed")

// allowMTU lifts sipgo's bound of 1300 bytes: an INVITE with text and digest is longer,
// and IP fragments are what every carrier's edge copes with.
var allowMTU = sync.OnceFunc(func() { sipmsg.UDPMTUSize = 16000 })

// Listen opens the socket and serves it until Close.
func Listen(c Config) (*Endpoint, error) {
	allowMTU()
	addr, err := net.ResolveUDPAddr("udp4", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("sip listen: %w", err)
	}
	conn, err := net.ListenUDP("udp4", addr)
	if err != nil {
		return nil, fmt.Errorf("sip listen: %w", err)
	}
	_ = conn.SetReadBuffer(receiveBuffer)
	e := &Endpoint{cfg: c, conn: conn, log: c.Log, dialogs: map[string]*Dialog{}, closing: make(chan struct{})}
	if e.log == nil {
		e.log = slog.Default()
	}
	e.addresses(conn.LocalAddr().(*net.UDPAddr))
	return e, e.serve()
}

func (e *Endpoint) addresses(local *net.UDPAddr) {
	e.laddr = sipmsg.Addr{IP: local.IP, Port: local.Port}
	host := e.cfg.AdvertiseIP
	if host == "" {
		host = local.IP.String()
	}
	e.contact = sipmsg.Uri{Scheme: "sip", Host: host, Port: local.Port}
}

func (e *Endpoint) serve() error {
	log := slog.New(quieter{e.log.Handler()})
	ua, err := sipgo.NewUA(
		sipgo.WithUserAgent(e.cfg.UserAgent),
		sipgo.WithUserAgentTransportLayerOptions(sipmsg.WithTransportLayerLogger(log)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sipmsg.WithTransactionLayerLogger(log),
			sipmsg.WithTransactionLayerUnhandledResponseHandler(func(*sipmsg.Response) {}), // late resends of what is over
		))
	if err != nil {
		return errors.Join(err, e.conn.Close())
	}
	e.ua, e.tx = ua, ua.TransactionLayer()
	e.tx.OnRequest(e.request)
	e.work.Go(func() { _ = ua.TransportLayer().ServeUDP(e.conn) })
	return e.awaitServing()
}

// awaitServing returns when requests can go out through the listening socket.
func (e *Endpoint) awaitServing() error {
	for range 500 {
		if c, err := e.ua.TransportLayer().GetConnection("udp", e.conn.LocalAddr().String()); err == nil && c != nil {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.Join(errors.New("sip: transport did not start"), e.conn.Close())
}

// Addr is the address listened on.
func (e *Endpoint) Addr() string { return e.conn.LocalAddr().String() }

// lastCancel is how long Close waits for INVITEs that are being cancelled: a phone that
// nobody cancels rings on.
const lastCancel = 2 * time.Second

// Close ends all transactions and the socket. Dialogs should be over before.
func (e *Endpoint) Close() error {
	for end := time.Now().Add(lastCancel); e.abandoned.Load() > 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	close(e.closing)
	err := errors.Join(e.ua.Close(), e.conn.Close())
	e.work.Wait()
	return err
}

func dialogKey(callID, localTag string) string { return callID + "|" + localTag }

func (e *Endpoint) keep(d *Dialog) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dialogs[dialogKey(d.callID, d.localTag)] = d
}

func (e *Endpoint) forget(d *Dialog) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.dialogs, dialogKey(d.callID, d.localTag))
}

// dialogOf finds the dialog that a request belongs to, or nil.
func (e *Endpoint) dialogOf(req *sipmsg.Request) *Dialog {
	if req.CallID() == nil || req.To() == nil {
		return nil
	}
	tag, _ := req.To().Params.Get("tag")
	e.mu.Lock()
	d := e.dialogs[dialogKey(req.CallID().Value(), tag)]
	e.mu.Unlock()
	if d == nil || req.From() == nil {
		return nil
	}
	theirs, _ := req.From().Params.Get("tag")
	if known := d.remoteTag(); known != "" && known != theirs {
		return nil // another branch of a forked call, or a guess
	}
	return d
}

// newRequest has what every request of ours has.
func (e *Endpoint) newRequest(method sipmsg.RequestMethod, to sipmsg.Uri) *sipmsg.Request {
	req := sipmsg.NewRequest(method, to)
	req.SetTransport("UDP")
	req.Laddr = e.laddr
	req.AppendHeader(e.via())
	hops := sipmsg.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	if e.cfg.UserAgent != "" {
		req.AppendHeader(sipmsg.NewHeader("User-Agent", e.cfg.UserAgent))
	}
	return req
}

func (e *Endpoint) via() *sipmsg.ViaHeader {
	v := &sipmsg.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "UDP", Host: e.contact.Host, Port: e.contact.Port}
	v.Params.Add("branch", sipmsg.GenerateBranchN(16))
	v.Params.Add("rport", "")
	return v
}

func (e *Endpoint) contactHeader() *sipmsg.ContactHeader {
	return &sipmsg.ContactHeader{Address: e.contact}
}

// round sends a request that is no INVITE and waits for its final answer.
func (e *Endpoint) round(ctx context.Context, req *sipmsg.Request) (*sipmsg.Response, error) {
	tx, err := e.tx.Request(ctx, req)
	if err != nil {
		return nil, err
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, tx.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-e.closing:
			return nil, ErrClosed
		}
	}
}

// write sends a request outside of any transaction: ACK.
func (e *Endpoint) write(req *sipmsg.Request) {
	if err := e.ua.TransportLayer().WriteMsg(req); err != nil {
		e.log.Warn("sip: ACK not sent", "err", err)
	}
}

// behind runs what must go on after its caller was answered; Close waits for it.
func (e *Endpoint) behind(f func()) {
	select {
	case <-e.closing:
	default:
		e.work.Go(f)
	}
}

// uri of a user at host[:port].
func uri(user, hostport string) (sipmsg.Uri, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return sipmsg.Uri{Scheme: "sip", User: user, Host: hostport}, nil
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 {
		return sipmsg.Uri{}, fmt.Errorf("sip: bad port in %q", hostport)
	}
	return sipmsg.Uri{Scheme: "sip", User: user, Host: host, Port: n}, nil
}

// quieter lets through what the library thinks is an error, as a warning: a stranger's
// broken packet is no error of ours.
type quieter struct{ slog.Handler }

func (q quieter) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

func (q quieter) Handle(ctx context.Context, r slog.Record) error {
	r.Level = min(r.Level, slog.LevelWarn)
	return q.Handler.Handle(ctx, r)
}

func (q quieter) WithAttrs(a []slog.Attr) slog.Handler { return quieter{q.Handler.WithAttrs(a)} }
func (q quieter) WithGroup(n string) slog.Handler      { return quieter{q.Handler.WithGroup(n)} }

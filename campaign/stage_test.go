package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"yingda/call"
	"yingda/platform/clock"
	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/robot"
	"yingda/scriptflow"
	"yingda/scriptflow/demo"
	"yingda/telephony"
	"yingda/tenant"
)

// stage is a tenant with everything that a campaign needs but callers: a real
// database, the real call room, and files in a folder.
type stage struct {
	*Service
	t      testing.TB
	clock  *clock.Fake
	ctx    context.Context // the admin's
	own    context.Context // the program's own work for the tenant
	tenant db.ID
	always Template
	queue  *errands
	dnc    map[string]bool // digests
}

// noon is a Wednesday within every working time.
var noon = time.Date(2026, 11, 18, 4, 0, 0, 0, time.UTC)

func open(t testing.TB, d *db.DB) *stage {
	t.Helper()
	v, err := tenant.NewVault(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	people := tenant.NewService(tenant.NewStore(d), v, time.Hour)
	calls := call.NewService(call.NewStore(d), v, people, nil)
	c := clock.NewFake(noon)
	s := &stage{Service: New(NewStore(d), c, people, calls), t: t, clock: c, queue: &errands{}, dnc: map[string]bool{}}
	s.Scripts, s.Files, s.Queue = shelf{demo.Flow()}, folder(t.TempDir()), s.queue
	s.Blocked = func(_ context.Context, digests []string) (map[string]bool, error) {
		out := map[string]bool{}
		for _, x := range digests {
			out[x] = s.dnc[x]
		}
		return out, nil
	}
	calls.OnFinish(s.EndAttempt)
	calls.OnEnded(s.CallEnded)
	t.Cleanup(func() { calls.Wait(context.Background()) })
	s.ctx, s.own, s.tenant = s.newTenant("acme", 1000)
	s.always = s.template(s.ctx, "总是", "00:00", "24:00")
	return s
}

// newTenant makes a tenant whose plan allows so many calls at once, and returns what
// its admin and what the program itself works with.
func (s *stage) newTenant(code string, most int) (admin, own context.Context, id db.ID) {
	s.t.Helper()
	row := &tenant.Tenant{Code: code, Name: code, Zone: "Asia/Shanghai", State: tenant.Active, MaxCalls: most, Settings: []byte("{}")}
	if err := s.People.CreateTenant(db.System(context.Background(), "test"), row); err != nil {
		s.t.Fatal(err)
	}
	who := tenant.Person{User: db.NewID(), Tenant: row.ID, Name: "周敏", Role: tenant.Admin}
	return tenant.WithPerson(context.Background(), who), db.WithTenant(context.Background(), row.ID), row.ID
}

func (s *stage) template(ctx context.Context, name, from, to string) Template {
	s.t.Helper()
	spec, _ := json.Marshal(Hours{Zone: "Asia/Shanghai", Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, Ranges: []Range{{from, to}}})
	row := Template{ID: db.NewID(), Name: name, Zone: "Asia/Shanghai", Spec: spec, CreatedAt: noon, UpdatedAt: noon}
	if err := create(ctx, s.Store, &row, "template.exists"); err != nil {
		s.t.Fatal(err)
	}
	return row
}

// seats makes robot seats and returns their ids.
func (s *stage) seats(ctx context.Context, prefix string, n int) (ids []db.ID) {
	s.t.Helper()
	for i := range n {
		seat := Seat{ID: db.NewID(), Number: fmt.Sprintf("%s%04d", prefix, i), Name: prefix, Enabled: true, CreatedAt: noon}
		if err := create(ctx, s.Store, &seat, "seat.exists"); err != nil {
			s.t.Fatal(err)
		}
		ids = append(ids, seat.ID)
	}
	return ids
}

// list makes a ready import of so many numbers, from the first one on.
func (s *stage) list(ctx context.Context, first, n int) db.ID {
	s.t.Helper()
	im := importRow{ID: db.NewID(), FileName: "leads.xlsx", State: Ready, Look: []byte("{}"), Mapping: []byte("{}"), Accepted: int64(n), Total: int64(n), CreatedAt: noon, UpdatedAt: noon}
	if err := create(ctx, s.Store, &im, "x"); err != nil {
		s.t.Fatal(err)
	}
	sink, err := s.newSink(ctx, im.ID, s.People.Vault, s.Blocked)
	if err != nil {
		s.t.Fatal(err)
	}
	var leads []Lead
	for i := range n {
		leads = append(leads, Lead{Row: i + 2, Name: fmt.Sprintf("客户%d", i), E164: numberOf(first + i)})
	}
	if dupes, err := sink.Write(ctx, leads); err != nil || len(dupes) > 0 {
		s.t.Fatal(dupes, err)
	}
	return im.ID
}

func numberOf(i int) string { return fmt.Sprintf("+861380%07d", i) }

// campaign makes one of n new leads and k new seats; start is a Draft's.
func (s *stage) campaign(ctx context.Context, name, start string, first, n, k int) *Campaign {
	s.t.Helper()
	d := Draft{Name: name, ScriptID: 1, ImportID: s.list(ctx, first, n), TemplateID: s.always.ID, Start: start, Rules: Rules{Seats: s.seats(ctx, name, k)}}
	c, err := s.Create(ctx, d)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.look(c.ID)
}

func (s *stage) look(id db.ID) *Campaign {
	s.t.Helper()
	c, err := s.Campaign(db.System(context.Background(), "test"), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func every[T any](s *stage) (rows []T) {
	s.t.Helper()
	if err := s.db.In(db.System(context.Background(), "test")).Order("id").Find(&rows).Error; err != nil {
		s.t.Fatal(err)
	}
	return rows
}

func (s *stage) leadsIn(state LeadState) (n int) {
	for _, l := range every[leadRow](s) {
		if l.State == state {
			n++
		}
	}
	return n
}

// whole checks what must hold whenever nothing is under way.
func (s *stage) whole(where string) {
	s.t.Helper()
	for _, a := range every[attemptRow](s) {
		if a.State != AttemptEnded {
			s.t.Errorf("%s: attempt %d is left %s", where, a.ID, a.State)
		}
	}
	for _, seat := range every[Seat](s) {
		if seat.AttemptID != 0 {
			s.t.Errorf("%s: seat %s is left busy", where, seat.Number)
		}
	}
	if n := len(every[inFlight](s)); n != 0 {
		s.t.Errorf("%s: %d numbers are left in flight", where, n)
	}
	if n := s.leadsIn(Calling); n != 0 {
		s.t.Errorf("%s: %d leads are left calling", where, n)
	}
	for _, c := range every[call.Call](s) {
		if c.State != call.Ended {
			s.t.Errorf("%s: call %d is left live", where, c.ID)
		}
	}
}

// dispatcher is one over these nodes and a line.
func (s *stage) dispatcher(channels, cps int, nodes ...Media) *Dispatcher {
	return &Dispatcher{S: s.Service, Nodes: func(context.Context) ([]Media, error) { return nodes, nil },
		Trunk: func(context.Context) (int, int, error) { return channels, cps, nil }}
}

func (s *stage) tick(d *Dispatcher) {
	s.t.Helper()
	if err := d.Tick(db.System(context.Background(), "dispatcher")); err != nil {
		s.t.Fatal(err)
	}
}

// node is a media node whose calls the handler makes.
func (s *stage) node(f Fence, h Handler) *Node {
	return NewNode(context.Background(), s.Service, f, h, func(context.Context) (telephony.Line, error) { return telephony.Line{ID: "line"}, nil })
}

func (s *stage) waits(id db.ID) string {
	if why, ok := s.why.Load(id); ok {
		return why.(Why).Key
	}
	return ""
}

// errands keeps what was enqueued, until a test hands it out.
type errands struct {
	mu      sync.Mutex
	calls   []queued
	imports []db.ID
	away    bool
}

type queued struct {
	node    string
	attempt db.ID
}

func (q *errands) EnqueueImport(_ context.Context, id db.ID) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return errors.New("dial tcp: connection refused")
	}
	q.imports = append(q.imports, id)
	return nil
}

func (q *errands) EnqueueCall(_ context.Context, node string, id db.ID) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away {
		return errors.New("dial tcp: connection refused")
	}
	q.calls = append(q.calls, queued{node, id})
	return nil
}

func (q *errands) take() []queued {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := q.calls
	q.calls = nil
	return out
}

// shelf has one script, published once.
type shelf struct{ flow *scriptflow.Flow }

func (s shelf) Published(_ context.Context, id db.ID) (int, string, error) {
	if id != 1 {
		return 0, "", errs.New(errs.NotFound, "script.not_found")
	}
	return 3, "楼盘", nil
}

func (s shelf) Flow(context.Context, db.ID, int) (*scriptflow.Flow, error) { return s.flow, nil }

func (s shelf) Names(_ context.Context, ids []db.ID) (map[db.ID]string, error) {
	return map[db.ID]string{1: "楼盘"}, nil
}

// folder is Files in a folder.
type folder string

func (f folder) path(key string) string { return filepath.Join(string(f), filepath.Base(key)) }

func (f folder) Put(_ context.Context, key string, r io.Reader) (int64, error) {
	w, err := os.Create(f.path(key))
	if err != nil {
		return 0, err
	}
	defer w.Close()
	return io.Copy(w, r)
}

func (f folder) Fetch(_ context.Context, key, path string) error {
	b, err := os.ReadFile(f.path(key))
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}

func (f folder) Open(_ context.Context, key string) (io.ReadSeekCloser, error) {
	return os.Open(f.path(key))
}

func (f folder) Delete(_ context.Context, key string) error {
	if err := os.Remove(f.path(key)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// files are the names of what lies there.
func (s *stage) files() (names []string) {
	s.t.Helper()
	all, err := os.ReadDir(string(s.Files.(folder)))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range all {
		names = append(names, f.Name())
	}
	return names
}

func (f folder) Key(tenant db.ID, day time.Time, name string) string {
	return fmt.Sprintf("%v/%s/%s", tenant, day.Format("20060102"), name)
}

// phone is a robot that makes calls as its script says, on the real call room: what
// the callee hears is nothing, what the database hears is everything.
type phone struct {
	s   *stage
	how func(j *robot.Job) fate

	mu     sync.Mutex
	dialed map[db.ID]int // INVITEs by attempt
}

// fate is how one call goes.
type fate struct {
	outcome call.Outcome
	grade   string
	dies    string // the node dies "before the call row", "before the answer", "while talking", "" = it does not
	lasts   time.Duration
}

func (p *phone) Run(ctx context.Context, j *robot.Job) (*call.Finished, error) {
	f := p.how(j)
	if f.dies == "before the call row" {
		return nil, errors.New("died")
	}
	j.Call.StartedAt = p.s.clock.Now()
	if err := p.s.Calls.Open(ctx, &j.Call); err != nil {
		return nil, err
	}
	if j.Dialling != nil {
		if err := j.Dialling(ctx); err != nil {
			j.Call.Outcome, j.Call.Grade = call.Cancelled, "F"
			return nil, errors.Join(err, p.s.Calls.Finish(ctx, &call.Finished{Call: j.Call}))
		}
	}
	p.mu.Lock()
	if p.dialed == nil {
		p.dialed = map[db.ID]int{}
	}
	p.dialed[j.Call.AttemptID]++
	p.mu.Unlock()
	if f.dies == "before the answer" {
		return nil, errors.New("died")
	}
	if f.outcome.Connected() {
		if err := p.s.Calls.Answer(ctx, &j.Call, p.s.clock.Now()); err != nil {
			return nil, err
		}
		j.Talking(ctx)
	}
	if f.dies != "" {
		return nil, errors.New("died")
	}
	time.Sleep(f.lasts)
	j.Call.Outcome, j.Call.Grade, j.Call.Reason = f.outcome, f.grade, []byte("{}")
	now := p.s.clock.Now()
	j.Call.EndedAt = &now
	fin := &call.Finished{Call: j.Call}
	return fin, p.s.Calls.Finish(ctx, fin)
}

// Recover is the real robot's.
func (p *phone) Recover(ctx context.Context, c call.Call) error {
	return (&robot.Service{Calls: p.s.Calls}).Recover(ctx, c)
}

// all is a phone whose calls all go the same way.
func (s *stage) all(f fate) *phone { return &phone{s: s, how: func(*robot.Job) fate { return f }} }

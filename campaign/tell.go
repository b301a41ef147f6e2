package campaign

import (
	"context"
	"sync"
	"time"

	"yingda/platform/db"
)

// tellEvery bounds how often a campaign's numbers are read and sent, however many calls end.
const tellEvery = 300 * time.Millisecond

// telling knows which campaigns' numbers are about to be sent, or are being read, and
// whether something has happened since the reading began.
type telling struct {
	mu sync.Mutex
	of map[db.ID]bool
}

// ask says whether the caller is to send the numbers; else somebody does who has not read them yet, or will again.
func (t *telling) ask(id db.ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, pending := t.of[id]
	if t.of == nil {
		t.of = map[db.ID]bool{}
	}
	t.of[id] = pending
	return !pending
}

func (t *telling) reads(id db.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[id] = false
}

// sent says whether to send once more.
func (t *telling) sent(id db.ID) (again bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	again = t.of[id]
	delete(t.of, id)
	return again
}

// tell sends the campaign's numbers to everybody who looks at it, a moment later and
// once for all that happens until then. However slow the database, one reading at a time.
func (s *Service) tell(ctx context.Context, id db.ID) {
	if s.Live == nil || !s.telling.ask(id) {
		return
	}
	own := db.WithTenant(context.Background(), db.TenantOf(ctx))
	time.AfterFunc(tellEvery, func() {
		s.telling.reads(id)
		s.sendNumbers(own, id)
		if s.telling.sent(id) {
			s.tell(own, id)
		}
	})
}

func (s *Service) sendNumbers(ctx context.Context, id db.ID) {
	ctx, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	c, err := s.Campaign(ctx, id)
	if err != nil {
		return
	}
	if v, err := s.viewOf(ctx, *c); err == nil {
		s.Live(ctx, "campaign", v)
	}
}

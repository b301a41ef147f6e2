package prompts

import (
	"container/list"
	"sync"
)

// recent keeps the latest used prompts within a bound of bytes.
type recent struct {
	mu    sync.Mutex
	bound int
	bytes int
	order *list.List // of *held, latest in front
	held  map[string]*list.Element
}

type held struct {
	key  string
	alaw []byte
}

func newRecent(bound int) *recent {
	return &recent{bound: bound, order: list.New(), held: map[string]*list.Element{}}
}

func (r *recent) get(key string) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.held[key]
	if !ok {
		return nil, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*held).alaw, true
}

func (r *recent) put(key string, alaw []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.held[key]; ok {
		return
	}
	r.held[key] = r.order.PushFront(&held{key, alaw})
	r.bytes += len(alaw)
	for r.bytes > r.bound && r.order.Len() > 0 {
		oldest := r.order.Remove(r.order.Back()).(*held)
		delete(r.held, oldest.key)
		r.bytes -= len(oldest.alaw)
	}
}

package db

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"time"
)

// ID is a time-sortable 64-bit key: 41 bits of milliseconds since 2024, 10 bits of
// node, 12 bits of sequence. It is a string in JSON because JavaScript has no
// 64-bit integers.
type ID int64

var idEpoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

var ids struct {
	sync.Mutex
	last, seq, node int64
}

func init() {
	var b [2]byte
	_, _ = rand.Read(b[:])
	ids.node = int64(binary.BigEndian.Uint16(b[:]) & 0x3ff)
}

// SetNode gives this process its own node number (0…1023), as its lease says, so
// that two processes never make the same id.
func SetNode(n int) {
	ids.Lock()
	ids.node = int64(n) & 0x3ff
	ids.Unlock()
}

// NewID returns the next id of this process; ids grow even when the clock steps back.
func NewID() ID {
	ids.Lock()
	defer ids.Unlock()
	now := time.Since(idEpoch).Milliseconds()
	if now > ids.last {
		ids.last, ids.seq = now, 0
	} else if ids.seq++; ids.seq > 0xfff {
		ids.last, ids.seq = ids.last+1, 0
	}
	return ID(ids.last<<22 | ids.node<<12 | ids.seq)
}

// Time is when the id was made.
func (id ID) Time() time.Time {
	return idEpoch.Add(time.Duration(int64(id)>>22) * time.Millisecond)
}

// IDAt is the smallest id made at t, for paging and ranges by time.
func IDAt(t time.Time) ID { return ID(max(0, t.Sub(idEpoch).Milliseconds()) << 22) }

func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalText makes an id a string in JSON, in URLs and as a map key; zero is "".
func (id ID) MarshalText() ([]byte, error) {
	if id == 0 {
		return []byte{}, nil
	}
	return strconv.AppendInt(nil, int64(id), 10), nil
}

// UnmarshalText takes what MarshalText gave.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = 0
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no id", b)
	}
	*id = ID(n)
	return nil
}

// Receiver makes huma read an id in a path or a query as the text it is; by its kind
// it would be taken for a number. OnParamSet then gets that text.
func (id *ID) Receiver() reflect.Value { return reflect.New(reflect.TypeFor[string]()).Elem() }

// OnParamSet takes the text; what is no id becomes one that nothing has.
func (id *ID) OnParamSet(_ bool, text any) {
	if s, is := text.(string); is && id.UnmarshalText([]byte(s)) != nil {
		*id = -1
	}
}

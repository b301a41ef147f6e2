package httpapi

import (
	"encoding/base64"

	"yingda/platform/db"
	"yingda/platform/errs"
)

// PageIn is how every list is asked for: newest first, from an opaque cursor on.
type PageIn struct {
	Cursor string `query:"cursor" maxLength:"40"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// After is the id behind the cursor, 0 for the first page.
func (p PageIn) After() (db.ID, error) {
	b, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	var id db.ID
	if err == nil {
		err = id.UnmarshalText(b)
	}
	if err != nil {
		return 0, errs.New(errs.Invalid, "cursor.broken").Because(err)
	}
	return id, nil
}

// Cursor makes the opaque cursor of an id; "" for 0.
func Cursor(id db.ID) string {
	b, _ := id.MarshalText()
	return base64.RawURLEncoding.EncodeToString(b)
}

// List is a page. Total is counted up to a cap, and on the first page only.
type List[T any] struct {
	Items       []T    `json:"items" nullable:"false"`
	Next        string `json:"next"`
	Total       *int   `json:"total"`
	TotalCapped bool   `json:"total_capped"`
}

// CountCap is how far lists are counted.
const CountCap = 10000

// ListOf turns rows into views.
func ListOf[R, V any](p db.Page[R], view func(R) V) *ListOut[V] {
	l := List[V]{Items: make([]V, 0, len(p.Rows)), Next: Cursor(p.Next)}
	for _, r := range p.Rows {
		l.Items = append(l.Items, view(r))
	}
	if p.Total >= 0 {
		n := min(p.Total, CountCap)
		l.Total, l.TotalCapped = &n, p.Total > CountCap
	}
	return &ListOut[V]{Body: l}
}

// ListOut is the answer of a list operation.
type ListOut[T any] struct{ Body List[T] }

// Out is the answer of an operation with one JSON body.
type Out[T any] struct{ Body T }

// Empty is the answer of an operation with none (204).
type Empty struct{}

// ByID is the input of an operation on one thing.
type ByID struct {
	ID db.ID `path:"id"`
}

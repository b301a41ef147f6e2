package db

import (
	"strings"

	"gorm.io/gorm"
)

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// Contains narrows a query to rows that have text in one of the columns, large and small
// letters alike on every database (MySQL's utf8mb4_bin tells them apart by itself).
func Contains(text string, columns ...string) func(*gorm.DB) *gorm.DB {
	var ors []string
	var args []any
	for _, c := range columns {
		ors, args = append(ors, "LOWER("+c+") LIKE LOWER(?) ESCAPE '!'"), append(args, "%"+likeEscape.Replace(text)+"%")
	}
	return func(q *gorm.DB) *gorm.DB { return q.Where(strings.Join(ors, " OR "), args...) }
}

// Page is some rows of a list, newest first. Next is 0 at the end; Total is -1 where
// it was not counted.
type Page[T any] struct {
	Rows  []T
	Next  ID
	Total int
}

// NewestFirst reads a page of limit rows older than after (0 = from the start). The
// first page is counted up to countCap+1, so that counting never scans a long history.
func NewestFirst[T any](q *gorm.DB, after ID, limit, countCap int, idOf func(T) ID) (Page[T], error) {
	p := Page[T]{Total: -1}
	if after == 0 {
		var ids []ID
		if err := q.Session(&gorm.Session{}).Model(new(T)).Limit(countCap+1).Pluck("id", &ids).Error; err != nil {
			return p, err
		}
		p.Total = len(ids)
	} else {
		q = q.Where("id < ?", after)
	}
	if err := q.Order("id DESC").Limit(limit + 1).Find(&p.Rows).Error; err != nil {
		return p, err
	}
	if len(p.Rows) > limit {
		p.Rows = p.Rows[:limit]
		p.Next = idOf(p.Rows[limit-1])
	}
	return p, nil
}

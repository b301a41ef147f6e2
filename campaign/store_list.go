package campaign

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"yingda/platform/db"
	"yingda/platform/errs"
	"yingda/tenant"
)

// Import returns one import.
func (s *Store) Import(ctx context.Context, id db.ID) (*importRow, error) {
	return one[importRow](ctx, s, id, "import.not_found")
}

// moveImport changes an import's state where it still is what it was. One that has come
// to nothing shows no numbers any more.
func (s *Store) moveImport(ctx context.Context, im *importRow, next ImportState, set map[string]any) error {
	set["state"], set["updated_at"] = next, time.Now().UTC()
	if next == Broken {
		set["look"] = withoutSamples(im.Look)
	}
	res := s.db.In(ctx).Model(&importRow{}).Where("id = ? AND state = ? AND campaign_id = 0", im.ID, im.State).Updates(set)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.New(errs.Conflict, "import.changed_meanwhile")
	}
	if res.Error == nil {
		im.State = next
	}
	return res.Error
}

// emptyList takes back what a broken-off import has written.
func (s *Store) emptyList(ctx context.Context, list db.ID) error {
	for {
		var ids []db.ID
		if err := s.db.In(ctx).Model(&leadRow{}).Where("list_id = ?", list).Limit(5000).Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
			return err
		}
		if err := s.db.In(ctx).Where("id IN ?", ids).Delete(&leadRow{}).Error; err != nil {
			return err
		}
	}
}

// listSink is where an import writes its leads; it is one import's own.
type listSink struct {
	s       *Store
	list    db.ID
	seal    func(e164 string) (tenant.Phone, error)
	blocked func(ctx context.Context, digests []string) (map[string]bool, error)
	live    map[db.ID]string // lists of other live campaigns, and the campaigns' names
}

func (s *Store) newSink(ctx context.Context, list db.ID, v *tenant.Vault, blocked func(context.Context, []string) (map[string]bool, error)) (*listSink, error) {
	var cs []Campaign
	err := s.db.In(ctx).Select("id", "list_id", "name").Where("state IN ? AND list_id <> ?", []State{NotStarted, Running, Paused}, list).Find(&cs).Error
	live := map[db.ID]string{}
	for _, c := range cs {
		live[c.ListID] = c.Name
	}
	return &listSink{s, list, v.SealerFor(db.TenantOf(ctx)), blocked, live}, err
}

func (k *listSink) Blocked(ctx context.Context, digests []string) (map[string]bool, error) {
	return k.blocked(ctx, digests)
}

func (k *listSink) Known(ctx context.Context, digests []string) (map[string]string, error) {
	if len(k.live) == 0 {
		return nil, nil
	}
	lists := make([]db.ID, 0, len(k.live))
	for id := range k.live {
		lists = append(lists, id)
	}
	known := map[string]string{}
	for part := range chunks(digests, 500) {
		var rows []leadRow
		if err := k.s.db.In(ctx).Select("phone_digest", "list_id").Where("phone_digest IN ? AND list_id IN ?", part, lists).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			known[r.PhoneDigest] = k.live[r.ListID]
		}
	}
	return known, nil
}

func chunks[T any](all []T, n int) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(all) > 0 {
			m := min(n, len(all))
			if !yield(all[:m]) {
				return
			}
			all = all[m:]
		}
	}
}

// Write stores a batch. The file's own duplicates never get here, so a number that the
// list has already is another writer's; the batch then goes row by row.
func (k *listSink) Write(ctx context.Context, leads []Lead) (dupes []int, err error) {
	rows := make([]leadRow, len(leads))
	now := time.Now().UTC()
	for i, l := range leads {
		p, err := k.seal(l.E164)
		if err != nil {
			return nil, err
		}
		vars := []byte("{}")
		if len(l.Vars) > 0 {
			if vars, err = json.Marshal(l.Vars); err != nil {
				return nil, err
			}
		}
		rows[i] = leadRow{ID: db.NewID(), ListID: k.list, RowNo: int64(l.Row), Name: l.Name, PhoneCipher: p.Cipher, PhoneDigest: p.Digest,
			PhoneLast4: p.Last4, Vars: vars, State: Waiting, UpdatedAt: now}
	}
	err = k.s.db.Tx(ctx, func(ctx context.Context) error { return k.s.db.In(ctx).CreateInBatches(rows, 500).Error })
	if !db.IsDuplicate(err) {
		return nil, err
	}
	for i := range rows {
		switch err := k.s.db.In(ctx).Create(&rows[i]).Error; {
		case db.IsDuplicate(err):
			dupes = append(dupes, i)
		case err != nil:
			return dupes, err
		}
	}
	return dupes, nil
}

// LeadFilter narrows a list of leads.
type LeadFilter struct {
	Text   string
	States []string
	Grades []string
}

// by tells MySQL which index of the leads to use; SQLite finds it.
func (s *Store) by(q *gorm.DB, index string) *gorm.DB {
	if s.db.Kind == "mysql" {
		q = q.Table("leads FORCE INDEX (" + index + ")")
	}
	return q
}

// Leads returns a page of a list, newest row first.
func (s *Store) Leads(ctx context.Context, list db.ID, f LeadFilter, after db.ID, limit, countCap int) (db.Page[leadRow], error) {
	q := s.db.In(ctx)
	if f.Text == "" && len(f.States)+len(f.Grades) == 0 {
		q = s.by(q, "leads_list")
	}
	q = q.Where("list_id = ?", list)
	switch {
	case tenant.IsLast4(f.Text):
		q = q.Where("phone_last4 = ?", f.Text)
	case f.Text != "":
		q = q.Scopes(db.Contains(f.Text, "name"))
	}
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if len(f.Grades) > 0 {
		q = q.Where("grade IN ?", f.Grades)
	}
	return db.NewestFirst(q, after, limit, countCap, func(l leadRow) db.ID { return l.ID })
}

// gradesPerLead counts the leads of a list by the grade of their last connected call (FEATURES A3.4).
func (s *Store) gradesPerLead(ctx context.Context, list db.ID) (map[string]int64, error) {
	var rows []struct {
		Grade string
		N     int64
	}
	err := s.db.In(ctx).Model(&leadRow{}).Where("list_id = ? AND grade > ''", list).Select("grade, count(*) AS n").Group("grade").Scan(&rows).Error
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Grade] = r.N
	}
	return out, err
}

// copyList gives a new list the leads of another, all waiting again.
func (s *Store) copyList(ctx context.Context, from, to db.ID) (int64, error) {
	var after, n = db.ID(0), int64(0)
	for {
		var rows []leadRow
		if err := s.db.In(ctx).Where("list_id = ? AND id > ?", from, after).Order("id").Limit(1000).Find(&rows).Error; err != nil || len(rows) == 0 {
			return n, err
		}
		after = rows[len(rows)-1].ID
		for i := range rows {
			rows[i] = leadRow{ID: db.NewID(), ListID: to, RowNo: rows[i].RowNo, Name: rows[i].Name, PhoneCipher: rows[i].PhoneCipher, PhoneDigest: rows[i].PhoneDigest,
				PhoneLast4: rows[i].PhoneLast4, Vars: rows[i].Vars, State: Waiting, UpdatedAt: time.Now().UTC()}
		}
		if err := s.db.In(ctx).CreateInBatches(rows, 500).Error; err != nil {
			return n, err
		}
		n += int64(len(rows))
	}
}

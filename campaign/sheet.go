package campaign

import (
	"cmp"
	"errors"
	"strings"

	"yingda/platform/errs"
	"yingda/platform/xlsx"
	"yingda/tenant"
)

// MaxRows is the most leads of one file (FEATURES A3.3).
const MaxRows = 1_000_000

// sheetLimits are what an upload may cost; see xlsx.Limits.
var sheetLimits = xlsx.Limits{File: 100 << 20, Columns: 200}

const (
	previewRows = 5
	sampleRows  = 100 // rows that a look reads: enough for a guess and an estimate
	titleRows   = 10  // the header is looked for in so many rows
)

// Sheet is what the wizard shows of an uploaded file before its rows are judged.
type Sheet struct {
	Sheets   []string     `json:"sheets"`     // the visible ones
	Sheet    string       `json:"sheet"`      // the one looked at: the first that holds anything
	Header   int          `json:"header_row"` // 0 = there is none: the first row is already a lead
	Headers  []Header     `json:"headers"`
	Rows     int          `json:"rows_estimate"`
	Preview  [][]string   `json:"preview"`
	Warnings []errs.Field `json:"warnings,omitempty"` // import.no_phone_column: none was recognised
}

// Header is one column with our guess what it is.
type Header struct {
	Column string   `json:"column"` // "A"
	Title  string   `json:"title"`
	Guess  Guess    `json:"guess"`
	Sample []string `json:"sample"`
}

// Look opens an upload and reads its first rows. Every refusal is an errs.Invalid
// (TooLarge over the upload bound) with a key import.*: not_xlsx, encrypted, too_big,
// bomb, broken, empty, no_rows, too_many_columns.
func Look(path string) (Sheet, error) {
	b, err := xlsx.Open(path, sheetLimits)
	if err != nil {
		return Sheet{}, refusal(err)
	}
	defer b.Close()
	var s Sheet
	for _, sh := range visible(b) {
		s.Sheets = append(s.Sheets, sh.Name)
	}
	r, err := openRows(b, "")
	if err != nil {
		return Sheet{}, refusal(err)
	}
	defer r.Close()
	s.Sheet, s.Header = r.name, r.header
	return s, s.fill(r)
}

// fill reads the sample and guesses.
func (s *Sheet) fill(r *sheetRows) error {
	var sample []xlsx.Row
	for len(sample) < sampleRows && r.next() {
		if !blank(r.row) {
			sample = append(sample, r.row)
		}
	}
	if err := r.err(); err != nil {
		return refusal(err)
	}
	if len(sample) == 0 {
		return errs.New(errs.Invalid, "import.no_rows")
	}
	s.Rows = r.estimate()
	s.Headers = guess(r.titles, sample, tenant.ParsePhone)
	for _, row := range sample[:min(previewRows, len(sample))] {
		s.Preview = append(s.Preview, texts(row, len(s.Headers)))
	}
	if s.Suggest().Phone == "" {
		s.Warnings = append(s.Warnings, errs.Field{Path: "phone", Key: "import.no_phone_column"})
	}
	return nil
}

// Suggest is the mapping that follows from the guesses.
func (s Sheet) Suggest() Mapping {
	m := Mapping{Sheet: s.Sheet, Vars: map[string]string{}}
	for _, h := range s.Headers {
		switch h.Guess {
		case GuessPhone:
			m.Phone = h.Column
		case GuessName:
			m.Name = h.Column
		case GuessVar:
			m.Vars[h.Column] = h.Title
		}
	}
	return m
}

// sheetRows walks the leads of one sheet: titles and header are behind it.
type sheetRows struct {
	rows   *xlsx.Rows
	name   string
	titles []string // by column; the column's letters where there is no header
	header int      // its row number, 0 = none
	before int      // rows up to and including the header
	ahead  []xlsx.Row
	row    xlsx.Row
	read   int // rows of leads read, blank ones included
}

// openRows finds the sheet, the first that holds anything where name is "", and its header.
func openRows(b *xlsx.Book, name string) (*sheetRows, error) {
	for _, sh := range visible(b) {
		if name != "" && sh.Name != name {
			continue
		}
		rows, err := b.Rows(sh.Name)
		if err != nil {
			return nil, err
		}
		r := &sheetRows{rows: rows, name: sh.Name}
		found, err := r.findHeader()
		if found {
			return r, nil
		}
		rows.Close()
		if err != nil || name != "" {
			return nil, cmp.Or(err, xlsx.ErrEmptyFile)
		}
	}
	if name != "" {
		return nil, errs.New(errs.Invalid, "import.no_such_sheet", "sheet", name)
	}
	return nil, xlsx.ErrEmptyFile
}

func (r *sheetRows) findHeader() (found bool, err error) {
	var full []int // indexes of rows that are not blank
	for len(full) < titleRows && r.rows.Next() {
		row := r.rows.Row()
		if !blank(row) {
			full = append(full, len(r.ahead))
		}
		r.ahead = append(r.ahead, row)
	}
	if r.rows.Err() != nil || len(full) == 0 {
		return false, r.rows.Err()
	}
	at := full[headerAt(r.ahead, full)]
	if r.titles = titles(r.ahead[at]); r.titles != nil {
		r.header = r.ahead[at].Number
		at++
	}
	r.before, r.ahead = at, r.ahead[at:]
	return true, nil
}

func (r *sheetRows) next() bool {
	switch {
	case len(r.ahead) > 0:
		r.row, r.ahead = r.ahead[0], r.ahead[1:]
	case r.rows.Next():
		r.row = r.rows.Row()
	default:
		return false
	}
	r.read++
	return true
}

func (r *sheetRows) err() error   { return r.rows.Err() }
func (r *sheetRows) Close() error { return r.rows.Close() }

// estimate is how many rows of leads the sheet has: what it claims, where that can
// be true, else by the share that was read.
func (r *sheetRows) estimate() int {
	read := r.read + len(r.ahead)
	done := r.rows.Progress()
	if done >= 1 {
		return read
	}
	if c := r.rows.Claimed() - r.before; c > read {
		return min(c, MaxRows)
	}
	return min(int(float64(read)/max(done, 1e-6)), MaxRows)
}

func visible(b *xlsx.Book) []xlsx.Sheet {
	var all []xlsx.Sheet
	for _, s := range b.Sheets() {
		if !s.Hidden {
			all = append(all, s)
		}
	}
	return all
}

func blank(r xlsx.Row) bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c.Text) != "" {
			return false
		}
	}
	return true
}

// texts are the first n cells as a person reads them.
func texts(r xlsx.Row, n int) []string {
	out := make([]string, n)
	for i := range min(n, len(r.Cells)) {
		out[i] = tidy(r.Cells[i].Text)
	}
	return out
}

var refusals = []struct {
	err  error
	kind errs.Kind
	key  string
	args []any
}{
	{xlsx.ErrEmptyFile, errs.Invalid, "import.empty", nil},
	{xlsx.ErrNotXLSX, errs.Invalid, "import.not_xlsx", nil},
	{xlsx.ErrOldExcel, errs.Invalid, "import.not_xlsx", nil},
	{xlsx.ErrEncrypted, errs.Invalid, "import.encrypted", nil},
	{xlsx.ErrTooLarge, errs.TooLarge, "import.too_big", []any{"max_mb", sheetLimits.File >> 20}},
	{xlsx.ErrBomb, errs.Invalid, "import.bomb", nil},
	{xlsx.ErrColumns, errs.Invalid, "import.too_many_columns", []any{"max", sheetLimits.Columns}},
	{xlsx.ErrRows, errs.Invalid, "import.too_many_rows", []any{"max", MaxRows}},
	{xlsx.ErrBroken, errs.Invalid, "import.broken", nil},
}

// refusal says what is wrong with the file in words for a person; what is no fault
// of the file (a full disk, a cancelled context) passes through.
func refusal(err error) error {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return errs.New(r.kind, r.key, r.args...).Because(err)
		}
	}
	return err
}

package campaign

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"time"

	"yingda/platform/errs"
	"yingda/platform/xlsx"
	"yingda/tenant"
)

// Source is an uploaded file and what is needed to read it.
type Source struct {
	Path    string
	Digest  func(e164 string) string                     // the number's lookup key, tenant.Vault.DigestFor
	Text    func(key string, args map[string]any) string // in the language of the person who sent it
	Rejects io.Writer                                    // gets an .xlsx of the rejected rows, where there are any; nil = not wanted
	Parse   func(text string) (e164 string, parsed bool) // nil = tenant.ParsePhone
}

// Sink is where leads go, and who knows which must not. All three get one batch of
// at most 2,000 at a time and are never called at once.
type Sink interface {
	// Blocked says which of the digests are on the do-not-call list.
	Blocked(ctx context.Context, digests []string) (map[string]bool, error)
	// Known says which are already in this list or in another live campaign, and the
	// name of that campaign ("" for this list).
	Known(ctx context.Context, digests []string) (map[string]string, error)
	// Write stores the leads and returns the indexes of those it did not store because
	// the list has their number already.
	Write(ctx context.Context, leads []Lead) (dupes []int, err error)
}

// Report counts what became of the rows. Rows = Accepted + Rejected() + Blank, always.
type Report struct {
	Rows       int     `json:"done"`  // rows judged so far, header and titles not counted
	Total      int     `json:"total"` // an estimate until the end
	Accepted   int     `json:"accepted"`
	Blank      int     `json:"blank"`
	Invalid    int     `json:"invalid"`
	Duplicate  int     `json:"duplicate"`
	DoNotCall  int     `json:"dnc"`
	InCampaign int     `json:"in_campaign"`
	Progress   float64 `json:"progress"` // 0 … 1
}

// Rejected is how many rows are in the rejects file.
func (r Report) Rejected() int { return r.Invalid + r.Duplicate + r.DoNotCall + r.InCampaign }

func (r *Report) count(b *Reject) {
	switch b.Kind {
	case Malformed:
		r.Invalid++
	case Duplicate:
		r.Duplicate++
	case DoNotCall:
		r.DoNotCall++
	case InCampaign:
		r.InCampaign++
	default:
		panic("a reject without a reason: " + b.Key)
	}
}

const batchRows = 2000

// Import reads the sheet once and gives every row its fate: to the sink, into the
// rejects file, or counted as blank. One goroutine unpacks and judges while the sink
// works. It holds two batches and eight bytes a number, whatever the file's size.
//
// It fails with the errors of Look, with import.no_rows, import.too_many_rows or
// ctx's error, and the report so far; what the sink has taken is the caller's to
// undo. It must begin with an empty list: begun again on a half-filled one, it would
// reject the first half as already known. progress is called after each batch.
func Import(ctx context.Context, src Source, m Mapping, sink Sink, progress func(Report)) (Report, error) {
	b, err := xlsx.Open(src.Path, sheetLimits)
	if err != nil {
		return Report{}, refusal(err)
	}
	defer b.Close()
	rows, err := openRows(b, m.Sheet)
	if err != nil {
		return Report{}, refusal(err)
	}
	defer rows.Close()
	if src.Parse == nil {
		src.Parse = tenant.ParsePhone
	}
	im := &importing{src: src, sink: sink, progress: progress, rejects: newRejects(src, rows.titles)}
	defer im.rejects.close()
	err = im.run(ctx, rows, NewJudge(m, src.Parse))
	return im.report, refusal(err)
}

// importing is one run; report and rejects belong to the goroutine that writes.
type importing struct {
	src      Source
	sink     Sink
	progress func(Report)
	report   Report
	rejects  *rejects
}

// batch is some rows in their order. A row without a lead and a reject is blank.
type batch struct {
	rows  []judged
	total int
	share float64
	err   error // what ended the reading, io.EOF at the sheet's end
}

type judged struct {
	row    xlsx.Row
	lead   Lead
	reject *Reject
	blank  bool
}

func (im *importing) run(ctx context.Context, rows *sheetRows, j Judge) error {
	ctx, cancel := context.WithCancel(ctx)
	batches := make(chan batch, 1)
	read := reader{rows: rows, judge: j, digest: im.src.Digest, seen: make(map[uint64]int32, rows.estimate())}
	go read.all(ctx, batches)
	defer func() { // the reader must be out of the file before it is closed
		cancel()
		for range batches {
		}
	}()
	for b := range batches {
		if err := im.take(ctx, b); err != nil {
			return err
		}
		if b.err == io.EOF {
			return im.finish()
		}
		if b.err != nil {
			return b.err
		}
	}
	return ctx.Err()
}

// finish checks that no row was lost and writes the rejects.
func (im *importing) finish() error {
	r := &im.report
	if r.Rows == r.Blank {
		return errs.New(errs.Invalid, "import.no_rows")
	}
	if r.Rows != r.Accepted+r.Rejected()+r.Blank {
		return fmt.Errorf("import lost rows: %+v", *r)
	}
	return im.rejects.finish()
}

// take asks the sink about a batch, stores what is left, and counts.
func (im *importing) take(ctx context.Context, b batch) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := im.store(ctx, b.rows); err != nil {
		return err
	}
	for i := range b.rows {
		if err := im.settle(&b.rows[i]); err != nil {
			return err
		}
	}
	im.report.Total, im.report.Progress = max(b.total, im.report.Rows), b.share
	if im.progress != nil {
		im.progress(im.report)
	}
	return nil
}

// settle counts one row, and writes it down where it was rejected.
func (im *importing) settle(row *judged) error {
	im.report.Rows++
	switch {
	case row.blank:
		im.report.Blank++
	case row.reject == nil:
		im.report.Accepted++
	default:
		im.report.count(row.reject)
		return im.rejects.write(row)
	}
	return nil
}

// store hands the good rows to the sink, and marks those that it does not want.
func (im *importing) store(ctx context.Context, rows []judged) error {
	good, digests := good(rows)
	if len(good) == 0 {
		return nil
	}
	blocked, err := im.sink.Blocked(ctx, digests)
	if err != nil {
		return fmt.Errorf("look up %d numbers in do-not-call: %w", len(digests), err)
	}
	known, err := im.sink.Known(ctx, digests)
	if err != nil {
		return fmt.Errorf("look up %d numbers in live campaigns: %w", len(digests), err)
	}
	var leads []Lead
	var from []*judged
	for _, row := range good {
		name, in := known[row.lead.Digest]
		switch {
		case blocked[row.lead.Digest]:
			row.reject = &Reject{Row: row.lead.Row, Kind: DoNotCall, Key: "import.row.dnc"}
		case in && name != "":
			row.reject = &Reject{Row: row.lead.Row, Kind: InCampaign, Key: "import.row.in_campaign", Args: map[string]any{"campaign": name}}
		case in:
			row.reject = &Reject{Row: row.lead.Row, Kind: Duplicate, Key: "import.row.in_list"}
		default:
			leads, from = append(leads, row.lead), append(from, row)
		}
	}
	return im.write(ctx, leads, from)
}

func (im *importing) write(ctx context.Context, leads []Lead, from []*judged) error {
	if len(leads) == 0 {
		return nil
	}
	dupes, err := im.sink.Write(ctx, leads)
	if err != nil {
		return fmt.Errorf("store %d leads: %w", len(leads), err)
	}
	for _, i := range dupes {
		from[i].reject = &Reject{Row: leads[i].Row, Kind: Duplicate, Key: "import.row.in_list"}
	}
	return nil
}

func good(rows []judged) (good []*judged, digests []string) {
	for i := range rows {
		if row := &rows[i]; !row.blank && row.reject == nil {
			good, digests = append(good, row), append(digests, row.lead.Digest)
		}
	}
	return good, digests
}

// reader turns the sheet into batches. seen remembers each number's first row.
type reader struct {
	rows   *sheetRows
	judge  Judge
	digest func(string) string
	seen   map[uint64]int32
	leads  int
}

// flushAfter bounds how long a slow file keeps its progress to itself.
const flushAfter = 500 * time.Millisecond

// all sends batches until the sheet ends, breaks, or ctx is done; then it closes out.
func (r *reader) all(ctx context.Context, out chan<- batch) {
	defer close(out)
	for {
		b := r.batch()
		b.total, b.share = r.rows.estimate(), r.rows.rows.Progress()
		select {
		case out <- b:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			return
		}
	}
}

func (r *reader) batch() (b batch) {
	b.rows = make([]judged, 0, batchRows)
	until := time.Now().Add(flushAfter)
	for len(b.rows) < batchRows {
		if len(b.rows)%64 == 63 && time.Now().After(until) {
			return b
		}
		if !r.rows.next() {
			if b.err = r.rows.err(); b.err == nil {
				b.err = io.EOF
			}
			return b
		}
		if b.rows = append(b.rows, r.one(r.rows.row)); r.leads > MaxRows {
			b.err = xlsx.ErrRows
			return b
		}
	}
	return b
}

func (r *reader) one(row xlsx.Row) judged {
	if blank(row) {
		return judged{row: row, blank: true}
	}
	r.leads++
	lead, bad := r.judge.Row(row)
	if bad != nil {
		return judged{row: row, reject: bad}
	}
	n := number(lead.E164)
	if first, twice := r.seen[n]; twice {
		return judged{row: row, reject: &Reject{Row: row.Number, Kind: Duplicate, Key: "import.row.duplicate", Args: map[string]any{"row": int(first)}}}
	}
	r.seen[n] = int32(row.Number)
	lead.Digest = r.digest(lead.E164)
	return judged{row: row, lead: lead}
}

// number packs an E.164 number, at most 15 digits, into eight bytes without a loss.
func number(e164 string) uint64 {
	if n, err := strconv.ParseUint(strings.TrimPrefix(e164, "+"), 10, 64); err == nil {
		return n
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, e164)
	return h.Sum64()
}

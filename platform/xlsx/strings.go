package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
)

const (
	inMemory = 32 << 20 // bytes of shared strings kept in memory; the rest goes to a file
	perBlock = 1 << 16  // offsets per block
)

// sharedStrings are the workbook's texts, which cells name by index. They are read
// forward, only as far as a cell has asked for: writers number them in order of
// first use, so that a preview reads a preview's worth. Their bytes lie in memory
// up to inMemory and then in an unlinked temporary file.
type sharedStrings struct {
	part   *zip.File
	body   io.ReadCloser
	scan   *scanner
	done   bool
	starts [][]uint64 // where string i starts; blocks, so that growing copies nothing
	n      int
	size   uint64 // bytes so far
	head   []byte // the first inMemory bytes
	spill  *spill // what follows
	one    []byte // the string being read
}

// text appends string i to dst.
func (s *sharedStrings) text(dst []byte, i int) ([]byte, error) {
	for i >= s.n && !s.done {
		if err := s.readOne(); err != nil {
			return dst, err
		}
	}
	if i < 0 || i >= s.n {
		return dst, fmt.Errorf("%w: no shared string %d", ErrBroken, i)
	}
	from, to := s.start(i), s.size
	if i+1 < s.n {
		to = s.start(i + 1)
	}
	if from < uint64(len(s.head)) || s.spill == nil {
		return append(dst, s.head[from:to]...), nil
	}
	return s.spill.read(dst, from-uint64(len(s.head)), int(to-from))
}

func (s *sharedStrings) start(i int) uint64 { return s.starts[i/perBlock][i%perBlock] }

// readOne reads the next <si>. Its phonetic guide (<rPh>) is not part of the text.
func (s *sharedStrings) readOne() error {
	if err := s.open(); err != nil {
		return err
	}
	s.one = s.one[:0]
	inside := false
	for {
		t, err := s.scan.next()
		if err == io.EOF {
			s.done = true
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case t.kind == startTag && string(t.name) == "si":
			if t.empty {
				return s.keep()
			}
			inside = true
		case t.kind == endTag && string(t.name) == "si":
			return s.keep()
		case inside && t.kind == startTag && !t.empty:
			if s.one, err = runs(s.scan, s.one, t.name); err != nil {
				return err
			}
		}
	}
}

// runs appends the text of the element that was just opened: of <t>, or of all <t>
// below <r>; phonetic guides are passed over.
func runs(s *scanner, dst []byte, name []byte) ([]byte, error) {
	depth, inText, phonetic := 1, string(name) == "t", 0
	if string(name) == "rPh" {
		phonetic = 1
	}
	for depth > 0 {
		t, err := s.next()
		if err != nil {
			return dst, s.cut(err)
		}
		switch t.kind {
		case startTag:
			if t.empty {
				continue
			}
			depth++
			inText = string(t.name) == "t"
			if phonetic == 0 && string(t.name) == "rPh" {
				phonetic = depth
			}
		case endTag:
			if phonetic == depth {
				phonetic = 0
			}
			depth--
			inText = false
		case text:
			if inText && phonetic == 0 {
				dst = t.appendTo(dst)
			}
		}
		if len(dst) > maxToken {
			return dst, fmt.Errorf("%w: more than %d bytes in one cell", ErrBroken, maxToken)
		}
	}
	return dst, nil
}

func (t token) appendTo(dst []byte) []byte {
	if t.plain {
		return append(dst, t.text...)
	}
	return decode(dst, t.text)
}

// keep stores the string that was read, in memory or in the file, never in both.
func (s *sharedStrings) keep() error {
	if s.n%perBlock == 0 {
		s.starts = append(s.starts, make([]uint64, perBlock))
	}
	s.starts[s.n/perBlock][s.n%perBlock] = s.size
	s.n++
	s.size += uint64(len(s.one))
	if s.spill == nil && len(s.head)+len(s.one) <= inMemory {
		s.head = append(s.head, s.one...)
		return nil
	}
	if s.spill == nil {
		var err error
		if s.spill, err = newSpill(); err != nil {
			return err
		}
	}
	return s.spill.write(s.one)
}

func (s *sharedStrings) open() error {
	if s.scan != nil {
		return nil
	}
	body, err := s.part.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	s.body, s.scan = body, newScanner(body)
	return nil
}

func (s *sharedStrings) close() {
	if s.body != nil {
		s.body.Close()
	}
	if s.spill != nil {
		s.spill.file.Close()
	}
}

const page = 256 << 10

// spill is a temporary file that is written at its end and read anywhere. It has no
// name any more, so that nothing is left when the process is killed.
type spill struct {
	file *os.File
	tail []byte // not yet written
	done uint64 // bytes in the file
	page []byte // what was read last …
	at   uint64 // … and from where
}

func newSpill() (*spill, error) {
	f, err := os.CreateTemp("", "xlsx-strings-*")
	if err != nil {
		return nil, err
	}
	return &spill{file: f}, os.Remove(f.Name())
}

func (s *spill) write(b []byte) error {
	s.tail = append(s.tail, b...)
	if len(s.tail) < page {
		return nil
	}
	_, err := s.file.Write(s.tail)
	s.done += uint64(len(s.tail))
	s.tail = s.tail[:0]
	return err
}

// read appends n bytes from offset at. Neighbours are read together: cells ask for
// strings nearly in their order.
func (s *spill) read(dst []byte, at uint64, n int) ([]byte, error) {
	if at >= s.done {
		return append(dst, s.tail[at-s.done:at-s.done+uint64(n)]...), nil
	}
	if at < s.at || at+uint64(n) > s.at+uint64(len(s.page)) {
		size := min(uint64(max(page, n)), s.done-at)
		s.page = append(s.page[:0], make([]byte, size)...)
		if _, err := s.file.ReadAt(s.page, int64(at)); err != nil {
			return dst, err
		}
		s.at = at
	}
	return append(dst, s.page[at-s.at:at-s.at+uint64(n)]...), nil
}

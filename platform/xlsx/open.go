package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Why a file is refused. Open, Rows and Rows.Err wrap these; test with errors.Is.
var (
	ErrEmptyFile = errors.New("the file holds no byte")
	ErrNotXLSX   = errors.New("not an .xlsx workbook")
	ErrOldExcel  = errors.New("an Excel 97 workbook (.xls)")
	ErrEncrypted = errors.New("the workbook is protected by a password")
	ErrTooLarge  = errors.New("the file is over the upload bound")
	ErrBomb      = errors.New("the file unpacks to more than is sane")
	ErrBroken    = errors.New("the workbook is damaged")
	ErrColumns   = errors.New("too many columns")
	ErrRows      = errors.New("too many rows")
)

// Limits bound what a file may cost. A zero field means the default.
type Limits struct {
	File     int64 // bytes of the file itself; 100 MB
	Unzipped int64 // bytes of all parts together, as the zip's directory declares them; 2 GB
	Ratio    int64 // most unpacked bytes per packed byte of one part over 10 MB; 100 (sheets reach 40, deflate 1032)
	Parts    int   // entries in the zip; 10,000
	Columns  int   // columns that hold a value; 16,384 as Excel
	Rows     int   // row elements, blank ones included; 1,048,576 as Excel
}

func (l Limits) withDefaults() Limits {
	def := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	defInt := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.File, 100<<20)
	def(&l.Unzipped, 2<<30)
	def(&l.Ratio, 100)
	defInt(&l.Parts, 10_000)
	defInt(&l.Columns, 16_384)
	defInt(&l.Rows, 1<<20)
	return l
}

// Book is an open workbook. It is for one goroutine at a time.
type Book struct {
	file    *os.File
	zip     *zip.Reader
	limits  Limits
	sheets  []Sheet
	style   []style // by cell style index
	old     bool    // the 1904 date system
	strings *sharedStrings
}

// Open judges the file by its first bytes and its zip directory, then reads the
// workbook's small parts. It fails with one of the errors above; the caller closes the book.
func Open(path string, l Limits) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b := &Book{file: f, limits: l.withDefaults()}
	if err := b.open(); err != nil {
		f.Close()
		return nil, err
	}
	return b, nil
}

func (b *Book) open() error {
	st, err := b.file.Stat()
	if err != nil {
		return err
	}
	if st.Size() > b.limits.File {
		return ErrTooLarge
	}
	if err := sniff(b.file, st.Size()); err != nil {
		return err
	}
	if err := b.judgeDirectory(st.Size()); err != nil {
		return err
	}
	return b.readParts()
}

// Close ends all reading and frees the temporary file, if there was one.
func (b *Book) Close() error {
	if b.strings != nil {
		b.strings.close()
	}
	return b.file.Close()
}

var (
	ole2Magic = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}
	zipMagic  = []byte("PK\x03\x04")
)

// sniff tells a zip from what else gets the name .xlsx.
func sniff(r io.ReaderAt, size int64) error {
	if size == 0 {
		return ErrEmptyFile
	}
	head := make([]byte, 8)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, zipMagic):
		return nil
	case bytes.Equal(head, ole2Magic):
		return whichOLE2(r, size)
	}
	return ErrNotXLSX
}

// whichOLE2 tells a password-protected .xlsx, which Office wraps into an OLE2 file
// with a stream of this name (MS-OFFCRYPTO 2.3.4.4), from an old .xls.
func whichOLE2(r io.ReaderAt, size int64) error {
	var mark []byte
	for _, c := range "EncryptedPackage" {
		mark = append(mark, byte(c), 0)
	}
	buf := make([]byte, 1<<20)
	for at := int64(0); at < size; at += int64(len(buf) - len(mark)) {
		n, err := r.ReadAt(buf, at)
		if bytes.Contains(buf[:n], mark) {
			return ErrEncrypted
		}
		if err != nil {
			break
		}
	}
	return ErrOldExcel
}

const (
	endRecord    = 22       // bytes of the end-of-central-directory record (APPNOTE 4.3.16)
	maxDirectory = 4 << 20  // bytes the zip's directory may span: it is held in memory
	ratioFrom    = 10 << 20 // smaller parts may compress as well as they like
)

// judgeDirectory bounds the zip's directory before it is loaded, then each part in it.
func (b *Book) judgeDirectory(size int64) error {
	if err := boundDirectory(b.file, size); err != nil {
		return err
	}
	z, err := zip.NewReader(b.file, size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if len(z.File) > b.limits.Parts {
		return fmt.Errorf("%w: %d parts", ErrBomb, len(z.File))
	}
	var total uint64
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return ErrEncrypted
		}
		total += f.UncompressedSize64
		if total > uint64(b.limits.Unzipped) || b.inflated(f) {
			return fmt.Errorf("%w: %s is %d bytes unpacked, %d packed", ErrBomb, f.Name, f.UncompressedSize64, f.CompressedSize64)
		}
	}
	b.zip = z
	return nil
}

// inflated says whether a part unpacks to suspiciously more than it is. The sizes
// are the directory's own word; archive/zip stops a part that turns out longer.
func (b *Book) inflated(f *zip.File) bool {
	return f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/uint64(b.limits.Ratio) > f.CompressedSize64
}

// boundDirectory refuses a zip whose directory would be large in memory: archive/zip
// reads entries until the file's end, whatever count the end record claims.
func boundDirectory(r io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, 1<<16+endRecord))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil {
		return err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || i+endRecord > len(tail) {
		return fmt.Errorf("%w: cut off", ErrBroken)
	}
	length := int64(binary.LittleEndian.Uint32(tail[i+12:]))
	offset := int64(binary.LittleEndian.Uint32(tail[i+16:]))
	end := size - int64(len(tail)) + int64(i)
	if length > maxDirectory || end-offset > maxDirectory {
		return fmt.Errorf("%w: a directory of %d bytes", ErrBomb, max(length, end-offset))
	}
	return nil
}

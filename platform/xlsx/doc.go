// Package xlsx reads a sheet of an .xlsx workbook that a stranger sent: row by row,
// in little memory whatever the file holds, and with every cell's kind kept (a
// number that Excel shows as 1.38E+10 is still the number that was stored).
//
//	b, err := xlsx.Open(path, xlsx.Limits{})     // ErrNotXLSX, ErrEncrypted, ErrBomb, ErrBroken …
//	rows, err := b.Rows(b.Sheets()[0].Name)
//	for rows.Next() {
//		use(rows.Row())                      // stays valid: a row owns its cells
//	}
//	err = rows.Err()
//
// Nothing is unpacked before the zip's directory has been judged, no XML entity is
// ever expanded (a DOCTYPE is refused), shared strings are read only as far as a row
// asks for them and go to an unlinked temporary file when they are many. excelize
// stays our writer (Pages, Stream); reading with it costs about five times this (see BenchmarkRead)
// and loses the kind of a cell.
package xlsx

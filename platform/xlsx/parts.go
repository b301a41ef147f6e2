package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Sheet is one worksheet, in the order of the tabs.
type Sheet struct {
	Name   string
	Hidden bool
	part   string
}

// Sheets lists the worksheets; chart sheets are left out.
func (b *Book) Sheets() []Sheet { return b.sheets }

const maxSmallPart = 16 << 20 // bytes of a part that is decoded as a whole

// A relationship joins a part to another (ECMA-376 part 2, 9.3).
type relationship struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (b *Book) readParts() error {
	book, err := b.workbookPart()
	if err != nil {
		return err
	}
	var wb struct {
		Props struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"` // r:id
		} `xml:"sheets>sheet"`
	}
	if err := b.decodePart(book, &wb); err != nil {
		return err
	}
	b.old = wb.Props.Date1904 == "1" || wb.Props.Date1904 == "true"
	rels, err := b.relationships(book)
	if err != nil {
		return err
	}
	for _, s := range wb.Sheets {
		if r := rels[s.ID]; strings.HasSuffix(r.Type, "/worksheet") {
			b.sheets = append(b.sheets, Sheet{Name: s.Name, Hidden: s.State != "" && s.State != "visible", part: r.Target})
		}
	}
	return b.readShared(rels)
}

// readShared finds the two parts that all sheets share: styles and strings.
func (b *Book) readShared(rels map[string]relationship) error {
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.Type, "/styles"):
			if err := b.readStyles(r.Target); err != nil {
				return err
			}
		case strings.HasSuffix(r.Type, "/sharedStrings"):
			if f := b.part(r.Target); f != nil {
				b.strings = &sharedStrings{part: f}
			}
		}
	}
	return nil
}

// workbookPart finds the workbook by the package's root relationships.
func (b *Book) workbookPart() (string, error) {
	rels, err := b.relationships("")
	if errors.Is(err, errNoPart) {
		return "", ErrNotXLSX
	}
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.Type, "/officeDocument") && strings.HasSuffix(r.Target, ".xml") {
			if strings.Contains(r.Target, "word/") || strings.Contains(r.Target, "ppt/") {
				return "", ErrNotXLSX
			}
			return r.Target, nil
		}
	}
	return "", ErrNotXLSX
}

// relationships of a part, by id, with targets made absolute. A workbook without
// any is taken for damaged by whoever misses them.
func (b *Book) relationships(of string) (map[string]relationship, error) {
	dir, file := path.Split(of)
	var doc struct {
		All []relationship `xml:"Relationship"`
	}
	if err := b.decodePart(dir+"_rels/"+file+".rels", &doc); err != nil {
		return nil, err
	}
	rels := make(map[string]relationship, len(doc.All))
	for _, r := range doc.All {
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = path.Join(dir, r.Target)
		}
		r.Target = strings.TrimPrefix(path.Clean(r.Target), "/")
		rels[r.ID] = r
	}
	return rels, nil
}

func (b *Book) part(name string) *zip.File {
	for _, f := range b.zip.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			return f
		}
	}
	return nil
}

var errNoPart = errors.New("no such part")

// decodePart decodes one of the small parts. encoding/xml expands no entity but the
// five of XML itself.
func (b *Book) decodePart(name string, into any) error {
	f := b.part(name)
	if f == nil {
		return fmt.Errorf("%w: %w: %s", ErrBroken, errNoPart, name)
	}
	if f.UncompressedSize64 > maxSmallPart {
		return fmt.Errorf("%w: %s is %d bytes", ErrBomb, name, f.UncompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	defer r.Close()
	if err := xml.NewDecoder(io.LimitReader(r, maxSmallPart)).Decode(into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrBroken, name, err)
	}
	return nil
}

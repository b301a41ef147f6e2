package xlsx

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// kind of a token.
type kind uint8

const (
	startTag kind = iota + 1
	endTag
	text
)

// token is one piece of XML. Its slices are valid until the next call of next.
type token struct {
	kind  kind
	name  []byte // local name, without its prefix
	attrs []byte // all that follows the name, undecoded
	empty bool   // <c/>: no end tag will follow
	text  []byte // undecoded, unless literal
	plain bool   // text of a CDATA section: nothing to decode
}

// maxToken bounds one tag or one text: Excel's longest cell is 32,767 characters.
const maxToken = 256 << 10

// scanner cuts XML into tokens. It knows what spreadsheets use: elements, text,
// CDATA; comments and processing instructions are skipped; a DOCTYPE is refused, so
// that no entity can be defined, let alone expanded.
type scanner struct {
	r   *bufio.Reader
	buf []byte // a token that did not fit into the reader's buffer
}

func newScanner(r io.Reader) *scanner { return &scanner{r: bufio.NewReaderSize(r, 128<<10)} }

// next returns the next token; io.EOF after the last.
func (s *scanner) next() (token, error) {
	for {
		t, ok, err := s.piece()
		if err != nil || ok {
			return t, err
		}
	}
}

// piece reads text up to a tag, or one tag. ok is false where it was nothing of interest.
func (s *scanner) piece() (t token, ok bool, err error) {
	c, err := s.r.ReadByte()
	if err != nil {
		return t, false, s.broken(err)
	}
	if c != '<' {
		_ = s.r.UnreadByte()
		b, err := s.until('<')
		if err == io.EOF { // what follows the last tag is at most white space
			return t, false, nil
		}
		if err != nil {
			return t, false, err
		}
		_ = s.r.UnreadByte()
		return token{kind: text, text: b}, true, nil
	}
	return s.tag()
}

func (s *scanner) tag() (t token, ok bool, err error) {
	b, err := s.until('>')
	if err != nil {
		return t, false, s.cut(err)
	}
	if len(b) > 0 && (b[0] == '!' || b[0] == '?') {
		return s.special(b)
	}
	for bytes.IndexByte(b, '=') > 0 && openQuote(b) { // a '>' inside a quoted value
		if b, err = s.more(b, '>'); err != nil {
			return t, false, s.cut(err)
		}
	}
	return parseTag(b)
}

func parseTag(b []byte) (t token, ok bool, err error) {
	t.kind = startTag
	if len(b) > 0 && b[0] == '/' {
		t.kind, b = endTag, b[1:]
	} else if n := len(b); n > 0 && b[n-1] == '/' {
		t.empty, b = true, b[:n-1]
	}
	end := 0
	for end < len(b) && b[end] > ' ' {
		end++
	}
	t.name, t.attrs = b[:end], b[end:]
	if i := bytes.IndexByte(t.name, ':'); i >= 0 {
		t.name = t.name[i+1:]
	}
	if len(t.name) == 0 {
		return t, false, fmt.Errorf("%w: a tag without a name", ErrBroken)
	}
	return t, true, nil
}

// special skips <?…?> and <!--…-->, reads <![CDATA[…]]>, refuses <!DOCTYPE.
func (s *scanner) special(b []byte) (t token, ok bool, err error) {
	switch {
	case b[0] == '?':
		_, err = s.through(b, "?", 1)
		return t, false, s.cut(err)
	case bytes.HasPrefix(b, []byte("!--")):
		_, err = s.through(b, "--", 5)
		return t, false, s.cut(err)
	case bytes.HasPrefix(b, []byte("![CDATA[")):
		b, err = s.through(b, "]]", 10)
		if err != nil {
			return t, false, s.cut(err)
		}
		return token{kind: text, text: b[len("![CDATA[") : len(b)-2], plain: true}, true, nil
	}
	return t, false, fmt.Errorf("%w: a document type definition", ErrBroken)
}

// through goes on past '>' until the token ends in tail and is at least atLeast long.
func (s *scanner) through(b []byte, tail string, atLeast int) ([]byte, error) {
	for len(b) < atLeast || !bytes.HasSuffix(b, []byte(tail)) {
		var err error
		if b, err = s.more(b, '>'); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// until returns what comes before the delimiter, and swallows it.
func (s *scanner) until(delim byte) ([]byte, error) {
	b, err := s.r.ReadSlice(delim)
	if err == nil {
		return b[:len(b)-1], nil
	}
	if !errors.Is(err, bufio.ErrBufferFull) {
		return nil, s.broken(err)
	}
	s.buf = append(s.buf[:0], b...)
	return s.grow(delim)
}

// more continues a token b that turned out not to end at its delimiter.
func (s *scanner) more(b []byte, delim byte) ([]byte, error) {
	s.buf = append(append(s.buf[:0], b...), delim)
	return s.grow(delim)
}

func (s *scanner) grow(delim byte) ([]byte, error) {
	for {
		b, err := s.r.ReadSlice(delim)
		s.buf = append(s.buf, b...)
		switch {
		case len(s.buf) > maxToken:
			return nil, fmt.Errorf("%w: more than %d bytes in one cell", ErrBroken, maxToken)
		case err == nil:
			return s.buf[:len(s.buf)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, s.broken(err)
		}
	}
}

// broken tells the end of the part from a zip or deflate stream that is damaged.
func (s *scanner) broken(err error) error {
	if err == nil || err == io.EOF || errors.Is(err, ErrBroken) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

// cut is the end of the part where a tag should have ended.
func (s *scanner) cut(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: the XML is cut off", ErrBroken)
	}
	return err
}

// openQuote says whether b ends inside a quoted attribute value.
func openQuote(b []byte) bool {
	var q byte
	for _, c := range b {
		switch {
		case q == 0 && (c == '"' || c == '\''):
			q = c
		case c == q:
			q = 0
		}
	}
	return q != 0
}

// attr returns the undecoded value of an attribute, nil where it is not there.
func attr(attrs []byte, name string) []byte {
	for len(attrs) > 0 {
		i := bytes.IndexByte(attrs, '=')
		if i < 0 || i+1 >= len(attrs) {
			return nil
		}
		key := bytes.TrimSpace(attrs[:i])
		rest := bytes.TrimLeft(attrs[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return rest[1 : 1+end]
		}
		attrs = rest[end+2:]
	}
	return nil
}

var entities = map[string]byte{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// decode appends text to dst with XML's five entities and character references
// resolved, and Excel's _x000D_ escapes (ECMA-376 22.9.2.19). What is not valid
// UTF-8 or no such reference stays as it is, or becomes U+FFFD.
func decode(dst, text []byte) []byte {
	for {
		i := bytes.IndexAny(text, "&_")
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		r, n := reference(text)
		if n == 0 {
			dst, text = append(dst, text[0]), text[1:]
			continue
		}
		dst, text = utf8.AppendRune(dst, r), text[n:]
	}
}

// reference reads one reference at the start of b; n is 0 where there is none.
func reference(b []byte) (r rune, n int) {
	if b[0] == '_' {
		if len(b) >= 7 && b[1] == 'x' && b[6] == '_' {
			if v, err := strconv.ParseUint(string(b[2:6]), 16, 16); err == nil {
				return rune(v), 7
			}
		}
		return 0, 0
	}
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(b[1:end])
	if c, ok := entities[name]; ok {
		return rune(c), end + 1
	}
	base := 10
	if name[0] != '#' {
		return 0, 0
	}
	if name = name[1:]; len(name) > 0 && name[0] == 'x' {
		base, name = 16, name[1:]
	}
	v, err := strconv.ParseUint(name, base, 21)
	if err != nil {
		return 0, 0
	}
	return rune(v), end + 1
}

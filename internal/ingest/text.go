package ingest

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	maxRowBytes = 16 << 20
	chunkBytes  = 64 << 10
)

var (
	errTooLong   = fmt.Errorf("more than %d MB", maxRowBytes>>20)
	errNotUTF8   = errors.New("bytes that are not UTF-8")
	errSurrogate = errors.New("an escape of half a character")
)

// text reads a file as JSON's UTF-8 and tells bad bytes apart, which
// encoding/json would replace without a word. No more is read than limit allows.
type text struct {
	from  io.Reader
	limit int64 // bytes that may be read; moved on for each row

	read   int64  // bytes handed out
	cut    []byte // the first bytes of a character that the last chunk ended in
	escape escapes
	err    error
}

// newText opens the content of the file called name: unpacked if it ends in .gz,
// without a byte order mark.
func newText(name string, content io.Reader) (*text, error) {
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		unpacked, err := gzip.NewReader(content)
		if err != nil {
			return nil, err
		}
		content = unpacked
	}
	buffered := bufio.NewReaderSize(content, chunkBytes)
	if start, _ := buffered.Peek(3); bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // they are buffered
	}
	return &text{from: buffered, limit: maxRowBytes}, nil
}

// Read hands out whole characters, and what was good before it reports an error.
func (t *text) Read(p []byte) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	if t.read >= t.limit {
		return 0, errTooLong
	}
	if len(p) > chunkBytes {
		p = p[:chunkBytes]
	}
	if len(p) < utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	n := copy(p, t.cut)
	t.cut = t.cut[:0]
	more, err := t.from.Read(p[n:])
	n += more
	t.err = err
	good := t.check(p[:n])
	t.read += int64(good)
	return good, t.err
}

// check counts the bytes at the start of p that are good, and keeps the cut
// character at its end for the next chunk.
func (t *text) check(p []byte) int {
	good := len(p)
	if !utf8.Valid(p) {
		good = 0
		for good < len(p) {
			r, size := utf8.DecodeRune(p[good:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			good += size
		}
		if rest := p[good:]; len(rest) > 0 {
			if t.err == nil && !utf8.FullRune(rest) {
				t.cut = append(t.cut, rest...)
			} else {
				t.err = errNotUTF8
			}
		}
	}
	if at := t.escape.check(p[:good]); at >= 0 {
		t.err = errSurrogate
		return at
	}
	return good
}

// escapes follows the escapes of JSON's strings over chunks. Outside of strings
// JSON has no backslash.
type escapes struct {
	digits  int  // of \uXXXX that are yet to come
	value   rune // of those that came
	slash   bool // the last byte was a backslash that escapes
	pending bool // a high surrogate awaits its low one
}

// check returns the place in p at which half a surrogate pair shows, -1 if it is
// nowhere.
func (e *escapes) check(p []byte) int {
	if *e == (escapes{}) && bytes.IndexByte(p, '\\') < 0 {
		return -1
	}
	for i, c := range p {
		if !e.next(c) {
			return i
		}
	}
	return -1
}

func (e *escapes) next(c byte) bool {
	switch {
	case e.digits > 0:
		e.digits--
		e.value = e.value<<4 | digit(c)
		if e.digits > 0 {
			return true
		}
		high, low := e.value >= 0xd800 && e.value < 0xdc00, e.value >= 0xdc00 && e.value < 0xe000
		if low != e.pending {
			return false
		}
		e.pending, e.value = high, 0
	case e.slash:
		e.slash = false
		if c == 'u' {
			e.digits, e.value = 4, 0
			return true
		}
		return !e.pending
	case c == '\\':
		e.slash = true
	default:
		return !e.pending
	}
	return true
}

// isGzip tells whether err is that of bad compressed data.
func isGzip(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

// digit is the value of a hexadecimal digit. The decoder refuses what is none.
func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	default:
		return 0
	}
}

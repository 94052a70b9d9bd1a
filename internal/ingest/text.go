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
	maxRowBytes   = 1 << 20
	maxBlankBytes = 4 << 20 // before a row
	chunkBytes    = 64 << 10
)

var (
	errTooLong   = fmt.Errorf("more than %d MB", maxRowBytes>>20)
	errNotUTF8   = errors.New("bytes that are not UTF-8")
	errSurrogate = errors.New("an escape of half a character")
)

var (
	byteOrderMark = []byte("\xef\xbb\xbf")
	gzipStart     = []byte("\x1f\x8b")
)

// text reads a file as JSON's UTF-8 and refuses bad bytes, which encoding/json
// would replace silently. It hands out no more bytes than limit allows.
type text struct {
	from    io.Reader
	limit   int64       // bytes that may be handed out; moved on for each row
	between func() bool // whether a document may begin at the next byte

	read   int64  // bytes handed out
	chunk  []byte // what the last reading of from gave, with the bytes that were cut before it
	good   []byte // the part of chunk that is checked and not handed out yet
	cut    []byte // the first bytes of a character that chunk ended in
	mark   int    // how much of good may be handed out before a byte order mark has to be looked at
	escape escapes
	err    error // comes after good
}

// newText opens the content of the file called name: unpacked if it begins as gzip
// does, or if the name says that it is gzip.
func newText(name string, content io.Reader) (*text, error) {
	buffered := bufio.NewReaderSize(content, chunkBytes)
	start, _ := buffered.Peek(len(gzipStart)) // a failure comes again with the reading
	t := &text{from: buffered, limit: maxBlankBytes, chunk: make([]byte, chunkBytes), between: func() bool { return true }}
	if bytes.Equal(start, gzipStart) || strings.HasSuffix(strings.ToLower(name), ".gz") {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		t.from = unpacked
	}
	return t, nil
}

// Read hands out what was good before it reports an error. It leaves out byte
// order marks before documents; those within a document are a part of it.
func (t *text) Read(p []byte) (int, error) {
	for t.mark == 0 {
		switch {
		case len(t.good) > 0 && t.between():
			t.good = t.good[len(byteOrderMark):]
			t.findMark(0)
		case len(t.good) > 0:
			t.findMark(len(byteOrderMark))
		case t.err != nil:
			return 0, t.err
		default:
			t.fill()
		}
	}
	room := t.limit - t.read
	if room <= 0 {
		return 0, errTooLong
	}
	n := copy(p, t.good[:min(int64(t.mark), room)])
	t.good, t.mark, t.read = t.good[n:], t.mark-n, t.read+int64(n)
	return n, nil
}

// findMark looks for the next byte order mark from a place in good on.
func (t *text) findMark(from int) {
	t.mark = len(t.good)
	if at := bytes.Index(t.good[from:], byteOrderMark); at >= 0 {
		t.mark = from + at
	}
}

// fill reads and checks the next chunk.
func (t *text) fill() {
	n := copy(t.chunk, t.cut)
	t.cut = t.cut[:0]
	more, err := t.from.Read(t.chunk[n:])
	t.err = err
	t.good = t.chunk[:t.check(t.chunk[:n+more])]
	t.findMark(0)
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

// isGzip reports whether err is that of bad compressed data.
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

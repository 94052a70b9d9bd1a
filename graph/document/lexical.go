package document

import (
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// tokenizer reads the tokens of a document as far as the parser's own lexer does not hold
// them to the grammar: it joins the quotes behind a block string with it, ends a number
// before a letter, and makes a replacement character of half a surrogate pair.
type tokenizer struct {
	text string
	at   int
	cuts []int // where a block string ends and a quote follows
}

// lexical returns the text as the parser is to read it, or the syntax error in its
// tokens. What the parser itself refuses is left to it.
func lexical(text string) (string, gqlerror.List) {
	if at := invalidUTF8(text); at >= 0 {
		return "", syntaxError(text, at, "half a surrogate pair is no character")
	}
	l := tokenizer{text: text}
	for l.at < len(text) {
		if at, problem := l.token(); problem != "" {
			return "", syntaxError(text, at, problem)
		}
	}
	if len(l.cuts) == 0 {
		return text, nil
	}
	var apart strings.Builder
	from := 0
	for _, cut := range l.cuts {
		apart.WriteString(text[from:cut] + " ")
		from = cut
	}
	return apart.String() + text[from:], nil
}

// token goes past a token, or a byte of what is between tokens, and returns what is
// wrong with it and where.
func (l *tokenizer) token() (int, string) {
	switch c := l.text[l.at]; {
	case c == '#':
		l.skip(func(c byte) bool { return c != '\n' && c != '\r' })
	case strings.HasPrefix(l.text[l.at:], `"""`):
		l.blockString()
	case c == '"':
		return l.string()
	case isLetter(c):
		l.skip(func(c byte) bool { return isLetter(c) || isDigit(c) })
	case c == '-' || isDigit(c):
		return l.number()
	default:
		l.at++
	}
	return 0, ""
}

// skip goes past the bytes that belong.
func (l *tokenizer) skip(belongs func(byte) bool) {
	for l.at < len(l.text) && belongs(l.text[l.at]) {
		l.at++
	}
}

// accept goes past one of the bytes, if one stands here.
func (l *tokenizer) accept(bytes string) bool {
	ok := l.at < len(l.text) && strings.IndexByte(bytes, l.text[l.at]) >= 0
	if ok {
		l.at++
	}
	return ok
}

// blockString ends with the first three quotes that no backslash stands before.
func (l *tokenizer) blockString() {
	for l.at += 3; l.at < len(l.text); l.at++ {
		rest := l.text[l.at:]
		switch {
		case strings.HasPrefix(rest, `\"""`):
			l.at += 3
		case strings.HasPrefix(rest, `"""`):
			if l.at += 3; strings.HasPrefix(rest, `""""`) {
				l.cuts = append(l.cuts, l.at)
			}
			return
		}
	}
}

// string ends with its quote, or with the line, which the parser refuses.
func (l *tokenizer) string() (int, string) {
	for l.at++; l.at < len(l.text); l.at++ {
		switch l.text[l.at] {
		case '"':
			l.at++
			return 0, ""
		case '\n', '\r':
			return 0, ""
		case '\\':
			switch first := surrogate(l.text[l.at:]); {
			case first == low, first == high && surrogate(l.text[l.at+6:]) != low:
				return l.at, "half a surrogate pair is no character: " + l.text[l.at:l.at+6]
			case first == high:
				l.at += 11
			default:
				l.at++
			}
		}
	}
	return 0, ""
}

// Halves of a surrogate pair.
const (
	neither = iota
	high
	low
)

// surrogate is the half that a text begins with as an escape such as \uD83D.
func surrogate(text string) int {
	if len(text) < 6 || text[:2] != `\u` || text[2]|0x20 != 'd' || !isHex(text[4]) || !isHex(text[5]) {
		return neither
	}
	switch c := text[3] | 0x20; {
	case '8' <= text[3] && text[3] <= '9', c == 'a', c == 'b':
		return high
	case 'c' <= c && c <= 'f':
		return low
	}
	return neither
}

// number ends before what is no part of it, which may be neither a letter nor a point.
func (l *tokenizer) number() (int, string) {
	from := l.at
	l.accept("-")
	l.skip(isDigit)
	if l.accept(".") {
		l.skip(isDigit)
	}
	if l.accept("eE") {
		l.accept("+-")
		l.skip(isDigit)
	}
	if l.at < len(l.text) && (isLetter(l.text[l.at]) || l.text[l.at] == '.') {
		return l.at, "the number " + cut(l.text[from:l.at]) + " goes on with " + l.text[l.at:l.at+1]
	}
	return 0, ""
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
func isHex(c byte) bool    { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// cut is the beginning of a text that may be long.
func cut(text string) string { return text[:min(len(text), 60)] }

// invalidUTF8 is where a text is not UTF-8, -1 if it is. Requests are UTF-8, but for
// halves of surrogate pairs that JSON escaped.
func invalidUTF8(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for at, r := range text {
		if _, size := utf8.DecodeRuneInString(text[at:]); r == utf8.RuneError && size == 1 {
			return at
		}
	}
	return -1
}

// syntaxError is one in the text.
func syntaxError(text string, at int, problem string) gqlerror.List {
	before := strings.ReplaceAll(strings.ReplaceAll(text[:at], "\r\n", "\n"), "\r", "\n")
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	err := gqlerror.ErrorLocf("", line, column, "%s", problem)
	errcode.Set(err, errcode.ParseFailed)
	return gqlerror.List{err}
}

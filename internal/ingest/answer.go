package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// This file recognises what an API answers when it has no rows to give.

// envelopeKeys are the fields in which envelopes hold rows.
var envelopeKeys = []string{"data", "results"}

// namesNextPage reports whether an envelope says that there is a further page.
func (n *node) namesNextPage() bool {
	for _, key := range []string{"next", "next_page"} {
		next := n.fields[key]
		if next != nil && next.kind != null && !(next.kind == words && next.text == "") {
			return true
		}
	}
	return false
}

// refuseEnvelope is an error for an envelope that is an API's error answer, or a
// foreign system's, whatever rows it holds. One with rows may bear a message.
func (n *node) refuseEnvelope(rows int) error {
	found := errorText(n, strongErrors)
	if found == "" && rows == 0 && n.saysFailed() {
		found = errorText(n, slices.Concat(strongErrors, weakErrors))
	}
	if found != "" {
		return &broken{path: "$", found: errorAnswer(found), expected: "rows"}
	}
	if like := foreign(n); like != "" {
		return &broken{path: "$", found: "an envelope", expected: "rows: " + like, envelope: true}
	}
	return nil
}

// saysFailed reports whether an answer says of itself that it is one of failure.
func (n *node) saysFailed() bool {
	if success := n.fields["success"]; success != nil && success.kind == boolean && !success.truth {
		return true
	}
	for _, key := range []string{"status", "code", "statusCode", "status_code"} {
		if code := n.fields[key]; code != nil && (code.kind == number || code.kind == words) {
			if n, err := strconv.Atoi(code.text); err == nil && n >= 400 {
				return true
			}
		}
	}
	return false
}

// strongErrors are fields that nothing but an error answer has, with a value;
// weakErrors are such that other things have, too.
var (
	strongErrors = []string{"error", "errors", "fault", "Error"}
	weakErrors   = []string{
		"title", "message", "Message", "detail", "details", "error_description", "errorMessage", "error_message", "msg", "reason", "description",
	}
)

// errorText is the text of an API's error answer: what the fields say, outer ones
// first, each thing once. It is "" if they say nothing.
func errorText(n *node, keys []string) string {
	var parts []string
	for _, key := range keys {
		part := innerText(n.fields[key])
		if part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

// innerText is the text of an error, which may be a text, an object, a list of
// these, or an object of lists by field.
func innerText(n *node) string {
	switch {
	case n == nil:
	case n.kind == words:
		return n.text
	case n.kind == list && len(n.items) > 0:
		return innerText(n.items[0])
	case n.kind == object && len(n.fields) > 0:
		if text := errorText(n, slices.Concat(weakErrors, []string{"type", "code", "faultstring"}, strongErrors)); text != "" {
			return text
		}
		key := slices.Sorted(maps.Keys(n.fields))[0]
		return strings.TrimSuffix(key+": "+innerText(n.fields[key]), ": ")
	}
	return ""
}

// rowlessError is the text of an error answer that stands where a row should, ""
// if it is none.
func (n *node) rowlessError() string {
	keys := strongErrors
	for _, key := range weakErrors {
		names := key != "description" && key != "reason" && (key != "title" || n.fields["status"] != nil || n.fields["type"] != nil)
		if names && innerText(n.fields[key]) != "" {
			keys = slices.Concat(strongErrors, weakErrors)
		}
	}
	return errorText(n, keys)
}

// errorAnswer says that an API answered with an error.
func errorAnswer(text string) string { return "an API's error answer, " + quoted(oneLine(text)) }

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// opening says what a document is that does not begin as JSON does.
func (p *parser) opening(err error, first bool) error {
	var syntax *json.SyntaxError
	start := p.ahead(2 << 10)
	switch {
	case !errors.As(err, &syntax) || len(start) == 0:
	case start[0] == '<':
		return &broken{path: "$", found: markup(start), expected: "JSON: a list of rows"}
	case first:
		line, _, _ := bytes.Cut(start, []byte("\n"))
		return &broken{path: "$", found: quoted(oneLine(string(line))), expected: "JSON: a list of rows"}
	}
	return p.failure(err)
}

var (
	markupTitle = regexp.MustCompile(`(?is)<(?:title|h1|message|faultstring)\b[^>]*>(.*?)</`)
	markupTag   = regexp.MustCompile(`(?s)<[^>]*>?`)
)

// markup says what a page is that begins with start: an API's gateway answers so.
func markup(start []byte) string {
	kind := "an HTML page"
	if bytes.HasPrefix(start, []byte("<?xml")) && !bytes.Contains(bytes.ToLower(start), []byte("<html")) {
		kind = "an XML document"
	}
	text := string(start)
	if title := markupTitle.FindStringSubmatch(text); title != nil {
		text = title[1]
	}
	if text = oneLine(markupTag.ReplaceAllString(text, " ")); text == "" {
		return kind
	}
	return kind + ", " + quoted(text)
}

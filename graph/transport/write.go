package transport

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// minGzip is the size from which an answer is compressed, in bytes: a smaller one
// fits a packet anyway.
const minGzip = 1 << 10

// BestSpeed halves the time that the default takes, for answers a tenth larger.
var writers = sync.Pool{New: func() any {
	writer, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is a known one
	return writer
}}

// maxBuffer bounds a buffer that is kept, in bytes.
const maxBuffer = 1 << 20

// buffers have held the data of answers.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Buffer returns an empty buffer for the data of an answer. The data must not be kept: the
// buffer serves another answer once this one has been written.
func Buffer() []byte { return (*buffers.Get().(*[]byte))[:0] }

// write sends the answer of an operation, and returns the buffer of its data. In strict
// mode an error leaves no data.
func write(w http.ResponseWriter, r *http.Request, response *graphql.Response, strict bool) []byte {
	status := statusOf(response, strict, r.Header)
	header := w.Header()
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		header.Set("Retry-After", strconv.Itoa(apierror.RetryAfter(response.Errors)))
	}
	if strict && len(response.Errors) > 0 && response.Data != nil {
		response.Data = json.RawMessage("null")
	}
	head, rest := encoded(response, apierror.RequestID(r.Context()))
	size := len(head) + len(rest)
	var out io.Writer = w
	switch {
	case size < minGzip: // net/http sets its length
	case AcceptsGzip(r.Header):
		header.Set("Content-Encoding", "gzip")
		writer := writers.Get().(*gzip.Writer)
		writer.Reset(w)
		defer func() {
			_ = writer.Close()
			writers.Put(writer)
		}()
		out = writer
	default:
		header.Set("Content-Length", strconv.Itoa(size))
	}
	w.WriteHeader(status)
	if c := connFor(r, header); c != nil {
		c.hold()
		defer c.send(w)
	}
	_, _ = out.Write(head) // a client that has gone needs no answer
	_, _ = out.Write(rest)
	return rest
}

// statusOf is the status of an answer. One with data has 200, and so has one of
// plain JSON, but a refusal by rate or for want of room has its own, for proxies to see.
// Strict mode has the status of the errors.
func statusOf(response *graphql.Response, strict bool, header http.Header) int {
	if len(response.Errors) == 0 {
		return http.StatusOK
	}
	status := apierror.Status(response.Errors)
	refused := response.Data == nil
	switch {
	case strict, refused && (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable):
		return status
	case !refused || mediaType(header) == typeJSON:
		return http.StatusOK
	case status == http.StatusRequestEntityTooLarge: // the document is, the request is not
		return http.StatusBadRequest
	}
	return status
}

// encoded is an answer's JSON, in two pieces. The data is JSON already, and the rest
// is written behind it. An answer without data was refused before it was run.
func encoded(response *graphql.Response, requestID string) (head, rest []byte) {
	head, rest = append(make([]byte, 0, len(`{"data":`)), '{'), response.Data
	if len(response.Errors) > 0 {
		head = append(append(append(head, `"errors":`...), encode(response.Errors)...), ',')
	}
	if rest != nil {
		head, rest = append(head, `"data":`...), append(rest, ',')
	}
	rest = append(rest, `"extensions":`...)
	return head, append(appendExtensions(rest, response.Extensions, requestID), '}')
}

// appendExtensions appends what encoding/json makes of the extensions and the request's
// id, in order of their names. These are the server's, and ids are sane: none needs escapes.
func appendExtensions(to []byte, extensions map[string]any, requestID string) []byte {
	const id = "requestId"
	names := append(make([]string, 0, 4), id)
	for name := range extensions {
		names = append(names, name)
	}
	slices.Sort(names)
	to = append(to, '{')
	for i, name := range names {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(append(append(to, '"'), name...), `":`...)
		if name == id {
			to = append(append(append(to, '"'), requestID...), '"')
		} else {
			to = append(to, encode(extensions[name])...)
		}
	}
	return append(to, '}')
}

// encode panics for what is no JSON: only a mistake in the server puts that there.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

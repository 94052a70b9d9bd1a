package transport

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
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

// write sends the answer of an operation. In strict mode an error leaves no data.
func write(w http.ResponseWriter, r *http.Request, response *graphql.Response, strict bool) {
	status := statusOf(response, strict, r.Header)
	header := w.Header()
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		header.Set("Retry-After", strconv.Itoa(apierror.RetryAfter(response.Errors)))
	}
	if strict && len(response.Errors) > 0 && response.Data != nil {
		response.Data = json.RawMessage("null")
	}
	parts := partsOf(response, apierror.RequestID(r.Context()))
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	var out io.Writer = w
	if size >= minGzip && AcceptsGzip(r.Header) {
		header.Set("Content-Encoding", "gzip")
		writer := writers.Get().(*gzip.Writer)
		writer.Reset(w)
		defer func() {
			_ = writer.Close()
			writers.Put(writer)
		}()
		out = writer
	} else {
		header.Set("Content-Length", strconv.Itoa(size))
	}
	w.WriteHeader(status)
	for _, part := range parts {
		_, _ = out.Write(part) // a client that has gone needs no answer
	}
}

// statusOf is the status of an answer. One with data has 200, and so has one of
// plain JSON, but that a refusal to serve anybody now is told to proxies, too.
// Strict mode has the status of the errors.
func statusOf(response *graphql.Response, strict bool, asked http.Header) int {
	if len(response.Errors) == 0 {
		return http.StatusOK
	}
	status := apierror.Status(response.Errors)
	refused := response.Data == nil
	switch {
	case strict, refused && (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable):
		return status
	case !refused || mediaType(asked) == typeJSON:
		return http.StatusOK
	case status == http.StatusRequestEntityTooLarge: // the document is, the request is not
		return http.StatusBadRequest
	}
	return status
}

// partsOf are the pieces of an answer's JSON. The data is JSON already, and is not
// copied. An answer without data was refused before it was run.
func partsOf(response *graphql.Response, requestID string) [][]byte {
	head := []byte("{")
	if len(response.Errors) > 0 {
		head = append(append(head, `"errors":`...), encode(response.Errors)...)
		head = append(head, ',')
	}
	if response.Data != nil {
		head = append(head, `"data":`...)
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["requestId"] = requestID
	tail := []byte(`"extensions":`)
	if response.Data != nil {
		tail = []byte(`,"extensions":`)
	}
	return [][]byte{head, response.Data, append(append(tail, encode(response.Extensions)...), '}')}
}

// encode panics for what is no JSON: only a mistake in the server puts that there.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

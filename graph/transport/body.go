package transport

import (
	"io"
	"net/http"
	"time"
)

// body knows whether it was read to its end.
type body struct {
	io.ReadCloser
	ended bool
}

// Read reads on.
func (b *body) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	b.ended = b.ended || err == io.EOF
	return n, err
}

// impatient answers without waiting for the body of its request.
type impatient struct {
	http.ResponseWriter
	body *body
}

// WriteHeader begins the answer. Where the body was not read, it ends the connection:
// the server would wait for the rest of it.
func (i impatient) WriteHeader(status int) {
	if !i.body.ended {
		i.Header().Set("Connection", "close")
		_ = http.NewResponseController(i.ResponseWriter).SetReadDeadline(time.Now()) // a recorder has no connection
	}
	i.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (i impatient) Unwrap() http.ResponseWriter { return i.ResponseWriter }

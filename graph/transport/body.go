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

// answer knows whether it has begun.
type answer struct {
	http.ResponseWriter
	body  *body
	began bool
}

// WriteHeader begins the answer. One that does not wait for the whole body of its
// request ends the connection: the server would wait for the rest of it.
func (a *answer) WriteHeader(status int) {
	if !a.began && !a.body.ended {
		a.Header().Set("Connection", "close")
		_ = http.NewResponseController(a.ResponseWriter).SetReadDeadline(time.Now()) // a recorder has no connection
	}
	a.began = true
	a.ResponseWriter.WriteHeader(status)
}

// Write begins the answer, if nothing did.
func (a *answer) Write(content []byte) (int, error) {
	if !a.began {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(content)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

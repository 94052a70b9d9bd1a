package transport

import (
	"io"
	"net/http"
	"time"
)

// body is the body of a request. Ended reports whether it was read to its end.
type body struct {
	io.ReadCloser
	ended bool
}

// Read reads the next bytes.
func (b *body) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	b.ended = b.ended || err == io.EOF
	return n, err
}

// StatusRecorder is the writer of an answer, and records its status.
type StatusRecorder struct {
	http.ResponseWriter
	Status int  // 0 before it has begun
	body   body // of the request; empty where it need not be read to its end
}

// RecordStatus returns w as a StatusRecorder: w itself if it is one, else a new one around it.
func RecordStatus(w http.ResponseWriter) *StatusRecorder {
	if answer, ok := w.(*StatusRecorder); ok {
		return answer
	}
	return &StatusRecorder{ResponseWriter: w}
}

// WriteHeader begins the answer. One that does not wait for the whole body of its
// request ends the connection: the server would wait for the rest of it.
func (a *StatusRecorder) WriteHeader(status int) {
	if a.Status == 0 && a.body.ReadCloser != nil && !a.body.ended {
		a.Header().Set("Connection", "close")
		_ = http.NewResponseController(a.ResponseWriter).SetReadDeadline(time.Now()) // a recorder has no connection
	}
	a.Status = status
	a.ResponseWriter.WriteHeader(status)
}

// Write begins the answer, if nothing did.
func (a *StatusRecorder) Write(content []byte) (int, error) {
	if a.Status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(content)
}

// Unwrap is for http.ResponseController.
func (a *StatusRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// innermost is net/http's own writer. MaxBytesReader reports to it that a body is too large, and
// it then lets the client read the answer before it ends the connection: the end comes as
// a reset, for the rest of the body is not read, and a client that still
// writes would see only that.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = outer.Unwrap()
	}
}

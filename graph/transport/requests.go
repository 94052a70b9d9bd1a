package transport

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// saneID is what a request may call itself: it goes into headers and logs.
var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Requests gives each request an id, its own if that is sane, and answers it in
// X-Request-Id. A panic is logged once, with the id, and answered with a masked 500;
// where the answer has begun, the connection is cut, so that none takes it for whole.
func Requests(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(apierror.RequestIDHeader)
		if !saneID.MatchString(id) {
			id = rand.Text() // 128 random bits
		}
		w.Header().Set(apierror.RequestIDHeader, id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		ctx := apierror.WithRequestID(r.Context(), id)
		answer := &Answer{ResponseWriter: w}
		defer func() {
			panicked := recover()
			if panicked == nil {
				return
			}
			if panicked != http.ErrAbortHandler {
				log.ErrorContext(ctx, "panic", "value", panicked, "stack", string(debug.Stack()))
			}
			if answer.Status != 0 || panicked == http.ErrAbortHandler {
				panic(http.ErrAbortHandler)
			}
			apierror.Write(w, http.StatusInternalServerError, apierror.Internal, "internal error: request "+id+" in the server's log")
		}()
		next.ServeHTTP(answer, r.WithContext(ctx))
	})
}

// Answer knows its status.
type Answer struct {
	http.ResponseWriter
	Status int // 0 before it has begun
}

// WriteHeader begins the answer.
func (a *Answer) WriteHeader(status int) {
	a.Status = status
	a.ResponseWriter.WriteHeader(status)
}

// Write begins the answer, if nothing did.
func (a *Answer) Write(content []byte) (int, error) {
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	return a.ResponseWriter.Write(content)
}

// Unwrap is for http.ResponseController.
func (a *Answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

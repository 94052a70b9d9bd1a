package transport

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models/fault"
)

// saneID is what a request may call itself: it goes into headers and logs.
var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Values of headers that all answers share.
var nosniff, noReferrer = []string{"nosniff"}, []string{"no-referrer"}

// Requests gives each request an id, its own if that is sane, and answers it in
// X-Request-Id. A panic is logged once, with the id, and answered with a masked 500;
// where the answer has begun, the connection is cut, so that none takes it for whole.
func Requests(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(apierror.RequestIDHeader)
		if id == "" || !saneID.MatchString(id) {
			id = rand.Text() // 128 random bits
		}
		header := w.Header()
		header.Set(apierror.RequestIDHeader, id)
		header["X-Content-Type-Options"], header["Referrer-Policy"] = nosniff, noReferrer
		ctx := apierror.WithRequestID(r.Context(), id)
		r = r.WithContext(ctx)
		answer := &StatusRecorder{ResponseWriter: w, body: body{r.Body, r.ContentLength == 0}}
		r.Body = &answer.body
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
			apierror.Write(answer, http.StatusInternalServerError, fault.Internal, "internal error: request "+id+" in the server's log")
		}()
		next.ServeHTTP(answer, r)
	})
}

package operation

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/usagegraph/usagegraph/graph/transport"
)

// Requests may come, and answers may go, as slowly as this.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second // headers and body
	writeTimeout  = 30 * time.Second
)

// When the process is told to stop, operations may go on for grace, and answers may
// go out afterwards. Kubernetes waits for 30 seconds in all.
const (
	grace      = 20 * time.Second
	afterwards = 5 * time.Second
)

// Server bounds how long and how large a request may be, and how long its answer may
// take.
func (r *Runner) Server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + r.settings.Timeout + writeTimeout, // it begins when the headers have come
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}

// Serve serves until ctx ends. Then new operations are refused, and those that run
// have their grace to finish, after which they are cut short. Until they have ended,
// new connections are taken, to be told so.
func (r *Runner) Serve(ctx context.Context, listener net.Listener, server *http.Server) error {
	base, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cut(nil)
	server.BaseContext = func(net.Listener) context.Context { return base }
	failed := make(chan error, 1)
	go func() { failed <- transport.Serve(server, listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	server.SetKeepAlivesEnabled(false) // a connection ends with the answer on it
	running, cancel := context.WithTimeout(base, r.grace)
	defer cancel()
	r.gate.close(running)
	cut(ErrStopping)
	answering, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterwards)
	defer cancel()
	if err := server.Shutdown(answering); err != nil {
		return server.Close() // who reads an answer this slowly does not get the rest
	}
	return nil
}

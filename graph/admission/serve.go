package admission

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

// When the server has drained, operations that run may go on for grace, and answers may
// go out afterwards. With Drain it is 30 seconds in all, which is how long Kubernetes waits.
const (
	Drain      = 5 * time.Second // where none is given
	grace      = 20 * time.Second
	afterwards = 5 * time.Second
)

// Server bounds how long and how large a request may be, and how long its answer may
// take.
func (c *Controller) Server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           c.closing(handler),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + c.settings.Timeout + writeTimeout, // it begins when the headers have come
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}

// closing ends a connection with the answer on it once the server is to stop. Idle
// connections are left alone: a request may be on its way on one.
func (c *Controller) closing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if c.Stopping() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, request)
	})
}

// Serve serves until ctx ends. Then Stopping holds, and all requests are served for drain
// as before, so that whoever sends them finds out and goes elsewhere. After that new
// operations are refused, and those that run have their grace to finish, after which they
// are cut short. Until they have ended, new connections are taken, and their operations are
// refused.
func (c *Controller) Serve(ctx context.Context, listener net.Listener, server *http.Server, drain time.Duration) error {
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
	c.stopping.Store(true)
	select {
	case err := <-failed:
		return err
	case <-time.After(drain):
	}
	server.SetKeepAlivesEnabled(false)
	running, cancel := context.WithTimeout(base, c.grace)
	defer cancel()
	c.gate.close(running)
	cut(ErrStopping)
	answering, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterwards)
	defer cancel()
	if err := server.Shutdown(answering); err != nil {
		return server.Close() // who reads an answer this slowly does not get the rest
	}
	return nil
}

package transport

import (
	"context"
	"net"
	"net/http"
	"strconv"
)

// Answers of these sizes, in bytes, go out whole. A smaller one fits net/http's buffer,
// and a larger one takes several packets anyway.
const (
	minCoalesced = 3 << 10
	maxCoalesced = 64 << 10
)

// Serve serves, as the server's own Serve does, on connections over which an answer can
// go out whole: net/http buffers 4 KiB, and what is larger leaves it in two pieces, each
// a system call, a packet and a wake-up of the client.
func Serve(server *http.Server, listener net.Listener) error {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	return server.Serve(connections{listener})
}

type connections struct{ net.Listener }

// Accept waits for the next connection.
func (l connections) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

type connKey struct{}

// conn is a connection that can hold what is written to it. It has no ReadFrom, which
// would go past that.
type conn struct {
	net.Conn
	held *[]byte // nil for what goes out as it comes
}

// connFor is the connection for an answer that has begun with a header. It is nil if the
// answer goes out as it comes, as one without Content-Length does: it is compressed,
// small, or another than was to be written. It is nil, too, where Serve does not serve.
func connFor(r *http.Request, header http.Header) *conn {
	size, _ := strconv.Atoi(header.Get("Content-Length"))
	if size < minCoalesced || size > maxCoalesced {
		return nil
	}
	c, _ := r.Context().Value(connKey{}).(*conn)
	return c
}

// Write writes, or holds.
func (c *conn) Write(p []byte) (int, error) {
	if c.held == nil {
		return c.Conn.Write(p)
	}
	*c.held = append(*c.held, p...)
	return len(p), nil
}

// CloseWrite is how net/http ends a connection of which it has not read all.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// hold holds what is written until it is sent.
func (c *conn) hold() {
	c.held = buffers.Get().(*[]byte)
	*c.held = (*c.held)[:0]
}

// send sends what has been written to w, on this connection. Where that fails, nothing
// may follow: net/http, for which the write succeeded, would serve the next request.
func (c *conn) send(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush() // into what is held, where writing does not fail
	held := c.held
	c.held = nil
	if _, err := c.Conn.Write(*held); err != nil {
		_ = c.Close()
	}
	buffers.Put(held)
}

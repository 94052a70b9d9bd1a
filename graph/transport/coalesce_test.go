package transport_test

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/graph/transport"
)

// counted counts what its connections write, which fails when broken says so.
type counted struct {
	net.Listener
	writes atomic.Int64
	broken atomic.Bool
}

func (l *counted) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &countedConn{c, l}, err
}

type countedConn struct {
	net.Conn
	listener *counted
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.listener.writes.Add(1)
	if c.listener.broken.Load() {
		return 0, errors.New("broken")
	}
	return c.Conn.Write(p)
}

// dial serves an API, and connects a client.
func dial(t *testing.T, api http.Handler) (*counted, net.Conn, *bufio.Reader) {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, listener := &http.Server{Handler: api}, &counted{Listener: tcp}
	go func() { _ = transport.Serve(server, listener) }()
	t.Cleanup(func() { _ = server.Close() })
	client, err := net.Dial("tcp", tcp.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	if err := client.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return listener, client, bufio.NewReader(client)
}

// ask sends a request, and returns the answer and its body.
func ask(client io.Writer, from *bufio.Reader, method string, headers ...string) (*http.Response, string, error) {
	headers = append(headers, "Host: x", "X-Request-Id: r", "\r\n")
	if _, err := fmt.Fprintf(client, "%s /?query={echo} HTTP/1.1\r\n%s", method, strings.Join(headers, "\r\n")); err != nil {
		return nil, "", err
	}
	response, err := http.ReadResponse(from, &http.Request{Method: method})
	if err != nil {
		return nil, "", err
	}
	body := io.Reader(response.Body)
	if response.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			return nil, "", err
		}
	}
	text, err := io.ReadAll(body)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
	}
	return response, string(text), err
}

// sized is data for an answer of so many bytes, and that answer.
func sized(size int) (data, answer string) {
	const before, after = `{"data":`, `,"extensions":{"requestId":"r"}}`
	data = `{"echo":"` + strings.Repeat("x", size-len(before+after)-len(`{"echo":""}`)) + `"}`
	return data, before + data + after
}

// TestWhole holds that answers go out in one write, one after another on a connection,
// and that those that are larger, and compressed ones, go as they come.
func TestWhole(t *testing.T) {
	const small, large = 3 << 10, 64 << 10
	var data string
	listener, client, from := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		newAPI(schema{data: data}, discard).ServeHTTP(w, r)
	}))
	for _, size := range []int{100, small - 1, small, 4096, large, large + 1, 1 << 20, 5000} {
		for _, tt := range []struct{ method, encoding string }{{"GET", "identity"}, {"HEAD", "identity"}, {"GET", "gzip"}} {
			var want string
			data, want = sized(size)
			before := listener.writes.Load()
			response, got, err := ask(client, from, tt.method, "Accept-Encoding: "+tt.encoding)
			if err != nil {
				t.Fatalf("%d, %s: %v", size, tt, err)
			}
			if tt.method == "HEAD" {
				want = ""
			}
			if got != want || tt.encoding == "identity" && response.ContentLength != int64(size) {
				t.Errorf("%d, %s: %d bytes, told %d: %.100s", size, tt, len(got), response.ContentLength, got)
			}
			writes := listener.writes.Load() - before
			if one := tt.method == "HEAD" || size <= large; tt.encoding == "identity" && (writes == 1) != one {
				t.Errorf("%d, %s: %d writes", size, tt, writes)
			}
		}
	}
}

// denied has another answer than what is written, as one has whose token is found out.
type denied struct{ http.ResponseWriter }

func (w denied) WriteHeader(int) {
	w.Header().Del("Content-Length")
	_, _ = io.WriteString(w.ResponseWriter, "denied")
}

func (denied) Write(p []byte) (int, error) { return len(p), nil }

func (w denied) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// TestWholeDenied holds that an answer in the place of another has the length that it
// would have without that.
func TestWholeDenied(t *testing.T) {
	data, _ := sized(5000)
	api := newAPI(schema{data: data}, discard)
	listener, client, from := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { api.ServeHTTP(denied{w}, r) }))
	for range 2 {
		if response, got, err := ask(client, from, "GET"); err != nil || got != "denied" || response.ContentLength != int64(len(got)) {
			t.Errorf("%v, %q, %+v", err, got, response)
		}
	}
	if got := listener.writes.Load(); got != 2 {
		t.Errorf("%d writes", got)
	}
}

// torn panics in the midst of an answer.
type torn struct{ http.ResponseWriter }

func (w torn) Write(p []byte) (int, error) {
	if len(p) > 100 {
		panic(http.ErrAbortHandler)
	}
	return w.ResponseWriter.Write(p)
}

func (w torn) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// TestWholeEnds holds that a connection ends where something went wrong: a handler
// panicked after its answer or in it, or the answer could not be written.
func TestWholeEnds(t *testing.T) {
	data, answer := sized(5000)
	api := newAPI(schema{data: data}, discard)
	for name, tt := range map[string]struct {
		api    http.HandlerFunc
		broken bool
		want   string
		err    error
	}{
		"after":  {func(w http.ResponseWriter, r *http.Request) { api.ServeHTTP(w, r); panic(http.ErrAbortHandler) }, false, answer, nil},
		"in":     {func(w http.ResponseWriter, r *http.Request) { api.ServeHTTP(torn{w}, r) }, false, `{"data":`, io.ErrUnexpectedEOF},
		"broken": {api.ServeHTTP, true, "", io.ErrUnexpectedEOF},
	} {
		listener, client, from := dial(t, tt.api)
		listener.broken.Store(tt.broken)
		if _, got, err := ask(client, from, "GET"); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, %.100s", name, err, got)
		}
		if n, err := from.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%s: %d bytes more, %v", name, n, err)
		}
		if got := listener.writes.Load(); got != 1 {
			t.Errorf("%s: %d writes", name, got)
		}
	}
}

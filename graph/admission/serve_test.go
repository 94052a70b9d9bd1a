package admission

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serving serves an API until stop is called; stopped has what Serve returned.
func serving(t *testing.T, controller *Controller, server *http.Server, drain time.Duration) (url string, stop context.CancelFunc, stopped chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped = make(chan error, 1)
	go func() { stopped <- controller.Serve(ctx, listener, server, drain) }()
	return "http://" + listener.Addr().String(), stop, stopped
}

// reply is the status, whether the connection ends, and the body.
func reply(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(`{"query":"{ echo }"}`))
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %t %s%s", response.StatusCode, response.Close, response.Header.Get("Retry-After"), body)
}

// TestStop refuses operations when it is to stop, on new connections, too, while
// one still runs, which is answered.
func TestStop(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	controller, api := newAPI(t, Defaults(), discard, func(context.Context) string {
		close(began)
		<-end
		return `{"echo":"done"}`
	})
	url, stop, stopped := serving(t, controller, controller.Server(api), 0)
	answers := make(chan string)
	go func() { answers <- reply(t, url) }()
	<-began
	stop()
	for !controller.gate.isClosing() {
		time.Sleep(time.Millisecond)
	}
	if got := reply(t, url); !strings.HasPrefix(got, "503 true 1{") || !strings.Contains(got, `"message":"the server is stopping","extensions":{"code":"UNAVAILABLE"`) {
		t.Errorf("a new operation has %s", got)
	}
	close(end)
	if got := <-answers; !strings.HasPrefix(got, `200 true {"data":{"echo":"done"}`) {
		t.Errorf("the one that ran has %s", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestDrain serves on while the server drains, on connections that end with their answer,
// and leaves a connection alone that is idle.
func TestDrain(t *testing.T) {
	controller, api := newAPI(t, Defaults(), discard, func(context.Context) string { return `{"echo":"done"}` })
	url, stop, stopped := serving(t, controller, controller.Server(api), time.Second)
	if got := reply(t, url); !strings.HasPrefix(got, `200 false {"data":{"echo":"done"}`) { // whose connection is idle then
		t.Errorf("before it is to stop: %s", got)
	}
	stop()
	for !controller.Stopping() {
		time.Sleep(time.Millisecond)
	}
	for range 3 {
		if got := reply(t, url); !strings.HasPrefix(got, `200 true {"data":{"echo":"done"}`) {
			t.Errorf("while it drains: %s", got)
		}
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if got := reply(t, url); !strings.Contains(got, "refused") {
		t.Errorf("after it has stopped: %s", got)
	}
}

// TestCut ends operations that do not end in their grace, and answers them.
func TestCut(t *testing.T) {
	began := make(chan struct{})
	controller, api := newAPI(t, Defaults(), discard, func(ctx context.Context) string {
		close(began)
		<-ctx.Done()
		return `{"echo":null}`
	})
	controller.grace = time.Millisecond
	url, stop, stopped := serving(t, controller, controller.Server(api), 0)
	answers := make(chan string)
	go func() { answers <- reply(t, url) }()
	<-began
	stop()
	if got := <-answers; !strings.HasPrefix(got, "200 true") || !strings.Contains(got, `"message":"the server is stopping","extensions":{"code":"UNAVAILABLE"`) {
		t.Errorf("%s", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestSlowReader holds that a client that does not read its answer keeps no other from
// being served, and is hung up on.
func TestSlowReader(t *testing.T) {
	settings := Defaults()
	settings.MaxOperations, settings.MaxWaiting = 1, 0
	large := `{"echo":"` + strings.Repeat("x", 64<<20) + `"}` // more than the buffers of a connection
	answers := make(chan string, 2)
	answers <- large
	answers <- `{"echo":"small"}`
	controller, api := newAPI(t, settings, discard, func(context.Context) string { return <-answers })
	server := controller.Server(api)
	server.WriteTimeout = time.Second
	hungUp := make(chan struct{}, 2)
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			hungUp <- struct{}{}
		}
	}
	url, stop, stopped := serving(t, controller, server, 0)
	slow, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	const body = `{"query":"{ echo }"}`
	if _, err := fmt.Fprintf(slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		t.Fatal(err)
	}
	for len(answers) > 1 || controller.gate.running() > 0 {
		time.Sleep(time.Millisecond)
	}
	if got := reply(t, url); !strings.HasPrefix(got, `200 false {"data":{"echo":"small"}`) {
		t.Errorf("%s", got)
	}
	<-hungUp
	if got, err := io.Copy(io.Discard, slow); got >= int64(len(large)) {
		t.Errorf("all of the answer came, and %v", err)
	}
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

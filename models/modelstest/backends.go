package modelstest

import (
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// Backends is a pooler in transaction mode that ignores prepared statements: each
// transaction of any client runs on the backend that has been idle for longest.
type Backends struct {
	Address string // by which clients reach it

	t        testing.TB
	idle     chan net.Conn // to the server
	greeting []byte

	mu    sync.Mutex
	seen  map[string]int            // errors that clients were sent, by SQLSTATE
	faked []*pgproto3.ErrorResponse // which end the next transactions
}

// NewBackends puts n backends between clients and the database at the address.
func NewBackends(t testing.TB, address string, n int) *Backends {
	t.Helper()
	folder := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(folder, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	b := &Backends{Address: through(t, address, folder), t: t, idle: make(chan net.Conn, n), seen: map[string]int{}}
	for range n {
		b.idle <- b.open(address)
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go b.serve(client)
		}
	}()
	return b
}

// through is an address with the socket in a folder in place of its own.
func through(t testing.TB, address, folder string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("host", folder)
	query.Set("port", "5432")
	query.Set("sslmode", "disable")
	u.Host, u.RawQuery = "", query.Encode()
	return u.String()
}

// Fake ends the next n transactions of clients, and no more of those that an earlier call
// named, with an error in place of their results. A
// FATAL one ends the client's connection, too.
func (b *Backends) Fake(n int, severity, code string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faked = nil
	for range n {
		b.faked = append(b.faked, &pgproto3.ErrorResponse{Severity: severity, SeverityUnlocalized: severity, Code: code, Message: "faked"})
	}
}

// Seen is how many errors with the SQLSTATE clients were sent.
func (b *Backends) Seen(code string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[code]
}

// open makes a backend, and what clients are greeted with: its settings, and the number of
// a process that is none of a backend.
func (b *Backends) open(address string) net.Conn {
	b.t.Helper()
	connected, err := pgconn.Connect(b.t.Context(), address)
	if err != nil {
		b.t.Fatal(err)
	}
	opened, err := connected.Hijack()
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = opened.Conn.Close() })
	messages := []pgproto3.BackendMessage{&pgproto3.AuthenticationOk{}, &pgproto3.BackendKeyData{ProcessID: 1, SecretKey: make([]byte, 4)}}
	for name, value := range opened.ParameterStatuses {
		messages = append(messages, &pgproto3.ParameterStatus{Name: name, Value: value})
	}
	b.greeting = nil
	for _, message := range append(messages, &pgproto3.ReadyForQuery{TxStatus: 'I'}) {
		b.greeting = b.append(b.greeting, message)
	}
	return opened.Conn
}

// append appends a message as it is sent.
func (b *Backends) append(to []byte, message pgproto3.BackendMessage) []byte {
	to, err := message.Encode(to)
	if err != nil {
		b.t.Error(err)
	}
	return to
}

// nextMessage reads a message of the protocol whole.
func nextMessage(from io.Reader) ([]byte, error) {
	header := make([]byte, 5)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(header[1:])
	message := append(header, make([]byte, size-4)...)
	_, err := io.ReadFull(from, message[5:])
	return message, err
}

// serve serves a client until it goes.
func (b *Backends) serve(client net.Conn) {
	defer client.Close()
	if !b.greet(client) {
		return
	}
	var on net.Conn // during a transaction
	for {
		asked, err := b.request(client)
		if err != nil {
			return
		}
		if on == nil && b.fakes(client) {
			continue
		}
		if on == nil {
			on = <-b.idle
		}
		status, err := b.exchange(client, on, asked)
		if err != nil {
			b.t.Error(err)
			return
		}
		if status == 'I' {
			b.idle <- on
			on = nil
		}
	}
}

// greet lets a client in, unless it sets what PgBouncer does not support.
func (b *Backends) greet(client net.Conn) bool {
	size := make([]byte, 4)
	if _, err := io.ReadFull(client, size); err != nil {
		return false
	}
	startup := make([]byte, binary.BigEndian.Uint32(size)-4)
	if _, err := io.ReadFull(client, startup); err != nil {
		return false
	}
	if strings.Contains(string(startup), "plan_cache_mode") {
		b.refuse(client, &pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: plan_cache_mode"})
		return false
	}
	_, err := client.Write(b.greeting)
	return err == nil
}

// request reads what a client asks of a backend at once: up to a sync or a query.
func (b *Backends) request(client net.Conn) (asked []byte, err error) {
	for {
		message, err := nextMessage(client)
		if err == nil && message[0] == 'X' {
			err = io.EOF
		}
		if err != nil {
			return nil, err
		}
		if asked = append(asked, message...); message[0] == 'S' || message[0] == 'Q' {
			return asked, nil
		}
	}
}

// fakes answers a client with an error, if there is one.
func (b *Backends) fakes(client net.Conn) bool {
	b.mu.Lock()
	if len(b.faked) == 0 {
		b.mu.Unlock()
		return false
	}
	fault := b.faked[0]
	b.faked = b.faked[1:]
	b.mu.Unlock()
	b.refuse(client, fault)
	if fault.Severity == "FATAL" {
		_ = client.Close()
		return true
	}
	_, _ = client.Write(b.append(nil, &pgproto3.ReadyForQuery{TxStatus: 'I'}))
	return true
}

// refuse sends a client an error.
func (b *Backends) refuse(client net.Conn, fault *pgproto3.ErrorResponse) {
	b.count(fault.Code)
	_, _ = client.Write(b.append(nil, fault))
}

func (b *Backends) count(code string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen[code]++
}

// exchange has a backend answer, and returns the status of its transaction after that.
func (b *Backends) exchange(client, on net.Conn, asked []byte) (status byte, err error) {
	if _, err := on.Write(asked); err != nil {
		return 0, err
	}
	for {
		message, err := nextMessage(on)
		if err != nil {
			return 0, err
		}
		if message[0] == 'E' {
			var fault pgproto3.ErrorResponse
			if err := fault.Decode(message[5:]); err != nil {
				return 0, err
			}
			b.count(fault.Code)
		}
		_, _ = client.Write(message) // also when it has gone, the backend has to become idle
		if message[0] == 'Z' {
			return message[5], nil
		}
	}
}

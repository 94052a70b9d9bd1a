package database

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestSocket holds that the connections to PostgreSQL write as those of package net do.
func TestSocket(t *testing.T) {
	for _, network := range []string{"unix", "tcp"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<19) // 8 MB: more than a socket takes at once
			c, peer := connected(t, network)
			got := make(chan []byte, 1)
			go func() {
				all, _ := io.ReadAll(peer)
				got <- all
			}()
			for _, part := range [][]byte{sent[:1], nil, sent[1:]} {
				if n, err := c.Write(part); n != len(part) || err != nil {
					t.Fatalf("%d of %d bytes, %v", n, len(part), err)
				}
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(<-got, sent) {
				t.Error("what came is not what was sent")
			}
			if n, err := c.Write(sent); n != 0 || !errors.Is(err, net.ErrClosed) {
				t.Errorf("closed: %d bytes, %v", n, err)
			}

			c, _ = connected(t, network) // nobody reads
			_ = c.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
			var timeout net.Error
			if n, err := c.Write(sent); n == 0 || n == len(sent) || !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("late: %d bytes, %v", n, err)
			}

			c, peer = connected(t, network)
			_ = peer.Close()
			var err error
			for range 100 { // TCP fails with the second write at the earliest
				if _, err = c.Write(sent); err != nil {
					break
				}
			}
			if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the peer has gone: %v", err)
			}
		})
	}
}

// connected is a connection as PostgreSQL's, and its other end.
func connected(t *testing.T, network string) (c, peer net.Conn) {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		folder, err := os.MkdirTemp("", "") // t.TempDir's is too long a name for a socket
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(folder) })
		address = filepath.Join(folder, "s")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if c, err = dialing(new(net.Dialer).DialContext)(context.Background(), network, listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if peer, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = c.Close(), peer.Close() })
	return c, peer
}

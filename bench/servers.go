package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// server is one that is measured.
type server struct {
	*process
	Title   string
	dialect string // the folder of its queries
	command []string
	headers http.Header
	address string // http://HOST:PORT
}

// Titles of the servers that others are compared with.
const (
	ours        = "usagegraph"
	oneProcess  = "PostGraphile, one process"
	handwritten = "hand-written SQL"
)

func clusterOf(p plan) string { return fmt.Sprintf("PostGraphile, cluster of %d", p.Cores) }

// startServers starts all servers, one after the other. It returns those that run
// even if another fails.
func startServers(ctx context.Context, p plan, d *postgres) (running []*server, err error) {
	servers, err := newServers(ctx, p, d)
	if err != nil {
		return nil, err
	}
	for _, s := range servers {
		if err := s.start(p, d); err != nil {
			return running, err
		}
		running = append(running, s)
		err := s.await(func() error { _, err := s.ask(ctx, byName("D"), "1"); return err })
		if err != nil {
			return running, err
		}
	}
	return running, nil
}

func stopAll(servers []*server) {
	for _, s := range servers {
		s.stop()
	}
}

// newServers are the servers to start. Each takes the address to listen on as its
// last argument.
func newServers(ctx context.Context, p plan, d *postgres) ([]*server, error) {
	token, err := d.usagegraph(ctx, "token", "create", "--name", "bench", "--all-customers")
	if err != nil {
		return nil, err
	}
	help, err := d.usagegraph(ctx, "serve", "--help")
	if err != nil {
		return nil, err
	}
	headers := http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
	authorized := headers.Clone()
	authorized.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	servers := []*server{{Title: ours, dialect: "usagegraph", headers: authorized, command: []string{binary, "serve", "--listen"}}}
	if strings.Contains(string(help), "--engine") {
		servers = append(servers, &server{
			Title: ours + " --engine=off", dialect: "usagegraph", headers: authorized,
			command: []string{binary, "serve", "--engine=off", "--listen"},
		})
	}
	return append(servers,
		&server{Title: oneProcess, dialect: "postgraphile", headers: headers, command: []string{node(), "bench/postgraphile.js", "1"}},
		&server{Title: clusterOf(p), dialect: "postgraphile", headers: headers, command: []string{node(), "bench/postgraphile.js", strconv.Itoa(p.Cores)}},
		&server{Title: handwritten, dialect: "handwritten", headers: http.Header{"Accept": {"application/json"}}, command: []string{filepath.Join(p.Cache, "handwritten")}},
	), nil
}

// node is the Node.js among the packages of bench/package.json: PostGraphile needs
// a newer one than Debian has.
func node() string {
	architecture := runtime.GOARCH
	if architecture == "amd64" {
		architecture = "x64"
	}
	return filepath.Join("bench/node_modules", "node-linux-"+architecture, "bin/node")
}

// start starts the server on a free port.
func (s *server) start(p plan, d *postgres) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	host := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	s.address = "http://" + host
	command := exec.Command(s.command[0], append(s.command[1:], host)...)
	command.Env = append(os.Environ(), "USAGEGRAPH_DATABASE="+d.address("postgres"), "DATABASE="+d.address("postgres"),
		"POOL="+strconv.Itoa(p.Pool()), "NODE_ENV=production", "GRAPHILE_ENV=production")
	log := filepath.Join(p.Cache, fileName(s.Title)+".log")
	s.process, err = startProcess(s.Title, log, command, nil)
	return err
}

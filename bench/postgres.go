package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"

	servers "github.com/usagegraph/usagegraph/internal/postgres"
)

// settings of PostgreSQL that are not its defaults. The data fits in the cache, and
// nothing is written while the servers are measured.
var settings = []string{
	"shared_buffers=2GB", "effective_cache_size=4GB", "random_page_cost=1.1", "max_wal_size=8GB",
	"jit=off", // PostGraphile turns it off itself; the queries are short
	"autovacuum=off", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
}

// postgres is a PostgreSQL server with the benchmark's database.
type postgres struct {
	*process
	folder string // of its socket and its log
	data   string
}

// startPostgres starts a server on the data directory of the plan, which it makes
// if need be.
func startPostgres(ctx context.Context, p plan) (*postgres, error) {
	bin, err := servers.Binaries()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "usagegraph-bench") // the path of a socket must be short
	if err != nil {
		return nil, err
	}
	credential, err := servers.Account()
	if err != nil {
		return nil, err
	}
	d := &postgres{folder: folder, data: filepath.Join(p.Cache, "customers-"+strconv.Itoa(p.Customers))}
	if err := d.create(bin, credential); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	arguments := []string{"-D", d.data, "-k", folder, "-c", "listen_addresses=", "-c", "logging_collector=off"}
	for _, setting := range settings {
		arguments = append(arguments, "-c", setting)
	}
	command := exec.Command(filepath.Join(bin, "postgres"), arguments...)
	command.Dir = folder
	if d.process, err = startProcess("PostgreSQL", filepath.Join(p.Cache, "postgresql.log"), command, credential); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := d.await(func() error { return d.exec("SELECT 1") }); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// create makes the data directory, unless a seeded one of the same data is there.
func (d *postgres) create(bin string, credential *syscall.Credential) error {
	if d.seeded() {
		return servers.Own(d.folder, credential)
	}
	if err := errors.Join(os.RemoveAll(d.mark()), os.RemoveAll(d.data), os.Mkdir(d.data, 0o700)); err != nil {
		return err
	}
	if err := errors.Join(servers.Own(d.folder, credential), servers.Own(d.data, credential)); err != nil {
		return err
	}
	if err := servers.Create(bin, d.data, d.folder, credential); err != nil {
		return fmt.Errorf("%w (BENCH_CACHE names a folder that PostgreSQL's account may reach)", err)
	}
	return nil
}

// stop ends the server. The data stays for the next time.
func (d *postgres) stop() {
	d.process.stop()
	_ = os.RemoveAll(d.folder)
}

// address is that of a database as the servers take it.
func (d *postgres) address(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {d.folder}, "user": {"postgres"}}.Encode()
}

// exec runs statements on the database.
func (d *postgres) exec(sql string) error { return servers.Exec(d.address("postgres"), sql) }

// version is the server's own word.
func (d *postgres) version(ctx context.Context) (version string, err error) {
	conn, err := pgx.Connect(ctx, d.address("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, "SHOW server_version").Scan(&version)
	version, _, _ = strings.Cut(version, " ")
	return version, err
}

package main

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// binary is usagegraph as make build leaves it.
const binary = "./usagegraph"

// functions are what a user of PostGraphile adds to the database.
//
//go:embed postgraphile.sql
var functions string

// seed fills the database, unless it is filled.
func (d *postgres) seed(ctx context.Context, p plan) error {
	if d.seeded() {
		return nil
	}
	digest, err := digest()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "making %d customers in %s\n", p.Customers, d.data)
	for _, arguments := range [][]string{{"migrate"}, {"seed", "--customers", strconv.Itoa(p.Customers)}} {
		if _, err := d.usagegraph(ctx, arguments...); err != nil {
			return err
		}
	}
	for _, sql := range []string{functions, "VACUUM (ANALYZE, FREEZE)", "CHECKPOINT"} {
		if err := d.exec(sql); err != nil {
			return fmt.Errorf("prepare the database: %w", err)
		}
	}
	return os.WriteFile(d.mark(), []byte(digest), 0o644)
}

// usagegraph runs one of its commands on the database, and returns what it printed.
func (d *postgres) usagegraph(ctx context.Context, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Env = append(os.Environ(), "USAGEGRAPH_DATABASE="+d.address("postgres"))
	out, err := command.Output()
	if failed, ok := err.(*exec.ExitError); ok {
		err = fmt.Errorf("usagegraph %s: %w\n%s", arguments[0], err, failed.Stderr)
	}
	return out, err
}

// mark is the file beside the data that says what was seeded.
func (d *postgres) mark() string { return d.data + ".seeded" }

// seeded reports whether the data is what usagegraph would seed today.
func (d *postgres) seeded() bool {
	was, err := os.ReadFile(d.mark())
	if err != nil {
		return false
	}
	is, err := digest()
	return err == nil && string(was) == is
}

// digest changes with all that the data depends on.
func digest() (string, error) {
	sum := sha256.New()
	sum.Write([]byte(functions))
	for _, pattern := range []string{"internal/seed/*.go", "models/migrations/postgres/*.sql"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		slices.Sort(files)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			sum.Write(text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

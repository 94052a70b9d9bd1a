package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestArguments holds that PostgreSQL gets each argument as it is.
func TestArguments(t *testing.T) {
	reader := store.NewReader(modelstest.Open(t, modelstest.Postgres(t)), store.Scope{All: true})
	expect := func(kind string, arg any, want []byte) {
		t.Helper()
		sql := "SELECT $1::" + kind + " AS v"
		got, err := store.ReadCells(t.Context(), reader, kind, arg, sql, sql)
		if err != nil || len(got) != 2 {
			t.Fatalf("%s %v: %d cells, %v", kind, arg, len(got), err)
		}
		for _, cell := range got {
			if !bytes.Equal(cell, want) || (cell == nil) != (want == nil) {
				t.Errorf("%s %v: %x, want %x", kind, arg, cell, want)
			}
		}
	}
	for _, n := range []int64{0, -1, math.MinInt64, math.MaxInt64} {
		expect("bigint", n, binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	for _, f := range []float64{0, 0.1, -1e21, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1)} {
		expect("double precision", f, binary.BigEndian.AppendUint64(nil, math.Float64bits(f)))
	}
	expect("boolean", true, []byte{1})
	expect("boolean", false, []byte{0})
	for _, text := range store.HardTexts {
		expect("text", text, append([]byte{}, text...))
		expect("bytea", []byte(text), append([]byte{}, text...))
	}
	expect("text", nil, nil)
	if _, err := store.ReadCells(t.Context(), reader, "bigint", 1+1i, "SELECT $1::bigint AS v"); err == nil {
		t.Error("a complex number is taken")
	}
}

// TestPrepared holds that a connection on which statements are not what they were fails
// once at most, that one which fails leaves others alone, and that statements don't heap
// up.
func TestPrepared(t *testing.T) {
	db := modelstest.Open(t, modelstest.Postgres(t))
	if err := database.SetPool(db, 1); err != nil {
		t.Fatal(err)
	}
	reader := store.NewReader(db, store.Scope{All: true})
	read := func(ctx context.Context, sql ...string) error {
		_, err := store.ReadCells(ctx, reader, "text", int64(7), sql...)
		return err
	}
	pid := func() (pid int) {
		if err := db.Raw("SELECT pg_backend_pid()").Scan(&pid).Error; err != nil {
			t.Fatal(err)
		}
		return pid
	}
	const good, wrong = "SELECT name AS v FROM customers WHERE id = $1", "SELECT 1 / ($1::bigint - $1) AS v"
	works := func(what string) {
		t.Helper()
		if err := read(t.Context(), good); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	works("the first")
	before := pid()
	for _, change := range []string{"DEALLOCATE ALL", "ALTER TABLE customers ALTER COLUMN name TYPE varchar(9)"} {
		works("before " + change)
		if err := db.Exec(change).Error; err != nil {
			t.Fatal(err)
		}
		_ = read(t.Context(), good)
		works("after " + change)
	}
	for range 2 {
		for _, batch := range [][]string{{"SELECT nothing"}, {wrong}, {good, wrong, good}, {wrong, "SELECT $1::bigint + 1 AS v"}, {good, "SELECT nothing", good}} {
			if err := read(t.Context(), batch...); err == nil || database.Unavailable(err) {
				t.Errorf("%q: %v", batch, err)
			}
			works(fmt.Sprintf("after %q", batch))
		}
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := read(done, "SELECT $1::bigint + 2 AS v"); err == nil {
		t.Error("the context is done")
	}
	works("after a context that is done")
	for i := range 1100 {
		if err := read(t.Context(), fmt.Sprintf("SELECT $1::bigint + %d AS v", i)); err != nil {
			t.Fatal(err)
		}
	}
	var kept int
	if err := db.Raw("SELECT count(*) FROM pg_prepared_statements").Scan(&kept).Error; err != nil || kept > 600 {
		t.Errorf("%d statements are prepared, %v", kept, err)
	}
	if after := pid(); after != before {
		t.Errorf("the connection is another: %d, not %d", after, before)
	}
}

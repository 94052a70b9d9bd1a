// Command handwritten serves the queries of the benchmark as a person would who had
// no use for GraphQL: one SQL statement each, which makes the JSON, and which
// net/http writes straight out.
package main

import (
	"context"
	"embed"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed *.sql
var statements embed.FS

func main() {
	if err := serve(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// serve listens on an address. The variables DATABASE and POOL say where the rows
// are and how many connections read them at most.
func serve(address string) error {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE"))
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(os.Getenv("POOL"), 10, 32)
	if err != nil {
		return err
	}
	config.MaxConns = int32(size)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return err
	}
	defer pool.Close()
	files, err := statements.ReadDir(".")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	for _, file := range files {
		sql, err := statements.ReadFile(file.Name())
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(file.Name(), filepath.Ext(file.Name()))
		mux.Handle("GET /"+name, handler{pool, string(sql)})
	}
	return http.ListenAndServe(address, mux)
}

// handler answers with what a statement makes. Its one parameter, if it has one,
// is the number after the = of the URL.
type handler struct {
	pool *pgxpool.Pool
	sql  string
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var arguments []any
	if strings.Contains(h.sql, "$1") {
		_, text, _ := strings.Cut(r.URL.RawQuery, "=")
		number, err := strconv.ParseInt("0"+text, 10, 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		arguments = append(arguments, number)
	}
	rows, err := h.pool.Query(r.Context(), h.sql, arguments...)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	for rows.Next() {
		w.Header().Set("Content-Type", "application/json")
		json := rows.RawValues()[0]
		w.Header().Set("Content-Length", strconv.Itoa(len(json)))
		_, _ = w.Write(json) // a client that has gone misses nothing
	}
	if err := rows.Err(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

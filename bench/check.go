package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// load is what the load generator sends to a server for a query.
type load struct {
	file string  // of requests, a line each
	size float64 // mean bytes of their answers
}

// loadKey names a load: a server's title and a query's name.
type loadKey struct{ server, query string }

// These bound what is asked: each request that is timed was checked before.
const (
	customersAsked = 500
	pagesAsked     = 40
)

// check asks every server what will be timed, holds that all give the same
// answers, and writes the requests down for the load generator.
func check(ctx context.Context, p plan, servers []*server) (map[loadKey]load, error) {
	loads := map[loadKey]load{}
	for _, q := range queries {
		fmt.Fprintf(os.Stderr, "comparing the answers to query %s\n", q.Name)
		var first []any
		for _, s := range servers {
			values, answers, err := s.askAll(ctx, p, q)
			if err != nil {
				return nil, err
			}
			forms := make([]any, len(answers))
			for i, answer := range answers {
				if forms[i], err = canonical(answer.body, s.dialect == "usagegraph"); err != nil {
					return nil, fmt.Errorf("%s: query %s(%s): %w", s.Title, q.Name, values[i], err)
				}
			}
			if first == nil {
				first = forms
			}
			if found := difference("answers", first, forms); found != "" {
				return nil, fmt.Errorf("query %s: %s does not answer as %s: %s", q.Name, s.Title, servers[0].Title, found)
			}
			if loads[loadKey{s.Title, q.Name}], err = s.write(p, q, values, answers); err != nil {
				return nil, err
			}
		}
	}
	return loads, nil
}

// askAll asks the query with all values of its variable that are to be timed.
func (s *server) askAll(ctx context.Context, p plan, q query) (values []string, answers []answer, err error) {
	if q.variable == "after" {
		return s.walk(ctx, q)
	}
	values = []string{""}
	if q.variable == "id" {
		values = nil
		for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(p.Customers)[:min(p.Customers, customersAsked)] {
			values = append(values, strconv.Itoa(i+1)) // customers are 1 to N
		}
	}
	for _, value := range values {
		answer, err := s.ask(ctx, q, value)
		if err != nil {
			return nil, nil, err
		}
		answers = append(answers, answer)
	}
	return values, answers, nil
}

// walk asks for one page after the other: a cursor is the server's own.
func (s *server) walk(ctx context.Context, q query) (cursors []string, answers []answer, err error) {
	for cursor, more := "", true; more && len(cursors) < pagesAsked; {
		answer, err := s.ask(ctx, q, cursor)
		if err != nil {
			return nil, nil, err
		}
		cursors, answers = append(cursors, cursor), append(answers, answer)
		var page struct {
			Data struct {
				Inventories struct {
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				} `json:"usageProductInventories"`
			}
		}
		if err := json.Unmarshal(answer.body, &page); err != nil {
			return nil, nil, err
		}
		cursor, more = page.Data.Inventories.PageInfo.EndCursor, page.Data.Inventories.PageInfo.HasNextPage
	}
	return cursors, answers, nil
}

// write writes the requests to a file, for bench/load.lua.
func (s *server) write(p plan, q query, values []string, answers []answer) (load, error) {
	var lines strings.Builder
	var bytes int
	for i, value := range values {
		r, err := s.request(q, value)
		if err != nil {
			return load{}, err
		}
		fmt.Fprintf(&lines, "%s\t%s\t%s\n", r.method, r.path, r.body)
		bytes += answers[i].size
	}
	l := load{file: filepath.Join(p.Cache, fileName(s.Title+" "+q.Name)+".requests"), size: float64(bytes) / float64(len(values))}
	return l, os.WriteFile(l.file, []byte(lines.String()), 0o644)
}

// fileName is a title without what file names had better not have.
func fileName(title string) string {
	return strings.NewReplacer(" ", "-", ",", "", "=", "-").Replace(title)
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
)

// query is asked of all servers.
type query struct {
	Name     string
	What     string
	variable string // the name of its one variable; "" if it has none
}

// queries are in the order of the report.
var queries = []query{
	{"A", "20 customers → 3 sites each → 3 inventories each → 4 usage balances each → assignments → components: six levels, thousands of rows, the same each time", ""},
	{"B", "a customer with sites, balances with 10 ledger entries each, and entitlement balances; a random customer each time", "id"},
	{"C", "a page of 1,000 inventories of 12 scalars each; a random page each time", "after"},
	{"D", "the name of a customer; a random one each time", "id"},
	{"E", "the account page: a customer with what is left of each balance, its last 10 ledger entries, and the net balance; a random customer each time", "id"},
}

// byName finds a query.
func byName(name string) query {
	return queries[slices.IndexFunc(queries, func(q query) bool { return q.Name == name })]
}

// request is one of HTTP.
type request struct{ method, path, body string }

// request asks the query with a value of its variable; "" is none.
func (s *server) request(q query, value string) (request, error) {
	if s.dialect == "handwritten" {
		return request{http.MethodGet, "/" + q.Name + "?" + url.Values{q.variable: {value}}.Encode(), ""}, nil
	}
	text, err := os.ReadFile(filepath.Join("bench/queries", s.dialect, q.Name+".graphql"))
	if err != nil {
		return request{}, err
	}
	body := map[string]any{"query": string(text)}
	if value != "" {
		body["variables"] = map[string]string{q.variable: value}
	}
	encoded, err := json.Marshal(body)
	return request{http.MethodPost, "/graphql", string(encoded)}, err
}

// answer is what a server said.
type answer struct {
	body []byte
	size int // bytes on the wire, headers included
}

// ask sends the query once.
func (s *server) ask(ctx context.Context, q query, value string) (answer, error) {
	r, err := s.request(q, value)
	if err != nil {
		return answer{}, err
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, s.address+r.path, bytes.NewReader([]byte(r.body)))
	if err != nil {
		return answer{}, err
	}
	sent.Header = s.headers
	response, err := http.DefaultClient.Do(sent)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	head, err := httputil.DumpResponse(response, false)
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	if response.StatusCode != http.StatusOK {
		return answer{}, fmt.Errorf("%s: query %s: %s\n%.500s", s.Title, q.Name, response.Status, body)
	}
	return answer{body, len(head) + len(body)}, nil
}

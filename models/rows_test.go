package models_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/store"
)

// readsAll are the files that may read rows whoever owns them, and why. No request
// runs their code but for the two that make a principal's scope.
var readsAll = map[string]string{
	"models/store/sql.go":              "from is the one place that renders the rows a principal may read",
	"models/stored.go":                 "import compares a file with what is stored",
	"models/store/seen.go":             "import compares a file with what is stored",
	"models/import_conflicts.go":       "import compares a file with what is stored",
	"models/own_customers.go":          "import compares a file with what is stored",
	"models/contract_owners.go":        "import compares a file with what is stored",
	"models/store/touch.go":            "import says which rows have changed",
	"models/customer.go":               "token create looks for its customers",
	"models/store/insert.go":           "import and seed write",
	"models/store/bulk_load.go":        "seed takes indexes away and makes them anew",
	"models/billing/settle.go":         "import reckons ledgers anew",
	"models/database/database.go":      "a transaction takes the driver's connection for COPY, and no row is read",
	"models/import.go":                 "serve --demo looks at the last import, which is open to every token",
	"models/database/sqlite.go":        "a file is opened and copied by check, and no row is read",
	"models/token/token_reader.go":     "a token is looked up before there is a scope",
	"models/token/api_token.go":        "tokens are kept",
	"models/database/notifications.go": "a connection begins to listen, and no table is read",
	"models/shared_key.go":             "check looks for keys that balances share, in the scope that it was given",
	"graph/auth/guard.go":              "an API token may have all customers",
	"graph/auth/jwt.go":                "a JWT may have all customers",

	"models/migrations/migrations.go": "which migrations have run is asked, and no customer's table is read",

	"internal/command/check.go": "check looks at all rows",
	"internal/ingest/ingest.go": "import compares a file with what is stored",
}

// tableRead finds what a SQL text reads from.
var tableRead = regexp.MustCompile(`(?s)\b(?:FROM|JOIN|LATERAL)\b\s*(.*)`)

// scopedRead is how the source goes on after a text that ends in FROM or JOIN: with
// the rows that the principal may read, or with the keys that it asked for.
var scopedRead = regexp.MustCompile(`^[^\n+]*\.(?:From|parents)\(|(?:store\.)?FromKeys\(|^(?:, s\.FirstNumber\(\))?\)+\n\s*(?:(?:store\.)?FromKeys\(|p\.From\(|for i := range|\} else \{|on = onKeys)`)

// TestRowsAreReadInScope holds, over the source, that nothing reads a customer's rows
// but through Statement.From, and that no code of a request gives itself the scope of
// all customers.
func TestRowsAreReadInScope(t *testing.T) {
	seen := map[string]bool{}
	apitest.Sources(t, func(path string, file *ast.File, text func(from, to token.Pos) string) {
		check := func(at ast.Node, what string) {
			if seen[path] = true; readsAll[path] == "" {
				t.Errorf("%s: %s: %s", path, text(at.Pos(), at.End()), what)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if n.Kind == token.STRING && !isSafe(n, text(n.End(), file.FileEnd)) {
					check(n, "SQL reads a table, and not by From")
				}
			case *ast.CompositeLit:
				if n.Type != nil && strings.HasSuffix(text(n.Type.Pos(), n.Type.End()), "Scope") && strings.Contains(text(n.Pos(), n.End()), "All:") {
					check(n, "makes the scope of all customers")
				}
			case *ast.CallExpr:
				called, ok := n.Fun.(*ast.SelectorExpr)
				if ok && strings.HasPrefix(path, "models/") && gormReads[called.Sel.Name] && !readers[path] {
					check(n, "reads past the Reader")
				}
			}
			return true
		})
	})
	for path := range readsAll {
		if !seen[path] {
			t.Errorf("%s does not read all rows: take it off the list", path)
		}
	}
}

// readers are the files through which the read path runs its statements: Reader.each
// is in the one, and Reader.Session, which takes the driver's connection, in the other.
var readers = map[string]bool{"models/store/scan.go": true, "models/store/session.go": true}

// gormReads are the methods of GORM that read rows.
var gormReads = map[string]bool{
	"Raw": true, "Exec": true, "Find": true, "First": true, "Last": true, "Take": true, "Pluck": true,
	"Scan": true, "Rows": true, "Row": true, "Model": true, "Preload": true, "Joins": true, "FindInBatches": true,
}

// isSafe reports whether a text reads no customer's table: it is no SQL, or it ends
// where From goes on.
func isSafe(literal *ast.BasicLit, after string) bool {
	sql, err := strconv.Unquote(literal.Value)
	if err != nil {
		return false
	}
	for sql != "" {
		at := tableRead.FindStringSubmatchIndex(sql)
		if at == nil {
			return true
		}
		rest := sql[at[2]:]
		switch {
		case strings.TrimSpace(rest) == "":
			return scopedRead.MatchString(after)
		case !strings.HasPrefix(rest, "(") && !strings.HasPrefix(rest, "json_each(") && !isProse(rest):
			return false
		}
		sql = rest
	}
	return true
}

// isProse reports whether what follows is no table: neither a name of one nor one that
// is filled in.
func isProse(rest string) bool {
	word := strings.Trim(regexp.MustCompile(`^"?[\w%]*`).FindString(rest), `"`)
	for _, table := range store.Describe() {
		if table.Name == word {
			return table.Owner == ""
		}
	}
	return !strings.HasPrefix(word, "%")
}

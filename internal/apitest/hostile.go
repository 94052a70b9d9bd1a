package apitest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// HostileTexts are texts that may mean something to a layer below. None is in the
// samples.
var HostileTexts = []string{
	"%", "_", "%%", "S_C%", `\`, `\%`, `\\`, "*", "[a-z]*", "'", `"`, "''", "`", `'; DROP TABLE customers; --`, `" OR 1=1 --`, "' OR '1'='1", "1 OR 1=1",
	"$1", "?", ":id", "{}", `{"a":1}`, "zq\n\t\rqz", "😀", "👩‍👩‍👧‍👦", "שלום עולם", "\u202eabc", "e\u0301", "\u0301", "\ufeff", "\ufffd",
	"1e400", "99999999999999999999", "9999-99-99", "Customer:1 ", "Balance:'; DROP TABLE customers; --", "LedgerEntry:%/1", "InclusiveUsageBalance:7/%",
	strings.Repeat("%", 10_000), strings.Repeat("😀", 2_500), strings.Repeat("'a ", 3_333),
}

// HostileJSON are the texts, and what only JSON can write, as JSON.
func HostileJSON() (out []string) {
	for _, text := range HostileTexts {
		quoted, _ := json.Marshal(text) // texts always marshal
		out = append(out, string(quoted))
	}
	return append(out, `"\u0000"`, `"a\u0000b"`, `"Balance:\u0000"`, `"\ud800"`, `"\udc00\ud800"`)
}

// Fitting are values of the types of arguments that fields require.
var Fitting = map[string]string{
	"ID": `"1"`, "String": `"1"`, "Decimal": `"1"`, "Int": "1", "Float": "1", "Granularity": "MONTH", "DateTime": "1735689600000",
}

// Outcome is how many rows an alias has, or its codes.
type Outcome struct {
	Rows  int
	Codes []string
}

// Outcomes reads an answer. The outcome of an error that is of no alias is "".
func Outcomes(t *testing.T, answer []byte) map[string]Outcome {
	t.Helper()
	var body struct {
		Data   map[string]any
		Errors []struct {
			Path       []any
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		t.Fatalf("%v: %.300s", err, answer)
	}
	found := map[string]Outcome{}
	for alias, value := range body.Data {
		found[alias] = Outcome{Rows: rowsIn(value)}
	}
	for _, e := range body.Errors {
		alias := ""
		if len(e.Path) > 0 {
			alias = fmt.Sprint(e.Path[0])
		}
		o := found[alias]
		o.Codes = append(o.Codes, e.Extensions.Code)
		found[alias] = o
	}
	return found
}

// rowsIn counts the objects of an answer that have a __typename.
func rowsIn(v any) (rows int) {
	switch v := v.(type) {
	case []any:
		for _, member := range v {
			rows += rowsIn(member)
		}
	case map[string]any:
		for _, member := range v {
			rows += rowsIn(member)
		}
		if _, ok := v["__typename"]; ok {
			rows++
		}
	}
	return rows
}

// Refusals are the codes that a text may be refused with.
var Refusals = []string{"BAD_USER_INPUT", "INVALID_CURSOR", "CURSOR_ORDER_MISMATCH", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}

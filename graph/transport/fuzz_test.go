package transport_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzRequest holds that no request breaks the server, and that none comes back.
func FuzzRequest(f *testing.F) {
	for _, body := range []string{
		query, "", "{", "[]", "null", `{"query":"{ echo(text: \"x\") }","variables":{"a":[1,{"b":1e400}]},"operationName":"A","extensions":{}}`,
		`{"query":"query($n: Float = 1e999) { echo(number: $n) @skip(if: true) ...F } fragment F on Query { echo }"}`, "{\"query\":\"\xff\"}",
		`{"query":"mutation { write }","query":"subscription { x }"}`,
	} {
		f.Add("POST", "/graphql", "application/json", "application/graphql-response+json", "gzip", "", body)
		f.Add("GET", "/graphql?query="+url.QueryEscape(body)+"&variables=%7B%7D&strict=1", "", "*/*;q=0.1", "identity;q=0", "1", body)
	}
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	f.Fuzz(func(t *testing.T, method, target, kind, accept, encoding, strict, body string) {
		at, err := url.Parse(target)
		if err != nil {
			return
		}
		request := httptest.NewRequest("POST", "/", strings.NewReader(body))
		request.Method, request.URL = method, at
		request.Header = http.Header{"Content-Type": {kind}, "Accept": {accept}, "Content-Encoding": {encoding}, "X-Graphql-Strict": {strict}}
		got := httptest.NewRecorder()
		api.ServeHTTP(got, request)
		if got.Code >= 500 {
			t.Errorf("status %d: %s", got.Code, got.Body)
		}
		if method != http.MethodOptions && !json.Valid(got.Body.Bytes()) {
			t.Errorf("%d is no JSON: %s", got.Code, got.Body)
		}
		var answer struct{ Errors []struct{ Message string } }
		_ = json.Unmarshal(got.Body.Bytes(), &answer) // the body of OPTIONS is empty
		for _, e := range answer.Errors {
			// A word of the query may stand in a message, all of a body never.
			if len(body) > 20 && strings.Contains(e.Message, body) {
				t.Errorf("the body comes back: %s", e.Message)
			}
		}
	})
}

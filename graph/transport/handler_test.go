package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/models/fault"
)

// TestExecutorIsDriven holds that numbers of variables keep their text, and that
// the extensions of the executor see the request.
func TestExecutorIsDriven(t *testing.T) {
	var seen *graphql.OperationContext
	api := newAPI(schema{data: `{"echo":null}`}, discard, func(e *executor.Executor) {
		e.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			seen = graphql.GetOperationContext(ctx)
			return next(ctx)
		})
		e.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
			graphql.RegisterExtension(ctx, "cost", 7)
			return next(ctx)
		})
	})
	got := send(api, "POST", "/", `{"query":"query N($n: Float) { echo(number: $n) }","variables":{"n":1.10}}`, isJSON, "X-Request-Id: r")
	if want := `{"data":{"echo":null},"extensions":{"cost":7,"requestId":"r"}}`; got.Body.String() != want {
		t.Errorf("got %s, want %s", got.Body, want)
	}
	if seen == nil || seen.OperationName != "" || fmt.Sprint(seen.Variables["n"]) != "1.1" || seen.Headers.Get("X-Request-Id") != "r" || seen.Stats.OperationStart.IsZero() {
		t.Errorf("the extension saw %+v", seen)
	}
	if got := send(api, "POST", "/", `{"query":"{"}`, isJSON, "X-Request-Id: r"); !strings.HasSuffix(got.Body.String(), `],"extensions":{"cost":7,"requestId":"r"}}`) {
		t.Errorf("a refusal has not the extensions: %s", got.Body)
	}
}

// TestStatuses holds the status of each kind of answer.
func TestStatuses(t *testing.T) {
	problem := func(code fault.Code) error { return &fault.Error{Code: code, Message: "m", RetryAfter: 7} }
	refuse := func(err error) func(*executor.Executor) {
		return func(e *executor.Executor) {
			e.AroundOperations(func(ctx context.Context, _ graphql.OperationHandler) graphql.ResponseHandler {
				return graphql.OneShot(e.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}))
			})
		}
	}
	for _, tt := range []struct {
		name, body, data             string
		errors                       []error // while it runs
		refused                      error   // before
		json, graphQL, strict        int
		dataOfStrict, retryAfterJSON string
	}{
		{name: "fine", body: query, data: `{"echo":"x"}`, json: 200, graphQL: 200, strict: 200, dataOfStrict: `{"echo":"x"}`},
		{name: "parse", body: `{"query":"{"}`, json: 200, graphQL: 400, strict: 400},
		{name: "validation", body: `{"query":"{ other }"}`, json: 200, graphQL: 400, strict: 400},
		{name: "operation", body: `{"query":"{ echo }","operationName":"B"}`, json: 200, graphQL: 400, strict: 400},
		{name: "variables", body: `{"query":"query($t: String!) { echo(text: $t) }"}`, json: 200, graphQL: 400, strict: 400},
		{name: "too complex", body: query, refused: problem(fault.QueryTooComplex), json: 200, graphQL: 400, strict: 400},
		{name: "too large a document", body: query, refused: problem(fault.QueryTooLarge), json: 200, graphQL: 400, strict: 413},
		{name: "forbidden", body: query, refused: problem(fault.Forbidden), json: 200, graphQL: 403, strict: 403},
		{name: "refused, too many", body: query, refused: problem(fault.RateLimited), json: 429, graphQL: 429, strict: 429, retryAfterJSON: "7"},
		{name: "refused, unavailable", body: query, refused: fault.New(fault.Unavailable, "m"), json: 503, graphQL: 503, strict: 503, retryAfterJSON: "1"},
		{name: "refused, out of time", body: query, refused: context.DeadlineExceeded, json: 200, graphQL: 504, strict: 504},
		{name: "refused, unexpected", body: query, refused: io.ErrUnexpectedEOF, json: 200, graphQL: 500, strict: 500},
		{name: "some data", body: query, data: `{"echo":null}`, errors: []error{problem(fault.BadUserInput)}, json: 200, graphQL: 200, strict: 400, dataOfStrict: "null"},
		{name: "null data", body: query, data: `null`, errors: []error{problem(fault.InvalidCursor)}, json: 200, graphQL: 200, strict: 400, dataOfStrict: "null"},
		{name: "a limit within", body: query, data: `{"echo":null}`, errors: []error{problem(fault.RateLimited)}, json: 200, graphQL: 200, strict: 429, dataOfStrict: "null"},
		{name: "the worst of two", body: query, data: `{"echo":null}`, errors: []error{problem(fault.Forbidden), errors.New("x"), problem(fault.BadUserInput)}, json: 200, graphQL: 200, strict: 500, dataOfStrict: "null"},
		{name: "out of time", body: query, data: `{"echo":null}`, errors: []error{context.DeadlineExceeded}, json: 200, graphQL: 200, strict: 504, dataOfStrict: "null"},
	} {
		extend := func(*executor.Executor) {}
		if tt.refused != nil {
			extend = refuse(tt.refused)
		}
		api := newAPI(schema{tt.data, tt.errors}, discard, extend)
		plain, graph := send(api, "POST", "/", tt.body, isJSON), send(api, "POST", "/", tt.body, isJSON, graphQL)
		strict, strict2 := send(api, "POST", "/", tt.body, isJSON, "X-GraphQL-Strict: 1"), send(api, "POST", "/?strict=1", tt.body, isJSON, graphQL)
		if plain.Code != tt.json || graph.Code != tt.graphQL || strict.Code != tt.strict || strict2.Code != tt.strict {
			t.Errorf("%s: status %d, %d, strict %d %d; want %d, %d, strict %d", tt.name, plain.Code, graph.Code, strict.Code, strict2.Code, tt.json, tt.graphQL, tt.strict)
		}
		if off := send(api, "POST", "/?strict=0", tt.body, isJSON); off.Code != tt.json {
			t.Errorf("%s: strict=0 has status %d", tt.name, off.Code)
		}
		for _, of := range []struct {
			got  *httptest.ResponseRecorder
			want string
		}{{plain, tt.data}, {graph, tt.data}, {strict, tt.dataOfStrict}} {
			var members map[string]json.RawMessage
			if err := json.Unmarshal(of.got.Body.Bytes(), &members); err != nil || string(members["data"]) != of.want {
				t.Errorf("%s: %v, data %s, want %s", tt.name, err, members["data"], of.want)
			}
			if _, ok := members["errors"]; ok != (tt.name != "fine") {
				t.Errorf("%s: %s", tt.name, of.got.Body)
			}
		}
		if after := plain.Header().Get("Retry-After"); after != tt.retryAfterJSON {
			t.Errorf("%s: Retry-After is %q", tt.name, after)
		}
	}
}

// TestMessagesAreShort holds that no message repeats a name of any length.
func TestMessagesAreShort(t *testing.T) {
	api := newAPI(schema{}, discard)
	long := strings.Repeat("é", 50_000)
	for _, body := range []string{`{"query":"{ ` + strings.Repeat("a", 200_000) + ` }"}`, `{"query":"{ echo }","operationName":"` + long + `"}`, `{"query":"` + long + `"}`} {
		got := send(api, "POST", "/", body, isJSON)
		if size := got.Body.Len(); size > 600 || code(t, got.Body.Bytes()) == "" {
			t.Errorf("%.40s: %d bytes", body, size)
		}
	}
}

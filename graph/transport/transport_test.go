package transport_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/graph/transport/transporttest"
)

// schema answers each operation with its own data and errors.
type schema struct {
	data   string
	errors []error
}

var parsed = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { echo(text: String, number: Float): String }
	type Mutation { write: String }`})

func (schema) Schema() *ast.Schema { return parsed }

func (schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s schema) Exec(context.Context) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		for _, err := range s.errors {
			graphql.AddError(ctx, err)
		}
		return &graphql.Response{Data: json.RawMessage(s.data)}
	}
}

// newAPI is what stands between the network and the executor.
func newAPI(s schema, log *slog.Logger, extend ...func(*executor.Executor)) http.Handler {
	e := executor.New(s)
	e.SetErrorPresenter(apierror.Presenter(log, func(error) bool { return false }))
	for _, f := range extend {
		f(e)
	}
	return transport.Requests(log, transport.Headers(transport.Handler(transporttest.By(e), func(ctx context.Context, run graphql.ResponseHandler) *graphql.Response { return run(ctx) })))
}

var discard = slog.New(slog.DiscardHandler)

// send sends a request with headers given as "Name: value".
func send(api http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Add(name, value)
	}
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, request)
	return recorder
}

// code is the code of the answer's first error, and "" without errors.
func code(t testing.TB, answer []byte) string {
	t.Helper()
	var body struct {
		Errors     []struct{ Extensions struct{ Code string } }
		Extensions struct{ RequestID string }
	}
	if err := json.Unmarshal(answer, &body); err != nil || body.Extensions.RequestID == "" {
		t.Fatalf("%v: %.300s", err, answer)
	}
	if len(body.Errors) == 0 {
		return ""
	}
	return body.Errors[0].Extensions.Code
}

const (
	isJSON  = "Content-Type: application/json"
	secret  = "zq-secret-zq"
	query   = `{"query":"{ echo }"}`
	graphQL = "Accept: application/graphql-response+json"
)

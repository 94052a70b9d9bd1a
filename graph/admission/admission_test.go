package admission

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/graph/transport/transporttest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// schema runs each operation by a function.
type schema func(context.Context) string

var parsed = gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { echo(text: String): String }`})

func (schema) Schema() *ast.Schema { return parsed }

func (schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (run schema) Exec(context.Context) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		data := run(ctx)
		if err := ctx.Err(); err != nil {
			graphql.AddError(ctx, err)
		}
		return &graphql.Response{Data: json.RawMessage(data)}
	}
}

// newAPI serves the schema by a controller, to token 7.
func newAPI(t *testing.T, settings Settings, log *slog.Logger, run schema) (*Controller, http.Handler) {
	t.Helper()
	controller, err := New(settings, modelstest.Open(t, modelstest.SQLite(t)))
	if err != nil {
		t.Fatal(err)
	}
	e := executor.New(run)
	e.SetErrorPresenter(apierror.Presenter(log, func(error) bool { return false }))
	e.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		response := next(ctx)
		For(ctx).Complete(graphql.GetOperationContext(ctx).Operation, 42)
		if response.Data != nil {
			For(ctx).Path = Resolvers
		}
		return response
	})
	api := controller.Handler(log, transport.Handler(transporttest.By(e), controller.Around))
	return controller, transport.Requests(log, controller.Count(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.ServeHTTP(w, r.WithContext(auth.With(r.Context(), auth.Principal{TokenID: "7"})))
	})))
}

// ask posts a query.
func ask(ctx context.Context, api http.Handler, query string) *httptest.ResponseRecorder {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"t": "secret-variable"}}) // texts always marshal
	request := httptest.NewRequestWithContext(ctx, "POST", "/", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer secret-token")
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, request)
	return answer
}

const query = "query Name($t: String) { echo(text: $t) }"

var discard = slog.New(slog.DiscardHandler)

// TestDeadline ends an operation after its time.
func TestDeadline(t *testing.T) {
	settings := Defaults()
	settings.Timeout = 50 * time.Millisecond // long enough for the operation to begin
	_, api := newAPI(t, settings, discard, func(ctx context.Context) string {
		<-ctx.Done()
		return `{"echo":null}`
	})
	if got := ask(t.Context(), api, query); got.Code != 200 || !strings.Contains(got.Body.String(), `"message":"the operation took longer than 50ms","extensions":{"code":"TIMEOUT"}`) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// TestGate runs one operation, lets one wait and refuses a third before it is parsed;
// the one that waits runs when the first ends.
func TestGate(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	settings := Defaults()
	settings.MaxOperations, settings.MaxWaiting = 1, 1
	controller, api := newAPI(t, settings, discard, func(context.Context) string {
		began <- struct{}{}
		<-end
		return `{"echo":null}`
	})
	answers := make(chan *httptest.ResponseRecorder)
	for range 2 {
		go func() { answers <- ask(t.Context(), api, query) }()
	}
	<-began
	for controller.gate.waiting.Load() < 1 {
		time.Sleep(time.Millisecond)
	}
	refused := ask(t.Context(), api, "{ this is not GraphQL")
	if text := refused.Body.String(); refused.Code != 503 || refused.Header().Get("Retry-After") != "1" || !strings.Contains(text, `"code":"UNAVAILABLE"`) || strings.Contains(text, `"data"`) {
		t.Errorf("%d %q %s", refused.Code, refused.Header(), text)
	}
	end <- struct{}{}
	<-began
	end <- struct{}{}
	for range 2 {
		if got := <-answers; got.Code != 200 || !strings.Contains(got.Body.String(), `{"data":{"echo":null}`) {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
	if waiting, running := controller.gate.waiting.Load(), controller.gate.running(); waiting != 0 || running != 0 {
		t.Errorf("%d wait and %d run", waiting, running)
	}
}

// TestWaitingEnds refuses an operation whose deadline passes while it waits.
func TestWaitingEnds(t *testing.T) {
	settings := Defaults()
	settings.MaxOperations, settings.Timeout = 1, time.Millisecond
	controller, api := newAPI(t, settings, discard, func(context.Context) string { return `{"echo":null}` })
	if refused := controller.gate.enter(t.Context()); refused != nil {
		t.Fatal(refused)
	}
	if got := ask(t.Context(), api, query); got.Code != 503 || !strings.Contains(got.Body.String(), "the server is busy") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// TestPanicsLeave holds that an operation that panics makes room for the next.
func TestPanicsLeave(t *testing.T) {
	settings := Defaults()
	settings.MaxOperations, settings.MaxWaiting = 1, 0
	_, api := newAPI(t, settings, discard, func(context.Context) string { panic("of a test") })
	for range 3 {
		if got := ask(t.Context(), api, query); got.Code != 500 {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
}

// TestSettings refuses settings that make no sense.
func TestSettings(t *testing.T) {
	if err := Defaults().validate(); err != nil {
		t.Error(err)
	}
	for want, settings := range map[string]Settings{
		"--timeout":        {MaxOperations: 1},
		"--max-operations": {Timeout: 1},
		"--max-waiting":    {Timeout: 1, MaxOperations: 1, MaxWaiting: -1},
	} {
		if err := settings.validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", settings, err)
		}
	}
}

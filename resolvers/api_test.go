package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/resolvers"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

// api asks the schema over db as a principal that may read scope.
type api struct {
	t     testing.TB
	srv   *handler.Server
	scope store.Scope
}

func newAPI(t testing.TB, db *gorm.DB, scope store.Scope) *api {
	srv := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Resolver{DurationUnit: models.UsageUnitSecond}}))
	srv.AddTransport(transport.POST{})
	srv.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		// Resolvers take what package coerce makes of an Int.
		variables := graphql.GetOperationContext(ctx).Variables
		for name, value := range variables {
			if n, ok := value.(int64); ok {
				variables[name] = int(n)
			}
		}
		respond := next(loaders.With(apierror.WithErrorLog(ctx), store.NewReader(db, scope), scalar.Now()))
		return func(ctx context.Context) *graphql.Response {
			response := respond(ctx)
			if response != nil {
				response.Errors = apierror.Arrange(response.Errors)
			}
			return response
		}
	})
	srv.SetErrorPresenter(apierror.Presenter(slog.New(slog.NewTextHandler(os.Stderr, nil)), database.Unavailable))
	return &api{t, srv, scope}
}

type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code fault.Code }
	}
}

// ask runs a query. variables come in pairs of name and value.
func (a *api) ask(query string, variables ...any) answer {
	a.t.Helper()
	vars := map[string]any{}
	for i := 0; i < len(variables); i += 2 {
		vars[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		a.t.Fatal(err)
	}
	ctx := auth.With(context.WithoutCancel(a.t.Context()), auth.Principal{Customers: a.scope, Scopes: auth.AllScopes})
	request := httptest.NewRequestWithContext(ctx, "POST", "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	a.srv.ServeHTTP(recorder, request)
	var out answer
	if err := json.Unmarshal(recorder.Body.Bytes(), &out); err != nil {
		a.t.Fatalf("%v: %s", err, recorder.Body)
	}
	return out
}

// get runs a query that must have no errors, and reads its data into out.
func (a *api) get(out any, query string, variables ...any) {
	a.t.Helper()
	answer := a.ask(query, variables...)
	if len(answer.Errors) > 0 {
		a.t.Fatalf("%s: %+v", query, answer.Errors)
	}
	if err := json.Unmarshal(answer.Data, out); err != nil {
		a.t.Fatal(err)
	}
}

// code is the code of the only error of a query.
func (a *api) code(query string, variables ...any) fault.Code {
	a.t.Helper()
	answer := a.ask(query, variables...)
	if len(answer.Errors) != 1 {
		a.t.Fatalf("%s: want one error, got %+v and %s", query, answer.Errors, answer.Data)
	}
	return answer.Errors[0].Extensions.Code
}

var everything = store.Scope{All: true}

// sitesOf makes customers 1, 2, … with so many sites each, whose IDs interleave.
func sitesOf(t testing.TB, db *gorm.DB, counts ...int) {
	t.Helper()
	err := database.Write(t.Context(), db, func(tx *database.Tx) error {
		var customers []models.Customer
		var sites []models.Site
		for i, count := range counts {
			customer := scalar.CustomerID(i + 1)
			customers = append(customers, models.Customer{ID: customer, Name: new(fmt.Sprint("customer ", customer))})
			for n := range count {
				id := models.SiteID(n*len(counts) + i + 1)
				sites = append(sites, models.Site{ID: id, CustomerID: customer, Name: new(fmt.Sprint("site ", id))})
			}
		}
		if err := store.Insert(tx, models.Customers, customers); err != nil {
			return err
		}
		return store.Insert(tx, models.Sites, sites)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// page is a connection of which only the keys are asked.
type page struct {
	Edges []struct {
		Cursor string
		Node   struct{ DatabaseID string }
	}
	Nodes    []struct{ DatabaseID string }
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	TotalCount int
}

const pageFields = `{ edges { cursor node { databaseId } } nodes { databaseId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }`

// String is the keys of the page, and < or > where the list goes on.
func (p page) String() string {
	var keys []string
	for _, edge := range p.Edges {
		keys = append(keys, edge.Node.DatabaseID)
	}
	text := strings.Join(keys, " ")
	if p.PageInfo.HasPreviousPage {
		text = "< " + text
	}
	if p.PageInfo.HasNextPage {
		text += " >"
	}
	return text
}
